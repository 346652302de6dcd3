import { describe, expect, it } from 'vitest';
import { Writer } from '../../electron/codec/writer.ts';
import { bytes, hex } from './hex.ts';

describe('Writer', () => {
  it('appends big-endian fields and grows', () => {
    const writer = new Writer(1)
      .u8(255)
      .u16(0x8001)
      .u32(0xfffffffe)
      .u64(0x8000000000000001n)
      .bytes(bytes('aabb'))
      .fill(2, 0x20)
      .exactly(bytes('cc'), 1);
    expect(writer.length).toBe(20);
    expect(hex(writer.finish())).toBe('ff8001fffffffe8000000000000001aabb2020cc');
  });

  it('hands out a copy', () => {
    const writer = new Writer().u8(1);
    const first = writer.finish();
    writer.u8(2);
    expect(hex(first)).toBe('01');
    expect(first.buffer.byteLength).toBe(1);
  });

  it('refuses a value that does not fit its field', () => {
    for (const value of [-1, 256, 1.5, Number.NaN]) expect(() => new Writer().u8(value)).toThrow(RangeError);
    for (const value of [-1, 65536]) expect(() => new Writer().u16(value)).toThrow(RangeError);
    for (const value of [-1, 2 ** 32]) expect(() => new Writer().u32(value)).toThrow(RangeError);
    for (const value of [-1n, 2n ** 64n]) expect(() => new Writer().u64(value)).toThrow(RangeError);
    expect(() => new Writer().exactly(bytes('01'), 2)).toThrow(RangeError);
  });
});
