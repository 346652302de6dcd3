/** Twice a second: the rhythm at which figures and ages are written. */
export const tickMs = 500;

/** One timer for every text that ages; each writes its own text node, React is not involved. */
export class Ticker {
  readonly #runs = new Set<() => void>();
  readonly #every: (ms: number, run: () => void) => () => void;
  #cancel: (() => void) | undefined;

  constructor(every: (ms: number, run: () => void) => () => void) {
    this.#every = every;
  }

  /** Runs at once and then at every tick until the returned function is called. */
  add(run: () => void): () => void {
    run();
    this.#runs.add(run);
    this.#cancel ??= this.#every(tickMs, () => {
      for (const each of this.#runs) each();
    });
    return () => {
      this.#runs.delete(run);
      if (this.#runs.size > 0) return;
      this.#cancel?.();
      this.#cancel = undefined;
    };
  }
}
