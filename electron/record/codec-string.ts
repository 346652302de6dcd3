import { ShortRead } from '../codec/cursor.ts';
import type { VideoCodec } from '../contract.ts';
import { BitReader } from '../frames/bit-reader.ts';

const hex = (value: number): string => value.toString(16).padStart(2, '0');

/**
 * The `codecs` parameter of a stream: RFC 6381 §3.3 for H.264, ISO/IEC 14496-15 annex E.3 for H.265.
 * @param sps NAL unit with its header, without start code
 * @returns undefined for other codecs and for a set that is cut short
 */
export function codecString(sps: Uint8Array, codec: VideoCodec): string | undefined {
  if (codec === 'h264') return sps.length < 4 ? undefined : `avc1.${hex(sps[1]!)}${hex(sps[2]!)}${hex(sps[3]!)}`;
  if (codec !== 'h265') return undefined;
  try {
    return hevcString(new BitReader(sps, 2));
  } catch (thrown) {
    if (thrown instanceof ShortRead) return undefined;
    throw thrown;
  }
}

function hevcString(bits: BitReader): string {
  bits.skip(8); // VPS id, sub-layers, nesting
  const space = ['', 'A', 'B', 'C'][bits.bits(2)]!;
  const tier = bits.flag() ? 'H' : 'L';
  const profile = bits.bits(5);
  // The compatibility flags are written in reverse bit order.
  let compatibility = 0;
  for (let i = 0; i < 32; i++) compatibility += bits.bit() * 2 ** i;
  const constraints = Array.from({ length: 6 }, () => bits.bits(8));
  while (constraints.at(-1) === 0) constraints.pop();
  const level = bits.bits(8);
  const tail = constraints.map(value => `.${value.toString(16).toUpperCase()}`).join('');
  return `hvc1.${space}${profile}.${compatibility.toString(16).toUpperCase()}.${tier}${level}${tail}`;
}
