import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeFootage } from '../../renderer/harness/footage.ts';
import { type ArchiveBrowser, browserPath, openArchiveLab } from './archive-browser.ts';
import type { Report } from './page/lab.ts';

const title = browserPath ? 'archive sound' : 'archive sound (no Chromium, Chrome or Edge is installed)';
/** 1 November 2026, 08:00 UTC. */
const start = 1_793_520_000_000;
const fps = 20;
const seconds = 12;
const length = seconds * 1000;
const none: [] = [];
/** Sound and clock may be apart by this much, ms. */
const together = 80;

describe.skipIf(!browserPath)(title, () => {
  let lab: ArchiveBrowser;
  const folder = mkdtempSync(join(tmpdir(), 'archive-sound-'));

  beforeAll(async () => {
    const shape = { seconds, fps, counter: true, size: '320x240' };
    lab = await openArchiveLab([
      makeFootage(folder, 'mute', shape),
      makeFootage(folder, 'low', { ...shape, toneHz: 300 }),
      makeFootage(folder, 'high', { ...shape, toneHz: 1800 }),
    ]);
  });
  afterEach(() => lab.page.evaluate(() => window.archiveLab.pause()));
  afterAll(async () => {
    expect(lab?.errors).toEqual([]);
    await lab?.close();
    rmSync(folder, { recursive: true });
  });

  type Lanes = Parameters<Window['archiveLab']['open']>[0];
  const open = (lanes: Lanes, at: number) =>
    lab.page.evaluate(given => window.archiveLab.open(given.lanes, given.at), { lanes, at });
  const hear = (name: string | undefined) => lab.page.evaluate(given => window.archiveLab.hear(given), name);
  const seek = (at: number) => lab.page.evaluate(given => window.archiveLab.seek(given), at);
  const play = (rate: number) => lab.page.evaluate(given => window.archiveLab.play(given), rate);
  const setLevel = (level: number) => lab.page.evaluate(given => window.archiveLab.setLevel(given), level);
  const report = () => lab.page.evaluate(() => window.archiveLab.report());
  const until = async (what: (seen: Report) => boolean) => {
    let last = await report();
    await expect
      .poll(
        async () => {
          last = await report();
          return what(last);
        },
        { timeout: 15_000, interval: 40 },
      )
      .toBe(true);
    return last;
  };
  const laid = (file: number, nth: number) => ({ file, from: start + nth * length, to: start + (nth + 1) * length });
  const one = (...files: number[]) => ({ segments: files.map((file, nth) => laid(file, nth)), gaps: none });
  /** The pitch says which second of its file is heard; what is measured is a little behind. */
  const isTone = ({ at, sound }: Report, lowest: number) => {
    const hz = lowest + 100 * Math.floor(((at - start) % length) / 1000);
    return sound!.level > 0.1 && (Math.abs(sound!.hz - hz) < 40 || Math.abs(sound!.hz - hz + 100) < 40);
  };
  const inStep = (seen: Report) =>
    seen.sound!.heardAt !== undefined && Math.abs(seen.sound!.heardAt - seen.at) < together;

  it('is that of the pane which is heard, in step with the clock, and of no other', async () => {
    await open({ a: one(1), b: one(2) }, start + 1000);
    await hear('a');
    await play(1);
    await until(seen => seen.at > start + 3200 && inStep(seen) && isTone(seen, 300));
    await hear('b');
    const seen = await until(now => inStep(now) && isTone(now, 1800));
    expect(seen.sound!.kind).toBe('heard');
    expect(seen.panes.a!.state.kind).toBe('picture');
    await hear(undefined);
    expect((await report()).sound).toBeUndefined();
  });

  it('follows a jump, and is still while the clock stands', async () => {
    await open({ a: one(1) }, start + 1000);
    await hear('a');
    await play(1);
    await until(seen => seen.at > start + 1500 && inStep(seen));
    await seek(start + 9000);
    await until(seen => inStep(seen) && seen.at > start + 9300 && isTone(seen, 300));
    await lab.page.evaluate(() => window.archiveLab.pause());
    const still = await until(seen => seen.sound!.level < 0.001);
    expect(still.sound).toMatchObject({ kind: 'heard', heardAt: undefined });
  });

  it('begins and ends within the archive while the picture goes on', async () => {
    await open({ a: one(0, 1, 0) }, start + length - 2500);
    await hear('a');
    await play(1);
    const before = await until(seen => seen.panes.a!.state.kind === 'picture' && seen.at > start + length - 2000);
    expect(before.sound).toMatchObject({ kind: 'silent', heardAt: undefined });
    let gaps = 0;
    const watched = (seen: Report): boolean => {
      const { state, shownAt } = seen.panes.a!;
      if (state.kind !== 'picture' || Math.abs(shownAt! - seen.at) > 400) gaps++;
      return true;
    };
    await until(seen => watched(seen) && inStep(seen) && isTone(seen, 300) && seen.at > start + length + 1000);
    await seek(start + 2 * length - 1500);
    await until(seen => inStep(seen) && isTone(seen, 300) && seen.panes.a!.state.kind === 'picture');
    gaps = 0;
    const after = await until(seen => watched(seen) && seen.at > start + 2 * length + 1500);
    expect(after.sound).toMatchObject({ kind: 'silent', heardAt: undefined });
    expect(after.sound!.level).toBeLessThan(0.001);
    expect(gaps).toBe(0);
    expect(after.loads).toBe(before.loads);
  });

  it('does not hold the picture up at the seam of two files, nor lose the clock', async () => {
    await open({ a: one(1, 2) }, start + length - 2000);
    await hear('a');
    await play(1);
    const before = await until(now => inStep(now) && now.at > start + length - 800);
    const seen = await until(now => now.at > start + length + 2000 && inStep(now) && isTone(now, 1800));
    expect(Math.abs(seen.panes.a!.shownAt! - seen.at)).toBeLessThan(400);
    expect(seen.loads).toBe(before.loads);
  });

  it('is heard at twice the speed and not beyond, and comes back', async () => {
    await open({ a: one(1, 1) }, start + 1000);
    await hear('a');
    await play(2);
    await until(seen => seen.at > start + 3000 && seen.sound!.kind === 'heard' && seen.sound!.level > 0.1);
    await play(4);
    const fast = await until(seen => seen.sound!.kind === 'tooFast');
    expect(fast.sound!.heardAt).toBeUndefined();
    await until(seen => seen.sound!.level < 0.001);
    await play(1);
    await until(seen => inStep(seen) && seen.sound!.level > 0.1);
  });

  it('is muted with everything, and comes back in step', async () => {
    await open({ a: one(1) }, start + 1000);
    await hear('a');
    await setLevel(0);
    await play(1);
    const muted = await until(seen => seen.at > start + 2500 && inStep(seen));
    expect(await lab.page.evaluate(() => window.archiveLab.isMuted())).toBe(true);
    expect(muted.sound!.kind).toBe('heard');
    await setLevel(1);
    await until(seen => inStep(seen) && seen.sound!.level > 0.1);
    expect(await lab.page.evaluate(() => window.archiveLab.isMuted())).toBe(false);
  });

  it('says that there is none where a camera never had any', async () => {
    await open({ a: one(0) }, start + 1000);
    await hear('a');
    await play(1);
    const seen = await until(now => now.at > start + 2500 && now.panes.a!.state.kind === 'picture');
    expect(seen.sound).toMatchObject({ kind: 'silent', heardAt: undefined });
  });
});
