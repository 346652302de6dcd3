import { Cursor } from '../../cursor.ts';
import { Writer } from '../../writer.ts';

/** Items 0x11 and 0x12: what kind of area. 0 none (0x11 only), 1 circle, 2 rectangle, 3 polygon, 4 road section. */
export interface OverspeedArea {
  areaType: number;
  /** Absent when `areaType` is 0. */
  areaId?: number;
}
export interface AreaCrossing {
  areaType: number;
  areaId: number;
  /** 0 in, 1 out. */
  direction: number;
}
export interface SectionTime {
  sectionId: number;
  seconds: number;
  /** 0 too short, 1 too long. */
  result: number;
}
/** Item 0x18, 1078-2016 tables 13 and 15. */
export interface AbnormalDriving {
  /** Bits: 0 fatigue, 1 telephone, 2 smoking, 11 to 15 maker's own. */
  behaviours: number;
  /** 0 to 100. Absent in the two-byte form: table 13 says two bytes, table 15 lays out three, devices send either. */
  fatigue?: number;
}

/** Item id → decoded value. 808-2013 table 27, the additions of 808-2019, and 1078-2016 §5.4.1, table 13. */
export interface LocationItemValues {
  /** Mileage, 0.1 km. */
  0x01: number;
  /** Fuel, 0.1 l. */
  0x02: number;
  /** Speed by the recorder, 0.1 km/h. */
  0x03: number;
  /** Id of an alarm event that a person must confirm. */
  0x04: number;
  /** 2019: tyre pressures, Pa, one byte a wheel from the front left; 0xFF no such wheel. 30 bytes. */
  0x05: Uint8Array;
  /** 2019: temperature of the compartment, °C, -32767 to 32767. */
  0x06: number;
  0x11: OverspeedArea;
  0x12: AreaCrossing;
  0x13: SectionTime;
  /** Video alarms, bits of 1078 table 14: 0 signal loss, 1 occlusion, 2 storage, 3 other device, 4 overcrowding, 5 driving, 6 storage of alarms. */
  0x14: number;
  /** Signal loss, bit n = channel n + 1. */
  0x15: number;
  /** Occlusion, bit n = channel n + 1. */
  0x16: number;
  /** Storage failure: bits 0 to 11 main storage 1 to 12, bits 12 to 15 backup storage 1 to 4. */
  0x17: number;
  0x18: AbnormalDriving;
  /** Extended vehicle signals, bits of 808-2013 table 31. */
  0x25: number;
  /** IO status: bit 0 deep sleep, 1 sleep. */
  0x2a: number;
  /** Analogue inputs: bits 0 to 15 AD0, 16 to 31 AD1. */
  0x2b: number;
  /** Strength of the mobile network. */
  0x30: number;
  /** Satellites in use. */
  0x31: number;
}
export type LocationItemId = keyof LocationItemValues;

/** An item that was understood has `value`; one that was not, or whose length does not fit its id, is kept as it came. */
export type LocationItem =
  | { [Id in LocationItemId]: { id: Id; value: LocationItemValues[Id] } }[LocationItemId]
  | { id: number; raw: Uint8Array };

interface ItemLayout<Value> {
  readonly name: string;
  /** Lengths at which the id means this; older vendors use 0x16 to 0x18 for things of their own. */
  readonly lengths: readonly number[];
  read(cursor: Cursor): Value;
  write(writer: Writer, value: Value): void;
}

const dword = (name: string): ItemLayout<number> => ({
  name,
  lengths: [4],
  read: cursor => cursor.u32(),
  write: (writer, value) => writer.u32(value),
});
const word = (name: string): ItemLayout<number> => ({
  name,
  lengths: [2],
  read: cursor => cursor.u16(),
  write: (writer, value) => writer.u16(value),
});
const byte = (name: string): ItemLayout<number> => ({
  name,
  lengths: [1],
  read: cursor => cursor.u8(),
  write: (writer, value) => writer.u8(value),
});

