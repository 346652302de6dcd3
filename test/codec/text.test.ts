import { describe, expect, it } from 'vitest';
import { decodePadded, decodeText, encodePadded, encodeText } from '../../electron/codec/text.ts';
import { bytes, hex } from './hex.ts';

describe('text', () => {
  it('is GBK', () => {
    expect(decodeText(bytes('B2E2 41 38'))).toBe('测A8');
    expect(hex(encodeText('京A·粤'))).toBe('bea941a1a4d4c1');
  });

  it('loses the zero that 808-2011 puts behind a string', () => {
    expect(decodeText(bytes('41 42 00'))).toBe('AB');
    expect(decodeText(bytes('00'))).toBe('');
    expect(decodeText(bytes('41 00 42'))).toBe('A\0B');
  });

  it('survives bytes that are no GBK', () => {
    expect(decodeText(bytes('FF FF 41'))).toMatch(/A$/);
  });
});

describe('padded text', () => {
  it('is trimmed of zeros at both ends and of blanks behind', () => {
    expect(decodePadded(bytes('41 42 00 00'))).toBe('AB');
    expect(decodePadded(bytes('00 00 41 42'))).toBe('AB');
    expect(decodePadded(bytes('41 20 42 20 00'))).toBe('A B');
    expect(decodePadded(bytes('00 00'))).toBe('');
  });

  it('is filled behind', () => {
    expect(hex(encodePadded('AB', 4))).toBe('41420000');
    expect(hex(encodePadded('AB', 4, 0x20))).toBe('41422020');
    expect(() => encodePadded('测测', 3)).toThrow(RangeError);
  });
});
