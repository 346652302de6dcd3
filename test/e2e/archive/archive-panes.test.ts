import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bFrameClip } from '../../record/b-frame-clip.ts';
import { camera, RecordingBench, startOf } from '../../record/recording-bench.ts';
import { type FootageFile, makeFootage } from '../../renderer/harness/footage.ts';
import { type ArchiveBrowser, browserPath, openArchiveLab } from './archive-browser.ts';
import type { Report } from './page/lab.ts';

const title = browserPath ? 'archive panes' : 'archive panes (no Chromium, Chrome or Edge is installed)';
/** 1 November 2026, 08:00 UTC. */
const start = 1_793_520_000_000;
const fps = 20;
const seconds = 20;
const length = seconds * 1000;
const none: [] = [];

/** Recorded by the recorder itself: groups of 4 s reach the disk in several fragments, and a second file begins after 4 s. */
async function recordedBFrames(folder: string): Promise<{ files: FootageFile[]; close(): Promise<void> }> {
  const bench = await RecordingBench.open();
  bench.clock.pass(4 * 60_000 - 4000);
  const frames = bFrameClip({ folder, seconds: 10, fps, gopSeconds: 4, from: bench.clock.now() });
  bench.recorder.hold(camera, 'manual');
  for (const [n, frame] of frames.entries()) bench.play(frame, n === 0 ? startOf(frame, 320, 240) : undefined);
  await bench.recorder.close();
  const files = bench.ledger.segments.map(({ segment, fragments }, n): FootageFile => {
    const { initBytes, mime, from } = segment;
    const rows = fragments.map(row => ({ ...row, at: row.at - from }));
    return { file: bench.path(n), initBytes, mime, fragments: rows, seconds: n === 0 ? 4 : 6, codec: 'h264' };
  });
  return { files, close: () => bench.close() };
}

