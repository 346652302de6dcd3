import type { Clock } from '../clock.ts';
import { encodePacket } from '../codec/jt1078/packet.ts';
import { dataTypes, parts } from '../codec/jt1078/payload-type.ts';
import type { CaptionBand } from './caption-band.ts';
import type { Clip } from './clip.ts';
import type { Faults } from './faults.ts';
import type { MediaLink } from './media-link.ts';
import { murmurPacketBytes, murmurPacketMs } from './murmur.ts';
import { framesPerSecond, type Scene } from './scene-shelf.ts';
import { Timer, type TimerHeap } from './timer-heap.ts';

export interface CameraStreamOptions {
  readonly sim: Uint8Array;
  readonly channel: number;
  readonly clock: Clock;
  readonly timers: TimerHeap;
  readonly faults: Readonly<Faults>;
  readonly link: MediaLink;
  /** undefined: the platform asked for sound only. */
  readonly scene: Scene | undefined;
  /** First frame of the loop; the stream begins at the key frame at or after it. */
  readonly phase: number;
  /** G.711A to send; undefined for video only. */
  readonly murmur: Uint8Array | undefined;
  /** What is burned in; asked for once a frame. */
  caption(): string;
}

/** Largest payload of a packet (1078-2016 table 19). */
export const maxPayload = 950;
/** Two sound packets a turn: half the wake-ups, and still well inside a listener's buffer. */
const soundPacketsPerTurn = 2;
/** A stream that is later than this, ms, after the machine slept or was busy, leaves out what it missed. */
const tooLateMs = 1000;
const payloadTypes = { alaw: 6, h264: 98 } as const;
const frameMs = 1000 / framesPerSecond;
const startCode = Uint8Array.of(0, 0, 0, 1);

/** One channel on the air: a clip in its loop, its caption alive, its sound in between, on one sequence counter. */
export class CameraStream {
  readonly #options: CameraStreamOptions;
  readonly #picture: Timer;
  readonly #sound: Timer;
  readonly #resume: Timer;
  #clip: Clip | undefined;
  #band: CaptionBand | undefined;
  #hasSound: boolean;
  #paused = false;
  #sequence = 0;
  /** Monotonic ms at which picture `#sent` is due, and the clock's time that belongs to it. */
  #begunAt = 0;
  #begunWall = 0;
  #sent = 0;
  #frame = 0;
  #keyOnly = true;
  #keyTime = 0;
  #soundAt = 0;
  #soundBegunAt = 0;

  constructor(options: CameraStreamOptions) {
    this.#options = options;
    this.#picture = new Timer(() => this.#nextPicture());
    this.#sound = new Timer(() => this.#nextSound());
    this.#resume = new Timer(() => this.start());
    this.#hasSound = options.murmur !== undefined;
    this.#setScene(options.scene, options.phase);
  }

  get isPaused(): boolean {
    return this.#paused;
  }

