/** Ms unless said otherwise. */
export const watchLimits = {
  /** Frames fed, and time since the first of them, after which there must be a picture. */
  firstPictureFrames: 20,
  firstPictureMs: 3000,
  /** The same for a picture that stopped although frames are fed. */
  frozenFrames: 10,
  frozenMs: 2500,
  /** First pause before the decoder is made anew; doubles each time. */
  pauseMin: 250,
  pauseMax: 4000,
  /** Pictures for this long end a series of failures. */
  healthy: 10_000,
  /** Failures in one series after which the engine is unfit. */
  maxFailures: 5,
} as const;

export type WatchVerdict = 'well' | 'noPicture' | 'frozen';

/** Notices that frames go in and no pictures come out. Times are monotonic ms. */
export class Watchdog {
  #fed = 0;
  #since = 0;
  #seen = false;

  fed(now: number): void {
    if (this.#fed === 0) this.#since = now;
    this.#fed += 1;
  }

  presented(now: number): void {
    this.#seen = true;
    this.#fed = 0;
    this.#since = now;
  }

  /** Nothing is expected (hidden, or the page in the background): begin anew. */
  rest(): void {
    this.#fed = 0;
  }

  verdict(now: number): WatchVerdict {
    const waited = now - this.#since;
    if (this.#seen) return this.#fed >= watchLimits.frozenFrames && waited > watchLimits.frozenMs ? 'frozen' : 'well';
    return this.#fed >= watchLimits.firstPictureFrames && waited > watchLimits.firstPictureMs ? 'noPicture' : 'well';
  }
}

/** Pauses between rebuilds: doubling within a series of failures, which pictures for long enough end. */
export class Backoff {
  #failures = 0;
  #retryAt = 0;
  #wellSince: number | undefined;

  get failures(): number {
    return this.#failures;
  }

  failed(now: number): void {
    if (this.#wellSince !== undefined && now - this.#wellSince > watchLimits.healthy) this.#failures = 0;
    const pause = Math.min(watchLimits.pauseMin * 2 ** this.#failures, watchLimits.pauseMax);
    this.#failures += 1;
    this.#wellSince = undefined;
    this.#retryAt = now + pause;
  }

  /** A picture was seen. */
  well(now: number): void {
    this.#wellSince ??= now;
  }

  mayRetry(now: number): boolean {
    return now >= this.#retryAt;
  }
}
