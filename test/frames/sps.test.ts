import { describe, expect, it } from 'vitest';
import { pictureSize } from '../../electron/frames/sps.ts';

/** Bits as they stand in the standard's syntax tables, most significant first; the rest of the last byte is 0. */
function bits(...fields: string[]): Uint8Array {
  const all = fields.join('').replace(/ /g, '');
  return Uint8Array.from({ length: Math.ceil(all.length / 8) }, (_, at) =>
    Number.parseInt(all.slice(at * 8, at * 8 + 8).padEnd(8, '0'), 2),
  );
}

function ue(value: number): string {
  const code = (value + 1).toString(2);
  return '0'.repeat(code.length - 1) + code;
}

function byte(value: number, width = 8): string {
  return value.toString(2).padStart(width, '0');
}

/** 00 00 0x → 00 00 03 0x. */
function withEmulationPrevention(raw: Uint8Array): Uint8Array {
  const out: number[] = [];
  let zeros = 0;
  for (const value of raw) {
    if (zeros >= 2 && value <= 3) {
      out.push(3);
      zeros = 0;
    }
    out.push(value);
    zeros = value === 0 ? zeros + 1 : 0;
  }
  return Uint8Array.from(out);
}

function h264(options: {
  profile?: number;
  high?: string;
  width: number;
  height: number;
  framesOnly?: boolean;
  crop?: [number, number, number, number];
  vui?: string;
}): Uint8Array {
  const { profile = 66, high = '', width, height, framesOnly = true, crop, vui } = options;
  return withEmulationPrevention(
    bits(
      byte(0x67) + byte(profile) + byte(0) + byte(31),
      ue(0) + high,
      ue(0) + ue(2), // log2_max_frame_num_minus4, pic_order_cnt_type
      `${ue(1)}0`, // max_num_ref_frames, gaps_in_frame_num
      ue(width / 16 - 1) + ue(height / 16 / (framesOnly ? 1 : 2) - 1),
      `${framesOnly ? '1' : '00'}1`,
      crop ? `1${crop.map(ue).join('')}` : '0',
      vui === undefined ? '0' : `1${vui}`,
      '1',
    ),
  );
}

describe('H.264 SPS', () => {
  it('gives width, height, profile and level', () => {
    expect(pictureSize(h264({ width: 352, height: 288 }), 'h264')).toEqual({
      width: 352,
      height: 288,
      profile: 66,
      level: 31,
      hasBitstreamRestriction: false,
    });
  });

  it('takes cropping off: 1920 x 1088 shown as 1920 x 1080', () => {
    expect(pictureSize(h264({ width: 1920, height: 1088, crop: [0, 0, 0, 4] }), 'h264')).toMatchObject({
      width: 1920,
      height: 1080,
    });
  });

  it('counts field lines twice', () => {
    const sps = h264({ width: 720, height: 576, framesOnly: false, crop: [4, 4, 0, 2] });
    expect(pictureSize(sps, 'h264')).toMatchObject({ width: 704, height: 568 });
  });

  it('reads high profiles with scaling lists and 4:4:4', () => {
    // chroma_format_idc 3, separate planes 0, depths 0 0, bypass 0, matrix present: first list is 16 deltas of 0
    const high = `${ue(3)}0${ue(0)}${ue(0)}01${'1'}${ue(0).repeat(16)}${'0'.repeat(11)}`;
    const sps = h264({ profile: 244, high, width: 640, height: 480, crop: [1, 2, 3, 4] });
    expect(pictureSize(sps, 'h264')).toMatchObject({ width: 637, height: 473, profile: 244 });
  });

  it('finds the bitstream restriction behind timing with emulation prevention', () => {
    // aspect 255 with 0000 0001 0000 0001, no overscan, no video signal, no chroma location, timing 0x00000001 0x00000032 fixed,
    // no HRD, no pic_struct, restriction
    const vui = `1${byte(255)}${byte(1, 16)}${byte(1, 16)}0001${byte(1, 32)}${byte(50, 32)}10001`;
    const sps = h264({ width: 640, height: 480, vui });
    expect(sps.join(',')).toContain('0,0,3');
    expect(pictureSize(sps, 'h264')).toMatchObject({ width: 640, height: 480, hasBitstreamRestriction: true });
  });

  it('reads past HRD parameters', () => {
    const hrd = ue(1) + byte(0x12) + `${ue(5) + ue(6)}1`.repeat(2) + '0'.repeat(20);
    const vui = `00001${byte(1, 32)}${byte(50, 32)}11${hrd}0011`;
    expect(pictureSize(h264({ width: 640, height: 480, vui }), 'h264')).toMatchObject({
      hasBitstreamRestriction: true,
    });
  });

  it('a VUI that is cut short does not cost the size', () => {
    const sps = h264({ width: 640, height: 480, vui: `0000${'1'}` });
    expect(pictureSize(sps, 'h264')).toMatchObject({ width: 640, hasBitstreamRestriction: false });
  });

  it('cut short, or of a size no camera has, is none', () => {
    const sps = h264({ width: 352, height: 288 });
    for (let length = 0; length < sps.length - 1; length++)
      expect(pictureSize(sps.subarray(0, length), 'h264')).toBeUndefined();
    expect(pictureSize(h264({ width: 16 * 2000, height: 288 }), 'h264')).toBeUndefined();
    expect(pictureSize(sps, 'avs')).toBeUndefined();
  });
});

