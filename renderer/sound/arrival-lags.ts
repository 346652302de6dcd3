/** Packets that count: five seconds of 20 ms. */
const remembered = 256;
/** Of which the rest may be late: a delay that waits for the worst stall of five seconds is no longer live. */
const mostPackets = 0.97;
/** The newest of them show sooner that all come later, and are believed so far (ms). */
const newest = 64;
const newestMore = 20;
/** Packets between two looks at the whole. */
const lookEvery = 4;

/**
 * How long after its own time each packet came, on the output's clock: what a delay must be for most of them to be in
 * time. Rises with the first packets that come later, sinks when they are forgotten.
 */
export class ArrivalLags {
  readonly #lags = new Float64Array(remembered);
  readonly #sorted = new Float64Array(remembered);
  #count = 0;
  #median = 0;
  #most = 0;

  /** Packets known, at most 256. */
  get count(): number {
    return Math.min(this.#count, remembered);
  }

  get median(): number {
    return this.#median;
  }

  /** Ms within which 97 of 100 came. */
  get most(): number {
    return this.#most;
  }

  add(lagMs: number): void {
    this.#lags[this.#count % remembered] = lagMs;
    this.#count++;
    if (this.#count <= lookEvery || this.#count % lookEvery === 0) this.#look();
  }

  clear(): void {
    this.#count = 0;
  }

  #look(): void {
    const { count } = this;
    const sorted = this.#sorted.subarray(0, count);
    sorted.set(this.#lags.subarray(0, count));
    sorted.sort();
    this.#median = sorted[count >> 1]!;
    this.#most = sorted[Math.min(count - 1, Math.floor(count * mostPackets))]!;
    if (count <= newest) return;
    const late = this.#sorted.subarray(0, newest);
    for (let back = 0; back < newest; back++) late[back] = this.#lags[(this.#count - 1 - back) % remembered]!;
    late.sort();
    this.#most = Math.max(this.#most, Math.min(this.#most + newestMore, late[Math.floor(newest * mostPackets)]!));
  }
}
