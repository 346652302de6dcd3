import type { PlaybackMode } from '../contract.ts';

const hourMs = 3_600_000;
/** Footage is played from the key frame before the time that was asked for, and devices' files begin where they like. */
const slackMs = hourMs / 2;
/** Between two pictures; more is a jump that the stamps alone do not explain. */
const longestStepMs = 60_000;
/** So much arrives before it is judged whether stamps count footage or the time it takes to play. */
const judgedMs = 1500;

/**
 * When a picture of a playback was taken. Devices stamp what they play with the wall clock of the footage, as UTC or as
 * GMT+8, and then it is read off; or with time from any other origin, and then it is counted on from where playing
 * began. At more than normal speed such stamps count footage on some devices and the time of playing on others: which,
 * shows in how fast they go.
 */
export class FootageClock {
  readonly #to: number;
  #from: number;
  /** Milliseconds to add to a stamp that tells the wall clock; undefined while none did. */
  #offset: number | undefined;
  #at: number;
  #raw: number | undefined;
  #arrived = 0;
  #countedRaw = 0;
  #countedArrival = 0;

  /** @param from ms since 1970 @param to 0: open */
  constructor(from: number, to: number) {
    this.#from = from;
    this.#to = to || from + 24 * hourMs;
    this.#at = from;
  }

  /** Of the picture before. */
  get at(): number {
    return this.#at;
  }

  /** Playing goes on from another moment. */
  seek(at: number): void {
    this.#from = Math.min(this.#from, at);
    this.#at = at;
    this.#raw = undefined;
    this.restartJudging();
  }

  /** Another speed. */
  restartJudging(): void {
    this.#countedRaw = 0;
    this.#countedArrival = 0;
  }

  /**
   * @param stamp of the packet, ms
   * @param arrived monotonic ms
   * @returns ms since 1970
   */
  time(stamp: number, arrived: number, mode: PlaybackMode, speed: number): number {
    this.#offset ??= [0, -8 * hourMs].find(offset => this.#isWithin(stamp + offset));
    if (this.#offset !== undefined && this.#isWithin(stamp + this.#offset)) this.#at = stamp + this.#offset;
    else if (this.#raw !== undefined) this.#count(stamp - this.#raw, Math.max(0, arrived - this.#arrived), mode, speed);
    this.#raw = stamp;
    this.#arrived = arrived;
    return this.#at;
  }

  #isWithin(at: number): boolean {
    return at >= this.#from - slackMs && at <= this.#to + slackMs;
  }

  #count(step: number, passed: number, mode: PlaybackMode, speed: number): void {
    const forward = mode === 'keyRewind' ? -1 : 1;
    const played = passed * speed * forward;
    if (Math.abs(step) > longestStepMs || Math.sign(step) === -forward) {
      this.#at += played;
      return;
    }
    this.#countedRaw += Math.abs(step);
    this.#countedArrival += passed;
    const countsPlaying =
      speed > 1 && this.#countedArrival > judgedMs && this.#countedRaw < this.#countedArrival * Math.sqrt(speed);
    this.#at += countsPlaying ? step * speed : step;
  }
}
