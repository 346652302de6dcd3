import { unescapeNal } from './annex-b.ts';

/**
 * Codec string of ISO/IEC 14496-15 annex E.3 from an H.265 SPS: `hev1.` profile space and idc, compatibility flags in
 * reverse bit order, tier and level, constraint bytes without trailing zeros. Undefined when the SPS is too short.
 *
 *   0-1 NAL header | 2 vps id u(4), max_sub_layers_minus1 u(3), nesting u(1) | 3 space u(2) tier u(1) idc u(5) |
 *   4-7 compatibility | 8-13 constraints | 14 level
 */
export function hevcCodecString(sps: Uint8Array): string | undefined {
  const rbsp = unescapeNal(sps.subarray(0, Math.min(sps.length, 64)));
  if (rbsp.length < 15) return undefined;
  const head = rbsp[3]!;
  const space = ['', 'A', 'B', 'C'][head >> 6]!;
  const tier = head & 0x20 ? 'H' : 'L';
  let compatibility = 0;
  for (let i = 0; i < 32; i += 1)
    if (rbsp[4 + (i >> 3)]! & (0x80 >> (i & 7))) compatibility = (compatibility | (1 << i)) >>> 0;
  let last = 13;
  while (last >= 8 && rbsp[last] === 0) last -= 1;
  const constraints = [...rbsp.subarray(8, last + 1)].map(byte => `.${byte.toString(16).toUpperCase()}`).join('');
  return `hev1.${space}${head & 0x1f}.${compatibility.toString(16).toUpperCase()}.${tier}${rbsp[14]}${constraints}`;
}
