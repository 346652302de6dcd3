/**
 * 808 frames by hand, from the standard's text alone: what the tests' terminal speaks shares no code with the program.
 */
export interface WireMessage {
  id: number;
  is2019: boolean;
  phone: string;
  serial: number;
  part?: [total: number, index: number];
  body: Buffer;
}

export interface WireHead {
  id: number;
  /** 12 digits make a 2013 header, 20 a 2019 one. */
  phone: string;
  serial: number;
  part?: [total: number, index: number];
  encryption?: number;
}

export function wireFrame(
  { id, phone, serial, part, encryption = 0 }: WireHead,
  body: Uint8Array = Buffer.of(),
): Buffer {
  const is2019 = phone.length === 20;
  const properties = body.length | (encryption << 10) | (part ? 0x2000 : 0) | (is2019 ? 0x4000 : 0);
  const content = Buffer.concat([
    word(id),
    word(properties),
    is2019 ? Buffer.of(1) : Buffer.of(),
    Buffer.from(phone, 'hex'),
    word(serial),
    part ? Buffer.concat([word(part[0]), word(part[1])]) : Buffer.of(),
    body,
  ]);
  let check = 0;
  for (const byte of content) check ^= byte;
  const escaped = [...content, check].flatMap(byte =>
    byte === 0x7e ? [0x7d, 0x02] : byte === 0x7d ? [0x7d, 0x01] : [byte],
  );
  return Buffer.from([0x7e, ...escaped, 0x7e]);
}

/** Cuts what a platform sent into messages; anything that is not whole and sound throws. */
export function wireMessages(bytes: Buffer): { messages: WireMessage[]; rest: Buffer } {
  const messages: WireMessage[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] !== 0x7e) throw new Error(`no flag at ${at}: ${bytes.toString('hex')}`);
    const end = bytes.indexOf(0x7e, at + 1);
    if (end < 0) break;
    messages.push(parse(bytes.subarray(at + 1, end)));
    at = end + 1;
  }
  return { messages, rest: bytes.subarray(at) };
}

function parse(escaped: Buffer): WireMessage {
  const plain: number[] = [];
  for (let at = 0; at < escaped.length; at++) {
    if (escaped[at] !== 0x7d) plain.push(escaped[at] as number);
    else plain.push(escaped[++at] === 0x02 ? 0x7e : 0x7d);
  }
  if (plain.reduce((check, byte) => check ^ byte, 0) !== 0) throw new Error(`checksum: ${escaped.toString('hex')}`);
  const bytes = Buffer.from(plain.slice(0, -1));
  const properties = bytes.readUInt16BE(2);
  const is2019 = (properties & 0x4000) !== 0;
  const phoneAt = is2019 ? 5 : 4;
  const serialAt = phoneAt + (is2019 ? 10 : 6);
  const hasPart = (properties & 0x2000) !== 0;
  const body = bytes.subarray(serialAt + (hasPart ? 6 : 2));
  if (body.length !== (properties & 0x3ff)) throw new Error(`length: ${escaped.toString('hex')}`);
  return {
    id: bytes.readUInt16BE(0),
    is2019,
    phone: bytes.subarray(phoneAt, serialAt).toString('hex'),
    serial: bytes.readUInt16BE(serialAt),
    ...(hasPart
      ? { part: [bytes.readUInt16BE(serialAt + 2), bytes.readUInt16BE(serialAt + 4)] as [number, number] }
      : {}),
    body,
  };
}

export function word(value: number): Buffer {
  return Buffer.of((value >> 8) & 0xff, value & 0xff);
}

export function dword(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** GBK of 京A12345, written out. */
export const plateBytes = Buffer.from('bea94131323334 35'.replace(' ', ''), 'hex');
export const plateText = '京A12345';

const padded = (text: string, length: number) =>
  Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(length)]).subarray(0, length);

/** 0x0100 in the three layouts; province 11, city 0101, blue plate. */
export function registrationBody(layout: '2011' | '2013' | '2019', plate: Uint8Array = plateBytes): Buffer {
  const [maker, model, device] = layout === '2019' ? [11, 30, 30] : layout === '2013' ? [5, 20, 7] : [5, 8, 7];
  return Buffer.concat([
    word(11),
    word(101),
    padded('ACME', maker as number),
    padded('MDVR-9', model as number),
    padded('D000001', device as number),
    Buffer.of(1),
    plate,
  ]);
}

export interface WirePosition {
  /** `261123120000`, GMT+8. */
  time: string;
  latitude?: number;
  longitude?: number;
  status?: number;
  alarms?: number;
  speed?: number;
  items?: Uint8Array;
}

/** 0x0200: latitude and longitude in millionths of a degree, speed in tenths of km/h. */
export function positionBody(position: WirePosition): Buffer {
  const { time, latitude = 31_230_416, longitude = 121_473_701, status = 3, alarms = 0, speed = 456, items } = position;
  return Buffer.concat([
    dword(alarms),
    dword(status),
    dword(latitude),
    dword(longitude),
    word(12),
    word(speed),
    word(270),
    Buffer.from(time, 'hex'),
    items ?? Buffer.of(),
  ]);
}
