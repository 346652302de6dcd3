import { type Dialect, dword, type ForeignMessage, word } from './foreign-frame.ts';

/** JT/T 1078 tables 21 to 25, written without a look at the product. Times are strings `YYMMDDhhmmss` at GMT+8. */
export interface DiskFile {
  readonly channel: number;
  readonly from: string;
  readonly to: string;
  /** 16 hexadecimal digits, bit 0 in the last. */
  readonly alarms?: string;
  readonly media?: number;
  readonly stream?: number;
  readonly storage?: number;
  readonly bytes: number;
}

/** Body of 0x1205. @param announced how many it says there are */
export function listBody(serial: number, files: readonly DiskFile[], announced = files.length): Buffer {
  return Buffer.concat([
    word(serial),
    dword(announced),
    ...files.map(file =>
      Buffer.concat([
        Buffer.from([file.channel]),
        Buffer.from(file.from + file.to + (file.alarms ?? '0'.repeat(16)), 'hex'),
        Buffer.from([file.media ?? 0, file.stream ?? 1, file.storage ?? 1]),
        dword(file.bytes),
      ]),
    ),
  ]);
}

/** What 0x9205 asks for. */
export function readSearch({ body }: ForeignMessage) {
  return {
    length: body.length,
    channel: body[0]!,
    from: body.subarray(1, 7).toString('hex'),
    to: body.subarray(7, 13).toString('hex'),
    alarms: body.subarray(13, 21).toString('hex'),
    media: body[21]!,
    stream: body[22]!,
  };
}

/** What 0x9201 asks for. */
export function readPlayback({ body, serial }: ForeignMessage) {
  const n = body[0]!;
  if (body.length !== n + 23) throw new Error('0x9201 is not as long as its parts');
  return {
    serial,
    address: body.subarray(1, 1 + n).toString('latin1'),
    tcpPort: body.readUInt16BE(1 + n),
    udpPort: body.readUInt16BE(3 + n),
    channel: body[5 + n]!,
    media: body[6 + n]!,
    stream: body[7 + n]!,
    storage: body[8 + n]!,
    mode: body[9 + n]!,
    speed: body[10 + n]!,
    from: body.subarray(11 + n, 17 + n).toString('hex'),
    to: body.subarray(17 + n, 23 + n).toString('hex'),
  };
}

/** What 0x9202 asks for. */
export function readControl({ body }: ForeignMessage) {
  return { channel: body[0]!, command: body[1]!, speed: body[2]!, at: body.subarray(3, 9).toString('hex') };
}

/** ms since 1970 as a device on GMT+8 writes it. */
export function chinaTime(ms: number): string {
  return new Date(ms + 8 * 3_600_000).toISOString().replaceAll(/[-T:]/g, '').slice(2, 14);
}

/** A body in sub-packages (808-2013 §4.4.3): header bit 13, then how many and which, from 1. */
export function partsOf(
  head: { readonly dialect: Dialect; readonly id: number; readonly phone: string; readonly serial: number },
  body: Buffer,
  size = 600,
): Buffer[] {
  const total = Math.ceil(body.length / size);
  return Array.from({ length: total }, (_, at) => {
    const part = body.subarray(at * size, (at + 1) * size);
    const is2019 = head.dialect === '2019';
    const plain = Buffer.concat([
      word(head.id),
      word(part.length | 0x2000 | (is2019 ? 0x4000 : 0)),
      Buffer.from(is2019 ? [1] : []),
      Buffer.from(head.phone.padStart(is2019 ? 20 : 12, '0'), 'hex'),
      word((head.serial + at) & 0xffff),
      word(total),
      word(at + 1),
      part,
    ]);
    const sum = plain.reduce((xor, byte) => xor ^ byte, 0);
    const wire = [0x7e];
    for (const byte of [...plain, sum]) {
      if (byte === 0x7e) wire.push(0x7d, 0x02);
      else if (byte === 0x7d) wire.push(0x7d, 0x01);
      else wire.push(byte);
    }
    return Buffer.from([...wire, 0x7e]);
  });
}
