import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bcdByte, digitsToBytes, timeFromBcd, timeToBcd, toBcdByte } from '../../electron/codec/bcd.ts';
import { bytes, hex } from './hex.ts';

describe('a time', () => {
  it('is GMT+8, years from 2000', () => {
    expect(timeFromBcd(bytes('200707192359'))).toBe(Date.parse('2020-07-07T19:23:59+08:00'));
    expect(timeFromBcd(bytes('000101000000'))).toBe(Date.parse('1999-12-31T16:00:00Z'));
    expect(hex(timeToBcd(Date.parse('2026-11-23T01:02:03.999+08:00')))).toBe('261123010203');
  });

  it('is 0 when there is none', () => {
    expect(timeFromBcd(bytes('000000000000'))).toBe(0);
    expect(hex(timeToBcd(0))).toBe('000000000000');
  });

  it('is 0 when the digits are no date', () => {
    for (const raw of [
      'FFFFFFFFFFFF',
      '201301000000',
      '200230000000',
      '210229000000',
      '200100000000',
      '200101240000',
      '200101006000',
      '200101000060',
      '2001010000A0',
    ])
      expect(timeFromBcd(bytes(raw)), raw).toBe(0);
    expect(timeFromBcd(bytes('200229000000'))).toBe(Date.parse('2020-02-29T00:00:00+08:00'));
  });

  it('outside 2000 to 2099 is refused', () => {
    expect(() => timeToBcd(Date.parse('1999-12-31T23:59:59+08:00'))).toThrow(RangeError);
    expect(() => timeToBcd(Date.parse('2100-01-01T00:00:00+08:00'))).toThrow(RangeError);
    expect(() => timeToBcd(Number.NaN)).toThrow(RangeError);
  });

  it('comes back from its bytes to the second', () => {
    const first = Date.parse('2000-01-01T00:00:00+08:00') / 1000;
    const last = Date.parse('2099-12-31T23:59:59+08:00') / 1000;
    fc.assert(
      fc.property(fc.integer({ min: first, max: last }), seconds => {
        expect(timeFromBcd(timeToBcd(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
  });

  it('is 0 when the field has another width', () => {
    expect(timeFromBcd(bytes('2007071923'))).toBe(0);
  });
});

describe('digits', () => {
  it('are two to a byte', () => {
    expect(bcdByte(0x59)).toBe(59);
    expect(bcdByte(0x5a)).toBe(-1);
    expect(bcdByte(0xa5)).toBe(-1);
    expect(toBcdByte(59)).toBe(0x59);
  });

  it('are padded in front', () => {
    expect(hex(digitsToBytes('13912345678', 6))).toBe('013912345678');
    expect(hex(digitsToBytes('56AEBC2A', 6))).toBe('000056aebc2a');
    expect(() => digitsToBytes('1234567890123', 6)).toThrow(RangeError);
    expect(() => digitsToBytes('12 4', 6)).toThrow(RangeError);
  });
});
