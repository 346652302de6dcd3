import { encodePacket, type PacketFields } from '../../../electron/codec/jt1078/packet.ts';
import { bytes as hex } from '../hex.ts';

export const sim6 = hex('013912345678');
export const sim10 = hex('00000000013912345678');
export const terminal = '13912345678';

/** 176 x 144, baseline, level 1.1; and 352 x 288, baseline, level 3. With a start code of 4 bytes. */
export const spsQcif = hex('00000001 6742C00B 95A0B13A 01E1108A70');
export const pps = hex('00000001 68CE3880');

/** Noise without zeros, so that no start code is in it by chance. */
export function noise(length: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => ((at * 31 + seed * 17 + (at >> 5)) & 0xff) | 1);
}

/** SPS, PPS and an IDR slice. */
export function keyUnit(length: number, seed = 1): Uint8Array {
  const lead = Buffer.concat([spsQcif, pps, hex('00000001 6588')]);
  return new Uint8Array(Buffer.concat([lead, noise(Math.max(length - lead.length, 1), seed)]));
}

/** One slice that is no key; its first bit says that it begins at the first macroblock. */
export function plainUnit(length: number, seed = 1): Uint8Array {
  return new Uint8Array(Buffer.concat([hex('00000001 619A'), noise(Math.max(length - 6, 1), seed)]));
}

/** Sends units of one channel as packets, with its own sequence counter. */
export class Camera {
  readonly #defaults: Partial<PacketFields>;
  readonly #payloadBytes: number;
  sequence: number;

  constructor(options: { sequence?: number; payloadBytes?: number } & Partial<PacketFields> = {}) {
    const { sequence, payloadBytes, ...defaults } = options;
    this.sequence = sequence ?? 0;
    this.#payloadBytes = payloadBytes ?? 950;
    this.#defaults = defaults;
  }

  /** One packet; every field may be given. */
  packet(fields: Partial<PacketFields>): Uint8Array {
    return encodePacket({
      payloadType: 98,
      marker: false,
      sequence: this.sequence++ & 0xffff,
      sim: sim6,
      channel: 1,
      dataType: 1,
      part: 0,
      timestamp: 0n,
      payload: new Uint8Array(0),
      ...this.#defaults,
      ...fields,
    });
  }

  /** The packets of one access unit. */
  unit(unit: Uint8Array, fields: Partial<PacketFields> = {}): Uint8Array[] {
    const count = Math.max(Math.ceil(unit.length / this.#payloadBytes), 1);
    return Array.from({ length: count }, (_, index) =>
      this.packet({
        part: count === 1 ? 0 : index === 0 ? 1 : index === count - 1 ? 2 : 3,
        payload: unit.subarray(index * this.#payloadBytes, (index + 1) * this.#payloadBytes),
        ...fields,
      }),
    );
  }

  key(length: number, timestamp: number, seed = 1): Uint8Array[] {
    return this.unit(keyUnit(length, seed), { dataType: 0, timestamp: BigInt(timestamp) });
  }

  plain(length: number, timestamp: number, seed = 1): Uint8Array[] {
    return this.unit(plainUnit(length, seed), { dataType: 1, timestamp: BigInt(timestamp) });
  }

  sound(payload: Uint8Array, timestamp: number, fields: Partial<PacketFields> = {}): Uint8Array {
    return this.packet({ payloadType: 6, dataType: 3, timestamp: BigInt(timestamp), payload, ...fields });
  }
}
