import type { ErrorCode, GapReason } from '../contract.ts';
import type { Frame } from '../frames/frame.ts';
import type { StartInfo, Subscriber } from '../hub/subscriber.ts';
import type { Tally } from '../tally.ts';

/** A key frame and what follows it, with what a decoder needs before. */
export interface FrameGroup {
  readonly start: StartInfo;
  readonly frames: Frame[];
  /** Nothing is missing between the group before and this one. */
  readonly follows: boolean;
}

export interface RingLimits {
  /** Bytes of one camera. */
  readonly ringBytes: number;
  readonly ringSeconds: number;
}

/**
 * The last seconds of a camera in memory, for a recording that begins before its cause. A subscriber of the hub like any
 * other, which holds the frames themselves, not copies. Groups of pictures leave whole, oldest first.
 */
export class MemoryRing implements Subscriber {
  readonly #limits: RingLimits;
  readonly #tally: Tally;
  #groups: (FrameGroup & { bytes: number })[] = [];
  #bytes = 0;
  #start: StartInfo | undefined;
  #isBroken = true;
  #isEnded = false;

  constructor(limits: RingLimits, tally: Tally) {
    this.#limits = limits;
    this.#tally = tally;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The feed ended by itself: this ring gets no more frames. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Groups that reach back to `from` (ms since 1970) or as far as there is, oldest first. */
  since(from: number): readonly FrameGroup[] {
    let first = this.#groups.length - 1;
    while (first > 0 && this.#groups[first]!.frames[0]!.receivedAt > from) first--;
    return this.#groups.slice(Math.max(first, 0)).map(({ start, frames, follows }) => {
      return { start, frames: frames.slice(), follows };
    });
  }

  status(): void {}

  audio(): void {}

  start(info: StartInfo): void {
    this.#start = info;
  }

  frame(frame: Frame): boolean {
    const last = this.#groups.at(-1);
    if (frame.key && this.#start) {
      this.#groups.push({ start: this.#start, frames: [], bytes: 0, follows: !this.#isBroken && last !== undefined });
      this.#isBroken = false;
    } else if (this.#isBroken || !last) return true;
    const group = this.#groups.at(-1)!;
    group.frames.push(frame);
    group.bytes += frame.data.byteLength;
    this.#bytes += frame.data.byteLength;
    this.#trim(frame.receivedAt - this.#limits.ringSeconds * 1000);
    return true;
  }

  gap(_frames: number, _reason: GapReason): void {
    this.#isBroken = true;
  }

  end(_code: ErrorCode, _message: string): void {
    this.#isEnded = true;
    this.#groups = [];
    this.#bytes = 0;
  }

  #trim(oldest: number): void {
    while (
      this.#groups.length > 1 &&
      (this.#bytes > this.#limits.ringBytes || this.#groups[1]!.frames[0]!.receivedAt <= oldest)
    )
      this.#bytes -= this.#groups.shift()!.bytes;
    if (this.#bytes <= this.#limits.ringBytes) return;
    this.#tally.add('record.ringGivenUp');
    this.#groups = [];
    this.#bytes = 0;
    this.#isBroken = true;
  }
}
