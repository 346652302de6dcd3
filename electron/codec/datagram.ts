import type { Settings } from '../config.ts';
import type { Tally } from '../tally.ts';
import { isAttachment } from './jt1078/attachment.ts';
import {
  impossible,
  isMislabelledAudio,
  lengthOffset,
  magicBytes,
  magicLength,
  packetEnd,
  type SimWidth,
  versionByte,
} from './jt1078/header.ts';
import { type Packet, readPacket } from './jt1078/packet.ts';
import { type Sim, SimTable } from './jt1078/sim-table.ts';

export interface DatagramOptions {
  readonly tally: Tally;
  readonly settings: Settings;
  /** A hint: the terminal is in the roster, so bytes that read as its SIM are probably that. */
  knows(terminal: string): boolean;
  /** Views, good until the call returns. `position` is the offset of the packet in the datagram. */
  packet(packet: Packet, position: number): void;
  /** SIM fields seen before, of any source; the owner keeps one table so that a packet need not make a new string. */
  readonly sims?: SimTable;
}

const widths: readonly SimWidth[] = [6, 10];

/**
 * Reads the 1078 packets of one UDP datagram: usually one. A datagram shows where a packet ends, so the SIM's width is
 * the one with which the packets end where the datagram does; `knows` decides when both do, or when neither does because
 * something is appended. A truncated packet is dropped, whole ones in the same datagram are not. Never throws for what
 * is in it.
 */
export function readDatagram(bytes: Uint8Array, options: DatagramOptions): void {
  new DatagramReader(bytes, options).read();
}

class DatagramReader {
  readonly #bytes: Uint8Array;
  readonly #options: DatagramOptions;
  readonly #sims: SimTable;

  constructor(bytes: Uint8Array, options: DatagramOptions) {
    this.#bytes = bytes;
    this.#options = options;
    this.#sims = options.sims ?? new SimTable();
  }

  read(): void {
    const fitsSix = this.#fills(0, 6);
    const fitsTen = this.#fills(0, 10);
    if (fitsSix !== fitsTen) this.#give(fitsSix ? 6 : 10);
    else if (fitsSix) this.#give(this.#isKnown(0, 10) && !this.#isKnown(0, 6) ? 10 : 6);
    else this.#salvage();
  }

  /** All packets from `at` on end where the datagram ends. */
  #fills(at: number, width: SimWidth): boolean {
    const size = this.#bytes.length;
    while (at < size) {
      at = this.#endOf(at, width);
      if (at < 0 || at > size) return false;
    }
    return size > 0;
  }

  #give(width: SimWidth): void {
    let at = 0;
    while (at < this.#bytes.length) {
      const next = this.#endOf(at, width);
      if (this.#isCut(at, next)) {
        this.#salvage(at);
        return;
      }
      this.#deliver(at, next, width);
      at = next;
    }
  }

  /** Looks for whole packets of known terminals from `at` on; the rest is junk. */
  #salvage(at = 0): void {
    const bytes = this.#bytes;
    let junk = 0;
    while (at < bytes.length) {
      const next = this.#salvageOne(at);
      if (next > at) {
        at = next;
        continue;
      }
      junk++;
      at++;
      while (at < bytes.length && bytes[at] !== magicBytes[0] && bytes[at] !== versionByte) {
        junk++;
        at++;
      }
    }
    if (junk === 0) return;
    const { tally } = this.#options;
    tally.add(isAttachment(bytes, 0, bytes.length) && !this.#isPacketStart(0) ? 'datagram.attachment' : 'datagram.bad');
    tally.add('datagram.junkBytes', junk);
  }

  /** Delivers a believable packet at `at` and returns the offset behind it; `at` when there is none. */
  #salvageOne(at: number): number {
    if (!this.#isPacketStart(at)) return at;
    for (const width of widths) {
      const end = this.#endOf(at, width);
      if (end < 0 || end > this.#bytes.length || this.#isCut(at, end)) continue;
      if (!this.#isKnown(at, width) && !this.#fills(at, width)) continue;
      this.#deliver(at, end, width);
      return end;
    }
    return at;
  }

  #deliver(at: number, end: number, width: SimWidth): void {
    const header = this.#headerAt(at);
    if (header === at) this.#options.tally.add('datagram.magicMissing');
    const asAudio = this.#isAudioHeader(header, width);
    const lengthAt = lengthOffset(this.#bytes, header, this.#bytes.length, width, asAudio);
    const sim = this.#sim(at, width);
    sim.proven = true;
    this.#options.packet(readPacket(this.#bytes, header, lengthAt, end, sim), at);
  }

  /** A packet of the same or a known terminal begins inside: this one was truncated. */
  #isCut(at: number, end: number): boolean {
    const bytes = this.#bytes;
    for (let inner = at + 1; inner < end; inner++) {
      inner = bytes.indexOf(magicBytes[0] as number, inner);
      if (inner < 0 || inner >= end) return false;
      if (this.#headerAt(inner) === inner + magicLength && widths.some(width => this.#isHeader(inner, width)))
        return true;
    }
    return false;
  }

  #isHeader(at: number, width: SimWidth): boolean {
    const lengthAt = lengthOffset(this.#bytes, this.#headerAt(at), this.#bytes.length, width, false);
    return lengthAt >= 0 && (this.#sim(at, width).proven || this.#isKnown(at, width));
  }

  #isKnown(at: number, width: SimWidth): boolean {
    return this.#headerAt(at) + 4 + width <= this.#bytes.length && this.#options.knows(this.#sim(at, width).terminal);
  }

  #sim(at: number, width: SimWidth): Sim {
    return this.#sims.at(this.#bytes, this.#headerAt(at) + 4, width);
  }

  #isPacketStart(at: number): boolean {
    return this.#bytes[this.#headerAt(at)] === versionByte;
  }

  /** Offset of the byte 0x81: behind the magic, or at `at` where the magic is missing. */
  #headerAt(at: number): number {
    const bytes = this.#bytes;
    for (let i = 0; i < magicLength; i++) if (bytes[at + i] !== magicBytes[i]) return at;
    return at + magicLength;
  }

  #endOf(at: number, width: SimWidth): number {
    const header = this.#headerAt(at);
    if (this.#bytes[header] !== versionByte) return impossible;
    return this.#measure(header, width, this.#isAudioHeader(header, width));
  }

  /** Audio that says it is video may have an audio header: so it is when that ends the datagram. */
  #isAudioHeader(header: number, width: SimWidth): boolean {
    if (header + width + 5 >= this.#bytes.length || !isMislabelledAudio(this.#bytes, header, width)) return false;
    return this.#measure(header, width, true) === this.#bytes.length;
  }

  #measure(header: number, width: SimWidth, asAudio: boolean): number {
    return packetEnd(this.#bytes, header, this.#bytes.length, width, asAudio, this.#options.settings.maxPacketBytes);
  }
}
