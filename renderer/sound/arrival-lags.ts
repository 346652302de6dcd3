/** Packets that count: five seconds of 20 ms. */
const remembered = 256;
const mostPackets = 0.995;
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

  /** Ms within which 995 of 1000 came. */
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
  }
}
