import { describe, expect, it } from 'vitest';
import { hexDigits, normaliseTerminalId, terminalId } from '../../electron/codec/terminal-id.ts';
import { bytes } from './hex.ts';

describe('the identity of a terminal', () => {
  it('is the same from a 2013 header, a 2019 header and what a person types', () => {
    for (const id of [
      terminalId(bytes('013912345678')),
      terminalId(bytes('00000000013912345678')),
      normaliseTerminalId(' 013912345678 '),
      normaliseTerminalId('13912345678'),
    ])
      expect(id).toBe('13912345678');
  });

  it('keeps digits that are not decimal, in upper case', () => {
    expect(terminalId(bytes('000056aebc2a'))).toBe('56AEBC2A');
    expect(normaliseTerminalId('0056aebc2a')).toBe('56AEBC2A');
  });

  it('keeps one zero when there is nothing else', () => {
    expect(terminalId(bytes('000000000000'))).toBe('0');
    expect(normaliseTerminalId('000')).toBe('0');
    expect(normaliseTerminalId('')).toBe('');
  });

  it('has a full form with every digit of the header', () => {
    expect(hexDigits(bytes('013912345678'))).toBe('013912345678');
    expect(hexDigits(bytes('000056aebc2a'))).toBe('000056AEBC2A');
    expect(hexDigits(new Uint8Array(0))).toBe('');
  });
});
