/** What passes for time in the page. Handed in, so that tests run on a simulated one. */
export interface PageClock {
  /** Wall clock, milliseconds since 1970 UTC. */
  now(): number;
  /** Milliseconds of `performance.now()`: the clock of animation frames and video frame callbacks. */
  monotonic(): number;
  /** Calls `run` once after `ms`; returns a function that cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Calls `run` every `ms` until the returned function is called. */
  every(ms: number, run: () => void): () => void;
}

export const pageClock: PageClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  every(ms, run) {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  },
};
