/** Numbers of the media timeline, all ms. */
export const timelineLimits = {
  /** Interval assumed before two frames were seen: 15 fps, usual for a recorder's sub-stream. */
  firstInterval: 66,
  minInterval: 5,
  maxInterval: 2000,
  /** A device clock that jumps further than this between two frames begins anew where the timeline is. */
  maxStep: 2500,
  maxStepBack: 1000,
  /** Of a frame that is only decoded on the way to the newest one. */
  catchUpDuration: 1,
} as const;

/** Part of the difference that the interval follows per frame. */
const smoothing = 0.1;

/**
 * Lays frames on a timeline of whole milliseconds, which is all that the muxer knows: a frame lasts until where the next
 * one is expected. The rounding and a wrong expectation are carried into the next frame, so that the timeline follows the
 * device's clock however long it runs.
 */
export class Timeline {
  #next = 0;
  #lastPts: number | undefined;
  #interval: number = timelineLimits.firstInterval;
  #measured = false;
  /** Timeline minus device clock; undefined until a live frame anchors it. */
  #offset: number | undefined;

  /** Ms between frames, as expected now. */
  get interval(): number {
    return this.#interval;
  }

  /**
   * Where a frame begins and how long it lasts. `catchUp`: the frame belongs to the past and is passed over quickly.
   * `lead` is added once, when the first live frame anchors the timeline: the head start against jitter.
   */
  place(ptsMs: number, catchUp: boolean, lead = 0): { at: number; duration: number } {
    const at = this.#next;
    this.#follow(ptsMs);
    let duration: number = timelineLimits.catchUpDuration;
    if (catchUp) {
      this.#offset = undefined;
    } else {
      if (this.#offset === undefined) this.#offset = at - ptsMs + lead;
      duration = Math.max(1, Math.round(ptsMs + this.#interval + this.#offset) - at);
    }
    this.#next = at + duration;
    return { at, duration };
  }

  #follow(ptsMs: number): void {
    const last = this.#lastPts;
    this.#lastPts = ptsMs;
    if (last === undefined) return;
    const step = ptsMs - last;
    if (step > timelineLimits.maxStep || step < -timelineLimits.maxStepBack) {
      if (this.#offset !== undefined) this.#offset = this.#next - ptsMs;
      return;
    }
    if (step <= 0) return;
    const interval = Math.min(Math.max(step, timelineLimits.minInterval), timelineLimits.maxInterval);
    this.#interval = this.#measured ? this.#interval + (interval - this.#interval) * smoothing : interval;
    this.#measured = true;
  }
}
