/**
 * Events per second over a sliding window, from a running total that is looked at now and then. The rate is that between
 * two looks: the time since the last one says nothing of events, until there has been none for half a window (a page whose
 * timers are held back): from there on it goes down.
 */
export class RateMeter {
  readonly #windowMs: number;
  #marks: { total: number; at: number }[] = [];

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** `total` since the beginning, at monotonic time `at` (ms). */
  count(total: number, at: number): void {
    this.#marks.push({ total, at });
    while (this.#marks.length > 2 && at - this.#marks[1]!.at >= this.#windowMs) this.#marks.shift();
  }

  perSecond(now: number): number {
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    if (!first || !last || last.at <= first.at) return 0;
    const span = Math.max(last.at, now - this.#windowMs / 2) - first.at;
    return ((last.total - first.total) * 1000) / span;
  }

  reset(): void {
    this.#marks = [];
  }
}
