/** 2011 and 2013 share one header; which of the two it is only bodies tell (0x0100 by its length). */
export type HeaderVersion = '2013' | '2019';

export interface Header {
  readonly id: number;
  readonly version: HeaderVersion;
  /** 2019 only, 1 at first publication; 0 in 2011/2013. */
  readonly protocolVersion: number;
  /** Bits 10 to 12 of the properties, as 0 to 7: 0 none, 1 RSA. */
  readonly encryption: number;
  /** BCD[6] (2011/2013) or BCD[10] (2019), as sent: replies carry the same bytes. */
  readonly phone: Uint8Array;
  readonly serial: number;
  /** Present when the message is one of `total` sub-packages; `index` counts from 1. */
  readonly part?: { readonly total: number; readonly index: number };
}

/** One frame with the escapes undone. `phone` and `body` may be views of the bytes that were given. */
export interface Message {
  readonly header: Header;
  readonly body: Uint8Array;
}

/** badEscape is a bad checksum in a frame that holds a 7D without 01 or 02 behind it. */
export type FrameFault = 'tooShort' | 'badEscape' | 'badChecksum' | 'badLength';

export const frameFlag = 0x7e;
const escapeByte = 0x7d;

const propertyBodyLength = 0x03ff;
const propertyEncryptionShift = 10;
const propertyParts = 0x2000;
const propertyVersion2019 = 0x4000;

/** Largest body of one frame: ten bits of the properties. */
export const maxFrameBody = 0x3ff;
const maxParts = 0xffff;

/**
 * Reads what stands between two flags, escapes still in place (808-2013 §4.4, 808-2019 §4.4).
 *
 * | offset 2011/2013 | 2019 | field |
 * |---|---|---|
 * | 0 | 0 | message id WORD |
 * | 2 | 2 | properties WORD: bits 0–9 body length, 10–12 encryption, 13 sub-packaged, 14 version flag |
 * | – | 4 | protocol version BYTE |
 * | 4 | 5 | phone BCD[6] or BCD[10] |
 * | 10 | 15 | serial WORD |
 * | 12 | 17 | when bit 13: total WORD, index WORD from 1 |
 * | 12 or 16 | 17 or 21 | body, then one byte of XOR over all before it |
 *
 * The length in the properties decides: a frame with bytes left over or missing (such as a 10-byte phone without the
 * version flag) is `badLength`.
 */
export function decodeFrame(between: Uint8Array): Message | FrameFault {
  const bytes = undoEscapes(between);
  const end = bytes.length - 1;
  if (end < 12) return 'tooShort';
  let check = 0;
  for (let at = 0; at <= end; at++) check ^= bytes[at] as number;
  if (check !== 0) return hasLoneEscape(between) ? 'badEscape' : 'badChecksum';

  const properties = word(bytes, 2);
  const is2019 = (properties & propertyVersion2019) !== 0;
  const hasParts = (properties & propertyParts) !== 0;
  const phoneAt = is2019 ? 5 : 4;
  const serialAt = is2019 ? 15 : 10;
  const bodyAt = serialAt + (hasParts ? 6 : 2);
  if (end < bodyAt) return 'tooShort';
  if (end - bodyAt !== (properties & propertyBodyLength)) return 'badLength';

  const fields = {
    id: word(bytes, 0),
    version: is2019 ? ('2019' as const) : ('2013' as const),
    protocolVersion: is2019 ? (bytes[4] as number) : 0,
    encryption: (properties >>> propertyEncryptionShift) & 7,
    phone: bytes.subarray(phoneAt, serialAt),
    serial: word(bytes, serialAt),
  };
  const header: Header = hasParts
    ? { ...fields, part: { total: word(bytes, serialAt + 2), index: word(bytes, serialAt + 4) } }
    : fields;
  return { header, body: bytes.subarray(bodyAt, end) };
}

/** What a sender decides about its header; the rest follows from the body. */
export interface FrameHead {
  readonly id: number;
  readonly version: HeaderVersion;
  /** 6 bytes for 2013, 10 for 2019. */
  readonly phone: Uint8Array;
  /** Of the first frame; each further part counts on by one, modulo 65536 (808-2013 §7.12). */
  readonly serial: number;
  readonly encryption?: number;
  /** 2019 only, 1 unless given. */
  readonly protocolVersion?: number;
}

