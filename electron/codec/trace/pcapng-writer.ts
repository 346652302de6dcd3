import { encodeIp, maxSegment, tcpFlag } from './ip-packet.ts';
import { headLines } from './trace-head.ts';
import { contentName, type TraceContent, type TraceHead, type TraceUnit, type TraceWriter } from './trace-unit.ts';

/** Block types, byte order, link type and options of pcapng (draft-ietf-opsawg-pcapng). */
export const blockType = { section: 0x0a0d0d0a, interface: 1, packet: 6 } as const;
export const byteOrder = 0x1a2b3c4d;
/** LINKTYPE_RAW: a packet begins with its IP header. */
export const linkTypeRaw = 101;
export const option = {
  comment: 1,
  packetFlags: 2,
  interfaceName: 2,
  interfaceDescription: 3,
  application: 4,
  resolution: 9,
} as const;
/** Bits 0 and 1 of a packet's flags. */
export const inbound = 1;
export const outbound = 2;

const microseconds = 6;

interface Flow {
  /** Next sequence number of each side. The streams begin at 1: no trace saw their real numbers. */
  in: number;
  out: number;
}

/**
 * A trace as pcapng, little-endian: one section, one interface of raw IP, one packet for each unit. Under the units lie
 * headers that were never on a wire: real addresses, ports and times, sequence numbers that count the bytes of the trace,
 * right checksums. A unit too long for one TCP segment has several, the last with PSH. A closed connection is a FIN.
 */
export class PcapngWriter implements TraceWriter {
  readonly #flows = new Map<number, Flow>();
  readonly #encoder = new TextEncoder();
  #identification = 0;

  head(head: TraceHead): Uint8Array {
    const comment = this.#text(option.comment, headLines(head).join('\n'));
    const section = new Uint8Array(16);
    const view = new DataView(section.buffer);
    view.setUint32(0, byteOrder, true);
    view.setUint16(4, 1, true);
    // Length of the section: not known, -1.
    section.fill(0xff, 8);
    const link = new Uint8Array(8);
    new DataView(link.buffer).setUint16(0, linkTypeRaw, true);
    return concat([
      block(blockType.section, section, [comment, this.#text(option.application, 'Convoy')]),
      block(blockType.interface, link, [
        this.#text(option.interfaceName, 'convoy'),
        this.#text(option.interfaceDescription, 'Messages of one vehicle'),
        encodeOption(option.resolution, Uint8Array.of(microseconds)),
      ]),
    ]);
  }

  unit(unit: TraceUnit, content?: TraceContent): Uint8Array {
    const comment = content && this.#text(option.comment, contentName(content));
    if (unit.transport === 'udp')
      return unit.bytes.length === 0 ? new Uint8Array(0) : this.#packet(unit, unit.bytes, 0, comment);
    if (unit.bytes.length === 0) {
      const closing = this.#packet(unit, unit.bytes, tcpFlag.ack | tcpFlag.fin, comment);
      this.#flows.delete(unit.connection);
      return closing;
    }
    const packets: Uint8Array[] = [];
    for (let at = 0; at < unit.bytes.length; at += maxSegment) {
      const segment = unit.bytes.subarray(at, at + maxSegment);
      const isLast = at + maxSegment >= unit.bytes.length;
      packets.push(
        this.#packet(unit, segment, tcpFlag.ack | (isLast ? tcpFlag.push : 0), at === 0 ? comment : undefined),
      );
    }
    return packets.length === 1 ? (packets[0] as Uint8Array) : concat(packets);
  }

  #packet(unit: TraceUnit, payload: Uint8Array, flags: number, comment: Uint8Array | undefined): Uint8Array {
    const { direction, transport, remote, local, at } = unit;
    const isIn = direction === 'in';
    this.#identification = (this.#identification + 1) & 0xffff;
    const ip = encodeIp(
      {
        from: isIn ? remote : local,
        to: isIn ? local : remote,
        payload,
        ...(transport === 'tcp' && { tcp: { ...this.#numbers(unit, payload.length), flags } }),
      },
      this.#identification,
    );
    const head = new Uint8Array(20 + padded(ip.length));
    const view = new DataView(head.buffer);
    view.setUint32(4, Math.floor(at / 0x100000000), true);
    view.setUint32(8, at % 0x100000000, true);
    view.setUint32(12, ip.length, true);
    view.setUint32(16, ip.length, true);
    head.set(ip, 20);
    const way = encodeOption(option.packetFlags, Uint8Array.of(isIn ? inbound : outbound, 0, 0, 0));
    return block(blockType.packet, head, comment ? [comment, way] : [way]);
  }

  #numbers({ connection, direction }: TraceUnit, length: number): { sequence: number; acknowledged: number } {
    let flow = this.#flows.get(connection);
    if (!flow) {
      flow = { in: 1, out: 1 };
      this.#flows.set(connection, flow);
    }
    const sequence = flow[direction];
    flow[direction] = (sequence + length) >>> 0;
    return { sequence, acknowledged: flow[direction === 'in' ? 'out' : 'in'] };
  }

  #text(code: number, text: string): Uint8Array {
    return encodeOption(code, this.#encoder.encode(text));
  }
}

/** | 0 | type | u32 |, | 4 | length of all | u32 |, body, options, | length of all again | u32 |. */
function block(type: number, body: Uint8Array, options: readonly Uint8Array[]): Uint8Array {
  const optionsLength = options.reduce((length, each) => length + each.length, 4);
  const bytes = new Uint8Array(12 + body.length + optionsLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, bytes.length, true);
  bytes.set(body, 8);
  let at = 8 + body.length;
  for (const each of options) {
    bytes.set(each, at);
    at += each.length;
  }
  // Four zeros end the options.
  view.setUint32(bytes.length - 4, bytes.length, true);
  return bytes;
}

/** | 0 | code | u16 |, | 2 | length | u16 |, value, zeros up to a multiple of four. */
function encodeOption(code: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + padded(value.length));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, code, true);
  view.setUint16(2, value.length, true);
  bytes.set(value, 4);
  return bytes;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
