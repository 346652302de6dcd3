import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeNal, splitNals, unescapeNal } from '../../renderer/player/annex-b.ts';
import { BitWriter } from '../../renderer/player/bits.ts';
import { parseSps, withoutReordering } from '../../renderer/player/sps.ts';

const fromHex = (text: string) => Uint8Array.from(text.match(/../g)!, byte => Number.parseInt(byte, 16));
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Written by x264 r3095. The last one has B pictures, and two frames of reordering in its VUI. */
const x264 = {
  baselineCif: '6742c00cda05825b0110000003001000000301e0f142aa',
  mainD1: '674d401eda02c049b0110000030001000003001e0f162ea0',
  high720: '6764001facb402802dd80880000003008000000f078c1950',
  high1080b: '67640028acd940780227e5c044000003000400000300783c60c658',
};

/** Main profile, level 2.0, QCIF, one reference, no VUI: written field by field from 7.3.2.1.1. */
function handMadeSps(): Uint8Array {
  const bits = new BitWriter();
  bits.bits(0x674d0014, 32);
  bits.ue(0); // seq_parameter_set_id
  bits.ue(0); // log2_max_frame_num_minus4
  bits.ue(0); // pic_order_cnt_type
  bits.ue(2); // log2_max_pic_order_cnt_lsb_minus4
  bits.ue(1); // max_num_ref_frames
  bits.bit(0);
  bits.ue(10); // 11 macroblocks wide
  bits.ue(8); // 9 high
  bits.bit(1); // frame_mbs_only_flag
  bits.bit(1); // direct_8x8_inference_flag
  bits.bit(0); // frame_cropping_flag
  bits.bit(0); // vui_parameters_present_flag
  return bits.finish();
}

