/** Hz of what a console's microphone gives. */
export const microphoneRate = 8000;

/** Microphone samples at a terminal's rate and number of channels, straight lines between them. */
export class Upsampler {
  readonly #step: number;
  readonly #channels: number;
  #last = 0;
  /** Where the next sample lies behind `#last`, in samples of the microphone. */
  #at = 0;

  /** @param rate Hz @param channels each gets the same */
  constructor(rate: number, channels: number) {
    this.#step = microphoneRate / rate;
    this.#channels = channels;
  }

  take(samples: Int16Array): Int16Array {
    if (this.#step === 1 && this.#channels === 1) return samples;
    const count = Math.max(0, Math.ceil((samples.length - this.#at) / this.#step));
    const out = new Int16Array(count * this.#channels);
    for (let index = 0; index < count; index++) {
      const at = this.#at + index * this.#step;
      const before = Math.floor(at);
      const from = before === 0 ? this.#last : samples[before - 1]!;
      const value = Math.round(from + (at - before) * (samples[before]! - from));
      out.fill(value, index * this.#channels, (index + 1) * this.#channels);
    }
    this.#at += count * this.#step - samples.length;
    this.#last = samples.at(-1) ?? this.#last;
    return out;
  }
}
