import { timeFromBcd, timeToBcd } from '../../bcd.ts';
import { Cursor } from '../../cursor.ts';
import { Writer } from '../../writer.ts';
import { defineMessage } from '../message-entry.ts';
import { type LocationItem, readLocationItems, writeLocationItems } from './location-item.ts';

/** Status bits that this program acts on; 808-2013 table 25 has the rest. */
export const statusBit = { ignition: 0x01, fixed: 0x02, south: 0x04, west: 0x08 } as const;

export interface Location {
  /** Alarm DWORD, bit n = alarm n of 808-2013 table 24. */
  alarms: number;
  /** Status DWORD; bits south and west follow the signs of latitude and longitude when written. */
  status: number;
  /** Degrees, north positive, to 1e-6. */
  latitude: number;
  /** Degrees, east positive, to 1e-6. */
  longitude: number;
  /** Metres. */
  altitude: number;
  /** km/h, to 0.1. */
  speed: number;
  /** Degrees clockwise from north, 0 to 359. */
  direction: number;
  /** The terminal's clock, ms since 1970; 0 when the field holds no time. */
  time: number;
  items: LocationItem[];
  /** Bytes behind the last whole item. Devices cut their last item short; the position is kept nevertheless. */
  tail?: Uint8Array;
}

export interface LocationBatch {
  /** 0 normal batch, 1 collected in a blind area. */
  kind: number;
  locations: Location[];
}

const fixedLength = 28;

/**
 * 808-2013 tables 23 to 27.
 *
 * | 0 | alarms | DWORD |
 * | 4 | status | DWORD |
 * | 8 | latitude, 1e-6° | DWORD |
 * | 12 | longitude, 1e-6° | DWORD |
 * | 16 | altitude, m | WORD |
 * | 18 | speed, 0.1 km/h | WORD |
 * | 20 | direction, ° | WORD |
 * | 22 | time, GMT+8 | BCD[6] |
 * | 28 | items | id BYTE, length BYTE, value |
 */
export function readLocation(cursor: Cursor): Location {
  const alarms = cursor.u32();
  const status = cursor.u32();
  const latitude = cursor.u32() / 1e6;
  const longitude = cursor.u32() / 1e6;
  const location: Location = {
    alarms,
    status,
    latitude: status & statusBit.south && latitude ? -latitude : latitude,
    longitude: status & statusBit.west && longitude ? -longitude : longitude,
    altitude: cursor.u16(),
    speed: cursor.u16() / 10,
    direction: cursor.u16(),
    time: timeFromBcd(cursor.bytes(6)),
    items: readLocationItems(cursor),
  };
  if (cursor.left) location.tail = cursor.rest().slice();
  return location;
}

export function writeLocation(writer: Writer, value: Location): void {
  let status = signBit(value.status, statusBit.south, value.latitude);
  status = signBit(status, statusBit.west, value.longitude);
  writer
    .u32(value.alarms)
    .u32(status)
    .u32(Math.round(Math.abs(value.latitude) * 1e6))
    .u32(Math.round(Math.abs(value.longitude) * 1e6))
    .u16(value.altitude)
    .u16(Math.round(value.speed * 10))
    .u16(value.direction)
    .bytes(timeToBcd(value.time));
  writeLocationItems(writer, value.items);
  if (value.tail) writer.bytes(value.tail);
}

function signBit(status: number, bit: number, degrees: number): number {
  if (degrees === 0) return status;
  return (degrees < 0 ? status | bit : status & ~bit) >>> 0;
}

/** 808-2013 §8.18. */
export const locationReport = defineMessage<0x0200, Location>({
  id: 0x0200,
  name: 'Location information report',
  direction: 'up',
  editions: ['808-2011', '808-2013', '808-2019'],
  read: readLocation,
  write: writeLocation,
});

/**
 * 808-2013 §8.49.
 *
 * | 0 | how many, n | WORD |
 * | 2 | kind | BYTE |
 * | 3 | n times: length m WORD, body of 0x0200 BYTE[m] | |
 *
 * Lengths lead: a wrong n loses nothing, and what is not whole ends the list. One that has no whole position throws.
 */
export const locationBatch = defineMessage<0x0704, LocationBatch>({
  id: 0x0704,
  name: 'Batch upload of location data',
  direction: 'up',
  editions: ['808-2013', '808-2019'],

  read(cursor) {
    const count = cursor.u16();
    const kind = cursor.u8();
    const locations: Location[] = [];
    while (locations.length < count || cursor.left >= 2) {
      if (locations.length > 0 && cursor.left < 2) break;
      const length = cursor.u16();
      if (locations.length > 0 && (length < fixedLength || length > cursor.left)) break;
      locations.push(readLocation(new Cursor(cursor.bytes(length))));
    }
    return { kind, locations };
  },

  write(writer, value) {
    writer.u16(value.locations.length).u8(value.kind);
    for (const location of value.locations) {
      const body = new Writer(fixedLength + 32);
      writeLocation(body, location);
      const bytes = body.finish();
      writer.u16(bytes.length).bytes(bytes);
    }
  },
});
