import { bcdByte, timeFromBcd } from '../../bcd.ts';
import { Cursor } from '../../cursor.ts';
import { defineMessage } from '../message-entry.ts';
import { type Location, readLocation, writeLocation } from './location.ts';

export const multimediaType = { image: 0, audio: 1, video: 2 } as const;

export const multimediaFormat = { jpeg: 0, tif: 1, mp3: 2, wav: 3, wmv: 4 } as const;

/** Why it was taken. 4 and up are of 808-2013; others are reserved. */
export const multimediaEvent = {
  platform: 0,
  timer: 1,
  robbery: 2,
  collision: 3,
  doorOpen: 4,
  doorClose: 5,
  doorClosedAbove20: 6,
  distance: 7,
} as const;

export interface MultimediaEvent {
  /** Given by the terminal, over 0. */
  mediaId: number;
  /** One of `multimediaType`. */
  type: number;
  /** One of `multimediaFormat`. */
  format: number;
  /** One of `multimediaEvent`. */
  event: number;
  channel: number;
}

export interface MultimediaData extends MultimediaEvent {
  /** Where it was taken, without items. Absent in the 2011 layout. */
  location?: Location;
  data: Uint8Array;
}

function readEvent(cursor: Cursor): MultimediaEvent {
  return {
    mediaId: cursor.u32(),
    type: cursor.u8(),
    format: cursor.u8(),
    event: cursor.u8(),
    channel: cursor.u8(),
  };
}

/**
 * 808-2013 §8.51.
 *
 * | 0 | multimedia id | DWORD |
 * | 4 | type | BYTE |
 * | 5 | format | BYTE |
 * | 6 | event | BYTE |
 * | 7 | channel | BYTE |
 */
export const multimediaEventReport = defineMessage<0x0800, MultimediaEvent>({
  id: 0x0800,
  name: 'Multimedia event information upload',
  direction: 'up',
  editions: ['808-2011', '808-2013', '808-2019'],
  read: readEvent,
  write(writer, value) {
    writer.u32(value.mediaId).u8(value.type).u8(value.format).u8(value.event).u8(value.channel);
  },
});

const locationLength = 28;
/** JPEG, TIFF, WAV (RIFF), WMV (ASF), MP3 with a tag. */
const signatures = ['ffd8ff', '49492a00', '4d4d002a', '52494646', '3026b275', '494433'];

/**
 * 808-2013 §8.52; 808-2011 has no position.
 *
 * | 0 | as 0x0800 | 8 bytes |
 * | 8 | position | BYTE[28], 2013 and 2019 |
 * | 8 or 36 | data | BYTE[n] |
 *
 * Headers of 2011 and 2013 are alike: data that begins as a known kind of file tells, else a position that holds a time.
 */
export const multimediaUpload = defineMessage<0x0801, MultimediaData>({
  id: 0x0801,
  name: 'Multimedia data upload',
  direction: 'up',
  editions: ['808-2011', '808-2013', '808-2019'],

  read(cursor, version) {
    const event = readEvent(cursor);
    if (version !== '2019' && !hasLocation(cursor.ahead())) return { ...event, data: cursor.rest().slice() };
    const location = readLocation(new Cursor(cursor.bytes(locationLength)));
    return { ...event, location, data: cursor.rest().slice() };
  },

  write(writer, value, version) {
    const { location } = value;
    if (version === '2019' && !location) throw new RangeError('0x0801 of 2019 has a position');
    if (location && (location.items.length > 0 || location.tail))
      throw new RangeError('the position of 0x0801 has no items');
    writer.u32(value.mediaId).u8(value.type).u8(value.format).u8(value.event).u8(value.channel);
    if (location) writeLocation(writer, location);
    writer.bytes(value.data);
  },
});

function hasLocation(ahead: Uint8Array): boolean {
  if (ahead.length < locationLength) return false;
  if (isFile(ahead.subarray(locationLength))) return true;
  if (isFile(ahead)) return false;
  const time = ahead.subarray(22, locationLength);
  return timeFromBcd(time) !== 0 || time.every(byte => bcdByte(byte) === 0);
}

function isFile(data: Uint8Array): boolean {
  const start = Buffer.from(data.buffer, data.byteOffset, Math.min(4, data.length)).toString('hex');
  return signatures.some(signature => start.startsWith(signature));
}

export interface MultimediaReply {
  mediaId: number;
  /** Parts to send again, counted from 1; empty: all is there. */
  missing: number[];
}

/**
 * 808-2013 §8.53.
 *
 * | 0 | multimedia id | DWORD |
 * | 4 | how many parts to send again, n | BYTE, absent when there are none |
 * | 5 | their indexes | WORD[n] |
 */
export const multimediaReply = defineMessage<0x8800, MultimediaReply>({
  id: 0x8800,
  name: 'Multimedia data upload response',
  direction: 'down',
  editions: ['808-2011', '808-2013', '808-2019'],

  read(cursor) {
    const mediaId = cursor.u32();
    const missing: number[] = [];
    for (let count = cursor.left ? cursor.u8() : 0; count > 0; count--) missing.push(cursor.u16());
    return { mediaId, missing };
  },

  write(writer, value) {
    writer.u32(value.mediaId);
    if (value.missing.length === 0) return;
    writer.u8(value.missing.length);
    for (const index of value.missing) writer.u16(index);
  },
});
