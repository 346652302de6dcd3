/** Missing sound is first the last period again, then that, fading; after this it is silence. Ms. */
export const concealLimits = { full: 10, until: 60, minPeriod: 2.5, maxPeriod: 12.5, look: 20 } as const;
/** Samples compared at high rates are thinned out to about this many a second: the pitch of a voice needs no more. */
const compareRate = 8000;

/**
 * What continues sound that breaks off: its last period repeated, as G.711 Appendix I does it. One lost packet of 20 ms is
 * then hardly heard; what lasts longer must not sound as if it were there.
 */
export class Concealment {
  readonly #ring: Float32Array;
  readonly #rate: number;
  #end = -1;
  #period = 0;

  /** @param ring of a power of two, holding samples at `rate` Hz by index */
  constructor(ring: Float32Array, rate: number) {
    this.#ring = ring;
    this.#rate = rate;
  }

  /** Writes samples `from` to `to` after sound that ended before index `end` and began at `begin`. */
  fill(from: number, to: number, end: number, begin: number): void {
    if (end !== this.#end) {
      this.#end = end;
      this.#period = this.#findPeriod(end, begin);
    }
    const mask = this.#ring.length - 1;
    const full = (concealLimits.full * this.#rate) / 1000;
    const until = (concealLimits.until * this.#rate) / 1000;
    for (let at = from; at < to; at++) {
      const since = at - end;
      const level = since >= until || this.#period === 0 ? 0 : Math.min(1, (until - since) / (until - full));
      this.#ring[at & mask] =
        level === 0 ? 0 : level * this.#ring[(end - this.#period + (since % this.#period)) & mask]!;
    }
  }

  /** The shift at which the last 20 ms resemble what was before them most; 0 when there is not enough. */
  #findPeriod(end: number, begin: number): number {
    const mask = this.#ring.length - 1;
    const look = Math.floor((concealLimits.look * this.#rate) / 1000);
    const least = Math.floor((concealLimits.minPeriod * this.#rate) / 1000);
    const most = Math.floor((concealLimits.maxPeriod * this.#rate) / 1000);
    if (end - begin < look + most) return 0;
    const step = Math.max(1, Math.floor(this.#rate / compareRate));
    let best = most;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (let shift = least; shift <= most; shift += step) {
      let product = 0;
      let energy = 1e-9;
      for (let back = 1; back <= look; back += step) {
        const earlier = this.#ring[(end - back - shift) & mask]!;
        product += this.#ring[(end - back) & mask]! * earlier;
        energy += earlier * earlier;
      }
      const score = product / Math.sqrt(energy);
      if (score > bestScore) {
        bestScore = score;
        best = shift;
      }
    }
    return best;
  }
}
