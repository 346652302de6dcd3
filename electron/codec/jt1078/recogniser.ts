import type { ByteSearch } from '../byte-search.ts';
import {
  impossible,
  isMislabelledAudio,
  lengthOffset,
  magicBytes,
  magicLength,
  notYet,
  packetEnd,
  type SimWidth,
  versionByte,
} from './header.ts';
import { type Packet, readPacket } from './packet.ts';
import { SimTable } from './sim-table.ts';

/** `whole`: `take()` gives it · `cut`: another packet begins within this one, which was truncated · else see header.ts. */
export const whole = 1;
export const cut = 2;
export type Verdict = typeof whole | typeof cut | typeof notYet | typeof impossible;

const flag = 0x7e;
const none = -3;

/** Bytes behind a packet that are looked at before it is believed, when they are at hand. */
const lookAhead = 40;

/**
 * Tells packets apart in one byte stream: which of the two SIM widths its source uses, and whether a packet is as long
 * as it claims. Nothing is decided by zeros: there are 6-byte ids that begin with four of them, and 10-byte SIM fields
 * whose last bytes are zero.
 *
 * The width is chosen by `knows` when exactly one reading names a known terminal, else by where the next packet begins;
 * then it is pinned, and chosen anew only when packets stop fitting.
 */
export class PacketRecogniser {
  readonly #maxPayload: () => number;
  readonly #knows: (terminal: string) => boolean;
  readonly #magic: ByteSearch;
  readonly #sims = new SimTable();
  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;
  #width: SimWidth | 0 = 0;
  /** Audio that says it is video: whether its header is an audio header all the same; undefined until one showed it. */
  #audioHeader: boolean | undefined;

  #at = 0;
  #packetEnd = 0;
  #packetWidth: SimWidth = 6;
  #asAudio = false;

  constructor(options: { maxPayload(): number; knows(terminal: string): boolean; magic: ByteSearch }) {
    this.#maxPayload = options.maxPayload;
    this.#knows = options.knows;
    this.#magic = options.magic;
  }

  /** Bytes to look at from now on; `magic` must have been told too. */
  use(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#end = bytes.length;
  }

  /** Offset behind the packet of the last verdict `whole`. */
  get packetEnd(): number {
    return this.#packetEnd;
  }

