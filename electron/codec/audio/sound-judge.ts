/** A quarter of a second at 8 kHz. */
const windowSamples = 2000;
/** Coefficients of the prediction: enough for the shape of a voice. */
const order = 6;
/** Speech, engines and tones are 1.5 to 500 times better predicted when read as they were meant; white noise equally well. */
const clearly = 1.4;
/** Mean square of a sample below which nothing is heard, and so nothing is said about it. */
const silence = 16;
/** Windows in a row that the first change of mind takes, and how many times as many each further one. */
const firstPatience = 2;
const patienceGrowth = 4;
/** Windows in a row for the present reading, after which it is settled: ten seconds of sound. */
const settledAfter = 40;

/**
 * Which of two readings of the same bytes is sound and which is noise: the one that its own past predicts better (linear
 * prediction, order 6, error over energy). White noise and silence say nothing, so what was declared stays. Each change takes
 * four times the evidence of the one before, so that it never goes back and forth.
 */
export class SoundJudge {
  readonly #heard = [new Int16Array(windowSamples), new Int16Array(windowSamples)] as const;
  #filled = 0;
  #choice = 0;
  #patience = firstPatience;
  #against = 0;
  #for = 0;

  /** 0: the first reading, the declared one; 1: the second. */
  get choice(): number {
    return this.#choice;
  }

  /** The present reading was right for so long that the other need not be made any more. */
  get isSettled(): boolean {
    return this.#for >= settledAfter;
  }

  /** Two readings of one packet, as long as each other. @returns the choice */
  hear(first: Int16Array, second: Int16Array): number {
    for (let at = 0; at < first.length; ) {
      const end = Math.min(first.length, at + windowSamples - this.#filled);
      this.#heard[0].set(first.subarray(at, end), this.#filled);
      this.#heard[1].set(second.subarray(at, end), this.#filled);
      this.#filled += end - at;
      at = end;
      if (this.#filled < windowSamples) break;
      this.#filled = 0;
      this.#weigh();
    }
    return this.#choice;
  }

  #weigh(): void {
    const present = predictionError(this.#heard[this.#choice]!);
    const other = predictionError(this.#heard[1 - this.#choice]!);
    if (present === undefined || other === undefined) return;
    if (other > present * clearly) {
      this.#against = 0;
      this.#for++;
    } else if (present > other * clearly) {
      this.#for = 0;
      this.#against++;
    }
    if (this.#against < this.#patience) return;
    this.#choice = 1 - this.#choice;
    this.#against = 0;
    this.#patience *= patienceGrowth;
  }
}

/**
 * Levinson and Durbin's recursion on the samples without their mean.
 * @returns what a prediction leaves of the energy, 0 to 1; undefined when there is hardly any energy
 */
function predictionError(samples: Int16Array): number | undefined {
  let sum = 0;
  for (const sample of samples) sum += sample;
  const mean = sum / samples.length;
  const products = new Float64Array(order + 1);
  for (let lag = 0; lag <= order; lag++)
    for (let at = lag; at < samples.length; at++) products[lag]! += (samples[at]! - mean) * (samples[at - lag]! - mean);
  const energy = products[0]!;
  if (energy < silence * samples.length) return undefined;
  let left = energy * 1.0001;
  let weights = [1];
  for (let lag = 1; lag <= order; lag++) {
    let correlation = 0;
    for (let at = 0; at < lag; at++) correlation += weights[at]! * products[lag - at]!;
    const reflection = -correlation / left;
    const before = [...weights, 0];
    weights = before.map((weight, at) => weight + reflection * before[lag - at]!);
    left *= 1 - reflection * reflection;
  }
  return left / energy;
}
