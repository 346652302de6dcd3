import type { Settings } from '../config.ts';
import type { Tally } from '../tally.ts';
import { ByteSearch } from './byte-search.ts';
import { decodeFrame, frameFlag, type Message, maxFrameBody } from './jt808/frame.ts';
import { isAttachment } from './jt1078/attachment.ts';
import { magicBytes, magicLength, notYet, versionByte } from './jt1078/header.ts';
import type { Packet } from './jt1078/packet.ts';
import { cut, PacketRecogniser, whole } from './jt1078/recogniser.ts';
import { PendingBytes } from './pending-bytes.ts';

export interface DelimiterSink {
  /** Views, good until the call returns. `position` is the offset of the opening flag in the peer's stream. */
  message(message: Message, position: number): void;
  /** Views, good until the call returns. `position` is the offset of its first byte in the peer's stream. */
  packet(packet: Packet, position: number): void;
  /** What is neither, also a frame that cannot be read; in any number of pieces. See `Delimiter.unit`. */
  junk?(): void;
}

export interface DelimiterOptions {
  readonly sink: DelimiterSink;
  readonly tally: Tally;
  readonly settings: Settings;
  /** A hint: the terminal is in the roster, so bytes that read as its SIM are probably that. */
  knows(terminal: string): boolean;
}

/** Between flags: the longest header (2019, sub-packaged), the longest body and the checksum, every byte escaped. */
export const maxFrameLength = 2 * (21 + maxFrameBody + 1) + 2;

/** First piece of a chunk that is joined to what was pending; doubles while the unit in it is not whole. */
const firstPiece = 4096;

const faultTallies = {
  tooShort: 'delimit.tooShort',
  badEscape: 'delimit.badEscape',
  badChecksum: 'delimit.badChecksum',
  badLength: 'delimit.badLength',
} as const;

/**
 * Cuts one TCP byte stream into 808 frames and 1078 packets, whichever port it came to: terminals push media on the
 * signalling connection and send 0x0102 and 0x0002 on the media connection.
 *
 * At each place: `7E` opens an 808 frame; `30 31 63 64 81` opens a packet; `81` with a SIM seen before opens a packet
 * whose magic was left out (devices do that). All else is junk, counted, up to the next flag or magic. After a bad frame
 * the search goes on right behind its opening flag, so that a stray `7E` costs one byte.
 *
 * Pending bytes never exceed one unit: a packet of `maxPacketBytes` and what is needed to see what follows it.
 */
export class Delimiter {
  readonly #sink: DelimiterSink;
  readonly #tally: Tally;
  readonly #magic = new ByteSearch(magicBytes);
  readonly #flags = new ByteSearch([frameFlag]);
  readonly #recogniser: PacketRecogniser;
  readonly #pending = new PendingBytes();
  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;
  #unitFrom = 0;
  #unitTo = 0;
  /** Nothing more of the present chunk is to come. */
  #isAll = true;
  #position = 0;
  #junk = 0;
  #isInSync = true;
  /** A packet without its magic was seen. */
  #omitsMagic = false;
  /** Bytes taken off the front of what was last looked at; NaN when other bytes came in between. */
  #droppedSinceLook = Number.NaN;

