import { describe, expect, it } from 'vitest';
import { ShortRead } from '../../../../electron/codec/cursor.ts';
import { type Location, locationBatch, locationReport } from '../../../../electron/codec/jt808/body/location.ts';
import { bytes, hex } from '../../hex.ts';
import { bothVersions, expectBody } from '../expect-body.ts';

const fixed = '80000001 00000003 01DCF2AE 073C1B40 FFF0 0258 010E 261123130405';
const value: Location = {
  alarms: 0x80000001,
  status: 3,
  latitude: 31.25723,
  longitude: 121.3796,
  altitude: 0xfff0,
  speed: 60,
  direction: 270,
  time: Date.parse('2026-11-23T13:04:05+08:00'),
  items: [],
};

describe('0x0200', () => {
  it('is 28 bytes and items', () => {
    const latitude = 0x01dcf2ae / 1e6;
    const longitude = 0x073c1b40 / 1e6;
    for (const version of bothVersions)
      expectBody(locationReport, version, `${fixed} 01 04 00000064 31 01 0B`, {
        ...value,
        latitude,
        longitude,
        items: [
          { id: 0x01, value: 100 },
          { id: 0x31, value: 11 },
        ],
      });
  });

  it('has south and west in the status', () => {
    const south = locationReport.read(bytes('00000000 0000000E 015E5B98 00000001 0000 0005 0000 000000000000'), '2013');
    expect(south).toMatchObject({ latitude: -22.961048, longitude: -0.000001, speed: 0.5, time: 0 });
    expect(hex(locationReport.write(south, '2013')).slice(8, 32)).toBe('0000000e015e5b9800000001');
    const moved = locationReport.write({ ...south, latitude: 22.961048, longitude: 1 }, '2013');
    expect(hex(moved).slice(8, 32)).toBe('00000002015e5b98000f4240');
    const nowhere = locationReport.write({ ...south, latitude: 0, longitude: 0 }, '2013');
    expect(hex(nowhere).slice(8, 16)).toBe('0000000e');
  });

  it('keeps its position when the last item is cut short', () => {
    const cut = `${fixed} 30 01 1F 01 04 0000`;
    const read = locationReport.read(bytes(cut), '2013');
    expect(read.items).toEqual([{ id: 0x30, value: 31 }]);
    expect(hex(read.tail)).toBe('01040000');
    expect(hex(locationReport.write(read, '2013'))).toBe(hex(bytes(cut)));
    expect(hex(locationReport.read(bytes(`${fixed} 30`), '2013').tail)).toBe('30');
  });

  it('is refused below 28 bytes', () => {
    expect(() => locationReport.read(bytes(fixed).subarray(0, 27), '2013')).toThrow(ShortRead);
  });
});

describe('0x0704', () => {
  const one = '00000000 00000002 00000000 00000000 0000 0000 0000 000000000000';
  const oneValue: Location = {
    alarms: 0,
    status: 2,
    latitude: 0,
    longitude: 0,
    altitude: 0,
    speed: 0,
    direction: 0,
    time: 0,
    items: [],
  };

  it('is a kind and positions, each with its length', () => {
    for (const version of bothVersions)
      expectBody(locationBatch, version, `0002 01 001C ${one} 001F ${one} 30 01 09`, {
        kind: 1,
        locations: [oneValue, { ...oneValue, items: [{ id: 0x30, value: 9 }] }],
      });
  });

  it('keeps the whole positions of a count that is too large, and is refused without any', () => {
    expect(locationBatch.read(bytes(`0002 00 001C ${one}`), '2013').locations).toHaveLength(1);
    expect(() => locationBatch.read(bytes(`0002 00 001C`), '2013')).toThrow(ShortRead);
    expect(() => locationBatch.read(bytes(`0001 00 001B ${one}`), '2013')).toThrow(ShortRead);
  });
});
