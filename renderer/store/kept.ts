import type { StoreApi } from 'zustand/vanilla';

/** The part of Storage that is used; a page where it is forbidden gets one that keeps nothing. */
export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** What one store keeps between starts. */
export interface Keeping<State, Kept> {
  key: string;
  /** Raised when the kept shape changes; older ones are then given up, not guessed at. */
  version: number;
  pick(state: State): Kept;
  /** What was read, checked field by field; undefined when it is not ours. */
  check(value: unknown): Partial<Kept> | undefined;
}

/** Reads what was kept. Anything unreadable, of another version or failing its check counts as nothing kept. */
export function readKept<State, Kept>(shelf: Shelf, keeping: Keeping<State, Kept>): Partial<Kept> {
  try {
    const text = shelf.getItem(keeping.key);
    if (text === null) return {};
    const read: unknown = JSON.parse(text);
    if (!isRecord(read) || read.version !== keeping.version) return {};
    return keeping.check(read.value) ?? {};
  } catch {
    return {};
  }
}

/** Writes the picked part whenever it changes. A full or forbidden shelf loses the change, never the session. */
export function keep<State, Kept>(store: StoreApi<State>, shelf: Shelf, keeping: Keeping<State, Kept>): () => void {
  let last = JSON.stringify(keeping.pick(store.getState()));
  return store.subscribe(state => {
    const text = JSON.stringify(keeping.pick(state));
    if (text === last) return;
    last = text;
    try {
      shelf.setItem(keeping.key, `{"version":${keeping.version},"value":${text}}`);
    } catch {
      // Quota or a private window: the arrangement lives on in memory.
    }
  });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The page's own storage, or one that forgets where reading it throws (storage blocked by policy). */
export function pageShelf(): Shelf {
  try {
    const shelf = globalThis.localStorage;
    shelf.getItem('convoy');
    return shelf;
  } catch {
    return { getItem: () => null, setItem: () => undefined };
  }
}