  constructor(options: DelimiterOptions) {
    this.#sink = options.sink;
    this.#tally = options.tally;
    this.#recogniser = new PacketRecogniser({
      maxPayload: () => options.settings.maxPacketBytes,
      knows: terminal => options.knows(terminal),
      magic: this.#magic,
    });
  }

  /** Junk since the last good unit: the owner closes a peer that sends too much. */
  get junkBytes(): number {
    return this.#junk;
  }

  get pendingBytes(): number {
    return this.#pending.length;
  }

  /** What the sink is called for as it came, a frame with its flags: a view, good until that call returns. */
  get unit(): Uint8Array {
    return this.#bytes.subarray(this.#unitFrom, this.#unitTo);
  }

  /** Offset in the peer's stream of the first byte not yet dealt with. */
  get position(): number {
    return this.#position;
  }

  /** `chunk` is only looked at during the call. Never throws for what is in it. */
  push(chunk: Uint8Array): void {
    const from = this.#pending.length === 0 ? 0 : this.#finishPending(chunk);
    if (from < 0) return;
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset + from, chunk.length - from);
    this.#droppedSinceLook = Number.NaN;
    this.#look(bytes, true);
    const taken = this.#run(Number.POSITIVE_INFINITY);
    this.#droppedSinceLook = Number.NaN;
    if (taken < bytes.length) this.#pending.append(bytes, taken, bytes.length);
  }

  /** Deals with the units that begin in pending bytes. Returns where in `chunk` to go on, or -1 when it is used up. */
  #finishPending(chunk: Uint8Array): number {
    const pending = this.#pending;
    let begun = pending.length;
    let used = 0;
    for (let piece = firstPiece; ; piece *= 2) {
      const to = Math.min(used + piece, chunk.length);
      pending.append(chunk, used, to);
      used = to;
      this.#look(pending.view(), used === chunk.length);
      const taken = this.#run(begun);
      if (taken >= begun) {
        pending.clear();
        return taken - begun;
      }
      pending.drop(taken);
      this.#droppedSinceLook += taken;
      begun -= taken;
      if (used === chunk.length) return -1;
    }
  }

  #look(bytes: Uint8Array, isAll: boolean): void {
    const searched = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (Number.isNaN(this.#droppedSinceLook)) {
      this.#magic.begin(searched);
      this.#flags.begin(searched);
    } else {
      this.#magic.extend(searched, this.#droppedSinceLook);
      this.#flags.extend(searched, this.#droppedSinceLook);
    }
    this.#droppedSinceLook = 0;
    this.#recogniser.use(bytes);
    this.#bytes = bytes;
    this.#end = bytes.length;
    this.#isAll = isAll;
  }

  /** Deals with every unit that begins before `limit`; returns the offset of the first byte it could not deal with. */
  #run(limit: number): number {
    const base = this.#position;
    let at = 0;
    while (at < limit && at < this.#end) {
      const next = this.#unit(at, base);
      if (next === notYet) break;
      at = next;
    }
    this.#position = base + at;
    return at;
  }

  /** Returns the offset behind the unit or junk at `at`, or `notYet`. */
  #unit(at: number, base: number): number {
    const byte = this.#bytes[at];
    if (byte === frameFlag) return this.#frame(at, base);
    if (byte === magicBytes[0]) {
      if (this.#isMagic(at)) return this.#afterMagic(at, base);
      if (this.#isMagicBegun(at)) return notYet;
    }
    if (byte === versionByte && (this.#isInSync || this.#omitsMagic)) return this.#withoutMagic(at, base);
    return this.#junkTo(at, this.#nextStart(at + 1));
  }

  #afterMagic(at: number, base: number): number {
    const header = at + magicLength;
    if (header >= this.#end) return notYet;
    if (this.#bytes[header] === versionByte) return this.#packet(at, header, base);
    const attachment = isAttachment(this.#bytes, at, this.#end);
    if (attachment === undefined) {
      if (this.#magic.next(header) === Number.POSITIVE_INFINITY) return notYet;
    } else if (attachment) this.#tally.add('delimit.attachment');
    return this.#junkTo(at, this.#nextStart(at + 1));
  }

  #withoutMagic(at: number, base: number): number {
    const header = this.#recogniser.isHeader(at);
    if (header === undefined) return notYet;
    if (!header) return this.#junkTo(at, this.#nextStart(at + 1));
    return this.#packet(at, at, base);
  }

  /** @param header offset of the byte 0x81; `at` when there is no magic before it */
  #packet(at: number, header: number, base: number): number {
    const verdict = this.#recogniser.recognise(header, this.#isAll);
    if (verdict === notYet) return notYet;
    if (verdict !== whole) {
      this.#tally.add(verdict === cut ? 'delimit.truncatedPacket' : 'delimit.badPacket');
      return this.#junkTo(at, this.#nextStart(at + 1));
    }
    if (header === at) {
      this.#omitsMagic = true;
      this.#tally.add('delimit.magicMissing');
    }
    const next = this.#recogniser.packetEnd;
    this.#good(at, next);
    this.#sink.packet(this.#recogniser.take(), base + at);
    return next;
  }

  #frame(at: number, base: number): number {
    const from = at + 1;
    const limit = from + maxFrameLength;
    const closing = this.#flags.next(from);
    if (closing === from) return from;
    const reach = Math.min(closing, limit, this.#end);
    const media = this.#mediaWithin(from, reach);
    if (media === true) return this.#strayFlag(at);
    if (closing > limit) return this.#end > limit ? this.#strayFlag(at) : notYet;
    if (media === undefined) return notYet;
    const message = decodeFrame(this.#bytes.subarray(from, closing));
    if (typeof message === 'string') {
      this.#tally.add(faultTallies[message]);
      return this.#junkTo(at, from);
    }
    this.#good(at, closing + 1);
    this.#sink.message(message, base + at);
    return closing + 1;
  }

  /** A flag that opens nothing must not hold back media that is complete: a believable packet header within tells. */
  #mediaWithin(from: number, before: number): boolean | undefined {
    for (let at = this.#magic.next(from); at < before; at = this.#magic.next(at + 1)) {
      const header = this.#recogniser.isHeader(at + magicLength);
      if (header !== false) return header;
    }
    return false;
  }

  #strayFlag(at: number): number {
    this.#tally.add('delimit.strayFlag');
    return this.#junkTo(at, at + 1);
  }

  #good(from: number, to: number): void {
    this.#junk = 0;
    this.#isInSync = true;
    this.#unitFrom = from;
    this.#unitTo = to;
  }

  #junkTo(at: number, next: number): number {
    if (this.#isInSync) this.#tally.add('delimit.resync');
    this.#isInSync = false;
    this.#junk += next - at;
    this.#tally.add('delimit.junkBytes', next - at);
    this.#unitFrom = at;
    this.#unitTo = next;
    this.#sink.junk?.();
    return next;
  }

  /** First place from `from` on where a unit may begin, or where too few bytes are left to tell. */
  #nextStart(from: number): number {
    let next = Math.min(this.#magic.next(from), this.#flags.next(from), this.#end);
    if (this.#omitsMagic) {
      const header = this.#bytes.indexOf(versionByte, from);
      if (header >= 0 && header < next) next = header;
    }
    for (let at = Math.max(this.#end - magicLength + 1, from); at < next; at++) if (this.#isMagicBegun(at)) return at;
    return next;
  }

  #isMagic(at: number): boolean {
    const bytes = this.#bytes;
    return bytes[at + 1] === magicBytes[1] && bytes[at + 2] === magicBytes[2] && bytes[at + 3] === magicBytes[3];
  }

  /** The bytes from `at` to the end, fewer than four, begin a magic. */
  #isMagicBegun(at: number): boolean {
    if (this.#end - at >= magicLength) return false;
    for (let i = at; i < this.#end; i++) if (this.#bytes[i] !== magicBytes[i - at]) return false;
    return true;
  }
}
