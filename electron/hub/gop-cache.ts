import type { Frame } from '../frames/frame.ts';

/** The ceilings, settings `gopFrames` and `gopBytes`. */
export interface GopLimits {
  readonly gopFrames: number;
  readonly gopBytes: number;
}

/**
 * The frames since the last key frame, so that a new subscriber has a picture at once. Holds the frames themselves, not
 * copies. A group that outgrows the limits is given up whole: a part of it cannot be decoded.
 */
export class GopCache {
  readonly #limits: GopLimits;
  #frames: Frame[] = [];
  #bytes = 0;
  #open = false;

  constructor(limits: GopLimits) {
    this.#limits = limits;
  }

  /** Empty, or beginning with a key frame (parameter-set units of its own before it). */
  get frames(): readonly Frame[] {
    return this.#frames;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * @param lead units that carry only parameter sets and came right before `frame`
   * @returns false when the cache was given up because of this frame
   */
  add(frame: Frame, lead: readonly Frame[]): boolean {
    if (frame.key) {
      this.clear();
      this.#open = true;
    }
    if (!this.#open) return true;
    for (const unit of lead) this.#push(unit);
    this.#push(frame);
    if (this.#frames.length <= this.#limits.gopFrames && this.#bytes <= this.#limits.gopBytes) return true;
    this.clear();
    return false;
  }

  /** Empties it until the next key frame. */
  clear(): void {
    this.#frames = [];
    this.#bytes = 0;
    this.#open = false;
  }

  #push(frame: Frame): void {
    this.#frames.push(frame);
    this.#bytes += frame.data.byteLength;
  }
}