describe('parseSps', () => {
  it('reads size, profile and level of what x264 writes', () => {
    expect(parseSps(fromHex(x264.baselineCif))).toMatchObject({ profile: 66, level: 12, width: 352, height: 288 });
    expect(parseSps(fromHex(x264.mainD1))).toMatchObject({ profile: 77, level: 30, width: 704, height: 576 });
    expect(parseSps(fromHex(x264.high720))).toMatchObject({ profile: 100, level: 31, width: 1280, height: 720 });
  });

  it('applies cropping: 1088 coded lines are 1080', () => {
    expect(parseSps(fromHex(x264.high1080b))).toMatchObject({ width: 1920, height: 1080 });
  });

  it('reads the reordering that an encoder with B pictures declares', () => {
    expect(parseSps(fromHex(x264.high1080b))).toMatchObject({ reorderFrames: 2, decFrameBuffering: 4 });
  });

  it('gives nothing for bytes that are cut short at any place before the VUI', () => {
    const sps = handMadeSps();
    for (let length = 1; length < sps.length - 1; length += 1)
      expect(parseSps(sps.subarray(0, length)), `${length} bytes`).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), bytes => {
        parseSps(bytes);
        withoutReordering(bytes);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('withoutReordering', () => {
  it('adds a VUI with the restriction to an SPS that has none', () => {
    const sps = handMadeSps();
    expect(parseSps(sps)).toEqual({
      profile: 77,
      constraints: 0,
      level: 20,
      width: 176,
      height: 144,
      pocType: 0,
      maxRefFrames: 1,
    });
    expect(parseSps(withoutReordering(sps))).toEqual({
      ...parseSps(sps),
      reorderFrames: 0,
      decFrameBuffering: 1,
    });
  });

  it('keeps as many frames buffered as are referred to', () => {
    const bits = new BitWriter();
    bits.bits(0x674d0014, 32);
    for (const code of [0, 0, 2, 4]) bits.ue(code); // id, frame num, poc type 2, four references
    bits.bit(0);
    bits.ue(21);
    bits.ue(17);
    bits.bits(0b1100, 4);
    expect(parseSps(withoutReordering(bits.finish()))).toMatchObject({
      pocType: 2,
      width: 352,
      height: 288,
      reorderFrames: 0,
      decFrameBuffering: 4,
    });
  });

  it('leaves alone what declares its own restriction', () => {
    for (const text of Object.values(x264)) expect(toHex(withoutReordering(fromHex(text)))).toBe(text);
  });

  it('adds the restriction behind a VUI that has timing and none of it', () => {
    const bits = new BitWriter();
    bits.bits(0x6742001e, 32);
    for (const code of [0, 0, 2, 1]) bits.ue(code);
    bits.bit(0);
    bits.ue(21);
    bits.ue(17);
    bits.bits(0b110, 3);
    bits.bit(1); // VUI
    bits.bits(0, 4);
    bits.bit(1); // timing_info_present_flag
    bits.bits(1, 32);
    bits.bits(30, 32);
    bits.bits(0b10000, 5); // fixed rate; no HRD twice, no pic_struct, no restriction
    const sps = escapeNal(bits.finish());
    const rewritten = withoutReordering(sps);
    expect(parseSps(rewritten)).toEqual({ ...parseSps(sps), reorderFrames: 0, decFrameBuffering: 1 });
    expect(toHex(rewritten.subarray(0, sps.length - 2))).toBe(toHex(sps.subarray(0, sps.length - 2)));
  });

  it('keeps every field and needs no second rewriting, for any SPS without a restriction', () => {
    fc.assert(
      fc.property(anySps(), sps => {
        const before = parseSps(sps);
        const rewritten = withoutReordering(sps);
        const after = parseSps(rewritten);
        expect(before).toBeDefined();
        expect(after).toEqual({
          ...before,
          reorderFrames: 0,
          decFrameBuffering: Math.max(1, before!.maxRefFrames),
        });
        expect(withoutReordering(rewritten)).toBe(rewritten);
        expect(startCodeWithin(rewritten)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  const captures = ['smallchi-jt1078_2', 'xtream-sim6-h264-adpcma'];
  for (const capture of captures) {
    const file = new URL(`../../../shared/vectors/${capture}.h264`, import.meta.url);
    it.skipIf(!existsSync(file))(`rewrites the SPS of the recorder in ${capture}`, () => {
      const sps = splitNals(readFileSync(file)).find(nal => (nal[0]! & 0x1f) === 7)!;
      const before = parseSps(sps)!;
      expect(before.width).toBeGreaterThan(100);
      expect(parseSps(withoutReordering(sps))).toMatchObject({
        width: before.width,
        height: before.height,
        profile: before.profile,
        reorderFrames: 0,
      });
    });
  }
});

describe('emulation prevention', () => {
  it('is undone exactly', () => {
    const risky = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 255 })));
    fc.assert(
      fc.property(risky, numbers => {
        const bytes = Uint8Array.from(numbers);
        const nal = escapeNal(bytes);
        expect([...unescapeNal(nal)]).toEqual(numbers);
        expect(startCodeWithin(nal)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});

function startCodeWithin(nal: Uint8Array): boolean {
  return nal.some((byte, i) => byte <= 2 && nal[i - 1] === 0 && nal[i - 2] === 0);
}

/** Any SPS of 8-bit 4:2:0 without VUI, in profiles with and without the fields of High. */
function anySps() {
  return fc
    .record({
      profile: fc.constantFrom(66, 77, 88, 100, 110),
      constraints: fc.integer({ min: 0, max: 252 }),
      level: fc.constantFrom(10, 20, 30, 31, 40, 51),
      id: fc.integer({ min: 0, max: 31 }),
      frameNum: fc.integer({ min: 0, max: 12 }),
      poc: fc.constantFrom(0, 1, 2),
      offsets: fc.array(fc.integer({ min: 0, max: 4000 }), { maxLength: 6 }),
      refs: fc.integer({ min: 0, max: 16 }),
      width: fc.integer({ min: 0, max: 300 }),
      height: fc.integer({ min: 0, max: 200 }),
      interlaced: fc.boolean(),
    })
    .map(sps => {
      const bits = new BitWriter();
      bits.bits(0x67, 8);
      bits.bits(sps.profile, 8);
      bits.bits(sps.constraints, 8);
      bits.bits(sps.level, 8);
      bits.ue(sps.id);
      if (sps.profile >= 100) {
        bits.ue(1);
        bits.ue(0);
        bits.ue(0);
        bits.bits(0, 2);
      }
      bits.ue(sps.frameNum);
      bits.ue(sps.poc);
      if (sps.poc === 0) bits.ue(4);
      if (sps.poc === 1) {
        bits.bit(0);
        bits.ue(3);
        bits.ue(4);
        bits.ue(sps.offsets.length);
        for (const offset of sps.offsets) bits.ue(offset);
      }
      bits.ue(sps.refs);
      bits.bit(0);
      bits.ue(sps.width);
      bits.ue(sps.height);
      bits.bit(sps.interlaced ? 0 : 1);
      if (sps.interlaced) bits.bit(0);
      bits.bits(0b100, 3);
      return escapeNal(bits.finish());
    });
}
