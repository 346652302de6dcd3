import type { PlaybackMode } from '../contract.ts';

/** A step that a picture may take on the way to a screen, ms. */
const longestStepMs = 2000;
/** What comes this much before its time is no jitter: the device plays as fast as the line allows. */
const earlyMs = 700;

/**
 * When pictures of a playback are due on a screen. The footage's own clock sets the pace at normal and at fast, divided by
 * the speed; where only key frames come, each is shown as it arrives.
 */
export class PlaybackPace {
  #out = 0;
  #pts: number | undefined;
  #at = 0;
  #arrived = 0;
  /** Monotonic ms less presentation time, of a picture that is shown at once. */
  #anchor: number | undefined;

  /** Presentation time less device time as of the last picture, for the sound between. */
  get offset(): number {
    return this.#pts === undefined ? 0 : this.#out - this.#pts;
  }

  /** Wall clock of the footage less presentation time, as of the last picture. */
  get wallOffset(): number {
    return this.#at - this.#out;
  }

  /** No picture has come yet, nor perhaps ever will. */
  get isUnknown(): boolean {
    return this.#pts === undefined;
  }

  /** After a pause, a jump or a change of speed the next picture is due as it comes. */
  restart(): void {
    this.#anchor = undefined;
  }

  /**
   * @param ptsMs device time, which never goes back
   * @param at wall clock of the footage
   * @param now monotonic ms of arrival
   * @returns presentation time and how long the picture is to be held back, ms
   */
  next(ptsMs: number, at: number, now: number, mode: PlaybackMode, speed: number): { ptsMs: number; holdMs: number } {
    const passed = Math.min(Math.max(now - this.#arrived, 1), longestStepMs);
    if (this.#pts === undefined) this.#out = ptsMs;
    else {
      const step = mode === 'normal' ? ptsMs - this.#pts : mode === 'fast' ? (at - this.#at) / speed : 0;
      this.#out += step > 0 && step <= longestStepMs ? step : passed;
    }
    this.#pts = ptsMs;
    this.#at = at;
    this.#arrived = now;
    this.#anchor ??= now - this.#out;
    const early = this.#anchor + this.#out - now;
    // The line's delay grew or shrank: the pace is the footage's, its start is the latest picture's.
    if (early < 0) this.#anchor = now - this.#out;
    return { ptsMs: this.#out, holdMs: early > earlyMs ? early - earlyMs / 2 : 0 };
  }
}
