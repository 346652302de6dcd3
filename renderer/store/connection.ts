import { createStore, type StoreApi } from 'zustand/vanilla';

/** The way to the server. `since` is when this state began, ms since 1970. */
export interface Connection {
  state: 'connecting' | 'connected' | 'lost';
  since: number;
  /** Tries since it was lost. */
  attempt: number;
  /** The server speaks another version of the contract: nothing can be shown until one side is updated. */
  mismatch?: number;
}

export type ConnectionStore = StoreApi<Connection>;

export function createConnectionStore(now: number): ConnectionStore {
  return createStore<Connection>()(() => ({ state: 'connecting', since: now, attempt: 0 }));
}
