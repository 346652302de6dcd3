import type { ShownPicture } from '../player/engine.ts';

/** Samples of the picture's delay that count: under two seconds. */
const delays = 7;
/** Samples of the picture's stamps against arrival. */
const stamps = 21;
/** Samples that settle how the stamps of sound and picture stand to each other. */
const settling = 8;
/** Stamps further apart than this, compared by arrival, are of different clocks (ms). */
const believable = 1000;
/** A change of that by so much at once is another stream's (ms). */
const otherStream = 400;

/**
 * The picture's clock: when, on the page's clock, sound of a device time must be heard to be in step. Pictures and sounds are
 * compared by their stamps, since a device may send one later than the other. But stamps of sound are often counted from
 * its samples, and those run away from the picture's when the sampling clock is off: against that the relation found in the
 * beginning is kept, judged by arrival.
 */
export class PictureClock {
  readonly #delays: number[] = [];
  readonly #pictureStamps: number[] = [];
  readonly #relations: number[] = [];
  #lastAt = Number.NaN;
  #lastRelation = Number.NaN;

  /**
   * @param stampLagMs of the sound: arrival at the server minus device time, ms
   * @returns monotonic ms of the page at which device time 0 of the sound is heard, or undefined without a picture
   */
  lag(shown: ShownPicture | undefined, stampLagMs: number | undefined): number | undefined {
    if (!shown) return undefined;
    const stamp = shown.receivedAt - shown.ptsMs;
    if (Math.abs(stamp - (middle(this.#pictureStamps) ?? stamp)) > believable) this.reset();
    if (shown.at !== this.#lastAt) {
      this.#lastAt = shown.at;
      keep(this.#delays, shown.at - shown.ptsMs, delays);
      keep(this.#pictureStamps, stamp, stamps);
    }
    const delay = middle(this.#delays)!;
    if (stampLagMs === undefined) return delay;
    return delay + this.#correction(stampLagMs - middle(this.#pictureStamps)!);
  }

  reset(): void {
    for (const list of [this.#delays, this.#pictureStamps, this.#relations]) list.length = 0;
  }

  /** @param relation by how much later than pictures of the same stamp sounds arrive */
  #correction(relation: number): number {
    if (Math.abs(relation - this.#lastRelation) > otherStream) this.#relations.length = 0;
    this.#lastRelation = relation;
    if (this.#relations.length < settling) this.#relations.push(relation);
    const settled = middle(this.#relations)!;
    return Math.abs(settled) > believable ? relation : relation - settled;
  }
}

function keep(list: number[], value: number, most: number): void {
  list.push(value);
  if (list.length > most) list.shift();
}

function middle(list: readonly number[]): number | undefined {
  return [...list].sort((a, b) => a - b)[list.length >> 1];
}
