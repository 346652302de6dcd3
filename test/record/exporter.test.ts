import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../electron/clock.ts';
import type { CameraKey, CoverageGap, ExportJob, TrackPoint } from '../../electron/contract.ts';
import { silentLog } from '../../electron/log.ts';
import { Exporter } from '../../electron/record/exporter.ts';
import type { Footage } from '../../electron/record/footage-piece.ts';
import { Tally } from '../../electron/tally.ts';
import { canMount } from '../live/small-disk.ts';
import { bFrameClip } from './b-frame-clip.ts';
import { frameMs, hasFfmpeg, probe, recordFootage, shownPictures } from './recorded-footage.ts';
import { RecordingBench, camera as recorded, startOf } from './recording-bench.ts';

const camera: CameraKey = { vehicleId: '13900000001', channel: 1, stream: 'main' };
const t0 = Date.UTC(2026, 10, 23, 8, 0, 0);

let folder: string;
let recordings: string;
let target: string;
let footage: Footage[];
let gaps: CoverageGap[];
let track: TrackPoint[];
let jobs: ExportJob[];
let exporter: Exporter;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convoy-export-'));
  recordings = join(folder, 'recordings');
  target = join(folder, 'exports');
  mkdirSync(recordings);
  footage = [];
  gaps = [];
  track = [];
  jobs = [];
  exporter = new Exporter({
    clock: systemClock,
    tally: new Tally(),
    log: silentLog,
    settings: { maxExports: 2 },
    source: { footage: () => footage, gaps: () => gaps, track: () => track },
    recordings: () => recordings,
    folder: () => target,
    changed: job => jobs.push(job),
  });
});

afterEach(async () => {
  await exporter.close();
  rmSync(folder, { recursive: true, force: true });
});

function path(file: string): string {
  return join(recordings, file);
}

