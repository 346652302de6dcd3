import { defaultSettings } from '../../config.ts';
import { Tally } from '../../tally.ts';
import { readDatagram } from '../datagram.ts';
import { encodeFrame, type Header, type Message } from '../jt808/frame.ts';
import { magicBytes, magicLength } from '../jt1078/header.ts';
import type { Packet } from '../jt1078/packet.ts';
import { dataTypes } from '../jt1078/payload-type.ts';
import { terminalId } from '../terminal-id.ts';
import { blankBody, isBlankedByPart } from './blanked-body.ts';
import { Pseudonyms } from './pseudonyms.ts';
import { contentOf, type TraceEnd, type TraceHead, type TraceUnit } from './trace-unit.ts';

/** Bodies in parts that are kept to be joined; beyond this their parts become zeros. */
const mostJoinedBytes = 8 << 20;

interface JoinedMessage {
  readonly total: number;
  readonly parts: Map<number, Uint8Array>;
  isBlanked: boolean;
}

/**
 * Takes personal data out of a trace: phone numbers and SIM fields, plates, numbers of devices and cards, authentication
 * codes, positions, texts, addresses of vehicles. Every value has one stead throughout, of the same length; checksums and
 * escapes are made anew, so that the trace still reads and replays. What cannot be read becomes zeros. Pictures and sound
 * stay: who may not see them must not be given the trace.
 *
 * Works in two passes: `look` at every unit, then `blank` each: a value is also replaced before the place that names it.
 */
export class TraceBlanker {
  readonly #names = new Pseudonyms();
  readonly #joined = new Map<string, JoinedMessage>();
  readonly #addresses = new Map<string, string>();
  readonly #terminals = new Set<string>();
  #joinedBytes = 0;

  head(head: TraceHead): TraceHead {
    return { ...head, vehicle: this.#names.terminal(head.vehicle), plate: '', isBlanked: true };
  }

  look(unit: TraceUnit): void {
    const content = contentOf(unit);
    if (content.kind === 'media') this.#packets(new Uint8Array(unit.bytes));
    if (content.kind !== 'signal') return;
    const { header, body } = content.message;
    this.#terminals.add(terminalId(header.phone));
    this.#names.phone(header.phone);
    if (header.encryption !== 0) return;
    if (!header.part) blankBody(header.id, new Uint8Array(body), this.#names, header.version, undefined);
    else if (!isBlankedByPart(header.id)) this.#keepPart(unit, header, header.part, body);
  }

  blank(unit: TraceUnit): TraceUnit {
    const content = contentOf(unit);
    const remote = this.#remote(unit.remote);
    if (content.kind === 'closed') return { ...unit, remote };
    if (content.kind === 'junk') return { ...unit, remote, bytes: new Uint8Array(unit.bytes.length) };
    const bytes =
      content.kind === 'media' ? this.#packets(new Uint8Array(unit.bytes)) : this.#frame(unit, content.message);
    return { ...unit, remote, bytes };
  }

  #frame(unit: TraceUnit, { header, body }: Message): Uint8Array {
    const { id, version, serial, encryption, protocolVersion, part } = header;
    const head = { id, version, serial, encryption, protocolVersion, phone: this.#names.phone(header.phone) };
    return encodeFrame(head, this.#body(unit, header, new Uint8Array(body)), part);
  }

  #body(unit: TraceUnit, header: Header, body: Uint8Array): Uint8Array {
    const { id, version, part, encryption } = header;
    if (encryption !== 0) return body.fill(0);
    if (!part || isBlankedByPart(id)) blankBody(id, body, this.#names, version, part?.index);
    else {
      const joined = this.#joined.get(joinKey(unit, header, part));
      if (!joined || joined.parts.size < joined.total) return body.fill(0);
      if (!joined.isBlanked) this.#blankJoined(joined, header);
      body.set((joined.parts.get(part.index) as Uint8Array).subarray(0, body.length));
    }
    this.#names.sweep(body);
    return body;
  }

  #keepPart(unit: TraceUnit, header: Header, part: NonNullable<Header['part']>, body: Uint8Array): void {
    if (part.index < 1 || part.index > part.total || this.#joinedBytes + body.length > mostJoinedBytes) return;
    const key = joinKey(unit, header, part);
    let joined = this.#joined.get(key);
    if (!joined) {
      joined = { total: part.total, parts: new Map(), isBlanked: false };
      this.#joined.set(key, joined);
    }
    if (joined.parts.has(part.index)) return;
    joined.parts.set(part.index, new Uint8Array(body));
    this.#joinedBytes += body.length;
    // Now already, so that what it names is known before the second pass.
    if (joined.parts.size === joined.total) this.#blankJoined(joined, header);
  }

  /** Blanks the whole and puts it back into its parts: a field may run over their edge. */
  #blankJoined(joined: JoinedMessage, { id, version }: Header): void {
    const parts = Array.from({ length: joined.total }, (_, at) => joined.parts.get(at + 1) as Uint8Array);
    const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    blankBody(id, whole, this.#names, version, undefined);
    at = 0;
    for (const part of parts) {
      part.set(whole.subarray(at, at + part.length));
      at += part.length;
    }
    joined.isBlanked = true;
  }

  /** @param bytes a copy that may be changed */
  #packets(bytes: Uint8Array): Uint8Array {
    const blanked = new Uint8Array(bytes.length);
    readDatagram(bytes, {
      tally: new Tally(),
      settings: mediaSettings,
      knows: terminal => this.#terminals.has(terminal),
      packet: (packet, position) => this.#packet(packet, position, bytes, blanked),
    });
    return blanked;
  }

  #packet(packet: Packet, position: number, bytes: Uint8Array, blanked: Uint8Array): void {
    const payloadAt = packet.payload.byteOffset - bytes.byteOffset;
    const end = payloadAt + packet.payload.length;
    blanked.set(bytes.subarray(position, end), position);
    const simAt = position + (bytes[position] === magicBytes[0] ? magicLength : 0) + 4;
    blanked.set(this.#names.phone(packet.sim), simAt);
    const payload = blanked.subarray(payloadAt, end);
    if (packet.dataType === dataTypes.passThrough) payload.fill(0);
    else this.#names.sweep(payload, true);
  }

  /** Addresses kept for documents (RFC 5737, RFC 3849), one for each. */
  #remote({ address, port }: TraceEnd): TraceEnd {
    let other = this.#addresses.get(address);
    if (other === undefined) {
      const number = (this.#addresses.size % 254) + 1;
      other = address.includes(':') ? `2001:db8::${number.toString(16)}` : `198.51.100.${number}`;
      this.#addresses.set(address, other);
    }
    return { address: other, port };
  }
}

const mediaSettings = { ...defaultSettings(), maxPacketBytes: 65_535 };

function joinKey({ connection, direction }: TraceUnit, header: Header, part: NonNullable<Header['part']>): string {
  const firstSerial = (header.serial - part.index + 1) & 0xffff;
  return `${connection} ${direction} ${header.id} ${firstSerial} ${part.total}`;
}
