/** Pictures remembered: a report of the worker is a few of them late. */
const size = 32;

/** When pictures were expected on the screen, by their timestamps; as exact as a `mediaTime` in seconds is. */
export class DisplayTimes {
  readonly #timestamps = new Float64Array(size).fill(Number.NaN);
  readonly #at = new Float64Array(size);
  #next = 0;

  /** µs, and monotonic ms. */
  add(timestamp: number, at: number): void {
    this.#timestamps[this.#next] = timestamp;
    this.#at[this.#next] = at;
    this.#next = (this.#next + 1) % size;
  }

  /** Monotonic ms; undefined for a picture that is not (yet) on the screen. */
  of(timestamp: number): number | undefined {
    for (let i = 0; i < size; i += 1) if (Math.abs(this.#timestamps[i]! - timestamp) <= 2) return this.#at[i];
    return undefined;
  }
}
