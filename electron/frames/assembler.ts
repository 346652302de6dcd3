import type { Clock } from '../clock.ts';
import type { Packet } from '../codec/jt1078/packet.ts';
import { dataTypes, mediaKind, parts } from '../codec/jt1078/payload-type.ts';
import type { Settings } from '../config.ts';
import type { VideoCodec } from '../contract.ts';
import type { Tally } from '../tally.ts';
import type { FrameSink } from './frame.ts';
import { FrameBuffer } from './frame-buffer.ts';
import { beginsAccessUnit, beginsWithStartCode, shownCodec, unitKind } from './nal.ts';
import { Timeline } from './timeline.ts';

/**
 * How packets are put together. `flags`: by the sub-package nibble, as the standard says. `timestamp`: for devices whose
 * nibble contradicts what they send; a unit ends where a packet with a start code brings another timestamp, type or picture.
 */
type Grouping = 'flags' | 'timestamp';

/**
 * A first `atomic` packet this long may be the beginning of a larger unit, if the nibble turns out to be worthless
 * (payloads are cut at 950 bytes, by some devices sooner): it waits for the next packet, once.
 */
const suspiciousLength = 600;

/** What the video packet before this one was; `unknown` at the beginning and after a loss. */
type Previous = 'unknown' | 'open' | 'ended' | 'orphan';

/** By payload type, when the parameter sets do not show it: some devices label H.265 as H.264, or with a number of their own. */
const codecs: Readonly<Record<number, VideoCodec>> = { 98: 'h264', 99: 'h265', 100: 'avs', 101: 'svac' };

/**
 * Packets of one stream, in order, to access units. Only whole units leave. After a loss the unit under way is dropped and so
 * is every one up to the next key frame; parameter sets sent as units of their own pass, since they precede it. The M
 * bit is not looked at (see Packet).
 */
export class Assembler {
  readonly #sink: FrameSink;
  readonly #clock: Clock;
  readonly #tally: Tally;
  readonly #settings: Settings;
  readonly #buffer = new FrameBuffer();
  #timeline = new Timeline();

  #grouping: Grouping = 'flags';
  #isTrusted = false;
  #hasStartCodes = false;
  #previous: Previous = 'unknown';
  #previousTimestamp = 0n;
  /** What the parameter sets of a payload type showed. */
  #shown: { readonly payloadType: number; readonly codec: VideoCodec } | undefined;

  #isOpen = false;
  /** The open unit looks whole, and waits for what follows to show it. */
  #isSuspect = false;
  #payloadType = 0;
  #dataType = 0;
  #timestamp = 0n;
  #receivedAt = 0;
  #arrivedAt = 0;

  #isWaiting = false;
  #dropped = 0;

  constructor(parts: { sink: FrameSink; clock: Clock; tally: Tally; settings: Settings }) {
    this.#sink = parts.sink;
    this.#clock = parts.clock;
    this.#tally = parts.tally;
    this.#settings = parts.settings;
  }

  packet(packet: Packet): void {
    const kind = mediaKind(packet.payloadType, packet.dataType);
    if (kind === 'video') this.#video(packet);
    else if (kind === 'audio') this.#audio(packet);
    else this.#tally.add('assemble.passThrough');
  }

  /** Packets are missing before the next one, of whichever kind: any of them may have been a picture's. */
  lost(): void {
    this.#breakOff('loss');
  }

  /** What follows comes from another source, with its own habits and its own clock. */
  sourceChanged(): void {
    this.#breakOff('sourceChanged');
    this.#timeline = new Timeline();
    this.#grouping = 'flags';
    this.#isTrusted = false;
    this.#hasStartCodes = false;
    this.#shown = undefined;
  }

  /** @param now monotonic ms */
  tick(now: number): void {
    if (this.#isSuspect && now - this.#arrivedAt >= this.#settings.reorderMs) this.#emit();
  }

  /** Nothing more will come. */
  end(): void {
    if (!this.#isOpen) return;
    if (this.#isSuspect || this.#grouping === 'timestamp') this.#emit();
    else this.#breakOff('loss');
  }

  #audio(packet: Packet): void {
    this.#sink.audio({
      payloadType: packet.payloadType,
      ptsMs: this.#timeline.audio(packet.timestamp, this.#clock.monotonic()),
      receivedAt: this.#clock.now(),
      data: new Uint8Array(packet.payload),
    });
  }

