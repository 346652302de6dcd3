import { ShortRead } from '../codec/cursor.ts';
import { BitReader } from './bit-reader.ts';
import type { PictureSize } from './sps.ts';

const extendedSar = 255;
const mostReferences = 16;

/** seq_parameter_set_rbsp, H.265 §7.3.2.2.1. @throws ShortRead */
export function readSpsH265(sps: Uint8Array): PictureSize {
  const bits = new BitReader(sps, 2);
  bits.skip(4); // sps_video_parameter_set_id
  const subLayers = bits.bits(3);
  bits.skip(1); // sps_temporal_id_nesting_flag
  const { profile, level } = readProfile(bits, subLayers);
  bits.ue(); // sps_seq_parameter_set_id
  const chromaFormat = bits.ue();
  const hasSeparatePlanes = chromaFormat === 3 && bits.flag();
  const codedWidth = bits.ue();
  const codedHeight = bits.ue();
  let cropX = 0;
  let cropY = 0;
  if (bits.flag()) {
    // §7.4.3.2.1: the conformance window counts chroma samples
    const isLumaOnly = chromaFormat === 0 || hasSeparatePlanes;
    const unitX = isLumaOnly || chromaFormat === 3 ? 1 : 2;
    const unitY = isLumaOnly || chromaFormat !== 1 ? 1 : 2;
    cropX = (bits.ue() + bits.ue()) * unitX;
    cropY = (bits.ue() + bits.ue()) * unitY;
  }
  return {
    width: codedWidth - cropX,
    height: codedHeight - cropY,
    profile,
    level,
    hasBitstreamRestriction: readsBitstreamRestriction(bits, subLayers),
  };
}

/** profile_tier_level, H.265 §7.3.3. */
function readProfile(bits: BitReader, subLayers: number): { profile: number; level: number } {
  bits.skip(3); // general_profile_space, general_tier_flag
  const profile = bits.bits(5);
  bits.skip(80); // compatibility flags and constraints
  const level = bits.bits(8);
  const present: { hasProfile: boolean; hasLevel: boolean }[] = [];
  for (let i = 0; i < subLayers; i++) present.push({ hasProfile: bits.flag(), hasLevel: bits.flag() });
  if (subLayers > 0) bits.skip(2 * (8 - subLayers));
  for (const layer of present) bits.skip((layer.hasProfile ? 88 : 0) + (layer.hasLevel ? 8 : 0));
  return { profile, level };
}

/** What follows the size is long; where it is cut short the restriction counts as absent. */
function readsBitstreamRestriction(bits: BitReader, subLayers: number): boolean {
  try {
    return skipToVui(bits, subLayers) && readVui(bits, subLayers);
  } catch (thrown) {
    if (thrown instanceof ShortRead) return false;
    throw thrown;
  }
}

/** From bit_depth_luma_minus8 to vui_parameters_present_flag, which it returns. */
function skipToVui(bits: BitReader, subLayers: number): boolean {
  bits.ue(); // bit depths
  bits.ue();
  const orderCountBits = bits.ue() + 4;
  const hasOrderingInfo = bits.flag();
  for (let i = hasOrderingInfo ? 0 : subLayers; i <= subLayers; i++) {
    bits.ue();
    bits.ue();
    bits.ue();
  }
  for (let i = 0; i < 6; i++) bits.ue(); // block and transform sizes, hierarchy depths
  if (bits.flag() && bits.flag()) skipScalingLists(bits);
  bits.skip(2); // amp_enabled_flag, sample_adaptive_offset_enabled_flag
  if (bits.flag()) {
    bits.skip(8); // PCM bit depths
    bits.ue();
    bits.ue();
    bits.skip(1);
  }
  skipReferenceSets(bits);
  if (bits.flag()) for (let left = bits.ue(); left > 0; left--) bits.skip(orderCountBits + 1); // long-term references
  bits.skip(2); // sps_temporal_mvp_enabled_flag, strong_intra_smoothing_enabled_flag
  return bits.flag();
}

/** scaling_list_data, H.265 §7.3.4. */
function skipScalingLists(bits: BitReader): void {
  for (let size = 0; size < 4; size++)
    for (let matrix = 0; matrix < 6; matrix += size === 3 ? 3 : 1) {
      if (!bits.flag()) {
        bits.ue();
        continue;
      }
      if (size > 1) bits.se();
      for (let left = Math.min(64, 1 << (4 + (size << 1))); left > 0; left--) bits.se();
    }
}

/** num_short_term_ref_pic_sets times st_ref_pic_set, H.265 §7.3.7; each may be coded by its difference to the one before. */
function skipReferenceSets(bits: BitReader): void {
  const sets = bits.ue();
  let entries = 0;
  for (let set = 0; set < sets; set++) {
    if (set > 0 && bits.flag()) {
      bits.skip(1); // delta_rps_sign
      bits.ue();
      let kept = 0;
      for (let i = 0; i <= entries; i++) if (bits.flag() || bits.flag()) kept++;
      entries = kept;
    } else {
      const negative = bits.ue();
      const positive = bits.ue();
      if (negative + positive > mostReferences) throw new ShortRead(0, negative + positive, mostReferences);
      for (let i = 0; i < negative + positive; i++) {
        bits.ue();
        bits.skip(1);
      }
      entries = negative + positive;
    }
  }
}

/** vui_parameters, H.265 §E.2.1, up to bitstream_restriction_flag. */
function readVui(bits: BitReader, subLayers: number): boolean {
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
  bits.skip(3); // neutral_chroma_indication_flag, field_seq_flag, frame_field_info_present_flag
  if (bits.flag()) for (let i = 0; i < 4; i++) bits.ue(); // default display window
  if (bits.flag()) {
    bits.skip(64); // vui_num_units_in_tick, vui_time_scale
    if (bits.flag()) bits.ue();
    if (bits.flag()) skipHrd(bits, subLayers);
  }
  return bits.flag();
}

/** hrd_parameters, H.265 §E.2.2, with the common information that an SPS always carries. */
function skipHrd(bits: BitReader, subLayers: number): void {
  const hasNal = bits.flag();
  const hasVcl = bits.flag();
  let hasSubPictures = false;
  if (hasNal || hasVcl) {
    hasSubPictures = bits.flag();
    if (hasSubPictures) bits.skip(19);
    bits.skip(8);
    if (hasSubPictures) bits.skip(4);
    bits.skip(15);
  }
  for (let layer = 0; layer <= subLayers; layer++) {
    const isFixedGeneral = bits.flag();
    const isFixed = isFixedGeneral || bits.flag();
    let isLowDelay = false;
    if (isFixed) bits.ue();
    else isLowDelay = bits.flag();
    const buffers = isLowDelay ? 1 : bits.ue() + 1;
    for (let kind = 0; kind < Number(hasNal) + Number(hasVcl); kind++)
      for (let left = buffers; left > 0; left--) {
        bits.ue();
        bits.ue();
        if (hasSubPictures) {
          bits.ue();
          bits.ue();
        }
        bits.skip(1);
      }
  }
}
