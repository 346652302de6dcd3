import { escapeNal, unescapeNal } from './annex-b.ts';
import { BitReader, BitWriter } from './bits.ts';

/** Of an H.264 sequence parameter set (7.3.2.1.1) what playing needs. */
export interface SpsInfo {
  profile: number;
  /** The byte of the constraint_set flags. */
  constraints: number;
  level: number;
  width: number;
  height: number;
  pocType: number;
  maxRefFrames: number;
  /** From bitstream_restriction (E.1.1), when it is there. */
  reorderFrames?: number;
  decFrameBuffering?: number;
}

interface ParsedSps extends SpsInfo {
  /** Bit of the RBSP (NAL header included) that holds the first flag found clear, or -1 when the restriction is there. */
  vuiAt: number;
  restrictionAt: number;
}

/** Profiles whose SPS carries chroma_format_idc and what follows it. */
const highProfiles = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/** `nal` with its header byte, without start code. Undefined when it is cut short or makes no sense. */
export function parseSps(nal: Uint8Array): SpsInfo | undefined {
  const parsed = read(unescapeNal(nal));
  if (!parsed) return undefined;
  const { vuiAt: _vui, restrictionAt: _restriction, ...info } = parsed;
  return info;
}

/**
 * The same SPS saying that pictures leave in decoding order: bitstream_restriction with max_num_reorder_frames 0.
 * Without it a decoder must assume that it may have to hold back as many pictures as its level allows, and hardware
 * decoders do. Only for streams without B pictures; an SPS that states its own restriction is left alone, and so is one
 * that cannot be read.
 */
export function withoutReordering(nal: Uint8Array): Uint8Array {
  const rbsp = unescapeNal(nal);
  const sps = read(rbsp);
  if (!sps || sps.reorderFrames !== undefined) return nal;
  const out = new BitWriter();
  if (sps.restrictionAt >= 0) {
    out.copy(rbsp, sps.restrictionAt);
  } else {
    out.copy(rbsp, sps.vuiAt);
    out.bit(1); // vui_parameters_present_flag
    out.bits(0, 4); // aspect_ratio_info, overscan_info, video_signal_type, chroma_loc_info
    out.bits(0, 3); // timing_info, nal_hrd_parameters, vcl_hrd_parameters
    out.bit(0); // pic_struct_present_flag
  }
  out.bit(1); // bitstream_restriction_flag
  out.bit(1); // motion_vectors_over_pic_boundaries_flag
  out.ue(2); // max_bytes_per_pic_denom: E.2.1 infers 2 when absent
  out.ue(1); // max_bits_per_mb_denom: 1 likewise
  out.ue(15); // log2_max_mv_length_horizontal
  out.ue(15); // log2_max_mv_length_vertical
  out.ue(0); // max_num_reorder_frames
  out.ue(Math.max(1, sps.maxRefFrames)); // max_dec_frame_buffering, never below max_num_ref_frames
  return escapeNal(out.finish());
}

