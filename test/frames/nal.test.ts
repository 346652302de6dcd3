import { describe, expect, it } from 'vitest';
import { nextNal, parameterSets, sequenceSet, shownCodec, unitKind } from '../../electron/frames/nal.ts';
import { bytes } from '../codec/hex.ts';

describe('the codec that a unit shows', () => {
  const shown = (unit: string) => shownCodec(bytes(unit), bytes(unit).length);

  it('is that of its parameter sets, behind a delimiter or not', () => {
    expect(shown('00000001 67 42C00B')).toBe('h264');
    expect(shown('000001 27 42C00B')).toBe('h264');
    expect(shown('00000001 09 10 00000001 67 42C00B')).toBe('h264');
    expect(shown('00000001 4001 0C01')).toBe('h265');
    expect(shown('000001 4201 0101')).toBe('h265');
    expect(shown('00000001 4601 50 00000001 4001 0C01')).toBe('h265');
  });

  it('is none without them', () => {
    for (const unit of ['00000001 65 88', '00000001 419A', '00000001 2601 AF', '00000001 0201 D0', '00000001 46'])
      expect(shown(unit)).toBeUndefined();
    expect(shown('00000001 06 05 00000001 41 9A')).toBeUndefined();
    expect(shown('AABB 00000001 67 42C00B')).toBeUndefined();
    expect(shown('00000001 67')).toBeUndefined();
    expect(shownCodec(bytes('00000001 4001 0C01'), 4)).toBeUndefined();
  });
});

describe('kind of a unit', () => {
  const kindOf = (unit: Uint8Array, codec: 'h264' | 'h265' | 'avs', isMarkedKey = false) =>
    unitKind(unit, unit.length, codec, isMarkedKey);

  it('H.264 by NAL types, with start codes of 3 and 4 bytes', () => {
    expect(kindOf(bytes('00000001 65 88'), 'h264')).toBe('key');
    expect(kindOf(bytes('000001 65 88'), 'h264')).toBe('key');
    expect(kindOf(bytes('00000001 67 42 00000001 68 CE 000001 65 88'), 'h264')).toBe('key');
    expect(kindOf(bytes('00000001 41 9A'), 'h264', true)).toBe('picture');
    expect(kindOf(bytes('00000001 67 42 00000001 68 CE'), 'h264', true)).toBe('sets');
    expect(kindOf(bytes('00000001 09 10 00000001 67 42 00000001 41 9A'), 'h264', true)).toBe('key');
    expect(kindOf(bytes('00000001 67 42 00000001 41 9A'), 'h264', false)).toBe('picture');
  });

  it('H.265: 16 to 21 are key', () => {
    for (let type = 0; type < 41; type++) {
      const unit = Uint8Array.of(0, 0, 0, 1, type << 1, 1, 0x80);
      expect(kindOf(unit, 'h265')).toBe(type > 31 ? 'sets' : type >= 16 && type <= 21 ? 'key' : 'picture');
    }
  });

  it('other codecs, and what is not Annex-B, by the data type', () => {
    expect(kindOf(bytes('00000001 B3'), 'avs', true)).toBe('key');
    expect(kindOf(bytes('00000001 B6'), 'avs', false)).toBe('picture');
    expect(kindOf(bytes('AABBCC'), 'h264', true)).toBe('key');
    expect(kindOf(bytes('AABBCC'), 'h264', false)).toBe('opaque');
  });
});

describe('parameter sets', () => {
  it('of H.264: SPS and PPS up to the first slice, without start codes and trailing zeros', () => {
    const unit = bytes('00000001 6742C01E 00000001 68CE3880 00 000001 0605 000001 6588 00000001 6700');
    expect(parameterSets(unit, 'h264')).toEqual([bytes('6742C01E'), bytes('68CE3880')]);
    expect(sequenceSet(unit, 'h264')).toEqual(bytes('6742C01E'));
  });

  it('of H.265: VPS, SPS and PPS', () => {
    const unit = bytes('00000001 40010C 00000001 420101 00000001 4401C1 00000001 2601AF');
    expect(parameterSets(unit, 'h265')).toEqual([bytes('40010C'), bytes('420101'), bytes('4401C1')]);
    expect(sequenceSet(unit, 'h265')).toEqual(bytes('420101'));
  });

  it('are none in a plain frame and in other codecs', () => {
    expect(parameterSets(bytes('00000001 419A'), 'h264')).toEqual([]);
    expect(parameterSets(bytes('00000001 6742'), 'svac')).toEqual([]);
    expect(sequenceSet(bytes('0000'), 'h264')).toBeUndefined();
  });
});

it('start codes are found wherever they stand', () => {
  for (let zeros = 2; zeros < 6; zeros++)
    for (let before = 0; before < 6; before++) {
      const run = Uint8Array.from([...new Array(before).fill(9), ...new Array(zeros).fill(0), 1, 0x65]);
      expect(nextNal(run, 0, run.length)).toBe(before + zeros + 1);
    }
  expect(nextNal(bytes('0000020000030001'), 0, 8)).toBe(-1);
});
