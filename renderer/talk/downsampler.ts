/** Hz of what goes to the server. */
export const talkRate = 8000;

/** Zero crossings of the filter on either side; at 48 kHz 96 samples of it, 2 ms. */
const crossings = 8;
/** Places of the filter that are worked out for each sample of the microphone: an audio thread has no time for sines. */
const places = 128;
/** Of half of `talkRate`: where the filter begins to let through nothing. */
const edge = 0.9;

/** Microphone samples to 8 kHz and 16 bits, what lies above 3.6 kHz taken out first. */
export class Downsampler {
  readonly #step: number;
  readonly #taps: number;
  /** A sinc under a Hann window, from its middle on. */
  readonly #filter: Float32Array;
  #kept: Float32Array;
  /** Of the next sample that comes out, in samples of `#kept`. */
  #at: number;

  /** @param rate Hz of the microphone, 8000 or more */
  constructor(rate: number) {
    this.#step = rate / talkRate;
    const cutoff = edge / this.#step;
    this.#taps = Math.ceil(crossings / cutoff);
    this.#filter = Float32Array.from({ length: this.#taps * places + 1 }, (_, place) => {
      const x = place / places;
      return cutoff * sinc(cutoff * x) * (0.5 + 0.5 * Math.cos((Math.PI * x) / this.#taps));
    });
    this.#kept = new Float32Array(this.#taps);
    this.#at = this.#taps;
  }

  /** @param samples -1 to 1 */
  take(samples: Float32Array): Int16Array {
    const all = new Float32Array(this.#kept.length + samples.length);
    all.set(this.#kept);
    all.set(samples, this.#kept.length);
    const count = Math.max(0, Math.ceil((all.length - this.#taps - this.#at) / this.#step));
    const out = new Int16Array(count);
    for (let index = 0; index < count; index++) out[index] = this.#sampleAt(all, this.#at + index * this.#step);
    const next = this.#at + count * this.#step;
    const from = Math.max(0, Math.floor(next) - this.#taps);
    this.#kept = all.slice(from);
    this.#at = next - from;
    return out;
  }

  #sampleAt(all: Float32Array, at: number): number {
    const first = Math.max(0, Math.ceil(at - this.#taps));
    const last = Math.min(all.length - 1, Math.floor(at + this.#taps));
    let sum = 0;
    for (let index = first; index <= last; index++)
      sum += all[index]! * this.#filter[Math.round(Math.abs(index - at) * places)]!;
    return Math.max(-32768, Math.min(32767, Math.round(sum * 32767)));
  }
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