/**
 * Complete frames with flags; more than one when the body is longer than `maxBody`.
 * @param maxBody 1 to 1023 bytes of body per frame
 * @throws RangeError when the phone does not fit the version or the body needs more than 65535 parts
 */
export function encodeFrames(head: FrameHead, body: Uint8Array, maxBody: number = maxFrameBody): Uint8Array[] {
  if (!(Number.isInteger(maxBody) && maxBody >= 1 && maxBody <= maxFrameBody))
    throw new RangeError(`maxBody must be 1 to ${maxFrameBody}, not ${maxBody}`);
  if (body.length <= maxBody) return [encodeFrame(head, body)];
  const total = Math.ceil(body.length / maxBody);
  if (total > maxParts) throw new RangeError(`${body.length} bytes need ${total} parts of ${maxBody}`);
  return Array.from({ length: total }, (_, at) =>
    encodeFrame({ ...head, serial: (head.serial + at) & 0xffff }, body.subarray(at * maxBody, (at + 1) * maxBody), {
      total,
      index: at + 1,
    }),
  );
}

/** One complete frame with flags; `part` makes it a sub-package. @throws RangeError as encodeFrames */
export function encodeFrame(head: FrameHead, body: Uint8Array, part?: Header['part']): Uint8Array {
  const is2019 = head.version === '2019';
  if (head.phone.length !== (is2019 ? 10 : 6))
    throw new RangeError(`a phone of ${head.phone.length} bytes in a ${head.version} header`);
  if (body.length > maxFrameBody) throw new RangeError(`a body of ${body.length} bytes in one frame`);
  const serialAt = is2019 ? 15 : 10;
  const bodyAt = serialAt + (part ? 6 : 2);
  const bytes = new Uint8Array(bodyAt + body.length + 1);
  const properties =
    body.length |
    (((head.encryption ?? 0) & 7) << propertyEncryptionShift) |
    (part ? propertyParts : 0) |
    (is2019 ? propertyVersion2019 : 0);
  putWord(bytes, 0, head.id);
  putWord(bytes, 2, properties);
  if (is2019) bytes[4] = head.protocolVersion ?? 1;
  bytes.set(head.phone, is2019 ? 5 : 4);
  putWord(bytes, serialAt, head.serial);
  if (part) {
    putWord(bytes, serialAt + 2, part.total);
    putWord(bytes, serialAt + 4, part.index);
  }
  bytes.set(body, bodyAt);
  let check = 0;
  for (const byte of bytes) check ^= byte;
  bytes[bytes.length - 1] = check;
  return escapeAndFlag(bytes);
}

/**
 * 7D 02 → 7E, 7D 01 → 7D; the bytes themselves when there is nothing to undo. A 7D before anything else stands for
 * itself: trackers of several makers leave their checksum, or every 7D, unescaped, and the checksum decides whether
 * the frame is good.
 */
function undoEscapes(bytes: Uint8Array): Uint8Array {
  let from = bytes.indexOf(escapeByte);
  if (from < 0) return bytes;
  const out = new Uint8Array(bytes.length);
  out.set(bytes.subarray(0, from));
  let to = from;
  while (from < bytes.length) {
    const byte = bytes[from++] as number;
    const code = bytes[from];
    if (byte === escapeByte && (code === 1 || code === 2)) {
      out[to++] = escapeByte + code - 1;
      from++;
    } else out[to++] = byte;
  }
  return out.subarray(0, to);
}

function hasLoneEscape(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(escapeByte); at >= 0; at = bytes.indexOf(escapeByte, at + 1))
    if (bytes[at + 1] !== 1 && bytes[at + 1] !== 2) return true;
  return false;
}

function escapeAndFlag(bytes: Uint8Array): Uint8Array {
  let escapes = 0;
  for (const byte of bytes) if (byte === frameFlag || byte === escapeByte) escapes++;
  const out = new Uint8Array(bytes.length + escapes + 2);
  out[0] = frameFlag;
  let to = 1;
  for (const byte of bytes) {
    if (byte === frameFlag || byte === escapeByte) {
      out[to++] = escapeByte;
      out[to++] = byte - escapeByte + 1;
    } else out[to++] = byte;
  }
  out[to] = frameFlag;
  return out;
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

function putWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}