export const locationItems: { readonly [Id in LocationItemId]: ItemLayout<LocationItemValues[Id]> } = {
  0x01: dword('Mileage'),
  0x02: word('Fuel'),
  0x03: word('Speed by the recorder'),
  0x04: word('Alarm event to be confirmed'),
  0x05: {
    name: 'Tyre pressure',
    lengths: [30],
    read: cursor => cursor.bytes(30).slice(),
    write: (writer, value) => writer.exactly(value, 30),
  },
  0x06: {
    name: 'Compartment temperature',
    lengths: [2],
    // Sign and magnitude: the highest bit says below zero.
    read(cursor) {
      const raw = cursor.u16();
      return raw & 0x8000 ? 0 - (raw & 0x7fff) : raw;
    },
    write: (writer, value) => writer.u16(value < 0 ? 0x8000 | -value : value),
  },
  0x11: {
    // | 0 | area type | BYTE |, then unless it is 0 | 1 | area id | DWORD |
    name: 'Overspeed',
    lengths: [1, 5],
    read(cursor) {
      const areaType = cursor.u8();
      return cursor.left ? { areaType, areaId: cursor.u32() } : { areaType };
    },
    write(writer, value) {
      writer.u8(value.areaType);
      if (value.areaId !== undefined) writer.u32(value.areaId);
    },
  },
  0x12: {
    // | 0 | area type | BYTE |, | 1 | area id | DWORD |, | 5 | direction | BYTE |
    name: 'Area or route entered or left',
    lengths: [6],
    read: cursor => ({ areaType: cursor.u8(), areaId: cursor.u32(), direction: cursor.u8() }),
    write: (writer, value) => writer.u8(value.areaType).u32(value.areaId).u8(value.direction),
  },
  0x13: {
    // | 0 | section id | DWORD |, | 4 | time in s | WORD |, | 6 | result | BYTE |
    name: 'Time on a road section',
    lengths: [7],
    read: cursor => ({ sectionId: cursor.u32(), seconds: cursor.u16(), result: cursor.u8() }),
    write: (writer, value) => writer.u32(value.sectionId).u16(value.seconds).u8(value.result),
  },
  0x14: dword('Video alarms'),
  0x15: dword('Video signal loss'),
  0x16: dword('Video occlusion'),
  0x17: word('Storage failure'),
  0x18: {
    // | 0 | behaviours | WORD |, | 2 | fatigue | BYTE, may be absent |
    name: 'Abnormal driving',
    lengths: [2, 3],
    read(cursor) {
      const behaviours = cursor.u16();
      return cursor.left ? { behaviours, fatigue: cursor.u8() } : { behaviours };
    },
    write(writer, value) {
      writer.u16(value.behaviours);
      if (value.fatigue !== undefined) writer.u8(value.fatigue);
    },
  },
  0x25: dword('Extended vehicle signals'),
  0x2a: word('IO status'),
  0x2b: dword('Analogue inputs'),
  0x30: byte('Network signal strength'),
  0x31: byte('Satellites'),
};

const layoutById = new Map<number, ItemLayout<unknown>>(
  Object.entries(locationItems).map(([id, layout]) => [Number(id), layout]),
);

/**
 * | 0 | item id | BYTE |
 * | 1 | length n | BYTE |
 * | 2 | value | BYTE[n] |
 *
 * Stops before an item that runs over the end: its bytes stay unread.
 */
export function readLocationItems(cursor: Cursor): LocationItem[] {
  const items: LocationItem[] = [];
  for (let ahead = cursor.ahead(); ahead.length >= 2; ahead = cursor.ahead()) {
    const [id, length] = ahead as unknown as [number, number];
    if (2 + length > ahead.length) break;
    cursor.skip(2);
    const raw = cursor.bytes(length);
    const layout = layoutById.get(id);
    items.push(
      layout?.lengths.includes(length)
        ? ({ id, value: layout.read(new Cursor(raw)) } as LocationItem)
        : { id, raw: raw.slice() },
    );
  }
  return items;
}

/** @throws RangeError for a value that does not fit, or an item over 255 bytes */
export function writeLocationItems(writer: Writer, items: readonly LocationItem[]): void {
  for (const item of items) {
    const value = 'raw' in item ? item.raw : encodeItem(item.id, item.value);
    writer.u8(item.id).u8(value.length).bytes(value);
  }
}

function encodeItem(id: number, value: unknown): Uint8Array {
  const writer = new Writer(8);
  layoutById.get(id)?.write(writer, value);
  return writer.finish();
}

/** The first item of that id that was understood. */
export function itemValue<Id extends LocationItemId>(
  items: readonly LocationItem[],
  id: Id,
): LocationItemValues[Id] | undefined {
  for (const item of items) if (item.id === id && 'value' in item) return item.value as LocationItemValues[Id];
  return undefined;
}
