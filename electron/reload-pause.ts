/** Pauses before a page that crashed is loaded again, ms; the last one repeats. */
const pauses = [250, 1000, 4000, 15_000, 30_000] as const;
/** A page that lived this long (ms) counts as well again. */
const wellAfterMs = 120_000;

/** How long to wait before a crashed page is loaded again: longer each time, until it has lived for two minutes. */
export class ReloadPause {
  #crashes = 0;
  #last = Number.NEGATIVE_INFINITY;

  /** @param now monotonic ms of the crash. Returns ms to wait. */
  next(now: number): number {
    if (now - this.#last > wellAfterMs) this.#crashes = 0;
    this.#last = now;
    const pause = pauses[Math.min(this.#crashes, pauses.length - 1)] ?? 30_000;
    this.#crashes++;
    return pause;
  }
}
