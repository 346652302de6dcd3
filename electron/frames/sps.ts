import { ShortRead } from '../codec/cursor.ts';
import type { VideoCodec } from '../contract.ts';
import { readSpsH264 } from './sps-h264.ts';
import { readSpsH265 } from './sps-h265.ts';

/** What a sequence parameter set says about the picture. */
export interface PictureSize {
  /** Pixels after cropping. */
  readonly width: number;
  readonly height: number;
  /** profile_idc or general_profile_idc. */
  readonly profile: number;
  /** level_idc (31 = level 3.1) or general_level_idc (93 = level 3.1). */
  readonly level: number;
  /** VUI carries bitstream_restriction: without it decoders hold pictures back. */
  readonly hasBitstreamRestriction: boolean;
}

const largestSide = 16384;

/**
 * Reads an SPS.
 * @param sps NAL unit with its header, without start code
 * @returns undefined for other codecs, for a set that is cut short, and for sizes no camera has
 */
export function pictureSize(sps: Uint8Array, codec: VideoCodec): PictureSize | undefined {
  if (codec !== 'h264' && codec !== 'h265') return undefined;
  try {
    const size = codec === 'h264' ? readSpsH264(sps) : readSpsH265(sps);
    return isSane(size.width) && isSane(size.height) ? size : undefined;
  } catch (thrown) {
    if (thrown instanceof ShortRead) return undefined;
    throw thrown;
  }
}

function isSane(side: number): boolean {
  return Number.isInteger(side) && side > 0 && side <= largestSide;
}
