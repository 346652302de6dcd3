import type { Clock } from '../clock.ts';
import { playbackMode } from '../codec/jt808/body/playback.ts';
import { encodePacket } from '../codec/jt1078/packet.ts';
import { dataTypes, parts } from '../codec/jt1078/payload-type.ts';
import { accessUnit, maxPayload } from './camera-stream.ts';
import type { CaptionBand } from './caption-band.ts';
import type { Clip } from './clip.ts';
import type { MediaLink } from './media-link.ts';
import { murmurPacketBytes, murmurPacketMs } from './murmur.ts';
import { framesPerSecond, type Scene } from './scene-shelf.ts';
import type { StoredFootage } from './stored-footage.ts';
import { Timer, type TimerHeap } from './timer-heap.ts';

export interface FootageStreamOptions {
  readonly sim: Uint8Array;
  readonly channel: number;
  readonly clock: Clock;
  readonly timers: TimerHeap;
  readonly link: MediaLink;
  readonly scene: Scene;
  readonly footage: StoredFootage;
  /** ms since 1970; `to` 0: until there is no more. */
  readonly from: number;
  readonly to: number;
  /** As 0x9201 numbers it. */
  readonly mode: number;
  /** 1, 2, 4, 8 or 16. */
  readonly speed: number;
  readonly murmur: Uint8Array | undefined;
  /** What is burned in at a moment of the footage. */
  caption(at: number): string;
  /** It has played to its end; the link is ending. */
  ended(): void;
}

const frameMs = 1000 / framesPerSecond;
const payloadTypes = { alaw: 6, h264: 98 } as const;
/** Faster than this only key frames go out, as with real recorders. */
const fullFramesUpTo = 4;
/** One key frame for so long at single speed, ms. */
const keyFrameMs = 500;
const congestedMs = 40;

/** A terminal playing its own recording (0x9201): the clip of that camera, with the caption and the timestamps of then. */
export class FootageStream {
  readonly #options: FootageStreamOptions;
  readonly #timer: Timer;
  readonly #clip: Clip;
  readonly #band: CaptionBand;
  #mode: number;
  #speed: number;
  /** Number of the next frame since 1970. */
  #frame: number;
  #keyOnly = true;
  #keyTime = 0;
  #lastTime = 0;
  #soundAt = 0;
  #sequence = 0;
  #dueAt = 0;
  #isPaused = false;
  #isOver = false;

  constructor(options: FootageStreamOptions) {
    this.#options = options;
    this.#timer = new Timer(() => this.#step());
    this.#clip = options.scene.clip;
    this.#band = options.scene.captionBand();
    this.#mode = options.mode;
    this.#speed = options.speed;
    this.#frame = this.#keyBefore(options.from);
  }

  start(): void {
    this.#isPaused = false;
    this.#dueAt = this.#options.clock.monotonic();
    this.#options.timers.armAt(this.#timer, this.#dueAt);
  }

  pause(): void {
    this.#isPaused = true;
    this.#options.timers.disarm(this.#timer);
  }

  /** @param mode as 0x9201 numbers it */
  go(mode: number, speed: number): void {
    this.#mode = mode;
    this.#speed = speed;
    this.#keyOnly = true;
    this.start();
  }

  drag(at: number): void {
    this.#frame = this.#keyBefore(at);
    this.go(playbackMode.normal, 1);
  }

  close(): void {
    this.#isOver = true;
    this.#options.timers.disarm(this.#timer);
    this.#options.link.close();
  }

