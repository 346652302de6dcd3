import { addressBytes, addressText } from './ip-address.ts';
import type { TraceEnd } from './trace-unit.ts';

/** TCP flags (RFC 9293 §3.1). PSH marks the last segment of a unit. */
export const tcpFlag = { fin: 0x01, push: 0x08, ack: 0x10 } as const;

/** One segment or datagram, as far as a trace has it. */
export interface IpPacket {
  readonly from: TraceEnd;
  readonly to: TraceEnd;
  /** Sequence and acknowledgement numbers and flags; absent for UDP. */
  readonly tcp?: { readonly sequence: number; readonly acknowledged: number; readonly flags: number };
  readonly payload: Uint8Array;
}

/** Payload of one segment: the length field of IPv4 counts 65535 with both headers. */
export const maxSegment = 65_535 - 40;

const protocols = { tcp: 6, udp: 17 } as const;
const window = 65_535;
const hops = 64;

/**
 * An IP packet with right lengths and checksums (RFC 791, 8200, 9293, 768). IPv4 unless an end is IPv6; an address that is
 * none, or of the other family (a wildcard), becomes all zeros.
 */
export function encodeIp(packet: IpPacket, identification: number): Uint8Array {
  const { from, to, tcp, payload } = packet;
  const ends = [from, to].map(end => addressBytes(end.address));
  const width = ends.some(bytes => bytes?.length === 16 && bytes.some(byte => byte !== 0)) ? 16 : 4;
  const [source, target] = ends.map(bytes => (bytes?.length === width ? bytes : new Uint8Array(width))) as [
    Uint8Array,
    Uint8Array,
  ];
  const ipLength = width === 4 ? 20 : 40;
  const headLength = tcp ? 20 : 8;
  const bytes = new Uint8Array(ipLength + headLength + payload.length);
  const view = new DataView(bytes.buffer);
  const protocol = tcp ? protocols.tcp : protocols.udp;
  const upperLength = headLength + payload.length;
  if (width === 4) {
    view.setUint16(0, 0x4500);
    view.setUint16(2, bytes.length);
    view.setUint16(4, identification & 0xffff);
    view.setUint16(6, 0x4000);
    view.setUint16(8, (hops << 8) | protocol);
    bytes.set(source, 12);
    bytes.set(target, 16);
    view.setUint16(10, fold(sum(bytes, 0, 20, 0)));
  } else {
    view.setUint32(0, 0x60000000);
    view.setUint16(4, upperLength);
    view.setUint16(6, (protocol << 8) | hops);
    bytes.set(source, 8);
    bytes.set(target, 24);
  }
  view.setUint16(ipLength, from.port);
  view.setUint16(ipLength + 2, to.port);
  if (tcp) {
    view.setUint32(ipLength + 4, tcp.sequence >>> 0);
    view.setUint32(ipLength + 8, tcp.acknowledged >>> 0);
    view.setUint16(ipLength + 12, 0x5000 | tcp.flags);
    view.setUint16(ipLength + 14, window);
  } else view.setUint16(ipLength + 4, upperLength);
  bytes.set(payload, ipLength + headLength);
  const pseudo = sum(source, 0, width, sum(target, 0, width, protocol + upperLength));
  const check = fold(sum(bytes, ipLength, bytes.length, pseudo));
  // Of UDP a zero means that there is none (RFC 768).
  view.setUint16(ipLength + (tcp ? 16 : 6), tcp ? check : check || 0xffff);
  return bytes;
}

/** Undefined for what `encodeIp` would not have written. The payload is a view. */
export function decodeIp(bytes: Uint8Array): IpPacket | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = (bytes[0] ?? 0) >> 4;
  const ipLength = version === 4 ? 20 : 40;
  if ((version !== 4 && version !== 6) || bytes.length < ipLength + 8) return undefined;
  const protocol = bytes[version === 4 ? 9 : 6];
  const isTcp = protocol === protocols.tcp;
  const payloadAt = ipLength + (isTcp ? 20 : 8);
  if ((!isTcp && protocol !== protocols.udp) || bytes.length < payloadAt) return undefined;
  const [source, target] =
    version === 4 ? [bytes.subarray(12, 16), bytes.subarray(16, 20)] : [bytes.subarray(8, 24), bytes.subarray(24, 40)];
  return {
    from: { address: addressText(source), port: view.getUint16(ipLength) },
    to: { address: addressText(target), port: view.getUint16(ipLength + 2) },
    ...(isTcp && {
      tcp: {
        sequence: view.getUint32(ipLength + 4),
        acknowledged: view.getUint32(ipLength + 8),
        flags: bytes[ipLength + 13] as number,
      },
    }),
    payload: bytes.subarray(payloadAt),
  };
}

/** Adds big-endian words; an odd last byte counts as a high one (RFC 1071). */
function sum(bytes: Uint8Array, from: number, to: number, start: number): number {
  let total = start;
  for (let at = from; at + 1 < to; at += 2) total += ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
  return (to - from) % 2 === 1 ? total + ((bytes[to - 1] as number) << 8) : total;
}

function fold(total: number): number {
  let folded = total;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}
