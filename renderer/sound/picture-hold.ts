import { maxHold } from '../player/engine.ts';

/** All ms. */
const limits = {
  /** Sound this much behind its picture is not noticed: a person across a room is heard 30 ms late. */
  unnoticed: 30,
  /** Off by no more than this from there, everything stays. */
  calm: 25,
  /** Between two changes: a picture takes seconds to be where it was asked to be. */
  every: 3000,
  most: 80,
  back: -30,
} as const;

/**
 * How much a picture is held back for its sound. Sound arrives later than its picture by its packet's length at least, and
 * must wait out its jitter, while WebCodecs shows a picture at once.
 */
export class PictureHold {
  #ms = 0;
  #changedAt = Number.NEGATIVE_INFINITY;

  /** @param overMs by how much the sound's packets need more delay than the picture has; undefined without a picture */
  next(overMs: number | undefined, now: number): number {
    if (overMs === undefined || now - this.#changedAt < limits.every) return this.#ms;
    const off = overMs - limits.unnoticed;
    if (Math.abs(off) <= limits.calm) return this.#ms;
    this.#changedAt = now;
    this.#ms = Math.max(0, Math.min(maxHold, this.#ms + Math.max(limits.back, Math.min(limits.most, off))));
    return this.#ms;
  }
}