async function ended(id: string): Promise<ExportJob> {
  for (;;) {
    const job = exporter.list().find(entry => entry.id === id)!;
    if (job.state !== 'waiting' && job.state !== 'running') return job;
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

async function exported(from: number, to: number): Promise<ExportJob> {
  const started = exporter.start({ from, to, cameras: [camera] });
  if (!started.ok) throw new Error(started.message);
  return ended(started.value.id);
}

function videosOf(job: ExportJob): string[] {
  return job.files.filter(({ name }) => name.endsWith('.mp4')).map(({ name }) => join(job.folder, name));
}

interface Manifest {
  videos: {
    name: string;
    frames: number;
    leadFrames: number;
    from: string;
    to: string;
    cutShort: boolean;
    sources: string[];
  }[];
  gaps: { cause: string }[];
  unreadable: string[];
  files: { name: string; bytes: number; sha256: string }[];
}

function manifestOf(job: ExportJob): Manifest {
  return JSON.parse(readFileSync(join(job.folder, 'manifest.json'), 'utf8')) as Manifest;
}

describe.skipIf(!hasFfmpeg)('an export (needs ffmpeg)', () => {
  it('shows from the very frame on, between two key frames, and ends at the very frame', async () => {
    footage = [await recordFootage({ path: path('a.mp4'), file: 'a.mp4', frames: 150, at: t0, withAudio: true })];
    const job = await exported(t0 + 40 * frameMs, t0 + 110 * frameMs);
    expect(job.error).toBeUndefined();
    expect(job).toMatchObject({ state: 'done', progress: 1, secondsLeft: null });
    const [video] = videosOf(job);
    expect(shownPictures(video!)).toEqual(shownPictures(path('a.mp4')).slice(40, 110));
    const { streams } = probe(video!);
    expect(streams.map(({ codec_name }) => codec_name)).toEqual(['h264', 'aac']);
    expect(streams[0]!.nb_read_packets).toBe(String(15 + 70));
    expect(Number(streams[0]!.duration)).toBeCloseTo((70 * frameMs) / 1000, 1);
    expect(manifestOf(job).videos).toMatchObject([{ frames: 70, leadFrames: 15, cutShort: false, sources: ['a.mp4'] }]);
  });

  it.each([40, 41, 42, 43, 47])('begins picture and sound within 40 ms of each other, cut at frame %i', async frame => {
    footage = [await recordFootage({ path: path('a.mp4'), file: 'a.mp4', frames: 150, at: t0, withAudio: true })];
    const job = await exported(t0 + frame * frameMs, t0 + 110 * frameMs);
    const [video] = videosOf(job);
    const [picture, sound] = probe(video!).streams.map(stream => Number(stream.start_time));
    expect(Math.abs(picture! - sound!)).toBeLessThanOrEqual(0.04);
  });

  it.each([
    [33, 72],
    [35, 73],
    [50, 99],
  ])('of B pictures shows from picture %i up to picture %i, in the order of showing', async (first, end) => {
    const bench = await RecordingBench.open();
    try {
      const from = bench.clock.now();
      const frames = bFrameClip({ folder, seconds: 5, fps: 25, gopSeconds: 2, from });
      bench.recorder.hold(recorded, 'manual');
      for (const [n, frame] of frames.entries()) bench.play(frame, n === 0 ? startOf(frame, 320, 240) : undefined);
      await bench.recorder.close();
      const [entry] = bench.ledger.segments;
      const { file, to, bytes } = entry!.end!;
      const row = { id: 1, state: 'complete' as const, isProtected: false, frames: frames.length, file, to, bytes };
      footage = [{ segment: { ...entry!.segment, ...row }, fragments: entry!.fragments }];
      recordings = bench.folder;
      const job = await exported(from + first * 40, from + end * 40);
      expect(job.error).toBeUndefined();
      const shown = shownPictures(videosOf(job)[0]!);
      expect(shown.slice(0, end - first)).toEqual(shownPictures(bench.path(0)).slice(first, end));
      // What the last ones refer to.
      expect(shown.length - (end - first)).toBeLessThanOrEqual(2);
      const [video] = manifestOf(job).videos;
      expect(video).toMatchObject({ frames: shown.length, from: new Date(from + first * 40).toISOString() });
    } finally {
      await bench.close();
    }
  });

  it('can be played while it is fetched: what describes the file is at its beginning', async () => {
    footage = [await recordFootage({ path: path('a.mp4'), file: 'a.mp4', frames: 75, at: t0, withAudio: true })];
    const bytes = readFileSync(videosOf(await exported(t0, t0 + 5000))[0]!);
    const names: string[] = [];
    for (let at = 0; at + 8 <= bytes.length; at += bytes.readUInt32BE(at) || bytes.length)
      names.push(bytes.toString('latin1', at + 4, at + 8));
    expect(names.filter(name => name === 'moov' || name === 'mdat')).toEqual(['moov', 'mdat']);
  });

  it('is hashed file by file, for programs and for sha256sum', async () => {
    footage = [await recordFootage({ path: path('a.mp4'), file: 'a.mp4', frames: 75, at: t0 })];
    track = [{ at: t0 - 5000, latitude: 31.23041, longitude: 121.4737, speed: 48.2, direction: 90 }];
    const job = await exported(t0, t0 + 3000);
    const names = readdirSync(job.folder).sort();
    expect(names).toEqual(job.files.map(({ name }) => name).sort());
    const [manifest, sums] = job.files.slice(-2);
    expect([manifest!.name, sums!.name]).toEqual(['manifest.json', 'SHA256SUMS']);
    const hashed = job.files.slice(0, -2).map(({ name }) => name);
    expect(hashed.map(name => name.split('.').at(-1))).toEqual(['mp4', 'srt', 'csv']);
    expect(manifestOf(job).files).toEqual(job.files.slice(0, -2).map(({ url: _url, ...file }) => file));
    for (const { name, sha256, bytes } of job.files) {
      const content = readFileSync(join(job.folder, name));
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
      expect(content.length).toBe(bytes);
    }
    const lines = job.files.slice(0, -2).map(({ name, sha256 }) => `${sha256}  ${name}\n`);
    expect(readFileSync(join(job.folder, 'SHA256SUMS'), 'utf8')).toBe(lines.join(''));
    const table = readFileSync(join(job.folder, hashed[2]!), 'utf8').split('\r\n');
    expect(table).toHaveLength(1 + 4 + 1);
    expect(table[2]).toMatch(/^1,2026-11-23T08:00:01.000Z,.*,31.230410,121.473700,48.2,90$/);
    expect(readFileSync(join(job.folder, hashed[1]!), 'utf8')).toContain('沪A12345 CH1');
  });

  it('joins segments that follow each other and has every frame once', async () => {
    const second = t0 + 50 * frameMs;
    footage = [
      await recordFootage({ path: path('a.mp4'), file: 'a.mp4', frames: 50, at: t0, withAudio: true }),
      await recordFootage({ path: path('b.mp4'), id: 2, file: 'b.mp4', frames: 75, at: second + 30, withAudio: true }),
    ];
    const job = await exported(t0 + 10 * frameMs, second + 80_000);
    const [video, ...more] = videosOf(job);
    expect(more).toEqual([]);
    const parts = [...shownPictures(path('a.mp4')).slice(10), ...shownPictures(path('b.mp4'))];
    expect(shownPictures(video!)).toEqual(parts);
    expect(Number(probe(video!).streams[0]!.duration)).toBeCloseTo((115 * frameMs) / 1000, 1);
  });

  it('begins a new file after a gap, with its own time', async () => {
    const pauseAfterGop = { gop: 0, ms: 60_000 };
    gaps = [{ from: t0 + 25 * frameMs, to: t0 + 25 * frameMs + 60_000, cause: 'offline' }];
    footage = [await recordFootage({ path: path('a.mp4'), file: 'a.mp4', frames: 75, at: t0, pauseAfterGop })];
    const job = await exported(t0 - 1000, t0 + 3_600_000);
    expect(videosOf(job)).toHaveLength(2);
    const manifest = manifestOf(job);
    expect(manifest.videos.map(({ frames, from }) => ({ frames, from: Date.parse(from) - t0 }))).toEqual([
      { frames: 25, from: 0 },
      { frames: 50, from: 25 * frameMs + 60_000 },
    ]);
    expect(manifest.gaps).toMatchObject([{ cause: 'offline' }]);
    for (const video of videosOf(job)) probe(video);
  });

  it('takes as much as there is of a file that was cut off, and says so', async () => {
    footage = [await recordFootage({ path: path('a.mp4'), file: 'a.mp4', frames: 100, at: t0 })];
    truncateSync(path('a.mp4'), Math.floor(statSync(path('a.mp4')).size * 0.6));
    const job = await exported(t0, t0 + 60_000);
    expect(job.state).toBe('done');
    const frames = manifestOf(job).videos[0]!.frames;
    expect(frames).toBeGreaterThanOrEqual(25);
    expect(frames).toBeLessThan(100);
    expect(shownPictures(videosOf(job)[0]!)).toHaveLength(frames);
  });
});

describe('an export that cannot be', () => {
  it('says that there is no footage and leaves nothing behind', async () => {
    expect(await exported(t0, t0 + 1000)).toMatchObject({ state: 'failed', error: { code: 'noFootage' } });
    expect(existsSync(target)).toBe(false);
  });

  it('says that nothing could be read, and leaves nothing behind', async () => {
    footage = [await recordFootage({ path: path('a.mp4'), file: 'a.mp4', frames: 25, at: t0 })];
    writeFileSync(path('a.mp4'), 'no film');
    const job = await exported(t0, t0 + 1000);
    expect(job).toMatchObject({ state: 'failed', error: { code: 'noFootage' } });
    expect(readdirSync(target)).toEqual([]);
  });

  it('is cancelled between two packets and removes what it had written', async () => {
    footage = [await recordFootage({ path: path('a.mp4'), file: 'a.mp4', frames: 300, at: t0 })];
    const started = exporter.start({ from: t0, to: t0 + 60_000, cameras: [camera] });
    if (!started.ok) throw new Error(started.message);
    while (!existsSync(target) || readdirSync(target).length === 0) await new Promise(resolve => setImmediate(resolve));
    expect(exporter.cancel(started.value.id)).toMatchObject({ ok: true, value: { state: 'cancelled' } });
    await exporter.close();
    expect(readdirSync(target)).toEqual([]);
    expect(exporter.list()).toMatchObject([{ state: 'cancelled', files: [] }]);
  });

  it('fails in words where nothing can be written', async () => {
    footage = [await recordFootage({ path: path('a.mp4'), file: 'a.mp4', frames: 25, at: t0 })];
    writeFileSync(target, 'a file where the folder should be');
    const job = await exported(t0, t0 + 1000);
    expect(job).toMatchObject({ state: 'failed' });
    expect(job.error?.code).not.toBe('internal');
  });

  it.skipIf(!canMount())(
    'says that the disk is full and frees it again (needs the right to mount a small one)',
    async () => {
      footage = [await recordFootage({ path: path('a.mp4'), file: 'a.mp4', frames: 150, at: t0 })];
      mkdirSync(target);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', target]);
      try {
        const job = await exported(t0, t0 + 60_000);
        expect(job).toMatchObject({ state: 'failed', error: { code: 'diskFull' } });
        expect(readdirSync(target)).toEqual([]);
      } finally {
        spawnSync('umount', ['-l', target]);
      }
    },
  );

  it('is refused when its stretch is none, its folder is relative, or too many wait', async () => {
    const from = t0;
    expect(exporter.start({ from, to: from, cameras: [camera] })).toMatchObject({ ok: false, code: 'badRequest' });
    expect(exporter.start({ from, to: from + 1, cameras: [] })).toMatchObject({ ok: false, code: 'badRequest' });
    const relative = exporter.start({ from, to: from + 1, cameras: [camera], folder: '../there' });
    expect(relative).toMatchObject({ ok: false, code: 'badRequest' });
    const answers = Array.from({ length: 4 }, () => exporter.start({ from, to: from + 1, cameras: [camera] }).ok);
    expect(answers).toEqual([true, true, false, false]);
  });
});
