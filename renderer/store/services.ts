import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Delta, ServiceKind, ServiceRows } from '../../electron/contract.ts';

/** What runs for vehicles beside streams and recordings: rows by kind and id. */
export type Services = { readonly [Kind in ServiceKind]: ReadonlyMap<string, ServiceRows[Kind]> };
export type ServicesStore = StoreApi<Services>;

const empty: Services = {
  talks: new Map(),
  traces: new Map(),
  alarms: new Map(),
  pictures: new Map(),
  searches: new Map(),
  playbacks: new Map(),
  fetches: new Map(),
  uploads: new Map(),
};

export function createServicesStore(): ServicesStore {
  return createStore<Services>()(() => empty);
}

/** @param whole the delta carries everything: what it does not name is gone */
export function applyServices(state: Services, delta: Delta, whole: boolean): Services {
  if (!delta.services) return whole ? empty : state;
  const next: Record<string, ReadonlyMap<string, unknown>> = { ...(whole ? empty : state) };
  for (const [kind, rows] of Object.entries(delta.services)) {
    const known = new Map(next[kind]);
    for (const row of rows) {
      if (row.ended) known.delete(row.id);
      else known.set(row.id, row);
    }
    next[kind] = known;
  }
  return next as Services;
}
