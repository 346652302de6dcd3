import type { MediaFrame } from './engine.ts';

/** Ceilings of the frames kept while nothing can be decoded: the same as the server's cache of one group of pictures. */
export const backlogLimits = { frames: 300, bytes: 4 * 1024 * 1024 } as const;

/** The newest group of pictures: begins at its last key frame, and is given up when it grows too long. */
export class Backlog {
  #frames: MediaFrame[] = [];
  #bytes = 0;

  get length(): number {
    return this.#frames.length;
  }

  /** Returns the number of frames that are given up by this. */
  push(frame: MediaFrame): number {
    let lost = 0;
    if (frame.key) {
      lost = this.#frames.length;
      this.#clear();
    } else if (this.#frames.length === 0) {
      return 1;
    }
    this.#frames.push(frame);
    this.#bytes += frame.data.length;
    if (this.#frames.length > backlogLimits.frames || this.#bytes > backlogLimits.bytes) {
      lost += this.#frames.length;
      this.#clear();
    }
    return lost;
  }

  /** Everything in order; the backlog is empty after. */
  take(): MediaFrame[] {
    const frames = this.#frames;
    this.#clear();
    return frames;
  }

  #clear(): void {
    this.#frames = [];
    this.#bytes = 0;
  }
}
