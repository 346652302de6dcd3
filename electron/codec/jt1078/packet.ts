import { magicBytes, versionByte } from './header.ts';
import { dataTypes } from './payload-type.ts';
import type { Sim } from './sim-table.ts';

/** One stream packet (1078-2016 table 19). `payload` is a view, good until the call that brought it returns. */
export interface Packet {
  /** Table 12. */
  readonly payloadType: number;
  /** M bit as sent. Real terminals leave it 0 throughout, or set it on any part: nothing is decided by it. */
  readonly marker: boolean;
  /** 0 to 65535. */
  readonly sequence: number;
  /** SIM field as sent, 6 or 10 bytes. */
  readonly sim: Uint8Array;
  /** `terminalId(sim)`. */
  readonly terminal: string;
  readonly channel: number;
  /** 0 I frame, 1 P, 2 B, 3 audio, 4 pass-through. */
  readonly dataType: number;
  /** 0 atomic, 1 first, 2 last, 3 middle. */
  readonly part: number;
  /** Milliseconds in the terminal's own epoch; 0n for pass-through, which carries none. */
  readonly timestamp: bigint;
  readonly payload: Uint8Array;
}

/**
 * Reads a packet whose header was measured before (`lengthOffset`, `packetEnd`): nothing here can fail.
 * @param at offset of the byte 0x81
 * @param end offset behind the payload
 */
export function readPacket(bytes: Uint8Array, at: number, lengthAt: number, end: number, sim: Sim): Packet {
  const channelAt = at + 4 + sim.raw.length;
  const type = bytes[channelAt + 1] as number;
  const dataType = type >> 4;
  const markerAndType = bytes[at + 1] as number;
  return {
    payloadType: markerAndType & 0x7f,
    marker: markerAndType >= 0x80,
    sequence: ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number),
    sim: sim.raw,
    terminal: sim.terminal,
    channel: bytes[channelAt] as number,
    dataType,
    part: type & 15,
    timestamp: dataType === dataTypes.passThrough ? 0n : timestampAt(bytes, channelAt + 2, sim),
    payload: bytes.subarray(lengthAt + 2, end),
  };
}

function timestampAt(bytes: Uint8Array, at: number, sim: Sim): bigint {
  const high = int32(bytes, at);
  const low = int32(bytes, at + 4);
  if (high !== sim.timestampHigh || low !== sim.timestampLow) {
    sim.timestampHigh = high;
    sim.timestampLow = low;
    sim.timestamp = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  }
  return sim.timestamp;
}

function int32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}

/** What a sender gives; the rest follows. `sim` has 6 or 10 bytes. */
export type PacketFields = Omit<Packet, 'terminal' | 'marker'> & {
  readonly marker?: boolean;
  /** Milliseconds since the last I frame, types 0 to 2 only. */
  readonly sinceKeyMs?: number;
  /** Milliseconds since the last frame, types 0 to 2 only. */
  readonly sinceFrameMs?: number;
};

/**
 * One packet as bytes, magic included. The header's form follows `dataType`.
 * @throws RangeError when the payload has more than 65535 bytes or `sim` neither 6 nor 10
 */
export function encodePacket(fields: PacketFields): Uint8Array {
  const width = fields.sim.length;
  if (width !== 6 && width !== 10) throw new RangeError(`a SIM field of ${width} bytes`);
  if (fields.payload.length > 0xffff) throw new RangeError(`a payload of ${fields.payload.length} bytes`);
  const typeAt = 9 + width;
  const timeLength = fields.dataType === dataTypes.passThrough ? 0 : 8;
  const intervalLength = fields.dataType <= dataTypes.b ? 4 : 0;
  const lengthAt = typeAt + 1 + timeLength + intervalLength;
  const bytes = new Uint8Array(lengthAt + 2 + fields.payload.length);
  const view = new DataView(bytes.buffer);
  bytes.set(magicBytes);
  bytes[4] = versionByte;
  bytes[5] = (fields.marker ? 0x80 : 0) | (fields.payloadType & 0x7f);
  view.setUint16(6, fields.sequence & 0xffff);
  bytes.set(fields.sim, 8);
  bytes[typeAt - 1] = fields.channel;
  bytes[typeAt] = (fields.dataType << 4) | fields.part;
  if (timeLength > 0) view.setBigUint64(typeAt + 1, BigInt.asUintN(64, fields.timestamp));
  if (intervalLength > 0) {
    view.setUint16(typeAt + 9, Math.min(fields.sinceKeyMs ?? 0, 0xffff));
    view.setUint16(typeAt + 11, Math.min(fields.sinceFrameMs ?? 0, 0xffff));
  }
  view.setUint16(lengthAt, fields.payload.length);
  bytes.set(fields.payload, lengthAt + 2);
  return bytes;
}

/** A packet that outlives the bytes it was read from. */
export function keptPacket(packet: Packet): Packet {
  return { ...packet, payload: new Uint8Array(packet.payload) };
}