  get #isKeysOnly(): boolean {
    return (
      this.#mode === playbackMode.keyFrames || this.#mode === playbackMode.keyFramesBack || this.#speed > fullFramesUpTo
    );
  }

  #keyBefore(at: number): number {
    let frame = Math.floor(at / frameMs);
    while (!this.#picture(frame).key) frame--;
    return frame;
  }

  #picture(frame: number) {
    const { frames } = this.#clip;
    return frames[((frame % frames.length) + frames.length) % frames.length]!;
  }

  #step(): void {
    const { link, timers, clock } = this.#options;
    if (this.#isOver || this.#isPaused) return;
    if (link.isCongested) {
      timers.arm(this.#timer, congestedMs);
      return;
    }
    if (!this.#seek()) {
      this.#isOver = true;
      link.end();
      this.#options.ended();
      return;
    }
    const isBack = this.#mode === playbackMode.keyFramesBack;
    const keys = this.#isKeysOnly;
    this.#send();
    if (this.#mode === playbackMode.normal) this.#sendSound();
    let passed = 0;
    do {
      this.#frame += isBack ? -1 : 1;
      passed++;
    } while (keys && !this.#picture(this.#frame).key);
    const takes =
      this.#mode === playbackMode.fast || !keys ? (passed * frameMs) / this.#speed : keyFrameMs / this.#speed;
    this.#dueAt = Math.max(this.#dueAt + takes, clock.monotonic() - 1000);
    timers.armAt(this.#timer, this.#dueAt);
  }

  /** To the next picture that there is. @returns false when there is none */
  #seek(): boolean {
    const { footage, to, from } = this.#options;
    const time = this.#frame * frameMs;
    if (this.#mode === playbackMode.keyFramesBack) return time >= from && footage.holds(time);
    const there = footage.nextFrom(time);
    if (there === undefined || (to > 0 && there >= to)) return false;
    if (there > time) {
      this.#frame = this.#keyBefore(there + 2000);
      this.#keyOnly = true;
    }
    if (this.#keyOnly) while (!this.#picture(this.#frame).key) this.#frame++;
    return true;
  }

  #send(): void {
    const { link, caption } = this.#options;
    const picture = this.#picture(this.#frame);
    const time = Math.round(this.#frame * frameMs);
    const slice = this.#band.slice(picture.start, caption(time));
    this.#keyOnly = false;
    if (picture.key) this.#keyTime = time;
    const sets = picture.key ? this.#clip.parameterSets : new Uint8Array(0);
    const unit = accessUnit(sets, picture.above, slice, picture.below);
    link.beginFrame();
    for (let from = 0; from < unit.length; from += maxPayload) {
      const isLast = from + maxPayload >= unit.length;
      link.send(
        encodePacket({
          ...this.#next(payloadTypes.h264),
          marker: isLast,
          dataType: picture.key ? dataTypes.i : dataTypes.p,
          part: from === 0 ? (isLast ? parts.atomic : parts.first) : isLast ? parts.last : parts.middle,
          timestamp: BigInt(time),
          sinceKeyMs: Math.min(65535, Math.abs(time - this.#keyTime)),
          sinceFrameMs: Math.min(65535, this.#lastTime === 0 ? 0 : Math.abs(time - this.#lastTime)),
          payload: unit.subarray(from, from + maxPayload),
        }),
      );
    }
    link.endFrame();
    this.#lastTime = time;
  }

  /** Up to the picture that has just gone out. */
  #sendSound(): void {
    const { murmur, link } = this.#options;
    if (!murmur) return;
    if (Math.abs(this.#lastTime - this.#soundAt) > 1000) this.#soundAt = this.#lastTime;
    for (; this.#soundAt <= this.#lastTime; this.#soundAt += murmurPacketMs) {
      const from = (Math.round(this.#soundAt / murmurPacketMs) * murmurPacketBytes) % murmur.length;
      link.send(
        encodePacket({
          ...this.#next(payloadTypes.alaw),
          marker: true,
          dataType: dataTypes.audio,
          part: parts.atomic,
          timestamp: BigInt(Math.round(this.#soundAt)),
          payload: murmur.subarray(from, from + murmurPacketBytes),
        }),
      );
    }
  }

  #next(payloadType: number) {
    const sequence = this.#sequence;
    this.#sequence = (sequence + 1) & 0xffff;
    const { sim, channel } = this.#options;
    return { payloadType, sequence, sim, channel };
  }
}
