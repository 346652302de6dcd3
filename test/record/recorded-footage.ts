import { execFileSync, spawnSync } from 'node:child_process';
import {
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  FilePathTarget,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import type { FragmentRow, SegmentRow } from '../../electron/contract.ts';
import type { Footage } from '../../electron/record/footage-piece.ts';
import { recordedClip } from '../live/clip.ts';

export const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
export const frameMs = 66;
const gop = 25;

export interface FootageOptions {
  readonly path: string;
  readonly id?: number;
  readonly file: string;
  readonly frames: number;
  /** Wall clock of the first frame. */
  readonly at: number;
  readonly withAudio?: boolean;
  /** Media time between the last frame of this group of pictures and the next one. */
  readonly pauseAfterGop?: { readonly gop: number; readonly ms: number };
}

/** A fragmented MP4 as the recorder leaves one, written by mediabunny alone, with what the catalogue would say of it. */
export async function recordFootage(options: FootageOptions): Promise<Footage> {
  const { path, frames, at, withAudio, pauseAfterGop } = options;
  const units = recordedClip(frames);
  const output = new Output({
    format: new Mp4OutputFormat({ fastStart: 'fragmented', minimumFragmentDuration: 0 }),
    target: new FilePathTarget(path),
  });
  const video = new EncodedVideoPacketSource('avc');
  output.addVideoTrack(video, { frameRate: 1000 });
  const audio = new EncodedAudioPacketSource('aac');
  if (withAudio) output.addAudioTrack(audio);
  await output.start();
  const fragments: FragmentRow[] = [];
  const times: number[] = [];
  let time = 0;
  for (const [index, unit] of units.entries()) {
    if (unit.key) fragments.push({ at: at + time, mediaMs: time, durationMs: 0, offset: 0, bytes: 0, frames: 0 });
    times.push(time);
    const fragment = fragments.at(-1)!;
    time += frameMs;
    if (index === (pauseAfterGop?.gop ?? -1) * gop + gop - 1) time += pauseAfterGop!.ms;
    const row = { ...fragment, durationMs: times.at(-1)! + frameMs - fragment.mediaMs };
    fragments[fragments.length - 1] = { ...row, frames: row.frames + 1, bytes: row.bytes + unit.data.length };
    const packet = new EncodedPacket(unit.data, unit.key ? 'key' : 'delta', times.at(-1)! / 1000, frameMs / 1000);
    await video.add(packet, { decoderConfig: { codec: 'avc1.42c01e', codedWidth: 352, codedHeight: 288 } });
  }
  if (withAudio) await addSilence(audio, time / 1000);
  await output.finalize();
  const segment: SegmentRow = {
    id: options.id ?? 1,
    vehicleId: '13900000001',
    channel: 1,
    stream: 'main',
    headerId: '013900000001',
    plate: '沪A12345',
    from: at,
    to: at + time,
    bytes: 0,
    frames,
    state: 'complete',
    codec: 'h264',
    width: 352,
    height: 288,
    hasAudio: withAudio === true,
    isProtected: false,
    file: options.file,
  };
  return { segment, fragments };
}

/** AAC-LC, 8 kHz mono: packets of 1024 samples that decode to silence. */
async function addSilence(audio: EncodedAudioPacketSource, seconds: number): Promise<void> {
  const silent = Uint8Array.of(0x01, 0x40, 0x20, 0x07);
  const decoderConfig = {
    codec: 'mp4a.40.2',
    sampleRate: 8000,
    numberOfChannels: 1,
    description: Uint8Array.of(0x15, 0x88),
  };
  for (let at = 0; at < seconds; at += 0.128)
    await audio.add(new EncodedPacket(silent, 'key', at, 0.128), { decoderConfig });
}

export interface Probed {
  readonly streams: {
    codec_name: string;
    codec_type: string;
    nb_read_packets?: string;
    duration?: string;
    start_time?: string;
  }[];
  readonly format: { duration: string; start_time: string };
}

/** @throws when ffprobe finds anything to complain about */
export function probe(path: string): Probed {
  const words = ['-v', 'error', '-count_packets', '-show_streams', '-show_format', '-of', 'json', path];
  const run = spawnSync('ffprobe', words, { encoding: 'utf8' });
  if (run.status !== 0 || run.stderr !== '') throw new Error(`ffprobe ${path}: ${run.stderr}`);
  return JSON.parse(run.stdout) as Probed;
}

/** MD5 of every picture a player shows, in order. @throws when ffmpeg finds anything wrong with the file */
export function shownPictures(path: string): string[] {
  const words = [
    '-v',
    'error',
    '-xerror',
    '-i',
    path,
    '-map',
    '0:v',
    '-fps_mode',
    'passthrough',
    '-f',
    'framemd5',
    '-',
  ];
  return execFileSync('ffmpeg', words, { encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'pipe'] })
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => line.split(',').at(-1)!.trim());
}