function read(rbsp: Uint8Array): ParsedSps | undefined {
  try {
    const sps = readSps(new BitReader(rbsp));
    return sps.width > 0 && sps.height > 0 && sps.width <= 16384 && sps.height <= 16384 ? sps : undefined;
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}

function readSps(bits: BitReader): ParsedSps {
  bits.bits(8); // nal_unit header
  const profile = bits.bits(8);
  const constraints = bits.bits(8);
  const level = bits.bits(8);
  bits.ue(); // seq_parameter_set_id
  let chroma = 1;
  if (highProfiles.has(profile)) {
    chroma = bits.ue();
    const separatePlanes = chroma === 3 ? bits.bit() : 0;
    bits.ue(); // bit_depth_luma_minus8
    bits.ue(); // bit_depth_chroma_minus8
    bits.bit(); // qpprime_y_zero_transform_bypass_flag
    if (bits.bit()) skipScalingLists(bits, chroma === 3 ? 12 : 8);
    if (separatePlanes) chroma = 0;
  }
  bits.ue(); // log2_max_frame_num_minus4
  const pocType = bits.ue();
  if (pocType === 0) bits.ue();
  else if (pocType === 1) {
    bits.bit(); // delta_pic_order_always_zero_flag
    bits.se(); // offset_for_non_ref_pic
    bits.se(); // offset_for_top_to_bottom_field
    const cycle = bits.ue();
    if (cycle > 255) throw new RangeError('num_ref_frames_in_pic_order_cnt_cycle over 255');
    for (let i = 0; i < cycle; i += 1) bits.se();
  }
  const maxRefFrames = bits.ue();
  bits.bit(); // gaps_in_frame_num_value_allowed_flag
  const widthInMbs = bits.ue() + 1;
  const heightInUnits = bits.ue() + 1;
  const framesOnly = bits.bit();
  if (!framesOnly) bits.bit(); // mb_adaptive_frame_field_flag
  bits.bit(); // direct_8x8_inference_flag
  const crop = bits.bit() ? [bits.ue(), bits.ue(), bits.ue(), bits.ue()] : [0, 0, 0, 0];
  const cropX = chroma === 1 || chroma === 2 ? 2 : 1;
  const cropY = (chroma === 1 ? 2 : 1) * (2 - framesOnly);
  const width = widthInMbs * 16 - cropX * (crop[0]! + crop[1]!);
  const height = heightInUnits * 16 * (2 - framesOnly) - cropY * (crop[2]! + crop[3]!);
  const vuiAt = bits.position;
  const info = { profile, constraints, level, width, height, pocType, maxRefFrames };
  if (!bits.bit()) return { ...info, vuiAt, restrictionAt: -1 };
  skipVui(bits);
  const restrictionAt = bits.position;
  if (!bits.bit()) return { ...info, vuiAt, restrictionAt };
  bits.bit(); // motion_vectors_over_pic_boundaries_flag
  for (let i = 0; i < 4; i += 1) bits.ue(); // denominators, motion vector lengths
  return { ...info, vuiAt, restrictionAt, reorderFrames: bits.ue(), decFrameBuffering: bits.ue() };
}

function skipScalingLists(bits: BitReader, count: number): void {
  for (let i = 0; i < count; i += 1) {
    if (bits.bit()) skipScalingList(bits, i < 6);
  }
}

function skipScalingList(bits: BitReader, small: boolean): void {
  let last = 8;
  let next = 8;
  for (let i = 0; i < (small ? 16 : 64); i += 1) {
    if (next !== 0) next = (last + bits.se() + 256) % 256;
    if (next !== 0) last = next;
  }
}

/** E.1.1 up to bitstream_restriction_flag. */
function skipVui(bits: BitReader): void {
  if (bits.bit() && bits.bits(8) === 255) bits.bits(32); // aspect_ratio_idc Extended_SAR
  if (bits.bit()) bits.bit(); // overscan
  if (bits.bit()) {
    bits.bits(4); // video_format, video_full_range_flag
    if (bits.bit()) bits.bits(24); // colour_description
  }
  if (bits.bit()) {
    bits.ue(); // chroma_loc_info
    bits.ue();
  }
  if (bits.bit()) {
    bits.bits(32); // num_units_in_tick
    bits.bits(32); // time_scale
    bits.bit(); // fixed_frame_rate_flag
  }
  const nalHrd = bits.bit();
  if (nalHrd) skipHrd(bits);
  const vclHrd = bits.bit();
  if (vclHrd) skipHrd(bits);
  if (nalHrd || vclHrd) bits.bit(); // low_delay_hrd_flag
  bits.bit(); // pic_struct_present_flag
}

function skipHrd(bits: BitReader): void {
  const count = bits.ue() + 1;
  if (count > 32) throw new RangeError('cpb_cnt_minus1 over 31');
  bits.bits(8); // bit_rate_scale, cpb_size_scale
  for (let i = 0; i < count; i += 1) {
    bits.ue();
    bits.ue();
    bits.bit();
  }
  bits.bits(20); // the four lengths
}