  /**
   * @param at offset of the byte 0x81
   * @param isAll no more bytes are at hand: what cannot be known yet is decided without
   */
  recognise(at: number, isAll: boolean): Verdict {
    const width = this.#width === 0 ? this.#chooseWidth(at) : this.#width;
    if (width === impossible) return impossible;
    let end: number = width === notYet ? notYet : this.#measure(at, width);
    if (end === impossible) return this.#recogniseOther(at, isAll, width as SimWidth);
    if (end > this.#end) end = notYet;
    else if (end >= 0 && width === this.#width && this.#isContinued(at, end, width)) return this.#found(at, end, width);

    if (width !== notYet && this.#width !== 0 && (end === notYet || !this.#meets(end))) {
      const other = this.#measure(at, otherWidth(width));
      if (other >= 0 && this.#meetsMagic(other) && this.#headerWithin(at + 1, other) === none)
        return this.#found(at, other, otherWidth(width));
      this.#measure(at, width);
    }
    const inner = this.#headerWithin(at + 1, end === notYet ? this.#end : end);
    if (inner >= 0) return cut;
    if (width === notYet || end === notYet || inner === notYet) return notYet;
    if (!isAll && end + lookAhead > this.#end) return notYet;
    if (this.#endsWithinMagic(end)) return notYet;
    if (!this.#isFollowed(end)) {
      const other = this.#measure(at, otherWidth(width));
      if (other === this.#end) return this.#found(at, other, otherWidth(width));
      this.#measure(at, width);
    }
    return this.#found(at, end, width);
  }

  /** The packet of the last verdict `whole`; pins its width. */
  take(): Packet {
    const at = this.#at;
    this.#width = this.#packetWidth;
    const sim = this.#sims.at(this.#bytes, at + 4, this.#packetWidth);
    sim.proven = true;
    const lengthAt = lengthOffset(this.#bytes, at, this.#end, this.#packetWidth, this.#asAudio);
    return readPacket(this.#bytes, at, lengthAt, this.#packetEnd, sim);
  }

  /**
   * A header with a SIM that was seen here or is known; true, false, or undefined when too few bytes are there to tell.
   * @param at offset of the byte 0x81
   */
  isHeader(at: number): boolean | undefined {
    if (at >= this.#end) return undefined;
    if (this.#bytes[at] !== versionByte) return false;
    const six = this.#isHeaderOf(at, 6);
    if (six === true) return true;
    const ten = this.#isHeaderOf(at, 10);
    return ten === false ? six : ten;
  }

  #isHeaderOf(at: number, width: SimWidth): boolean | undefined {
    const lengthAt = lengthOffset(this.#bytes, at, this.#end, width, false);
    if (lengthAt < 0) return lengthAt === notYet ? undefined : false;
    const sim = this.#sims.at(this.#bytes, at + 4, width);
    return sim.proven || this.#knows(sim.terminal);
  }

  #found(at: number, end: number, width: SimWidth): Verdict {
    this.#at = at;
    this.#packetEnd = end;
    this.#packetWidth = width;
    return whole;
  }

  /** The pinned layout cannot be right here: the other one must show that it is. */
  #recogniseOther(at: number, isAll: boolean, width: SimWidth): Verdict {
    const other = otherWidth(width);
    const end = this.#measure(at, other);
    if (end === impossible || this.#width === 0) return impossible;
    if (end === notYet || end > this.#end) return this.#isHeaderOf(at, other) === false ? impossible : notYet;
    if (this.#isHeaderOf(at, other) === true || this.#meetsMagic(end)) return this.#found(at, end, other);
    return !isAll && end + lookAhead > this.#end ? notYet : impossible;
  }

  #chooseWidth(at: number): SimWidth | typeof notYet | typeof impossible {
    const six = this.#measure(at, 6);
    const ten = this.#measure(at, 10);
    if (six === impossible && ten === impossible) return impossible;
    const knowsSix = six >= 0 && this.#isHeaderOf(at, 6) === true;
    const knowsTen = ten >= 0 && this.#isHeaderOf(at, 10) === true;
    if (knowsSix !== knowsTen) return knowsSix ? 6 : 10;
    if (six === impossible) return 10;
    if (ten === impossible) return 6;
    if (six === notYet || ten === notYet) return notYet;
    const isSix = this.#fitsBetter(six, ten);
    return isSix === undefined ? notYet : isSix ? 6 : 10;
  }

  #measure(at: number, width: SimWidth): number {
    const bytes = this.#bytes;
    const max = this.#maxPayload();
    this.#asAudio = false;
    const end = packetEnd(bytes, at, this.#end, width, false, max);
    if (end === notYet || at + width + 5 >= this.#end || !isMislabelledAudio(bytes, at, width)) return end;

    const asAudio = packetEnd(bytes, at, this.#end, width, true, max);
    if (end === impossible || asAudio === impossible) this.#asAudio = end === impossible;
    else {
      const meets = this.#meetsMagic(end);
      const meetsAsAudio = this.#meetsMagic(asAudio);
      if (meets !== meetsAsAudio) this.#audioHeader = meetsAsAudio;
      const isAsLabelled = this.#audioHeader === undefined ? this.#fitsBetter(end, asAudio) : !this.#audioHeader;
      if (isAsLabelled === undefined) return notYet;
      this.#asAudio = !isAsLabelled;
    }
    return this.#asAudio ? asAudio : end;
  }

  /**
   * Of two readings of one packet, by where they end: true for the first (also when nothing tells), false for the second,
   * undefined while more bytes may tell. A flag alone is weak: one byte of payload in 256 looks like it.
   */
  #fitsBetter(first: number, second: number): boolean | undefined {
    const meetsFirst = this.#meetsMagic(first);
    if (meetsFirst || this.#meetsMagic(second)) return meetsFirst;
    const bytes = this.#bytes;
    if (Math.max(first, second) + magicLength <= this.#end) return bytes[second] !== flag || bytes[first] === flag;
    const nearer = Math.min(first, second);
    if (nearer + magicLength > this.#end || bytes[nearer] === flag) return undefined;
    return nearer !== first;
  }

  /**
   * Right behind it stands the packet of the same SIM with the next sequence number: none can hide inside. Nearly all
   * packets are recognised by this, without a search through their payload.
   */
  #isContinued(at: number, end: number, width: SimWidth): boolean {
    const bytes = this.#bytes;
    const next = end + magicLength;
    if (next + 4 + width > this.#end || bytes[next] !== versionByte || this.#asAudio) return false;
    if (bytes[end] !== 0x30 || bytes[end + 1] !== 0x31 || bytes[end + 2] !== 0x63 || bytes[end + 3] !== 0x64)
      return false;
    const step = word(bytes, next + 2) - word(bytes, at + 2);
    if (step !== 1 && step !== -0xffff) return false;
    for (let i = 4; i < 4 + width; i++) if (bytes[next + i] !== bytes[at + i]) return false;
    return true;
  }

  /** Offset of the first magic in [from, before) that begins a believable packet, `none`, or `notYet`. */
  #headerWithin(from: number, before: number): number {
    for (let at = this.#magic.next(from); at < before; at = this.#magic.next(at + 1)) {
      const header = this.isHeader(at + magicLength);
      if (header === true) return at;
      if (header === undefined) return notYet;
    }
    return none;
  }

  #meetsMagic(end: number): boolean {
    return end < this.#end && this.#magic.next(end) === end;
  }

  /** Two protocols, one stream: a packet ends where a magic or an 808 flag stands. */
  #meets(end: number): boolean {
    return end < this.#end && (this.#bytes[end] === flag || this.#meetsMagic(end));
  }

  /** As `meets`, or nothing behind it says otherwise. */
  #isFollowed(end: number): boolean {
    if (this.#meets(end)) return true;
    const bytes = this.#bytes;
    if (bytes[end] === versionByte) return this.isHeader(end) !== false;
    for (let i = end; i < this.#end; i++) {
      if (i === end + magicLength) return true;
      if (bytes[i] !== magicBytes[i - end]) return false;
    }
    return true;
  }

  /**
   * The packet and the bytes at hand end alike, and the last of them begin a magic: perhaps another packet begins inside
   * this one. One byte `30` alone is not waited for: it ends one packet in 256, and the stream may end with it.
   */
  #endsWithinMagic(end: number): boolean {
    const bytes = this.#bytes;
    for (let length = 3; length >= 2; length--) {
      const start = this.#end - length;
      if (start >= end) continue;
      let i = 0;
      while (i < length && bytes[start + i] === magicBytes[i]) i++;
      if (i === length) return true;
    }
    return false;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

function otherWidth(width: SimWidth): SimWidth {
  return width === 6 ? 10 : 6;
}
