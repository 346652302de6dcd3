import type { VideoCodec } from '../contract.ts';

/** H.264 table 7-1. */
const h264 = { firstSlice: 1, idr: 5, lastSlice: 5, sps: 7, pps: 8 } as const;
/** H.265 table 7-1: 0 to 31 are slices, 16 to 21 (BLA, IDR, CRA) are random access points. */
const h265 = { lastSlice: 31, firstKey: 16, lastKey: 21, vps: 32, sps: 33, pps: 34 } as const;

/** Offset behind the next start code `00 00 01` at or after `from` and before `end`, where a NAL unit begins; -1 when none. */
export function nextNal(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from + 2; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte > 1) at += 2;
    else if (byte === 1 && bytes[at - 1] === 0 && bytes[at - 2] === 0) return at + 1;
  }
  return -1;
}

/** The bytes begin with a start code of 3 or 4 bytes. */
export function beginsWithStartCode(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0 || bytes[1] !== 0) return false;
  return bytes[2] === 1 || (bytes[2] === 0 && bytes[3] === 1);
}

export function nalType(header: number, codec: VideoCodec): number {
  return codec === 'h265' ? (header >> 1) & 63 : header & 31;
}

/** `key`: a decoder can begin here · `picture`: a slice that is not · `sets`: NAL units, no slice · `opaque`: not Annex-B. */
export type UnitKind = 'key' | 'picture' | 'sets' | 'opaque';

/**
 * What the first `end` bytes are, by the NAL types up to the first slice (all slices of an IDR picture have its type).
 * H.264 streams without IDR exist: there a unit marked I that carries an SPS counts as key.
 * @param isMarkedKey the packets say I frame (data type 0)
 */
export function unitKind(bytes: Uint8Array, end: number, codec: VideoCodec, isMarkedKey: boolean): UnitKind {
  if (codec !== 'h264' && codec !== 'h265') return isMarkedKey ? 'key' : 'picture';
  let hasSps = false;
  let units = 0;
  for (let at = nextNal(bytes, 0, end); at >= 0 && at < end; at = nextNal(bytes, at, end)) {
    units++;
    const type = nalType(bytes[at] as number, codec);
    if (codec === 'h265') {
      if (type <= h265.lastSlice) return type >= h265.firstKey && type <= h265.lastKey ? 'key' : 'picture';
    } else if (type === h264.sps) hasSps = true;
    else if (type >= h264.firstSlice && type <= h264.lastSlice)
      return type === h264.idr || (hasSps && isMarkedKey) ? 'key' : 'picture';
  }
  if (units === 0) return isMarkedKey ? 'key' : 'opaque';
  return 'sets';
}

/**
 * What parameter sets at the beginning, behind a delimiter or not, show the codec to be; undefined when there are none. The
 * header of an H.264 SPS names a layer that no H.265 camera has; those of an H.265 VPS and SPS are an H.264 type that is not
 * defined, and one of data partitioning.
 */
export function shownCodec(bytes: Uint8Array, end: number): 'h264' | 'h265' | undefined {
  let at = beginsWithStartCode(bytes) ? nextNal(bytes, 0, end) : -1;
  for (let units = 0; at >= 0 && at + 1 < end && units < 2; units++) {
    const [first, second] = [bytes[at], bytes[at + 1]];
    if (first === 0x67 || first === 0x47 || first === 0x27) return 'h264';
    if ((first === 0x40 || first === 0x42) && second === 1) return 'h265';
    if (first !== 0x09 && !(first === 0x46 && second === 1)) return undefined;
    at = nextNal(bytes, at, end);
  }
  return undefined;
}

/**
 * A packet that begins with a start code begins a new picture: a slice with its first macroblock (first_mb_in_slice or
 * first_slice_segment_in_pic_flag), or one of the units that may only precede a picture (H.264 §7.4.1.2.3, H.265 §7.4.2.4.4).
 */
export function beginsAccessUnit(payload: Uint8Array, codec: VideoCodec): boolean {
  const at = nextNal(payload, 0, payload.length);
  if (at < 0 || at >= payload.length) return false;
  const type = nalType(payload[at] as number, codec);
  if (codec === 'h265') {
    if (type <= h265.lastSlice) return ((payload[at + 2] ?? 0) & 0x80) !== 0;
    return (type >= 32 && type <= 35) || type === 39;
  }
  if (type >= h264.firstSlice && type <= h264.lastSlice) return ((payload[at + 1] ?? 0) & 0x80) !== 0;
  return type >= 6 && type <= 9;
}

/**
 * The parameter sets of an access unit in Annex-B (start codes of 3 or 4 bytes), without start codes, in their order:
 * H.264 SPS and PPS, H.265 VPS, SPS and PPS. Views of `data`. Stops at the first slice.
 */
export function parameterSets(data: Uint8Array, codec: VideoCodec): Uint8Array[] {
  const sets: Uint8Array[] = [];
  if (codec !== 'h264' && codec !== 'h265') return sets;
  let at = nextNal(data, 0, data.length);
  while (at >= 0 && at < data.length) {
    const type = nalType(data[at] as number, codec);
    if (codec === 'h264' ? type >= h264.firstSlice && type <= h264.lastSlice : type <= h265.lastSlice) break;
    const next = nextNal(data, at, data.length);
    let end = next < 0 ? data.length : next - 3;
    while (end > at && data[end - 1] === 0) end--;
    if (codec === 'h264' ? type === h264.sps || type === h264.pps : type >= h265.vps && type <= h265.pps)
      sets.push(data.subarray(at, end));
    at = next;
  }
  return sets;
}

/** The first SPS of an access unit, header included; undefined when it has none. */
export function sequenceSet(data: Uint8Array, codec: VideoCodec): Uint8Array | undefined {
  const wanted = codec === 'h265' ? h265.sps : h264.sps;
  return parameterSets(data, codec).find(set => nalType(set[0] as number, codec) === wanted);
}
