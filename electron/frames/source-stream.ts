import type { Packet } from '../codec/jt1078/packet.ts';
import { dataTypes } from '../codec/jt1078/payload-type.ts';
import type { VehicleBytes } from '../device/data-use.ts';
import type { CameraEvidence } from '../device/evidence.ts';
import { Assembler } from './assembler.ts';
import type { ExpectedFeed, IntakeParts } from './expected-feed.ts';
import type { AudioPacket, Frame, FrameSink } from './frame.ts';
import type { MediaSource } from './media-source.ts';
import { sequenceSet } from './nal.ts';
import { pictureSize } from './sps.ts';

/** Units up to this long are looked into for an SPS although they are no key frames: sets may be sent on their own. */
const setsLength = 512;

/** One channel of one source, assembled, on its way to the feed it is attributed to. */
export class SourceStream implements FrameSink {
  readonly source: MediaSource;
  readonly assembler: Assembler;
  readonly #sizeChanged: (stream: SourceStream, hadSize: boolean) => void;
  feed: ExpectedFeed;
  /** Monotonic ms. */
  lastPacketAt = 0;
  /** From the last SPS; 0 before one came. */
  pixels = 0;
  /** SIM field of its packets, as sent. */
  sim = new Uint8Array(0);
  #set = new Uint8Array(0);
  readonly #parts: IntakeParts;
  readonly #use: VehicleBytes | undefined;
  /** Payload types that came, by number. */
  readonly #seen = new Uint8Array(128);
  #evidence: CameraEvidence | undefined;
  #hadKey = false;

  /** @param sizeChanged told before the unit with the new SPS is handed on: it may attribute the stream to another feed */
  constructor(
    source: MediaSource,
    feed: ExpectedFeed,
    parts: IntakeParts,
    sizeChanged: (stream: SourceStream, hadSize: boolean) => void,
  ) {
    this.source = source;
    this.feed = feed;
    this.#sizeChanged = sizeChanged;
    this.#parts = parts;
    this.#use = parts.dataUse?.of(feed.key.terminal);
    this.assembler = new Assembler({ ...parts, sink: this });
  }

  /** The packet with which the stream begins. */
  opened(packet: Packet): void {
    this.sim = new Uint8Array(packet.sim);
    this.#evidence = this.#parts.evidence?.mediaOpened(this.feed.key, this.source, packet);
    this.saw(packet);
  }

  /** Every packet as it arrives, before it is put in its place. */
  saw(packet: Packet): void {
    if (this.#use) this.#use[this.feed.key.stream] += packetLength(packet);
    if (this.#seen[packet.payloadType] !== 0) return;
    this.#seen[packet.payloadType] = 1;
    if (this.#evidence) this.#parts.evidence?.payloadType(this.#evidence, packet);
  }

  /** What comes is for another feed from now on. */
  attributeTo(feed: ExpectedFeed): void {
    this.feed = feed;
    this.#hadKey = false;
    if (this.#evidence) this.#evidence = this.#parts.evidence?.mediaMoved(this.#evidence, feed.key);
  }

  /** Each was taken for what the other is. */
  swapWith(other: SourceStream): void {
    const [feed, evidence] = [this.feed, this.#evidence];
    this.feed = other.feed;
    other.feed = feed;
    if (evidence && other.#evidence) this.#parts.evidence?.mediaSwapped(evidence, other.#evidence);
    this.#evidence = other.#evidence;
    other.#evidence = evidence;
  }

  ended(): void {
    if (this.#evidence) this.#parts.evidence?.mediaClosed(this.#evidence);
  }

  deliver(packet: Packet, lost: number): void {
    this.feed.sink.packet(packet.payload.length, lost);
    this.assembler.packet(packet);
  }

  frame(frame: Frame): void {
    if (frame.key || frame.data.length <= setsLength) this.#lookForSize(frame);
    if (frame.key && !this.#hadKey) this.#keyCame(frame);
    this.feed.sink.frame(frame);
  }

  audio(packet: AudioPacket): void {
    this.feed.sink.audio(packet);
  }

  gap(frames: number, reason: 'loss' | 'sourceChanged' | 'overflow'): void {
    this.feed.sink.gap(frames, reason);
  }

  #keyCame(frame: Frame): void {
    this.#hadKey = true;
    if (this.#evidence) this.#parts.evidence?.keyFrame(this.#evidence, frame.codec, frame.data);
  }

  #lookForSize(frame: Frame): void {
    const set = sequenceSet(frame.data, frame.codec);
    if (!set || isSame(set, this.#set)) return;
    this.#set = Uint8Array.from(set);
    const size = pictureSize(set, frame.codec);
    if (!size || size.width * size.height === this.pixels) return;
    const hadSize = this.pixels > 0;
    this.pixels = size.width * size.height;
    this.#sizeChanged(this, hadSize);
  }
}

/** Bytes of a packet on the wire (1078-2016 table 19), magic included. */
export function packetLength({ payload, sim, dataType }: Packet): number {
  const fields = dataType === dataTypes.passThrough ? 12 : dataType === dataTypes.audio ? 20 : 24;
  return payload.length + sim.length + fields;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
