import type { MediaFrame } from './engine.ts';
import type { PageClock } from './page-clock.ts';

/** Keeps frames back for a while, before they are decoded: decoded pictures would use up the decoder's own. */
export class FrameHold {
  #ms = 0;
  readonly #clock: PageClock;
  readonly #release: (frame: MediaFrame) => void;
  #held: { frame: MediaFrame; due: number }[] = [];
  #cancel: (() => void) | undefined;

  constructor(clock: PageClock, release: (frame: MediaFrame) => void) {
    this.#clock = clock;
    this.#release = release;
  }

  set(ms: number): void {
    this.#ms = ms;
  }

  /** Hands the frame on, now or later; order is kept. */
  take(frame: MediaFrame): void {
    if (this.#held.length === 0 && (this.#ms === 0 || frame.cached)) {
      this.#release(frame);
      return;
    }
    const due = Math.max(this.#clock.monotonic() + this.#ms, this.#held.at(-1)?.due ?? 0);
    this.#held.push({ frame, due });
    this.#wait();
  }

  /** What is held, at once. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    for (const { frame } of this.#held.splice(0)) this.#release(frame);
  }

  /** Gives up what is held. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#held = [];
  }

  #wait(): void {
    const first = this.#held[0];
    if (!first || this.#cancel) return;
    this.#cancel = this.#clock.after(Math.max(0, first.due - this.#clock.monotonic()), () => {
      this.#cancel = undefined;
      const now = this.#clock.monotonic() + 1;
      while (this.#held[0] && this.#held[0].due <= now) this.#release(this.#held.shift()!.frame);
      this.#wait();
    });
  }
}
