import type { G726Bits } from './g726-tables.ts';

/** Packets of one measurement, and the least time that they have to span. */
const packets = 8;
const leastMs = 100;
/** Bits of a sample that a measurement may be beside a whole number; further off it is not believed. */
const nearBits = 0.35;
/** Measurements in a row that change what was found before. */
const believed = 3;
/** Packets without a measurement, after which their length is all there is to go by. */
const patience = 25;

/** Bytes of 20 ms that no other usual rate and time has; everything else is taken for the most common, 32 kbit/s. */
const bitsByLength: Record<number, G726Bits> = { 40: 2, 60: 3, 120: 3, 100: 5, 200: 5 };

/**
 * How many bits a sample has, from how many bytes come in how much time. Measured from one change of the timestamp to another:
 * several packets may share one.
 */
export class RateGauge {
  readonly #samplesPerMs: number;
  #bits: G726Bits | undefined;
  #seen = 0;
  #bytes = 0;
  #count = 0;
  #lastMs = Number.NaN;
  /** Where the measurement under way began; NaN before the first change. */
  #fromMs = Number.NaN;
  #doubts = 0;

  constructor(sampleRate: number) {
    this.#samplesPerMs = sampleRate / 1000;
  }

  /** @returns undefined while it is not known */
  bits(bytes: number, ptsMs: number | undefined): G726Bits | undefined {
    this.#seen++;
    if (ptsMs !== undefined) this.#measure(bytes, ptsMs);
    if (ptsMs === undefined || this.#seen > patience) this.#bits ??= bitsByLength[bytes] ?? 4;
    return this.#bits;
  }

  /** The next packet does not follow on the last. */
  reset(): void {
    this.#lastMs = Number.NaN;
    this.#fromMs = Number.NaN;
  }

  #measure(bytes: number, ptsMs: number): void {
    const isChange = ptsMs !== this.#lastMs && !Number.isNaN(this.#lastMs);
    this.#lastMs = ptsMs;
    if (isChange) this.#edge(ptsMs);
    this.#bytes += bytes;
    this.#count++;
  }

  #edge(ptsMs: number): void {
    const spanMs = ptsMs - this.#fromMs;
    if (spanMs >= 0 && (this.#count < packets || spanMs < leastMs)) return;
    if (spanMs >= leastMs) this.#conclude((this.#bytes * 8) / (spanMs * this.#samplesPerMs));
    this.#fromMs = ptsMs;
    this.#bytes = 0;
    this.#count = 0;
  }

  #conclude(measured: number): void {
    const bits = Math.round(measured);
    if (bits < 2 || bits > 5 || Math.abs(measured - bits) > nearBits) return;
    this.#doubts = bits === this.#bits ? 0 : this.#doubts + 1;
    if (this.#bits === undefined || this.#doubts >= believed) {
      this.#bits = bits as G726Bits;
      this.#doubts = 0;
    }
  }
}
