import { createStore, type StoreApi } from 'zustand/vanilla';

export const scopes = ['online', 'offline', 'alarm', 'new'] as const;
export type Scope = (typeof scopes)[number];

/** Where the operator is in the fleet list. */
export interface Selection {
  query: string;
  /** Only vehicles of this scope; null shows all. */
  scope: Scope | null;
  /** Vehicles whose cameras are shown beneath them. */
  expanded: ReadonlySet<string>;
  /** Groups that are folded away, by name. */
  folded: ReadonlySet<string>;
  /** Id of the row that has the list's cursor, see fleet/rows.ts. */
  row: string | null;
  /** Vehicle whose details are shown. */
  vehicle: string | null;
}

export type SelectionStore = StoreApi<Selection>;

export function createSelectionStore(): SelectionStore {
  return createStore<Selection>()(() => ({
    query: '',
    scope: null,
    expanded: new Set(),
    folded: new Set(),
    row: null,
    vehicle: null,
  }));
}

/** The same set with `value` in or out. */
export function toggled(set: ReadonlySet<string>, value: string, on = !set.has(value)): ReadonlySet<string> {
  if (set.has(value) === on) return set;
  const next = new Set(set);
  if (on) next.add(value);
  else next.delete(value);
  return next;
}
