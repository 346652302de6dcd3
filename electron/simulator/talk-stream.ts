import type { Clock } from '../clock.ts';
import { liveDataType } from '../codec/jt808/body/live-media.ts';
import { encodePacket } from '../codec/jt1078/packet.ts';
import { dataTypes, parts } from '../codec/jt1078/payload-type.ts';
import type { MediaLink } from './media-link.ts';
import { murmurPacketBytes, murmurPacketMs } from './murmur.ts';
import { type Heard, TalkEar } from './talk-ear.ts';
import { Timer, type TimerHeap } from './timer-heap.ts';

export interface TalkStreamOptions {
  readonly sim: Uint8Array;
  readonly channel: number;
  /** 2 talk, 3 listen, 4 broadcast. */
  readonly dataType: number;
  readonly clock: Clock;
  readonly timers: TimerHeap;
  readonly link: MediaLink;
  /** G.711A of the cab. */
  readonly murmur: Uint8Array;
}

const g711a = 6;
/** A talk that is later than this, ms, leaves out what it missed. */
const tooLateMs = 1000;
/** One who only listens says who he is, and again every so often so that the way stays open. */
const presenceMs = 20_000;

/** A terminal's end of a talk: its microphone, and the loudspeaker of its cab. */
export class TalkStream {
  readonly #options: TalkStreamOptions;
  readonly #ear: TalkEar;
  readonly #timer: Timer;
  #sequence = 0;
  #begunAt = 0;
  #sent = 0;

  constructor(options: TalkStreamOptions) {
    this.#options = options;
    this.#ear = new TalkEar(options.sim, options.channel);
    this.#timer = new Timer(() => this.#turn());
  }

  get dataType(): number {
    return this.#options.dataType;
  }

  get heard(): Heard {
    return this.#ear.heard;
  }

  /** The connection stands. */
  start(): void {
    this.#begunAt = this.#options.clock.monotonic();
    this.#turn();
  }

  /** What came over it. */
  received(bytes: Uint8Array): void {
    this.#ear.take(bytes);
  }

  close(): void {
    this.#options.timers.disarm(this.#timer);
    this.#options.link.close();
  }

  #turn(): void {
    const { clock, timers, link, dataType } = this.#options;
    const periodMs = dataType === liveDataType.broadcast ? presenceMs : murmurPacketMs;
    const due = this.#begunAt + this.#sent * periodMs;
    if (clock.monotonic() - due > tooLateMs) this.#sent = Math.floor((clock.monotonic() - this.#begunAt) / periodMs);
    link.beginFrame();
    link.send(this.#packet());
    link.endFrame();
    this.#sent++;
    timers.armAt(this.#timer, this.#begunAt + this.#sent * periodMs);
  }

  #packet(): Uint8Array {
    const { sim, channel, murmur, clock } = this.#options;
    const from = (this.#sent * murmurPacketBytes) % murmur.length;
    const sequence = this.#sequence;
    this.#sequence = (sequence + 1) & 0xffff;
    return encodePacket({
      ...{ payloadType: g711a, sequence, sim, channel },
      marker: true,
      dataType: dataTypes.audio,
      part: parts.atomic,
      timestamp: BigInt(Math.round(clock.now())),
      payload: murmur.subarray(from, from + murmurPacketBytes),
    });
  }
}