describe('H.265 SPS', () => {
  const profileTierLevel = (level: number) =>
    `00${'0'}${byte(1, 5)}${byte(0x60000000, 32)}${'0'.repeat(48)}${byte(level)}`;
  const sps = (options: { crop?: number[]; vui?: string; sets?: string; subLayers?: number }) => {
    const { crop, vui, sets = ue(0), subLayers = 0 } = options;
    const layers = subLayers > 0 ? `11${'00'.repeat(7)}${'0'.repeat(88)}${byte(60)}` : '';
    return withEmulationPrevention(
      bits(
        '0100001000000001',
        `0000${byte(subLayers, 3)}1`,
        profileTierLevel(93) + layers,
        ue(0) + ue(1) + ue(1280) + ue(736),
        crop ? `1${crop.map(ue).join('')}` : '0',
        ue(0) + ue(0) + ue(4), // bit depths, log2_max_pic_order_cnt_lsb_minus4
        `1${(ue(4) + ue(0) + ue(0)).repeat(subLayers + 1)}`,
        ue(0) + ue(3) + ue(0) + ue(3) + ue(0) + ue(0),
        '0', // scaling lists
        '00' + '0', // amp, sao, pcm
        sets,
        '0', // long-term references
        '00', // temporal mvp, strong intra smoothing
        vui === undefined ? '0' : `1${vui}`,
        '0',
      ),
    );
  };

  it('gives size after the conformance window, profile and level', () => {
    expect(pictureSize(sps({ crop: [0, 0, 0, 8] }), 'h265')).toEqual({
      width: 1280,
      height: 720,
      profile: 1,
      level: 93,
      hasBitstreamRestriction: false,
    });
  });

  it('reads sub-layers', () => {
    expect(pictureSize(sps({ subLayers: 1 }), 'h265')).toMatchObject({ width: 1280, height: 736, level: 93 });
  });

  it('reads past reference sets, coded apart and by difference, to the bitstream restriction', () => {
    // three sets: 2 negative; then two by difference: sign 0, ue(0), flags for 3 and 3 entries
    const sets =
      ue(3) +
      ue(2) +
      ue(0) +
      `${ue(0)}1`.repeat(2) +
      '1' +
      '0' +
      ue(0) +
      '111' +
      '1' +
      '0' +
      ue(0) +
      '1' +
      '01' +
      '00' +
      '1';
    const vui = '0000' + '000' + '0' + '0' + '1';
    expect(pictureSize(sps({ sets, vui }), 'h265')).toMatchObject({ height: 736, hasBitstreamRestriction: true });
  });

  it('cut short in the size is none', () => {
    const whole = sps({});
    for (let length = 0; length < 17; length++) expect(pictureSize(whole.subarray(0, length), 'h265')).toBeUndefined();
  });
});
