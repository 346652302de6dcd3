import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FragmentRow } from '../../../electron/contract.ts';
import { numberedPicture } from '../../record/b-frame-clip.ts';

/** A recorded file made for the harness. */
export interface FootageFile {
  file: string;
  initBytes: number;
  mime: string;
  /** With `at` counted from the file's first frame. */
  fragments: FragmentRow[];
  seconds: number;
  codec: 'h264' | 'h265';
}

const timescaleOf = (bytes: Buffer): number => {
  const mdhd = bytes.indexOf('mdhd');
  return bytes.readUInt32BE(mdhd + 4 + (bytes[mdhd + 4] === 1 ? 20 : 12));
};

export interface FootageShape {
  seconds: number;
  fps?: number;
  size?: string;
  codec?: 'h264' | 'h265';
  bFrames?: number;
  /** The frame's number in ten bars, black or white, instead of a test picture. */
  counter?: boolean;
  /** Sound: a tone that goes up by 100 Hz each second from here (Hz). */
  toneHz?: number;
}

/** Encodes a moving test picture as fragmented MP4, a fragment for each key frame, as the recorder writes them. */
export function makeFootage(folder: string, name: string, shape: FootageShape): FootageFile {
  const { seconds, fps = 15, codec = 'h264', size = '704x576', bFrames = 0, toneHz } = shape;
  const file = join(folder, `${name}.mp4`);
  const picture = shape.counter ? numberedPicture(size, fps) : `testsrc2=size=${size}:rate=${fps}`;
  // The phase goes on where the pitch changes, so that nothing clicks.
  const phase = `2*PI*(${toneHz}*t+100*(floor(t)*t-floor(t)*(floor(t)+1)/2))`;
  const tone = toneHz ? ['-f', 'lavfi', '-i', `aevalsrc=exprs='0.4*sin(${phase})':s=8000`] : [];
  const input = ['-f', 'lavfi', '-i', picture, ...tone, '-t', String(seconds)];
  const sound = toneHz ? ['-c:a', 'aac', '-ac', '1', '-ar', '8000', '-b:a', '24k'] : [];
  const kind =
    codec === 'h264'
      ? ['-c:v', 'libx264', '-profile:v', bFrames ? 'high' : 'baseline']
      : ['-c:v', 'libx265', '-tag:v', 'hvc1', '-x265-params', 'log-level=none'];
  const groups = ['-g', String(fps * 2), '-keyint_min', String(fps * 2), '-sc_threshold', '0', '-bf', String(bFrames)];
  const form = ['-movflags', 'frag_keyframe+empty_moov+default_base_moof', '-video_track_timescale', '90000'];
  const how = ['-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...input, ...kind, ...sound, ...how, ...groups, ...form, file]);
  const bytes = readFileSync(file);
  const fragments: FragmentRow[] = [];
  const timescale = timescaleOf(bytes);
  let initBytes = 0;
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'moof') {
      if (fragments.length === 0) initBytes = at;
      const tfdt = bytes.indexOf('tfdt', at);
      const ticks = bytes[tfdt + 4] === 1 ? Number(bytes.readBigUInt64BE(tfdt + 8)) : bytes.readUInt32BE(tfdt + 8);
      const mediaMs = (ticks / timescale) * 1000;
      const frames = bytes.readUInt32BE(bytes.indexOf('trun', at) + 8);
      fragments.push({ at: mediaMs, mediaMs, durationMs: (frames * 1000) / fps, offset: at, bytes: size, frames });
    } else if (type === 'mdat') fragments.at(-1)!.bytes += size;
    at += size;
  }
  return {
    file,
    initBytes,
    mime: codec === 'h265' ? 'video/mp4; codecs="hvc1.1.6.L93.B0"' : mimeOf(bytes, toneHz !== undefined),
    fragments,
    seconds,
    codec,
  };
}

function mimeOf(bytes: Buffer, hasSound: boolean): string {
  const avcC = bytes.indexOf('avcC') + 4;
  return `video/mp4; codecs="avc1.${bytes.toString('hex', avcC + 1, avcC + 4)}${hasSound ? ', mp4a.40.2' : ''}"`;
}
