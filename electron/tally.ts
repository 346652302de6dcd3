/**
 * Named counters. Every drop, refusal and repair in the program adds to one, so that nothing vanishes unseen: they are
 * shown under Diagnostics and in `GET /api/diagnostics`. Names are `stage.reason`, for example `delimit.badChecksum`.
 * The set of names is small and fixed by the code; a name never carries a value that a peer sent.
 */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string, by = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by);
  }

  get(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Names in alphabetical order with their counts since start. */
  snapshot(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
