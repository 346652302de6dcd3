/** What passes for time. Handed to everything that waits or stamps, so that tests run on a simulated one. */
export interface Clock {
  /** Wall clock, milliseconds since 1970 UTC. May jump. */
  now(): number;
  /** Monotonic milliseconds from an arbitrary origin. Never goes back: use it for ages and time-outs. */
  monotonic(): number;
  /** Calls `run` once after `ms`. Does not keep the process alive. Returns a function that cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Calls `run` every `ms` until cancelled. Does not keep the process alive. */
  every(ms: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
  every(ms, run) {
    const timer = setInterval(run, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
};