describe.skipIf(!browserPath)(title, () => {
  let lab: ArchiveBrowser;
  let recorded: Awaited<ReturnType<typeof recordedBFrames>>;
  const folder = mkdtempSync(join(tmpdir(), 'archive-'));

  beforeAll(async () => {
    recorded = await recordedBFrames(folder);
    const shape = { seconds, fps, counter: true, size: '320x240' };
    lab = await openArchiveLab([
      makeFootage(folder, 'plain', shape),
      makeFootage(folder, 'b-frames', { ...shape, bFrames: 2 }),
      makeFootage(folder, 'larger', { ...shape, size: '640x480' }),
      makeFootage(folder, 'h265', { seconds: 2, fps, codec: 'h265', size: '320x240' }),
      ...recorded.files,
    ]);
  });
  afterAll(async () => {
    expect(lab?.errors).toEqual([]);
    await lab?.close();
    await recorded?.close();
    rmSync(folder, { recursive: true });
  });

  type Lanes = Parameters<Window['archiveLab']['open']>[0];
  const open = (lanes: Lanes, at: number) =>
    lab.page.evaluate(given => window.archiveLab.open(given.lanes, given.at), { lanes, at });
  const seek = (at: number) => lab.page.evaluate(given => window.archiveLab.seek(given), at);
  const play = (rate: number) => lab.page.evaluate(given => window.archiveLab.play(given), rate);
  const pause = () => lab.page.evaluate(() => window.archiveLab.pause());
  const step = (name: string, by: 1 | -1) =>
    lab.page.evaluate(given => window.archiveLab.step(given.name, given.by), { name, by });
  const report = () => lab.page.evaluate(() => window.archiveLab.report());
  const until = async (what: (seen: Report) => boolean) => {
    let last = await report();
    const look = async () => {
      last = await report();
      return what(last);
    };
    await expect.poll(look, { timeout: 15_000, interval: 40 }).toBe(true);
    return last;
  };
  const laid = (file: number, nth: number) => ({ file, from: start + nth * length, to: start + (nth + 1) * length });
  /** The picture, and that the pane says so: before that, a step does not know its neighbours yet. */
  const shows = (name: string, frame: number) =>
    until(({ panes }) => panes[name]!.frame === frame && panes[name]!.state.kind === 'picture');
  const frameAt = (at: number) => Math.floor(((at - start) % length) / (1000 / fps) + 0.001);

  it('shows the very frame of a moment, wherever it lies in a group', async () => {
    await open({ a: { segments: [laid(0, 0)], gaps: none } }, start + 7);
    for (const ms of [7, 3210, 19_950, 10_004, 1990, 2005]) {
      await seek(start + ms);
      const seen = await shows('a', frameAt(start + ms));
      expect(seen.panes.a!.state).toMatchObject({ kind: 'picture', width: 320, height: 240, codec: 'h264' });
    }
  });

  it('steps through every frame both ways, over groups and over files', async () => {
    await open({ a: { segments: [laid(0, 0), laid(2, 1)], gaps: none } }, start + length - 150);
    const first = frameAt(start + length - 150);
    await shows('a', first);
    const last = seconds * fps - 1;
    const wanted = [...Array.from({ length: last - first }, (_, i) => first + i + 1), 0, 1, 2];
    for (const frame of wanted) {
      await step('a', 1);
      await shows('a', frame);
    }
    expect((await report()).panes.a!.state).toMatchObject({ width: 640, height: 480 });
    for (const frame of [1, 0, last, last - 1]) {
      await step('a', -1);
      await shows('a', frame);
    }
  });

  it('steps in the order of showing where frames refer forwards', async () => {
    await open({ a: { segments: [laid(1, 0)], gaps: none } }, start + 4000);
    let { frame } = (await until(({ panes: { a } }) => a!.frame > 50 && a!.state.kind === 'picture')).panes.a!;
    for (const by of [1, 1, 1, 1, -1, -1, -1] as const) {
      await step('a', by);
      frame += by;
      await shows('a', frame);
    }
  });

  it('steps through B pictures of a recording both ways, over fragments, groups and files', async () => {
    const seam = start + 4000;
    const lanes = {
      a: {
        segments: [
          { file: 4, from: start, to: seam },
          { file: 5, from: seam, to: seam + 6000 },
        ],
        gaps: none,
      },
    };
    await open(lanes, seam - 1500);
    let frame = Math.floor(2.5 * fps + 0.001);
    await shows('a', frame);
    for (const by of [...Array<1>(45).fill(1), ...Array<-1>(70).fill(-1)]) {
      await step('a', by);
      frame += by;
      await shows('a', frame);
    }
    for (const ms of [9000, 3990, 4010, 7990, 8010, 900, 1100]) {
      await seek(start + ms);
      await shows('a', Math.floor((ms / 1000) * fps + 0.001));
    }
  });

  it('keeps panes in step at every speed and over the seam of two files', async () => {
    const both = [laid(0, 0), laid(0, 1)];
    await open(
      { a: { segments: both, gaps: none }, b: { segments: both, gaps: none }, c: { segments: both, gaps: none } },
      start + 1000,
    );
    await until(seen => Object.values(seen.panes).every(pane => pane.frame >= 0));
    for (const [rate, from] of [
      [0.5, 1000],
      [1, length - 1500],
      [2, 5000],
      [4, 3000],
      [8, 2000],
    ] as const) {
      await pause();
      await seek(start + from);
      await until(seen => Object.values(seen.panes).every(pane => pane.frame === frameAt(start + from)));
      await play(rate);
      const speed = Math.max(1, rate);
      await until(seen => {
        const shown = Object.values(seen.panes).map(({ shownAt }) => shownAt ?? Number.NaN);
        const isPicture = Object.values(seen.panes).every(({ state }) => state.kind === 'picture');
        // Half a second of watching is far more than a pane may be off; the machine of a test may be slow.
        const isWithClock = shown.every(at => Math.abs(at - seen.at) < 500 * speed);
        const isTogether = Math.max(...shown) - Math.min(...shown) < 300 * speed;
        return seen.at > start + from + 1500 * speed && isPicture && isWithClock && isTogether;
      });
    }
    await pause();
  });

  it('shows nine panes at sixteen times in step, every frame or key frames only, and says which', async () => {
    const names = Array.from({ length: 9 }, (_, i) => `pane ${i}`);
    const segments = Array.from({ length: 10 }, (_, nth) => laid(0, nth));
    await open(Object.fromEntries(names.map(name => [name, { segments, gaps: none }])), start);
    await until(seen => names.every(name => seen.panes[name]!.frame === 0));
    await play(16);
    const most = 500 * 16;
    const later = await until(seen => {
      const isWithClock = names.every(name => Math.abs(seen.panes[name]!.shownAt! - seen.at) < most);
      return seen.at > start + 70_000 && isWithClock;
    });
    for (const name of names)
      expect(later.panes[name]!.state).toMatchObject({
        kind: 'picture',
        frames: expect.stringMatching(/^(all|keys)$/),
      });
    await pause();
  });

  it('shows key frames only beyond sixteen times', async () => {
    const segments = Array.from({ length: 8 }, (_, nth) => laid(0, nth));
    await open({ a: { segments, gaps: none } }, start);
    await until(seen => seen.panes.a!.frame === 0);
    await play(32);
    const seen = new Set<number>();
    await until(now => {
      // Without a picture while it seeks.
      if (now.panes.a!.frame >= 0) seen.add(now.panes.a!.frame);
      return now.at > start + 100_000;
    });
    expect((await report()).panes.a!.state).toMatchObject({ kind: 'picture', frames: 'keys' });
    await pause();
    seen.delete(0);
    expect(seen.size).toBeGreaterThan(2);
    // The first frame may still be the one at which it stood; every other one begins a group of 2 s.
    expect([...seen].filter(frame => frame % (2 * fps) !== 0)).toEqual([]);
  });

  it('says where there is no footage, why, and goes on after it', async () => {
    const hole = { from: start + length, to: start + length + 3000, cause: 'loss' as const };
    const second = { file: 0, from: hole.to, to: hole.to + length };
    await open({ a: { segments: [laid(0, 0), second], gaps: [hole] } }, hole.from + 500);
    const seen = await until(now => now.panes.a!.state.kind === 'nothing');
    expect(seen.panes.a!.state).toEqual({ kind: 'nothing', nothing: hole, next: hole.to });
    await play(2);
    const after = await until(now => now.at > hole.to + 500 && now.panes.a!.state.kind === 'picture');
    expect(Math.abs(after.panes.a!.shownAt! - after.at)).toBeLessThan(1000);
    await pause();
  });

  it('names a codec that this browser does not decode', async () => {
    const supported = await lab.page.evaluate(() => MediaSource.isTypeSupported('video/mp4; codecs="hvc1.1.6.L93.B0"'));
    await open({ a: { segments: [{ file: 3, from: start, to: start + 2000 }], gaps: none } }, start + 100);
    const kind = supported ? 'picture' : 'undecodable';
    await until(seen => seen.panes.a!.state.kind === kind);
    expect((await report()).panes.a!.state).toMatchObject({ kind, codec: 'h265' });
  });

  it('begins anywhere in a file without reading it from the start', async () => {
    await lab.page.evaluate(() => window.archiveLab.asked.splice(0));
    await open({ a: { segments: [laid(0, 0)], gaps: none } }, start + 15_000);
    await shows('a', 15 * fps);
    const asked = await lab.page.evaluate(() => window.archiveLab.asked.slice(0, 2));
    // The header, then the one group of pictures that shows the moment.
    expect(asked[0]).toBeLessThan(2000);
    expect(asked[1]).toBeLessThan(200_000);
  });
});
