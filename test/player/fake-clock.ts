import type { PageClock } from '../../renderer/player/page-clock.ts';

/** A clock that stands still until it is moved. The wall clock is a million milliseconds ahead of the monotonic one. */
export class FakeClock implements PageClock {
  #now = 0;
  #timers: { at: number; run: () => void; every: number }[] = [];

  now(): number {
    return this.#now + 1_000_000;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    return this.#add({ at: this.#now + ms, run, every: 0 });
  }

  every(ms: number, run: () => void): () => void {
    return this.#add({ at: this.#now + ms, run, every: ms });
  }

  get timers(): number {
    return this.#timers.length;
  }

  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const due = this.#timers.filter(timer => timer.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#now = due.at;
      if (due.every > 0) due.at += due.every;
      else this.#timers.splice(this.#timers.indexOf(due), 1);
      due.run();
    }
    this.#now = until;
  }

  #add(timer: { at: number; run: () => void; every: number }): () => void {
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter(other => other !== timer);
    };
  }
}
