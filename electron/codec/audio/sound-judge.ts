/** A quarter of a second at 8 kHz. */
const windowSamples = 2000;
/** Coefficients of the prediction: enough for the shape of a voice. */
const order = 6;
/** Speech, engines and tones are 1.5 to 500 times better predicted when read as they were meant; white noise equally well. */
const clearly = 1.4;
/** Mean square of a sample below which nothing is heard, and so nothing is said about it. */
const silence = 16;
/** Of a window that says nothing; what is left of it counts, so that chance never adds up. */
const allowance = 0.3;
/** How many times as much each further change of mind takes. */
const patienceGrowth = 4;
/** Windows in a row for the present reading, after which it is settled: ten seconds of sound. */
const settledAfter = 40;

/**
 * How two readings of a window are compared. -1 to 1: the first is sound, the second noise, as far as can be told; -1 the
 * reverse; 0 nothing is said.
 */
export interface Evidence {
  weigh(first: Int16Array, second: Int16Array): number;
  /** Windows' worth that the first change of mind takes. */
  readonly patience: number;
}

/**
 * Sound is what its own past predicts (linear prediction of order 6, error over energy). Right for whatever scrambles single
 * samples: the wrong law, the wrong byte order, and codes cut at the wrong bits.
 */
export const predictability: Evidence = {
  patience: 1.3,
  weigh(first, second) {
    const one = predictionError(first);
    const other = predictionError(second);
    if (one === undefined || other === undefined) return 0;
    return other > one * clearly ? 1 : one > other * clearly ? -1 : 0;
  },
};

/** What swapped pairs are uneven by in recorded speech, on average. */
const usualUnevenness = 0.05;
/** Part of a window in the average: chance is uneven by as much in a single one. */
const freshness = 0.2;

/**
 * For codes of four bits, where the wrong order only swaps samples in pairs and what comes out is about as predictable: steps
 * within a pair and steps between pairs are alike in sound, and are not once it is swapped.
 */
export class Evenness implements Evidence {
  readonly patience = 3;
  readonly #averages: [number, number] = [0, 0];

  weigh(first: Int16Array, second: Int16Array): number {
    const one = unevenness(first);
    const other = unevenness(second);
    if (one === undefined || other === undefined) return 0;
    this.#averages[0] += freshness * (one - this.#averages[0]);
    this.#averages[1] += freshness * (other - this.#averages[1]);
    const said = (Math.abs(this.#averages[1]) - Math.abs(this.#averages[0])) / usualUnevenness;
    return Math.max(-1, Math.min(1, said));
  }
}

/**
 * Which of two readings of the same bytes is sound and which is noise. White noise and silence say nothing, so what was declared
 * stays. Each change takes four times the evidence of the one before, so that it never goes back and forth.
 */
export class SoundJudge {
  readonly #evidence: Evidence;
  readonly #heard = [new Int16Array(windowSamples), new Int16Array(windowSamples)] as const;
  #filled = 0;
  #choice = 0;
  #patience: number;
  #against = 0;
  #for = 0;

  constructor(evidence: Evidence = predictability) {
    this.#evidence = evidence;
    this.#patience = evidence.patience;
  }

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
    const forFirst = this.#evidence.weigh(this.#heard[0], this.#heard[1]);
    const said = this.#choice === 0 ? forFirst : -forFirst;
    if (said > allowance) this.#for++;
    else if (said < -allowance) this.#for = 0;
    this.#against = Math.max(0, this.#against - said - allowance);
    if (this.#against < this.#patience) return;
    this.#choice = 1 - this.#choice;
    this.#against = 0;
    this.#patience *= patienceGrowth;
  }
}

/** @returns how much greater steps between pairs are than steps within them, -1 to 1; undefined when nothing is heard */
function unevenness(samples: Int16Array): number | undefined {
  let within = 0;
  let between = 0;
  for (let at = 0; at + 2 < samples.length; at += 2) {
    within += (samples[at + 1]! - samples[at]!) ** 2;
    between += (samples[at + 2]! - samples[at + 1]!) ** 2;
  }
  const all = within + between;
  return all < silence * samples.length ? undefined : (between - within) / all;
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
