import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Frame } from '../../electron/frames/frame.ts';
import { Timeline } from '../../electron/frames/timeline.ts';
import { accessUnits } from '../live/clip.ts';
import { probePackets } from './probe.ts';

/** A source of ffmpeg: the frame's number in ten bars, black or white, drawn a pixel each and then made large. */
export const numberedPicture = (size: string, fps: number) =>
  `color=size=10x2:rate=${fps},geq=lum='16+219*mod(floor(N/pow(2,X)),2)':cb=128:cr=128,scale=${size.replace('x', ':')}:flags=neighbor,setsar=1`;

export interface BFrameClip {
  readonly folder: string;
  readonly seconds: number;
  readonly fps: number;
  readonly gopSeconds: number;
  /** Arrival of the first frame, ms since 1970. */
  readonly from: number;
}

/**
 * What a terminal sends that encodes with B pictures, some of them referred to: in the order of decoding, stamped with the
 * time of showing. Each picture shows its number as ten bars, black or white, lowest bit first.
 */
export function bFrameClip({ folder, seconds, fps, gopSeconds, from }: BFrameClip): Frame[] {
  const file = join(folder, 'sent.mp4');
  const gop = String(fps * gopSeconds);
  const coder = ['-c:v', 'libx264', '-profile:v', 'high', '-preset', 'veryfast', '-bf', '3', '-b_strategy', '0'];
  const groups = ['-x264-params', 'b-pyramid=normal:repeat-headers=1:aud=0', '-g', gop, '-keyint_min', gop];
  const form = ['-sc_threshold', '0', '-threads', '1', '-pix_fmt', 'yuv420p', '-video_track_timescale', '1000'];
  const picture = numberedPicture('320x240', fps);
  const input = ['-v', 'error', '-y', '-f', 'lavfi', '-i', picture, '-t', String(seconds)];
  execFileSync('ffmpeg', [...input, ...coder, ...groups, ...form, file]);
  const annexB = ['-v', 'error', '-i', file, '-c', 'copy', '-bsf:v', 'h264_mp4toannexb', '-f', 'h264', '-'];
  const units = accessUnits(execFileSync('ffmpeg', annexB, { maxBuffer: 1 << 28 }));
  const packets = probePackets(file);
  if (units.length !== packets.length) throw new Error(`${units.length} units, ${packets.length} packets`);
  const timeline = new Timeline();
  return units.map(({ data, key }, n) => {
    const deviceMs = BigInt(packets[n]!.pts + 600_000);
    const receivedAt = from + Math.round((n * 1000) / fps);
    const ptsMs = timeline.video(deviceMs, receivedAt);
    return { key, codec: 'h264', payloadType: 98, ptsMs, deviceMs, receivedAt, data: new Uint8Array(data) };
  });
}