  /** Begins, or begins again after a pause, with a key frame unless the faults say otherwise. */
  start(): void {
    const { clock, timers, faults } = this.#options;
    this.#paused = false;
    const now = clock.monotonic();
    this.#begunAt = now;
    this.#soundBegunAt = now;
    this.#begunWall = clock.now();
    this.#sent = 0;
    this.#soundAt = 0;
    this.#keyOnly = true;
    if (faults.beginsWithP && this.#clip) {
      this.#keyOnly = false;
      this.#frame = this.#clip.keyAt(this.#frame) + 3;
    }
    if (this.#clip) timers.armAt(this.#picture, now);
    if (this.#hasSound) timers.armAt(this.#sound, now);
  }

  pause(): void {
    this.#paused = true;
    for (const timer of [this.#picture, this.#sound, this.#resume]) this.#options.timers.disarm(timer);
  }

  /** Sends nothing for `ms`, then goes on as after a pause. */
  stall(ms: number): void {
    if (this.#paused) return;
    this.pause();
    this.#paused = false;
    this.#options.timers.arm(this.#resume, ms);
  }

  /** Goes on with another encoding of the channel, from a key frame. */
  switchTo(scene: Scene): void {
    this.#setScene(scene, this.#frame);
    if (!this.#paused && this.#options.link.isOpen) this.start();
  }

  stopSound(): void {
    this.#hasSound = false;
    this.#options.timers.disarm(this.#sound);
  }

  stopPicture(): void {
    this.#clip = undefined;
    this.#options.timers.disarm(this.#picture);
  }

  get isSilent(): boolean {
    return !this.#hasSound && !this.#clip;
  }

  close(): void {
    this.pause();
    this.#options.link.close();
  }

  #setScene(scene: Scene | undefined, phase: number): void {
    this.#clip = scene?.clip;
    this.#band = scene?.captionBand();
    this.#frame = phase % (this.#clip?.frames.length ?? 1);
    this.#keyOnly = true;
  }

  #nextPicture(): void {
    const { clock, timers, link } = this.#options;
    const clip = this.#clip;
    if (!clip) return;
    if (clock.monotonic() - this.#begunAt - this.#sent * frameMs > tooLateMs) {
      this.start();
      return;
    }
    if (this.#keyOnly && !clip.frames[this.#frame % clip.frames.length]?.key) this.#frame = clip.keyAt(this.#frame);
    this.#sendPicture(clip);
    if (link.isCongested) this.#keyOnly = true;
    this.#frame = (this.#frame + 1) % clip.frames.length;
    this.#sent++;
    timers.armAt(this.#picture, this.#begunAt + this.#sent * frameMs);
  }

  #sendPicture(clip: Clip): void {
    const { link } = this.#options;
    const frame = clip.frames[this.#frame % clip.frames.length];
    const slice = frame && this.#band?.slice(frame.start, this.#options.caption());
    if (!frame || !slice || (link.isCongested && !frame.key)) return;
    this.#keyOnly = false;
    if (frame.key && this.#options.faults.withoutKeyFrames) return;
    const time = Math.round(this.#begunWall + this.#sent * frameMs);
    if (frame.key) this.#keyTime = time;
    const unit = accessUnit(frame.key ? clip.parameterSets : new Uint8Array(0), frame.above, slice, frame.below);
    link.beginFrame();
    for (let from = 0; from < unit.length; from += maxPayload) {
      const isLast = from + maxPayload >= unit.length;
      link.send(
        encodePacket({
          ...this.#next(this.#options.faults.videoPayloadType || payloadTypes.h264),
          marker: isLast,
          dataType: frame.key ? dataTypes.i : dataTypes.p,
          part: from === 0 ? (isLast ? parts.atomic : parts.first) : isLast ? parts.last : parts.middle,
          timestamp: BigInt(time),
          sinceKeyMs: frame.key && this.#sent === 0 ? 0 : time - this.#keyTime,
          sinceFrameMs: this.#sent === 0 ? 0 : Math.round(frameMs),
          payload: unit.subarray(from, from + maxPayload),
        }),
      );
    }
    link.endFrame();
  }

  #nextSound(): void {
    const { clock, timers, link, murmur } = this.#options;
    if (!murmur) return;
    if (clock.monotonic() - this.#soundBegunAt - this.#soundAt * murmurPacketMs > tooLateMs)
      this.#soundAt = Math.floor((clock.monotonic() - this.#soundBegunAt) / murmurPacketMs);
    link.beginFrame();
    for (let count = 0; count < soundPacketsPerTurn; count++) {
      const from = (this.#soundAt * murmurPacketBytes) % murmur.length;
      link.send(
        encodePacket({
          ...this.#next(payloadTypes.alaw),
          marker: true,
          dataType: dataTypes.audio,
          part: parts.atomic,
          timestamp: BigInt(Math.round(this.#begunWall + this.#soundAt * murmurPacketMs)),
          payload: murmur.subarray(from, from + murmurPacketBytes),
        }),
      );
      this.#soundAt++;
    }
    link.endFrame();
    timers.armAt(this.#sound, this.#soundBegunAt + this.#soundAt * murmurPacketMs);
  }

  #next(payloadType: number) {
    const sequence = this.#sequence;
    this.#sequence = (sequence + 1) & 0xffff;
    const { sim, channel, faults } = this.#options;
    const sent = faults.wrongSim ? otherSim(sim) : sim;
    return { payloadType, sequence, sim: sent, channel: channel + faults.channelShift };
  }
}

/** The last BCD digit is 9 more, modulo 10. */
function otherSim(sim: Uint8Array): Uint8Array {
  const other = sim.slice();
  const last = other[other.length - 1] ?? 0;
  other[other.length - 1] = (last & 0xf0) | (((last & 15) + 9) % 10);
  return other;
}

/** One picture in Annex-B: what goes before, the slices above the caption, the caption's, the ones below. */
export function accessUnit(sets: Uint8Array, above: Uint8Array, slice: Uint8Array, below: Uint8Array): Uint8Array {
  const unit = new Uint8Array(sets.length + above.length + startCode.length + slice.length + below.length);
  unit.set(sets);
  unit.set(above, sets.length);
  unit.set(startCode, sets.length + above.length);
  unit.set(slice, sets.length + above.length + startCode.length);
  unit.set(below, unit.length - below.length);
  return unit;
}
