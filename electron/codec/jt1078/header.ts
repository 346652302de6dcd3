import { dataTypes, mediaKind } from './payload-type.ts';

/**
 * Header of a stream packet (1078-2016 table 19). The standard's SIM field has 6 bytes; terminals of the 2019 generation
 * send 10. Offsets here count from the byte 0x81, which follows the four bytes of the magic `30 31 63 64`.
 *
 * | SIM 6 | SIM 10 | field |
 * |---|---|---|
 * | 0 | 0 | V 2 bits = 2, P 1, X 1, CC 4 = 1: always 0x81 |
 * | 1 | 1 | M 1 bit, PT 7 |
 * | 2 | 2 | sequence WORD |
 * | 4 | 4 | SIM BCD[6] or BCD[10] |
 * | 10 | 14 | logical channel |
 * | 11 | 15 | data type (high nibble, 0 to 4), part (low nibble, 0 to 3) |
 * | 12 | 16 | timestamp, 8 bytes, ms; absent in pass-through packets |
 * | 20 | 24 | two intervals, WORD each; only in data types 0 to 2 |
 * | 24, 20, 12 | 28, 24, 16 | payload length WORD: video, audio, pass-through |
 */
export type SimWidth = 6 | 10;

export const magicBytes: readonly number[] = [0x30, 0x31, 0x63, 0x64];
export const magicLength = 4;
export const versionByte = 0x81;

/** The bytes do not reach far enough to tell. */
export const notYet = -1;
/** No packet can look like this. */
export const impossible = -2;

/**
 * Where the length WORD stands, or `notYet`, or `impossible` when the nibbles are out of range.
 * @param at offset of the byte 0x81
 * @param asAudio take an audio payload type's header for an audio header whatever its data type says
 */
export function lengthOffset(bytes: Uint8Array, at: number, end: number, width: SimWidth, asAudio: boolean): number {
  const typeAt = at + width + 5;
  if (typeAt >= end) return notYet;
  const type = bytes[typeAt] as number;
  const dataType = type >> 4;
  if (dataType > dataTypes.passThrough || (type & 15) > 3) return impossible;
  if (dataType === dataTypes.passThrough) return typeAt + 1;
  return dataType === dataTypes.audio || asAudio ? typeAt + 9 : typeAt + 13;
}

/** True when the payload type is audio and the data type says video: whether the intervals are there must be tried. */
export function isMislabelledAudio(bytes: Uint8Array, at: number, width: SimWidth): boolean {
  const dataType = (bytes[at + width + 5] as number) >> 4;
  return dataType <= dataTypes.b && mediaKind((bytes[at + 1] as number) & 0x7f, dataType) === 'audio';
}

/** Offset behind the payload, or `notYet`, or `impossible` (nibbles out of range, payload longer than `maxPayload`). */
export function packetEnd(
  bytes: Uint8Array,
  at: number,
  end: number,
  width: SimWidth,
  asAudio: boolean,
  maxPayload: number,
): number {
  const lengthAt = lengthOffset(bytes, at, end, width, asAudio);
  if (lengthAt < 0) return lengthAt;
  if (lengthAt + 2 > end) return notYet;
  const length = ((bytes[lengthAt] as number) << 8) | (bytes[lengthAt + 1] as number);
  return length > maxPayload ? impossible : lengthAt + 2 + length;
}
