import { ShortRead } from '../codec/cursor.ts';
import { BitReader } from './bit-reader.ts';
import type { PictureSize } from './sps.ts';

/** Profiles whose SPS says chroma format and bit depth (H.264 §7.3.2.1.1). */
const highProfiles: readonly number[] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];
const extendedSar = 255;

/** seq_parameter_set_data, H.264 §7.3.2.1.1. @throws ShortRead */
export function readSpsH264(sps: Uint8Array): PictureSize {
  const bits = new BitReader(sps, 1);
  const profile = bits.bits(8);
  bits.skip(8); // constraint_set flags and reserved bits
  const level = bits.bits(8);
  bits.ue(); // seq_parameter_set_id
  let chromaFormat = 1;
  let hasSeparatePlanes = false;
  if (highProfiles.includes(profile)) {
    chromaFormat = bits.ue();
    if (chromaFormat === 3) hasSeparatePlanes = bits.flag();
    bits.ue(); // bit_depth_luma_minus8
    bits.ue(); // bit_depth_chroma_minus8
    bits.skip(1); // qpprime_y_zero_transform_bypass_flag
    if (bits.flag()) skipScalingLists(bits, chromaFormat === 3 ? 12 : 8);
  }
  bits.ue(); // log2_max_frame_num_minus4
  skipOrderCount(bits);
  bits.ue(); // max_num_ref_frames
  bits.skip(1); // gaps_in_frame_num_value_allowed_flag
  const widthInBlocks = bits.ue() + 1;
  const heightInUnits = bits.ue() + 1;
  const isFramesOnly = bits.flag();
  if (!isFramesOnly) bits.skip(1); // mb_adaptive_frame_field_flag
  bits.skip(1); // direct_8x8_inference_flag

  // §7.4.2.1.1: cropping counts chroma samples, and field lines where fields are allowed
  const isLumaOnly = chromaFormat === 0 || hasSeparatePlanes;
  const cropUnitX = isLumaOnly || chromaFormat === 3 ? 1 : 2;
  const cropUnitY = (isLumaOnly || chromaFormat !== 1 ? 1 : 2) * (isFramesOnly ? 1 : 2);
  let cropX = 0;
  let cropY = 0;
  if (bits.flag()) {
    cropX = (bits.ue() + bits.ue()) * cropUnitX;
    cropY = (bits.ue() + bits.ue()) * cropUnitY;
  }
  return {
    width: widthInBlocks * 16 - cropX,
    height: heightInUnits * 16 * (isFramesOnly ? 1 : 2) - cropY,
    profile,
    level,
    hasBitstreamRestriction: readsBitstreamRestriction(bits),
  };
}

function skipOrderCount(bits: BitReader): void {
  const type = bits.ue();
  if (type === 0) bits.ue();
  if (type !== 1) return;
  bits.skip(1); // delta_pic_order_always_zero_flag
  bits.se();
  bits.se();
  for (let left = bits.ue(); left > 0; left--) bits.se();
}

function skipScalingLists(bits: BitReader, lists: number): void {
  for (let list = 0; list < lists; list++) {
    if (!bits.flag()) continue;
    let last = 8;
    let next = 8;
    for (let left = list < 6 ? 16 : 64; left > 0; left--) {
      if (next !== 0) next = (last + bits.se() + 256) % 256;
      if (next !== 0) last = next;
    }
  }
}

/** A VUI that is cut short (encoders exist that write one) does not cost the size: it counts as absent. */
function readsBitstreamRestriction(bits: BitReader): boolean {
  try {
    return bits.flag() && readVui(bits);
  } catch (thrown) {
    if (thrown instanceof ShortRead) return false;
    throw thrown;
  }
}

/** vui_parameters, H.264 §E.1.1, up to bitstream_restriction_flag. */
function readVui(bits: BitReader): boolean {
  if (bits.flag() && bits.bits(8) === extendedSar) bits.skip(32);
  if (bits.flag()) bits.skip(1); // overscan
  if (bits.flag()) {
    bits.skip(4); // video_format, video_full_range_flag
    if (bits.flag()) bits.skip(24); // colour description
  }
  if (bits.flag()) {
    bits.ue(); // chroma sample location
    bits.ue();
  }
  if (bits.flag()) bits.skip(65); // timing: two times 32 bits and fixed_frame_rate_flag
  const hasNalHrd = bits.flag();
  if (hasNalHrd) skipHrd(bits);
  const hasVclHrd = bits.flag();
  if (hasVclHrd) skipHrd(bits);
  if (hasNalHrd || hasVclHrd) bits.skip(1); // low_delay_hrd_flag
  bits.skip(1); // pic_struct_present_flag
  return bits.flag();
}

/** hrd_parameters, H.264 §E.1.2. */
function skipHrd(bits: BitReader): void {
  const count = bits.ue() + 1;
  bits.skip(8); // bit_rate_scale, cpb_size_scale
  for (let left = count; left > 0; left--) {
    bits.ue();
    bits.ue();
    bits.skip(1);
  }
  bits.skip(20); // four lengths of 5 bits
}
