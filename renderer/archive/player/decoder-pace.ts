import { fullFramesUpTo } from './master-clock.ts';

/** Up to this speed every frame is asked for, whatever becomes of it: a decoder that cannot do that shows nothing better. */
const alwaysUpTo = 2;
/** A picture this far (s of watching) behind the clock is late. */
const lateBy = 0.4;
/** Late for so long (ms), where being in time counts half, a decoder does not keep up. */
const patienceMs = 1500;
/** After a pause of so long (ms) it is tried anew. */
const anewMs = 2000;

/** Whether every frame is shown of a pane, or key frames only: full frames as long as its decoder keeps up. */
export class DecoderPace {
  readonly #now: () => number;
  #rate = 0;
  #lateMs = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #isSlow = false;

  /** `now`: a clock that never jumps, ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * To be called at every step of a clock that runs.
   * @param ahead how far the picture is before the clock, s of the recording
   */
  keepsUp(ahead: number, rate: number): boolean {
    const now = this.#now();
    const passed = now - this.#lookedAt;
    this.#lookedAt = now;
    if (rate !== this.#rate || passed > anewMs) {
      this.#rate = rate;
      this.#lateMs = 0;
      this.#isSlow = false;
      return rate <= fullFramesUpTo;
    }
    if (rate <= alwaysUpTo) return true;
    if (-ahead > lateBy * rate) this.#lateMs += passed;
    else this.#lateMs = Math.max(0, this.#lateMs - passed / 2);
    this.#isSlow ||= this.#lateMs >= patienceMs;
    return rate <= fullFramesUpTo && !this.#isSlow;
  }
}
