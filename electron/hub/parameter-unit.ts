import type { VideoCodec } from '../contract.ts';

/**
 * True for an access unit without a picture: only parameter sets, delimiters and SEI. Some recorders send SPS and PPS as
 * units of their own before the key frame they belong to. Reads NAL headers up to the first picture, so an ordinary
 * frame costs one look.
 *
 * H.264 table 7-1: types 1 to 5 are slices. H.265 table 7-1: types 0 to 31 are.
 */
export function isParameterUnit(data: Uint8Array, codec: VideoCodec): boolean {
  if (codec !== 'h264' && codec !== 'h265') return false;
  let units = 0;
  let zeros = 0;
  for (let at = 0; at + 1 < data.length; at++) {
    const byte = data[at]!;
    if (byte === 0) {
      zeros++;
      continue;
    }
    if (byte === 1 && zeros >= 2) {
      const header = data[at + 1]!;
      const picture = codec === 'h264' ? (header & 31) >= 1 && (header & 31) <= 5 : ((header >> 1) & 63) <= 31;
      if (picture) return false;
      units++;
    }
    zeros = 0;
  }
  return units > 0;
}
