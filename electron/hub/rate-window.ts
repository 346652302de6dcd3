/**
 * Sum over a sliding window, kept in buckets so that adding is one addition and memory does not depend on the rate.
 * The window is between `buckets - 1` and `buckets` times `bucketMs` long: the youngest bucket is still filling.
 */
export class RateWindow {
  readonly #bucketMs: number;
  readonly #sums: Float64Array;
  /** When each bucket began to fill: what comes before `advance` says otherwise goes into the one before it. */
  readonly #starts: Float64Array;
  #bucketStart: number;
  #index = 0;
  #total = 0;

  /** @param now monotonic milliseconds */
  constructor(bucketMs: number, buckets: number, now: number) {
    this.#bucketMs = bucketMs;
    this.#sums = new Float64Array(buckets);
    this.#starts = new Float64Array(buckets).fill(now);
    this.#bucketStart = now;
  }

  /** Adds to the youngest bucket; `advance` moves on to the next ones. */
  add(amount: number): void {
    this.#sums[this.#index]! += amount;
    this.#total += amount;
  }

  /** To be called a few times per bucket. */
  advance(now: number): void {
    const passed = Math.floor((now - this.#bucketStart) / this.#bucketMs);
    if (passed <= 0) return;
    this.#bucketStart += passed * this.#bucketMs;
    for (let step = Math.min(passed, this.#sums.length); step > 0; step--) {
      this.#index = (this.#index + 1) % this.#sums.length;
      this.#total -= this.#sums[this.#index]!;
      this.#sums[this.#index] = 0;
      this.#starts[this.#index] = now;
    }
  }

  get total(): number {
    return this.#total;
  }

  /** Amount per second. Before a whole window has passed, over the time since the start, at least one bucket. */
  perSecond(now: number): number {
    const oldest = this.#starts[(this.#index + 1) % this.#starts.length] as number;
    const span = Math.max(this.#bucketMs, now - oldest);
    return (this.#total * 1000) / span;
  }

  /** Forgets everything; the window begins anew. */
  restart(now: number): void {
    this.#sums.fill(0);
    this.#total = 0;
    this.#starts.fill(now);
    this.#bucketStart = now;
  }
}
