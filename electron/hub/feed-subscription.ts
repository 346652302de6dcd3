import type { ErrorCode, GapReason, StreamStatus } from '../contract.ts';
import type { AudioPacket, Frame } from '../frames/frame.ts';
import type { Tally } from '../tally.ts';
import type { StartInfo, Subscriber, Subscription } from './subscriber.ts';

/** The ceilings, settings `queueFrames` and `queueBytes`. */
export interface QueueLimits {
  readonly queueFrames: number;
  readonly queueBytes: number;
}

type Entry =
  | { readonly frame: Frame; readonly start: StartInfo; readonly cached: boolean }
  | { readonly frame: undefined; readonly frames: number; readonly reason: GapReason };

/**
 * One subscriber's place at a feed: the key-frame gate and the bounded queue. Frames of the GOP cache wait in the queue
 * too but are not counted against it, since the cache has its own limits and a first picture must not fail on a queue
 * that is shorter than a group of pictures.
 */
export class FeedSubscription implements Subscription {
  readonly #subscriber: Subscriber;
  readonly #limits: QueueLimits;
  readonly #tally: Tally;
  readonly #left: (subscription: FeedSubscription) => void;
  #queue: Entry[] = [];
  #head = 0;
  #liveFrames = 0;
  #liveBytes = 0;
  #gated = true;
  /** Frames dropped at the gate since the subscriber was found too slow; -1 while it is not. */
  #droppedSlow = -1;
  #started: StartInfo | undefined;
  #draining = false;
  #closed = false;

  constructor(
    subscriber: Subscriber,
    limits: QueueLimits,
    tally: Tally,
    left: (subscription: FeedSubscription) => void,
  ) {
    this.#subscriber = subscriber;
    this.#limits = limits;
    this.#tally = tally;
    this.#left = left;
  }

  /** Frames that wait, for tests and figures. */
  get waiting(): number {
    return this.#queue.length - this.#head;
  }

  status(status: StreamStatus): void {
    if (!this.#closed) this.#subscriber.status(status);
  }

  /** The feed's group of pictures so far; `complete` when the next live frame continues it. */
  begin(cached: readonly Frame[], start: StartInfo | undefined, complete: boolean): void {
    if (!start || cached.length === 0) return;
    for (const frame of cached) this.#queue.push({ frame, start, cached: true });
    this.#gated = !complete;
    this.drain();
  }

  /**
   * @param lead parameter-set units that came right before `frame`
   */
  offer(frame: Frame, lead: readonly Frame[], start: StartInfo): void {
    if (this.#closed) return;
    if (this.#gated) {
      if (!frame.key) {
        if (this.#droppedSlow >= 0) this.#dropped(1);
        return;
      }
      this.#gated = false;
      if (this.#droppedSlow > 0) this.#subscriber.gap(this.#droppedSlow, 'slowConsumer');
      this.#droppedSlow = -1;
    }
    if (this.#liveFrames > 0 && !this.#fits(frame, lead) && !this.#overflow(frame)) return;
    for (const unit of lead) this.#pass(unit, start);
    this.#pass(frame, start);
  }

  audio(packet: AudioPacket): void {
    if (this.#closed) return;
    if (this.waiting > 0) this.#tally.add('hub.audioBehind');
    else this.#subscriber.audio(packet);
  }

  gap(frames: number, reason: GapReason): void {
    if (this.#closed) return;
    this.#gated = true;
    const last = this.waiting > 0 ? this.#queue.at(-1) : undefined;
    if (!last) this.#subscriber.gap(frames, reason);
    else if (last.frame) this.#queue.push({ frame: undefined, frames, reason });
    else if (!this.#draining) this.#queue[this.#queue.length - 1] = { ...last, frames: last.frames + frames };
  }

  end(code: ErrorCode, message: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#clear();
    this.#subscriber.end(code, message);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#clear();
    this.#left(this);
  }

  drain(): void {
    if (this.#draining || this.#closed) return;
    this.#draining = true;
    while (this.#head < this.#queue.length && !this.#closed) {
      const entry = this.#queue[this.#head]!;
      if (entry.frame === undefined) this.#subscriber.gap(entry.frames, entry.reason);
      else if (!this.#hand(entry.frame, entry.start, entry.cached)) break;
      if (this.#closed) break;
      this.#head++;
      if (entry.frame !== undefined && !entry.cached) {
        this.#liveFrames--;
        this.#liveBytes -= entry.frame.data.byteLength;
      }
    }
    this.#draining = false;
    if (this.#head === this.#queue.length) this.#clear();
    else if (this.#head > 256) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
  }

  #hand(frame: Frame, start: StartInfo, cached: boolean): boolean {
    if (this.#started !== start) {
      this.#started = start;
      this.#subscriber.start(start);
    }
    return !this.#closed && this.#subscriber.frame(frame, cached);
  }

  #pass(frame: Frame, start: StartInfo): void {
    if (this.waiting === 0 && !this.#draining && this.#hand(frame, start, false)) return;
    if (this.#closed) return;
    this.#queue.push({ frame, start, cached: false });
    this.#liveFrames++;
    this.#liveBytes += frame.data.byteLength;
  }

  #fits(frame: Frame, lead: readonly Frame[]): boolean {
    let bytes = this.#liveBytes + frame.data.byteLength;
    for (const unit of lead) bytes += unit.data.byteLength;
    return this.#liveFrames + lead.length < this.#limits.queueFrames && bytes <= this.#limits.queueBytes;
  }

  /** Drops what waits. @returns true when `frame` is a key frame, which may begin the queue again */
  #overflow(frame: Frame): boolean {
    let frames = frame.key ? 0 : 1;
    for (let at = this.#head; at < this.#queue.length; at++) {
      const entry = this.#queue[at]!;
      frames += entry.frame ? 1 : entry.frames;
    }
    this.#clear();
    this.#tally.add('hub.slowConsumer');
    this.#tally.add('hub.slowConsumerFrames', frames);
    this.#gated = !frame.key;
    this.#droppedSlow = frame.key ? -1 : 0;
    this.#subscriber.gap(frames, 'slowConsumer');
    return frame.key && !this.#closed;
  }

  #dropped(frames: number): void {
    this.#droppedSlow += frames;
    this.#tally.add('hub.slowConsumerFrames', frames);
  }

  #clear(): void {
    this.#queue = [];
    this.#head = 0;
    this.#liveFrames = 0;
    this.#liveBytes = 0;
  }
}
