import { dword, word } from './foreign-frame.ts';

/** JT/T 1078 stream packets as table 19 has them, written without a look at the product. */
export const payloadTypes = { g711a: 6, adpcm: 26, h264: 98, h265: 99 } as const;

/** The table's data types; the low nibble is the part. */
const dataTypes = { i: 0, p: 1, audio: 3 } as const;

/** What one packet may carry (table 19, the last row). */
const maxPayload = 950;

/** A picture as one access unit in Annex-B. */
export interface Unit {
  readonly data: Buffer;
  readonly key: boolean;
}

/** WORD that counts packets and wraps; one for all that share it. */
export class Counter {
  #next: number;

  constructor(first = 0) {
    this.#next = first;
  }

  take(): number {
    const sequence = this.#next;
    this.#next = (sequence + 1) & 0xffff;
    return sequence;
  }
}

export interface CameraOptions {
  /** Hexadecimal digits of the SIM field, 12 or 20: the device decides, not the digits. */
  readonly sim: string;
  readonly channel: number;
  readonly counter?: Counter;
  readonly payloadType?: number;
  /** ms of the first picture. */
  readonly firstMs?: number;
  /** Milliseconds between pictures. */
  readonly stepMs?: number;
  /** Leaves out `30 31 63 64`, as some devices do. */
  readonly withoutMagic?: boolean;
}

/** One channel's encoder: pictures and sound in, packets out. */
export class ForeignCamera {
  readonly #options: CameraOptions;
  readonly #counter: Counter;
  #ms: number;
  #sinceKeyMs = 0;

  constructor(options: CameraOptions) {
    this.#options = options;
    this.#counter = options.counter ?? new Counter();
    this.#ms = options.firstMs ?? 1_700_000_000_000;
  }

  picture(unit: Unit): Buffer[] {
    const step = this.#options.stepMs ?? 67;
    const kind = unit.key ? dataTypes.i : dataTypes.p;
    const count = Math.max(1, Math.ceil(unit.data.length / maxPayload));
    const packets: Buffer[] = [];
    for (let at = 0; at < count; at++) {
      const payload = unit.data.subarray(at * maxPayload, (at + 1) * maxPayload);
      const part = count === 1 ? 0 : at === 0 ? 1 : at === count - 1 ? 2 : 3;
      const intervals = Buffer.concat([word(this.#sinceKeyMs), word(step)]);
      packets.push(this.#packet(at === count - 1, kind, part, payload, intervals));
    }
    this.#ms += step;
    this.#sinceKeyMs = unit.key ? step : Math.min(0xffff, this.#sinceKeyMs + step);
    return packets;
  }

  sound(payload: Buffer, payloadType: number = payloadTypes.g711a): Buffer {
    return this.#packet(true, dataTypes.audio, 0, payload, Buffer.alloc(0), payloadType);
  }

  #packet(
    marker: boolean,
    kind: number,
    part: number,
    payload: Buffer,
    intervals: Buffer,
    payloadType = this.#options.payloadType ?? payloadTypes.h264,
  ): Buffer {
    return Buffer.concat([
      Buffer.from(this.#options.withoutMagic ? '' : '30316364', 'hex'),
      Buffer.from([0x81, (marker ? 0x80 : 0) | payloadType]),
      word(this.#counter.take()),
      Buffer.from(this.#options.sim, 'hex'),
      Buffer.from([this.#options.channel, (kind << 4) | part]),
      dword(Math.floor(this.#ms / 2 ** 32)),
      dword(this.#ms % 2 ** 32),
      intervals,
      word(payload.length),
      payload,
    ]);
  }
}

/** Every packet of `units`, in order. */
export function packetsOf(camera: ForeignCamera, units: readonly Unit[]): Buffer[] {
  return units.flatMap(unit => camera.picture(unit));
}

/** Cuts a recorded stream of packets with 6-byte SIM fields at the lengths they state. */
export function packetsIn(capture: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  for (let at = 0; at < capture.length; ) {
    const kind = capture[at + 15]! >> 4;
    const lengthAt = at + (kind <= 2 ? 28 : kind === 3 ? 24 : 16);
    const end = lengthAt + 2 + capture.readUInt16BE(lengthAt);
    packets.push(capture.subarray(at, end));
    at = end;
  }
  return packets;
}
