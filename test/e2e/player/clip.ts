import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { hasBSlice } from '../../../renderer/player/access-unit.ts';
import { escapeNal, joinNals, splitNals, unescapeNal } from '../../../renderer/player/annex-b.ts';
import { BitReader, BitWriter } from '../../../renderer/player/bits.ts';

const run = promisify(execFile);

/** What a simulated camera sends: access units of one or more groups of pictures, repeated for ever. */
export interface Clip {
  name: string;
  width: number;
  height: number;
  fps: number;
  units: { key: boolean; data: Uint8Array }[];
}

export interface ClipOptions {
  width?: number;
  height?: number;
  fps?: number;
  gop?: number;
  seconds?: number;
  profile?: 'baseline' | 'main' | 'high';
  bitrate?: string;
  bFrames?: number;
  /** Black but for a white picture at the beginning. */
  flash?: boolean;
  /** I pictures that are not IDR after the first key frame. */
  openGop?: boolean;
}

/** Encodes ffmpeg's moving test picture with x264. */
export async function encodeClip(name: string, options: ClipOptions = {}): Promise<Clip> {
  const { width = 352, height = 288, fps = 15, gop = 30, seconds = 4, profile = 'main', bitrate = '384k' } = options;
  const x264 = `bframes=${options.bFrames ?? 0}:b-adapt=0:keyint=${gop}:min-keyint=${gop}:scenecut=0:slices=1:sliced-threads=0`;
  const size = `size=${width}x${height}:rate=${fps}`;
  const flash = `color=black:${size},drawbox=color=white:thickness=fill:enable='eq(n,0)'`;
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', options.flash ? flash : `testsrc2=${size}`, '-t', String(seconds)],
      ...['-c:v', 'libx264', '-profile:v', profile, '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-threads', '1'],
      ...['-b:v', bitrate, '-x264-params', options.openGop ? `${x264}:open-gop=1` : x264],
      ...['-f', 'h264', '-bsf:v', 'h264_metadata=aud=remove', 'pipe:1'],
    ],
    { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 },
  );
  return { name, width, height, fps, units: accessUnits(stdout) };
}

/** One slice per picture: a unit ends with its slice. SEI is left out, as recorders leave it out. */
export function accessUnits(stream: Uint8Array): Clip['units'] {
  const units: Clip['units'] = [];
  let nals: Uint8Array[] = [];
  for (const nal of splitNals(stream)) {
    const type = nal[0]! & 0x1f;
    if (type === 6 || type === 9) continue;
    nals.push(nal);
    if (type !== 1 && type !== 5) continue;
    units.push({ key: nals.some(one => (one[0]! & 0x1f) === 7), data: joinNals(nals) });
    nals = [];
  }
  return units;
}

/** The same clip with an SPS that ends before its VUI, as recorders write it. */
export function withoutVui(clip: Clip): Clip {
  return {
    ...clip,
    name: `${clip.name}-plain`,
    units: clip.units.map(unit => ({
      key: unit.key,
      data: joinNals(splitNals(unit.data).map(nal => ((nal[0]! & 0x1f) === 7 ? cutVui(nal) : nal))),
    })),
  };
}

/** From the second key frame on, which is not IDR in an open group of pictures; B pictures left out. */
export function withoutIdr(clip: Clip): Clip {
  const from = clip.units.findIndex((unit, i) => i > 0 && unit.key);
  return { ...clip, name: `${clip.name}-no-idr`, units: clip.units.slice(from).filter(unit => !hasBSlice(unit.data)) };
}

/** Reads the fields of a main or baseline profile SPS with poc type 0 or 2, as x264 writes it, up to the VUI. */
export function cutVui(sps: Uint8Array): Uint8Array {
  const rbsp = unescapeNal(sps);
  const bits = new BitReader(rbsp);
  bits.bits(32);
  bits.ue();
  bits.ue();
  if (bits.ue() === 0) bits.ue();
  bits.ue();
  bits.bit();
  bits.ue();
  bits.ue();
  if (!bits.bit()) bits.bit();
  bits.bit();
  if (bits.bit()) for (let i = 0; i < 4; i += 1) bits.ue();
  const out = new BitWriter();
  out.copy(rbsp, bits.position);
  out.bit(0);
  return escapeNal(out.finish());
}

/** For the page: per unit, length in 32 bits and a byte for key, then the bytes. */
export function packClip(clip: Clip): Uint8Array {
  const size = clip.units.reduce((sum, unit) => sum + 5 + unit.data.length, 0);
  const packed = new Uint8Array(size);
  const view = new DataView(packed.buffer);
  let at = 0;
  for (const unit of clip.units) {
    view.setUint32(at, unit.data.length);
    packed[at + 4] = unit.key ? 1 : 0;
    packed.set(unit.data, at + 5);
    at += 5 + unit.data.length;
  }
  return packed;
}
