/**
 * JT/T 808 framing as its text has it (2013 §4.4, 2019 §4.4), written without a look at the product: `7E`, header, body,
 * one byte of XOR over both, `7E`; between the flags 7E goes as 7D 02 and 7D as 7D 01.
 */
export type Dialect = '2013' | '2019';

export interface ForeignMessage {
  readonly id: number;
  readonly is2019: boolean;
  /** The phone field as hexadecimal digits: 12, or 20. */
  readonly phone: string;
  readonly serial: number;
  readonly body: Buffer;
}

export interface FrameHead {
  readonly dialect: Dialect;
  readonly id: number;
  /** Digits; padded with zeros to the field. */
  readonly phone: string;
  readonly serial: number;
}

/** One whole message of at most 1023 bytes of body, on the wire. */
export function frame(head: FrameHead, body: Uint8Array): Buffer {
  const is2019 = head.dialect === '2019';
  const plain = Buffer.concat([
    word(head.id),
    word(body.length | (is2019 ? 0x4000 : 0)),
    Buffer.from(is2019 ? [1] : []),
    Buffer.from(head.phone.padStart(is2019 ? 20 : 12, '0'), 'hex'),
    word(head.serial),
    body,
  ]);
  const sum = plain.reduce((xor, byte) => xor ^ byte, 0);
  const wire = [0x7e];
  for (const byte of [...plain, sum]) {
    if (byte === 0x7e) wire.push(0x7d, 0x02);
    else if (byte === 0x7d) wire.push(0x7d, 0x01);
    else wire.push(byte);
  }
  wire.push(0x7e);
  return Buffer.from(wire);
}

export function word(value: number): Buffer {
  return Buffer.from([(value >> 8) & 255, value & 255]);
}

export function dword(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/** Cuts what a platform sends into messages. Anything that is no proper frame is a fault of the platform: it throws. */
export class FrameCutter {
  #rest: Buffer = Buffer.alloc(0);
  /** Given packets of sound that come between frames, where the terminal talks on this connection too. */
  sound: ((packet: Buffer) => void) | undefined;

  /** @param simBytes of a packet of sound */
  push(chunk: Buffer, simBytes = 6): ForeignMessage[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const messages: ForeignMessage[] = [];
    for (;;) {
      if (this.sound && this.#rest[0] === 0x30) {
        const lengthAt = 18 + simBytes;
        if (this.#rest.length < lengthAt + 2) return messages;
        const length = lengthAt + 2 + this.#rest.readUInt16BE(lengthAt);
        if (this.#rest.length < length) return messages;
        this.sound(this.#rest.subarray(0, length));
        this.#rest = this.#rest.subarray(length);
        continue;
      }
      if (this.#rest.length > 0 && this.#rest[0] !== 0x7e) throw new Error('bytes between two frames');
      const end = this.#rest.indexOf(0x7e, 1);
      if (end < 0) return messages;
      messages.push(readFrame(this.#rest.subarray(1, end)));
      this.#rest = this.#rest.subarray(end + 1);
    }
  }
}

function readFrame(escaped: Buffer): ForeignMessage {
  const bytes: number[] = [];
  for (let at = 0; at < escaped.length; at++) {
    const byte = escaped[at]!;
    if (byte !== 0x7d) {
      bytes.push(byte);
      continue;
    }
    const next = escaped[++at];
    if (next !== 1 && next !== 2) throw new Error('7D is followed by neither 01 nor 02');
    bytes.push(next === 1 ? 0x7d : 0x7e);
  }
  const plain = Buffer.from(bytes);
  if (plain.reduce((xor, byte) => xor ^ byte, 0) !== 0) throw new Error('the check byte is wrong');
  const properties = plain.readUInt16BE(2);
  const is2019 = (properties & 0x4000) !== 0;
  if (is2019 && plain[4] !== 1) throw new Error('the protocol version is not 1');
  if (properties & 0x3c00) throw new Error('encrypted, or in parts');
  const phoneAt = is2019 ? 5 : 4;
  const serialAt = phoneAt + (is2019 ? 10 : 6);
  const body = plain.subarray(serialAt + 2, plain.length - 1);
  if (body.length !== (properties & 1023)) throw new Error('the body is not as long as the header says');
  return {
    id: plain.readUInt16BE(0),
    is2019,
    phone: plain.subarray(phoneAt, serialAt).toString('hex').toUpperCase(),
    serial: plain.readUInt16BE(serialAt),
    body,
  };
}
