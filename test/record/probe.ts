import { spawnSync } from 'node:child_process';

export const hasFfmpeg =
  spawnSync('ffprobe', ['-version']).status === 0 && spawnSync('ffmpeg', ['-version']).status === 0;

export interface ProbedPacket {
  /** Ticks, which for video are ms. */
  readonly pts: number;
  readonly key: boolean;
  readonly bytes: number;
}

/** The video packets of a file as another program reads them. */
export function probePackets(path: string, stream = 'v:0'): ProbedPacket[] {
  const options = [
    '-v',
    'error',
    '-select_streams',
    stream,
    '-show_entries',
    'packet=pts,size,flags',
    '-of',
    'csv=p=0',
  ];
  const { stdout } = spawnSync('ffprobe', [...options, path], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return stdout
    .trim()
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const [pts, bytes, flags] = line.split(',');
      return { pts: Number(pts), bytes: Number(bytes), key: flags!.startsWith('K') };
    });
}

/** Frames that decode, and what the decoder complained about. */
export function decode(path: string): { frames: number; complaints: string } {
  const options = [
    '-v',
    'error',
    '-nostdin',
    '-i',
    path,
    '-map',
    '0:v',
    '-vsync',
    'passthrough',
    '-f',
    'framehash',
    '-',
  ];
  const { stdout, stderr } = spawnSync('ffmpeg', options, { encoding: 'utf8', maxBuffer: 1 << 28 });
  return { frames: stdout.split('\n').filter(line => line !== '' && !line.startsWith('#')).length, complaints: stderr };
}

/** An H.265 test picture in Annex-B; empty when this ffmpeg has no encoder for it. */
export function h265Stream(frames: number): Buffer {
  const source = `testsrc=size=320x240:rate=25`;
  const codec = [
    '-pix_fmt',
    'yuv420p',
    '-c:v',
    'libx265',
    '-x265-params',
    'log-level=error:bframes=0:keyint=25:repeat-headers=1:aud=1',
  ];
  const options = [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    source,
    '-frames:v',
    String(frames),
    ...codec,
    '-f',
    'hevc',
    '-',
  ];
  const { stdout } = spawnSync('ffmpeg', options, { maxBuffer: 1 << 28 });
  return stdout;
}
