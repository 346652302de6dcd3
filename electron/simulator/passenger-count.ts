import type { PassengerFlow } from '../codec/jt808/body/passenger-flow.ts';
import type { Random } from './random.ts';

/** Of a city bus. */
const seats = 60;

/** Who gets on and off a simulated bus wherever it stands. */
export class PassengerCount {
  readonly #random: Random;
  #aboard = 0;
  /** ms since 1970; 0 while it drives. */
  #standingSince = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** @param now ms since 1970 @returns the count of a stop that it has just left */
  look(isStanding: boolean, now: number): PassengerFlow | undefined {
    if (isStanding) {
      this.#standingSince ||= now;
      return undefined;
    }
    if (this.#standingSince === 0) return undefined;
    const start = this.#standingSince;
    this.#standingSince = 0;
    const off = Math.floor(this.#aboard * this.#random() * 0.5);
    const on = Math.min(Math.floor(this.#random() * 14), seats - this.#aboard + off);
    this.#aboard += on - off;
    return { start, end: now, on, off };
  }
}
