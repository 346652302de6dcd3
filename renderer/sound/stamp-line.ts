/** All ms. */
const limits = {
  /** Stamps further off than this begin a new line. */
  ahead: 2000,
  behind: -1000,
  /** Least gap that is one, and how many times the usual wavering of stamps it must exceed. */
  gap: 60,
  gapOverNoise: 4,
  noise: 50,
} as const;
/** Part of a stamp's difference that the line follows: a second at 20 ms packets. */
const following = 1 / 50;
const noiseFollowing = 1 / 64;

export type Place =
  | { readonly kind: 'next' }
  | { readonly kind: 'gap'; readonly ms: number }
  | { readonly kind: 'new' };

const next: Place = { kind: 'next' };
const anew: Place = { kind: 'new' };

/**
 * The device's time of each sample, by counting samples. Packets are stamped coarsely (several share one stamp, sound
 * lags behind or wavers by 100 ms, see JT/T 1078 recorders), so a stamp corrects the count a little; only one that is clearly
 * ahead means that sound is missing, and one that is far off begins anew.
 */
export class StampLine {
  #rate = 8000;
  #zeroMs = 0;
  #noise = 5;

  /** Device time of sample `index`, ms. */
  timeOf(index: number): number {
    return this.#zeroMs + (index * 1000) / this.#rate;
  }

  indexAt(timeMs: number): number {
    return ((timeMs - this.#zeroMs) * this.#rate) / 1000;
  }

  /** Sample 0 is at `ptsMs`. */
  begin(ptsMs: number, rate: number): void {
    this.#zeroMs = ptsMs;
    this.#rate = rate;
    this.#noise = 5;
  }

  /** What the stamp says of a packet that by count begins at `index`. */
  place(ptsMs: number, index: number): Place {
    const off = ptsMs - this.timeOf(index);
    if (off > limits.ahead || off < limits.behind) return anew;
    const isGap = off > Math.max(limits.gap, limits.gapOverNoise * this.#noise);
    this.#noise += (Math.min(Math.abs(off), limits.noise) - this.#noise) * noiseFollowing;
    if (isGap) return { kind: 'gap', ms: off };
    this.#zeroMs += off * following;
    return next;
  }
}
