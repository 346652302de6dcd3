import type { Clock } from '../../electron/clock.ts';

interface Timer {
  at: number;
  every: number;
  run: () => void;
}

/** A clock that a test moves by hand; timers run, in order, as it passes them. */
export class ManualClock implements Clock {
  #ms = 0;
  readonly #origin: number;
  readonly #timers = new Set<Timer>();

  constructor(origin = Date.UTC(2026, 10, 23, 4, 0, 0)) {
    this.#origin = origin;
  }

  now(): number {
    return this.#origin + this.#ms;
  }

  monotonic(): number {
    return this.#ms;
  }

  after(ms: number, run: () => void): () => void {
    return this.#add({ at: this.#ms + ms, every: 0, run });
  }

  every(ms: number, run: () => void): () => void {
    return this.#add({ at: this.#ms + ms, every: ms, run });
  }

  get timers(): number {
    return this.#timers.size;
  }

  pass(ms: number): void {
    const end = this.#ms + ms;
    for (;;) {
      let next: Timer | undefined;
      for (const timer of this.#timers) if (timer.at <= end && (!next || timer.at < next.at)) next = timer;
      if (!next) break;
      this.#ms = next.at;
      if (next.every > 0) next.at += next.every;
      else this.#timers.delete(next);
      next.run();
    }
    this.#ms = end;
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
}
