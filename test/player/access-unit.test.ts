import { describe, expect, it } from 'vitest';
import { hasBSlice, KeyUnits } from '../../renderer/player/access-unit.ts';
import { joinNals, splitNals } from '../../renderer/player/annex-b.ts';
import { hevcCodecString } from '../../renderer/player/hevc-codec.ts';
import { parseSps } from '../../renderer/player/sps.ts';

const bytes = (text: string) => Uint8Array.from(text.match(/../g)!, byte => Number.parseInt(byte, 16));
const sps = bytes('674d401eda02c049b0110000030001000003001e0f162ea0');
const pps = bytes('68ce3c80');
const idr = bytes('6588843412');
/** Profile main, no VUI, QCIF. */
const plainSps = bytes('674d0014ed0589c8');

describe('splitNals', () => {
  it('takes start codes of three and four bytes in one unit, and drops trailing zeros', () => {
    const data = bytes(`00000001${'674d'}000001${'68ce'}00000001${'6588'}0000`);
    expect(splitNals(data).map(nal => Buffer.from(nal).toString('hex'))).toEqual(['674d', '68ce', '6588']);
  });

  it('finds nothing where there is no start code', () => {
    expect(splitNals(bytes('674d001400'))).toEqual([]);
    expect(splitNals(new Uint8Array(0))).toEqual([]);
  });
});

describe('KeyUnits', () => {
  it('names the codec and tells IDR', () => {
    const unit = new KeyUnits().prepare(joinNals([sps, pps, idr]), 'h264');
    expect(unit).toMatchObject({ codec: 'avc1.4d401e', idr: true });
  });

  it('puts parameter sets in front that came only beside the stream', () => {
    const units = new KeyUnits();
    units.setParameterSets([sps, pps]);
    const unit = units.prepare(joinNals([idr]), 'h264');
    expect(splitNals(unit!.data).map(nal => nal[0]! & 0x1f)).toEqual([7, 8, 5]);
  });

  it('prefers the sets within the stream', () => {
    const units = new KeyUnits();
    units.setParameterSets([sps, pps]);
    const unit = units.prepare(joinNals([plainSps, pps, idr]), 'h264');
    expect(unit).toMatchObject({ codec: 'avc1.4d0014' });
  });

  it('rewrites an SPS without restriction, and stops when there are B pictures', () => {
    const units = new KeyUnits();
    const data = joinNals([plainSps, pps, idr]);
    expect(parseSps(splitNals(units.prepare(data, 'h264')!.data)[0]!)).toMatchObject({ reorderFrames: 0 });
    units.stopRewriting();
    expect([...splitNals(units.prepare(data, 'h264')!.data)[0]!]).toEqual([...plainSps]);
  });

  it('tells a changed SPS by its identity, whether rewritten or not', () => {
    const units = new KeyUnits();
    const first = units.prepare(joinNals([plainSps, pps, idr]), 'h264')!.spsId;
    expect(units.prepare(joinNals([plainSps, pps, idr]), 'h264')!.spsId).toBe(first);
    expect(units.prepare(joinNals([sps, pps, idr]), 'h264')!.spsId).not.toBe(first);
  });

  it('marks an I picture that is no IDR as a recovery point', () => {
    const unit = new KeyUnits().prepare(joinNals([sps, pps, bytes('419a0102')]), 'h264')!;
    expect(unit.idr).toBe(false);
    expect(splitNals(unit.data).map(nal => Buffer.from(nal).toString('hex'))[2]).toBe('060601c480');
  });

  it('gives nothing without an SPS', () => {
    expect(new KeyUnits().prepare(joinNals([pps, idr]), 'h264')).toBeUndefined();
    expect(new KeyUnits().prepare(joinNals([bytes('67ff'), pps, idr]), 'h264')).toBeUndefined();
  });
});

describe('hasBSlice', () => {
  it('reads the type of the first slice', () => {
    // first_mb_in_slice 0 (1), then slice_type: 0 P (1), 1 B (010), 5 P (00110), 6 B (00111)
    expect(hasBSlice(bytes('00000001' + '41' + 'c0'))).toBe(false);
    expect(hasBSlice(bytes('00000001' + '01' + 'a0'))).toBe(true);
    expect(hasBSlice(bytes('000001' + '41' + '98'))).toBe(false);
    expect(hasBSlice(bytes('000001' + '01' + '9c'))).toBe(true);
  });

  it('passes over SEI and never mistakes an IDR', () => {
    expect(hasBSlice(bytes('00000001' + '06010203' + '00000001' + '01' + 'a0ff'))).toBe(true);
    expect(hasBSlice(bytes('00000001' + '65' + 'a0ff'))).toBe(false);
  });
});

describe('hevcCodecString', () => {
  it('writes what ISO/IEC 14496-15 annex E.3 asks for', () => {
    // Main profile, compatible with 1 and 2, main tier, level 3.1, progressive and frame-only constraints.
    const hevc = bytes('4201' + '01' + '01' + '60000000' + 'b00000000000' + '5d' + 'a0');
    expect(hevcCodecString(hevc)).toBe('hev1.1.6.L93.B0');
  });

  it('gives nothing for too short a set', () => {
    expect(hevcCodecString(bytes('42010101600000'))).toBeUndefined();
  });
});
