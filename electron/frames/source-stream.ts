import type { Packet } from '../codec/jt1078/packet.ts';
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
  #set = new Uint8Array(0);

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
    this.assembler = new Assembler({ ...parts, sink: this });
  }

  deliver(packet: Packet, lost: number): void {
    this.feed.sink.packet(packet.payload.length, lost);
    this.assembler.packet(packet);
  }

  frame(frame: Frame): void {
    if (frame.key || frame.data.length <= setsLength) this.#lookForSize(frame);
    this.feed.sink.frame(frame);
  }

  audio(packet: AudioPacket): void {
    this.feed.sink.audio(packet);
  }

  gap(frames: number, reason: 'loss' | 'sourceChanged' | 'overflow'): void {
    this.feed.sink.gap(frames, reason);
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

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
