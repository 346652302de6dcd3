import { describe, expect, it } from 'vitest';
import { Cursor, ShortRead } from '../../electron/codec/cursor.ts';
import { bytes, hex } from './hex.ts';

describe('Cursor', () => {
  it('reads big-endian fields one after another', () => {
    const cursor = new Cursor(bytes('FF 8001 FFFFFFFE 8000000000000001 AABB CC'));
    expect(cursor.u8()).toBe(255);
    expect(cursor.u16()).toBe(0x8001);
    expect(cursor.u32()).toBe(0xfffffffe);
    expect(cursor.u64()).toBe(0x8000000000000001n);
    expect(cursor.position).toBe(15);
    expect(hex(cursor.ahead())).toBe('aabbcc');
    expect(hex(cursor.bytes(2))).toBe('aabb');
    expect(cursor.left).toBe(1);
    expect(hex(cursor.rest())).toBe('cc');
    expect(cursor.left).toBe(0);
    expect(cursor.rest().length).toBe(0);
  });

  it('gives views, not copies', () => {
    const raw = bytes('0102');
    const view = new Cursor(raw).bytes(2);
    raw[0] = 9;
    expect(view[0]).toBe(9);
  });

  it('stays within the range it was given', () => {
    const cursor = new Cursor(bytes('00 11 22 33'), 1, 3);
    expect(cursor.u16()).toBe(0x1122);
    expect(() => cursor.u8()).toThrow(ShortRead);
  });

  it('refuses every read past the end and does not move', () => {
    for (const read of [
      (cursor: Cursor) => cursor.u8(),
      (cursor: Cursor) => cursor.u16(),
      (cursor: Cursor) => cursor.u32(),
      (cursor: Cursor) => cursor.u64(),
      (cursor: Cursor) => cursor.bytes(1),
      (cursor: Cursor) => cursor.skip(1),
      (cursor: Cursor) => cursor.bytes(-1),
      (cursor: Cursor) => cursor.bytes(Number.NaN),
    ]) {
      const cursor = new Cursor(new Uint8Array(0));
      expect(() => read(cursor)).toThrow(ShortRead);
      expect(cursor.position).toBe(0);
    }
    const three = new Cursor(bytes('010203'));
    expect(() => three.u32()).toThrow('wanted 4 bytes at 0, there are 3');
    expect(three.u16()).toBe(0x0102);
  });

  it('refuses a range outside its bytes', () => {
    expect(() => new Cursor(bytes('01'), 0, 2)).toThrow(ShortRead);
    expect(() => new Cursor(bytes('01'), 2)).toThrow(ShortRead);
    expect(() => new Cursor(bytes('01'), -1)).toThrow(ShortRead);
  });
});
