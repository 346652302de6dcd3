/** Samples on which one output sample rests. */
export const kernelTaps = 16;
/** Of those, how many lie before the place asked for. */
export const kernelBefore = kernelTaps / 2 - 1;
const phases = 256;
/** Of the lower of the two Nyquist frequencies: what is above is cut, so that speech at 8 kHz does not ring at 48. */
const passBand = 0.94;
const kaiserBeta = 7;

/** A windowed sinc in 256 phases: samples at one rate, asked for at any place between them. */
export class SincKernel {
  readonly #taps: Float32Array;

  /** Hz, both. */
  constructor(sourceRate: number, outputRate: number) {
    const cutoff = Math.min(1, outputRate / sourceRate) * passBand;
    this.#taps = new Float32Array((phases + 1) * kernelTaps);
    for (let phase = 0; phase <= phases; phase++) {
      const row = this.#taps.subarray(phase * kernelTaps, (phase + 1) * kernelTaps);
      let sum = 0;
      for (let tap = 0; tap < kernelTaps; tap++) {
        const distance = tap - kernelBefore - phase / phases;
        const value = sinc(distance * cutoff) * kaiser((2 * distance) / kernelTaps);
        row[tap] = value;
        sum += value;
      }
      for (let tap = 0; tap < kernelTaps; tap++) row[tap]! /= sum;
    }
  }

  /**
   * The value at `fraction` (0 to 1) after the sample at `index` of a ring whose length is a power of two; all
   * `kernelTaps` around it must be there.
   */
  at(ring: Float32Array, index: number, fraction: number): number {
    const mask = ring.length - 1;
    const row = Math.round(fraction * phases) * kernelTaps;
    const from = index - kernelBefore;
    let sum = 0;
    for (let tap = 0; tap < kernelTaps; tap++) sum += ring[(from + tap) & mask]! * this.#taps[row + tap]!;
    return sum;
  }
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return x * x >= 1 ? 0 : bessel(kaiserBeta * Math.sqrt(1 - x * x)) / bessel(kaiserBeta);
}

/** I0, by its series. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let n = 1; n < 30; n++) {
    term *= (x / (2 * n)) ** 2;
    sum += term;
  }
  return sum;
}