  #video(packet: Packet): void {
    const starts = beginsWithStartCode(packet.payload);
    if (this.#grouping === 'flags' && this.#contradicts(packet, starts)) {
      this.#grouping = 'timestamp';
      this.#isSuspect = false;
      this.#tally.add('assemble.flagsUnreliable');
      if (!this.#isOpen && !starts) this.#breakOff('loss');
    }
    if (starts) this.#hasStartCodes = true;
    if (this.#grouping === 'flags') this.#byFlags(packet);
    else this.#byTimestamp(packet, starts);
    this.#previousTimestamp = packet.timestamp;
  }

  /** The nibble cannot be true, although no packet is missing before this one. */
  #contradicts(packet: Packet, starts: boolean): boolean {
    if (this.#previous === 'unknown') return false;
    const isSame = packet.timestamp === this.#previousTimestamp;
    if (packet.part === parts.atomic || packet.part === parts.first)
      return !starts && isSame && this.#hasStartCodes && this.#previous !== 'orphan';
    if (this.#isOpen) return this.#isSuspect && !starts && isSame;
    return (
      starts &&
      (this.#previous === 'ended' || !isSame) &&
      beginsAccessUnit(packet.payload, this.#codecOf(packet.payloadType))
    );
  }

  #byFlags(packet: Packet): void {
    const { part } = packet;
    if (part === parts.atomic || part === parts.first) {
      if (this.#isOpen) this.#closeByNext(packet);
      this.#begin(packet);
      if (!this.#append(packet.payload)) return;
      this.#previous = part === parts.atomic ? 'ended' : 'open';
      if (part === parts.first) return;
      if (this.#isTrusted || packet.payload.length < suspiciousLength) this.#emit();
      else this.#suspect();
      return;
    }
    if (this.#isSuspect) this.#closeByNext(packet);
    if (!this.#isOpen) {
      this.#tally.add('assemble.noFirst');
      this.#previous = 'orphan';
      return;
    }
    if (packet.payloadType !== this.#payloadType) {
      this.#tally.add('assemble.mixedTypes');
      this.#breakOff('loss');
      return;
    }
    if (!this.#append(packet.payload) || part !== parts.last) return;
    this.#previous = 'ended';
    this.#isTrusted = true;
    this.#emit();
  }

  #byTimestamp(packet: Packet, starts: boolean): void {
    if (this.#isOpen && starts && this.#isNextUnit(packet)) this.#emit();
    if (!this.#isOpen) {
      if (!starts) {
        this.#tally.add('assemble.noFirst');
        return;
      }
      this.#begin(packet);
    }
    if (!this.#append(packet.payload)) return;
    this.#previous = 'open';
    this.#stamp();
  }

  #isNextUnit(packet: Packet): boolean {
    if (packet.timestamp !== this.#timestamp) return true;
    if (packet.payloadType !== this.#payloadType || packet.dataType !== this.#dataType) return true;
    const codec = this.#codecOf(this.#payloadType);
    const kind = unitKind(this.#buffer.bytes, this.#buffer.length, codec, false);
    return kind !== 'sets' && beginsAccessUnit(packet.payload, codec);
  }

  /**
   * The next unit begins and none was lost: what is there is whole, if without its `last`. A next unit that is older shows a
   * damaged sequence number instead.
   */
  #closeByNext(next: Packet): void {
    if (this.#isSuspect) this.#isTrusted = true;
    else {
      this.#tally.add('assemble.noLast');
      if (next.timestamp < this.#timestamp) {
        this.#breakOff('loss');
        return;
      }
    }
    this.#emit();
  }

  #suspect(): void {
    this.#isSuspect = true;
    this.#stamp();
  }

  #stamp(): void {
    this.#receivedAt = this.#clock.now();
    this.#arrivedAt = this.#clock.monotonic();
  }

  #begin(packet: Packet): void {
    this.#isOpen = true;
    this.#payloadType = packet.payloadType;
    this.#dataType = packet.dataType;
    this.#timestamp = packet.timestamp;
  }

  #append(payload: Uint8Array): boolean {
    if (this.#buffer.length + payload.length <= this.#settings.maxFrameBytes) {
      this.#buffer.append(payload);
      return true;
    }
    this.#tally.add('assemble.overflow');
    this.#breakOff('overflow');
    return false;
  }

  #emit(): void {
    const isStamped = this.#isSuspect || this.#grouping === 'timestamp';
    this.#isOpen = false;
    this.#isSuspect = false;
    if (this.#buffer.length === 0) return;
    this.#noteCodec();
    const codec = this.#codecOf(this.#payloadType);
    const kind = unitKind(this.#buffer.bytes, this.#buffer.length, codec, this.#dataType === dataTypes.i);
    if (this.#isWaiting && !this.#endsWaiting(kind === 'key', kind === 'sets')) {
      this.#buffer.clear();
      return;
    }
    if (!isStamped) this.#stamp();
    const data = this.#buffer.copy();
    this.#buffer.clear();
    this.#sink.frame({
      key: kind === 'key',
      codec,
      payloadType: this.#payloadType,
      ptsMs: this.#timeline.video(this.#timestamp, this.#arrivedAt),
      deviceMs: this.#timestamp,
      receivedAt: this.#receivedAt,
      data,
    });
  }

  /** Whether the unit may leave. A gap is told before the sets that belong to the key frame, never between them. */
  #endsWaiting(isKey: boolean, isSets: boolean): boolean {
    if (!isKey && !isSets) {
      this.#dropped++;
      this.#tally.add('assemble.waitingForKey');
      return false;
    }
    if (this.#dropped > 0) this.#sink.gap(this.#dropped, 'loss');
    this.#dropped = 0;
    if (isKey) this.#isWaiting = false;
    return true;
  }

  #breakOff(reason: 'loss' | 'sourceChanged' | 'overflow'): void {
    const frames = this.#isOpen ? 1 : 0;
    if (frames > 0) this.#tally.add('assemble.incomplete');
    this.#isOpen = false;
    this.#isSuspect = false;
    this.#buffer.clear();
    this.#previous = 'unknown';
    if (this.#isWaiting && reason === 'loss') {
      this.#dropped += frames;
      return;
    }
    this.#isWaiting = true;
    this.#sink.gap(frames, reason);
  }

  #noteCodec(): void {
    const payloadType = this.#payloadType;
    const named = codecs[payloadType];
    if (named === 'avs' || named === 'svac') return;
    const codec = shownCodec(this.#buffer.bytes, this.#buffer.length);
    if (codec && codec !== this.#codecOf(payloadType)) this.#shown = { payloadType, codec };
  }

  #codecOf(payloadType: number): VideoCodec {
    if (this.#shown?.payloadType === payloadType) return this.#shown.codec;
    return codecs[payloadType] ?? 'unknown';
  }
}
