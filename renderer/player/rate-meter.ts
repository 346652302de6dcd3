/** Events per second over a sliding window, from a running total that is looked at now and then. */
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
    if (!first || !last || now <= first.at) return 0;
    return ((last.total - first.total) * 1000) / (now - first.at);
  }

  reset(): void {
    this.#marks = [];
  }
}
