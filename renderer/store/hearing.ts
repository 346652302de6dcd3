import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ErrorCode } from '../../electron/contract.ts';

/**
 * opening: asked for, no sound yet · heard: sound comes · silent: the camera's stream runs without sound · away: its stream
 * does not run now · unsupported: this codec has no decoder here (see `codec`) · broken: what comes cannot be decoded ·
 * refused: the server would not open it (see `code`), and is asked again · disconnected: no way to the server · resting: its
 * tile shows a recording · deaf: this
 * page cannot play sound at all.
 */
export const earKinds = [
  'opening',
  'heard',
  'silent',
  'away',
  'unsupported',
  'broken',
  'refused',
  'disconnected',
  'resting',
  'deaf',
] as const;
export type EarKind = (typeof earKinds)[number];

/** One camera that is listened to. */
export interface EarState {
  kind: EarKind;
  /** Stays when another camera is listened to. */
  pinned: boolean;
  /** Table 12's name of what is sent. */
  codec?: string;
  code?: ErrorCode;
}

export interface Hearing {
  /** By `cameraName`. At most one is not pinned. */
  ears: ReadonlyMap<string, EarState>;
  muted: boolean;
  /** The browser wants a click or a key before it lets the page be heard. */
  blocked: boolean;
}

export type HearingStore = StoreApi<Hearing>;

export function createHearingStore(): HearingStore {
  return createStore<Hearing>()(() => ({ ears: new Map(), muted: false, blocked: false }));
}

export function withEar(state: Hearing, name: string, ear: EarState | undefined): Partial<Hearing> {
  const before = state.ears.get(name);
  if (ear && before && JSON.stringify(before) === JSON.stringify(ear)) return state;
  if (!ear && !before) return state;
  const ears = new Map(state.ears);
  if (ear) ears.set(name, ear);
  else ears.delete(name);
  return { ears };
}
