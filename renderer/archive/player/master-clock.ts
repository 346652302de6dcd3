/** Speeds, slowest first. */
export const rates = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64] as const;
export type Rate = (typeof rates)[number];
/** Faster than this, key frames only: no decoder is asked for hundreds of frames a second. */
export const fullFramesUpTo = 16;

/** The one wall clock that all panes follow, ms since 1970. Held while a pane has no picture yet. */
export class MasterClock {
  readonly #now: () => number;
  #at: number;
  #from: number;
  #rate: number = 1;
  #playing = false;
  #held = false;

  /** `now`: a clock that never jumps, ms. */
  constructor(now: () => number, at: number) {
    this.#now = now;
    this.#at = at;
    this.#from = now();
  }

  get playing(): boolean {
    return this.#playing;
  }

  get rate(): number {
    return this.#rate;
  }

  /** Moves now: playing and not held. */
  get running(): boolean {
    return this.#playing && !this.#held;
  }

  at(): number {
    return this.running ? this.#at + (this.#now() - this.#from) * this.#rate : this.#at;
  }

  seek(at: number): void {
    this.#at = at;
    this.#from = this.#now();
  }

  play(): void {
    this.#change(() => {
      this.#playing = true;
    });
  }

  pause(): void {
    this.#change(() => {
      this.#playing = false;
    });
  }

  setRate(rate: number): void {
    this.#change(() => {
      this.#rate = rate;
    });
  }

  hold(held: boolean): void {
    if (held !== this.#held)
      this.#change(() => {
        this.#held = held;
      });
  }

  #change(change: () => void): void {
    this.seek(this.at());
    change();
  }
}

export interface Steering {
  rate: number;
  /** Too far away to be caught up with. */
  seek: boolean;
}

/** Within this (s at single speed) pictures count as in step: half a frame at 12 a second. */
const inStep = 0.04;
/** Beyond this (s at single speed) the picture jumps. */
const tooFar = 0.6;
/** Chromium plays between these. */
const slowest = 0.0625;
const fastest = 16;

/** How a pane's picture comes back to the clock: `ahead` is how far it is before it, in seconds. */
export function steer(ahead: number, rate: number): Steering {
  const scale = Math.max(1, rate);
  if (Math.abs(ahead) > tooFar * scale) return { rate, seek: true };
  if (Math.abs(ahead) <= inStep * scale) return { rate, seek: false };
  const lean = Math.max(-0.25, Math.min(0.25, -ahead / scale / 2));
  return { rate: Math.max(slowest, Math.min(fastest, rate * (1 + lean))), seek: false };
}
