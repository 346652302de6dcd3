import { describe, expect, it } from 'vitest';
import { Cursor } from '../../../../electron/codec/cursor.ts';
import {
  itemValue,
  type LocationItem,
  locationItems,
  readLocationItems,
  writeLocationItems,
} from '../../../../electron/codec/jt808/body/location-item.ts';
import { Writer } from '../../../../electron/codec/writer.ts';
import { bytes, hex } from '../../hex.ts';

const pinned: [string, LocationItem][] = [
  ['01 04 0001E240', { id: 0x01, value: 123456 }],
  ['02 02 0190', { id: 0x02, value: 400 }],
  ['03 02 0258', { id: 0x03, value: 600 }],
  ['04 02 0009', { id: 0x04, value: 9 }],
  [`05 1E 64${'FF'.repeat(29)}`, { id: 0x05, value: Uint8Array.of(0x64, ...new Array<number>(29).fill(255)) }],
  ['06 02 0019', { id: 0x06, value: 25 }],
  ['06 02 8012', { id: 0x06, value: -18 }],
  ['11 01 00', { id: 0x11, value: { areaType: 0 } }],
  ['11 05 02 0000002A', { id: 0x11, value: { areaType: 2, areaId: 42 } }],
  ['12 06 03 0000002A 01', { id: 0x12, value: { areaType: 3, areaId: 42, direction: 1 } }],
  ['13 07 0000002A 0078 01', { id: 0x13, value: { sectionId: 42, seconds: 120, result: 1 } }],
  ['14 04 00000041', { id: 0x14, value: 0x41 }],
  ['15 04 80000001', { id: 0x15, value: 0x80000001 }],
  ['16 04 00000002', { id: 0x16, value: 2 }],
  ['17 02 1001', { id: 0x17, value: 0x1001 }],
  ['18 03 0005 50', { id: 0x18, value: { behaviours: 5, fatigue: 80 } }],
  ['18 02 0005', { id: 0x18, value: { behaviours: 5 } }],
  ['25 04 00000003', { id: 0x25, value: 3 }],
  ['2A 02 0001', { id: 0x2a, value: 1 }],
  ['2B 04 00100020', { id: 0x2b, value: 0x00100020 }],
  ['30 01 1F', { id: 0x30, value: 31 }],
  ['31 01 0C', { id: 0x31, value: 12 }],
];

function read(text: string): LocationItem[] {
  return readLocationItems(new Cursor(bytes(text)));
}

function write(items: LocationItem[]): string {
  const writer = new Writer();
  writeLocationItems(writer, items);
  return hex(writer.finish());
}

describe('items of a position', () => {
  it.each(pinned)('%s', (text, item) => {
    expect(read(text)).toEqual([item]);
    expect(write([item])).toBe(hex(bytes(text)));
  });

  it('are pinned above, every one of the table', () => {
    expect(new Set(pinned.map(([, item]) => item.id))).toEqual(new Set(Object.keys(locationItems).map(Number)));
  });

  it('stay in order, repeated or not', () => {
    const items = pinned.map(([, item]) => item);
    expect(read(write([...items, ...items]))).toEqual([...items, ...items]);
  });

  it('are kept as they came when the id is unknown', () => {
    expect(read('E0 02 0102 FE 00')).toEqual([
      { id: 0xe0, raw: Uint8Array.of(1, 2) },
      { id: 0xfe, raw: new Uint8Array(0) },
    ]);
  });

  it('are kept as they came when the length does not fit: older vendors re-use 0x16, 0x17 and 0x18', () => {
    expect(read('16 02 0102 17 01 18 18 04 00000000 14 04 00000002')).toEqual([
      { id: 0x16, raw: Uint8Array.of(1, 2) },
      { id: 0x17, raw: Uint8Array.of(0x18) },
      { id: 0x18, raw: new Uint8Array(4) },
      { id: 0x14, value: 2 },
    ]);
  });

  it('end before one that runs over the end', () => {
    const cursor = new Cursor(bytes('30 01 1F 01 04 00'));
    expect(readLocationItems(cursor)).toHaveLength(1);
    expect(cursor.left).toBe(3);
  });

  it('own their bytes', () => {
    const raw = bytes('E0 01 07');
    const [item] = readLocationItems(new Cursor(raw));
    raw.fill(0);
    expect(item).toEqual({ id: 0xe0, raw: Uint8Array.of(7) });
  });

  it('are found by id when they were understood', () => {
    const items = read('18 04 00000000 18 02 0001 31 01 0C');
    expect(itemValue(items, 0x18)).toEqual({ behaviours: 1 });
    expect(itemValue(items, 0x31)).toBe(12);
    expect(itemValue(items, 0x14)).toBeUndefined();
  });
});
