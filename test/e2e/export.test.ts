import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser } from '../../electron/browser-finder.ts';
import { systemClock } from '../../electron/clock.ts';
import { silentLog } from '../../electron/log.ts';
import { Exporter } from '../../electron/record/exporter.ts';
import { Tally } from '../../electron/tally.ts';
import { until } from '../live/exactness.ts';
import { frameMs, hasFfmpeg, recordFootage } from '../record/recorded-footage.ts';

const browserPath = findBrowser();
const t0 = Date.UTC(2026, 10, 23, 8, 0, 0);
const shownFrames = 70;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convoy-export-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** 70 frames with sound, from a frame between two key frames. */
async function exportedVideo(): Promise<Buffer> {
  const recordings = join(folder, 'recordings');
  mkdirSync(recordings);
  const path = join(recordings, 'a.mp4');
  const footage = [await recordFootage({ path, file: 'a.mp4', frames: 150, at: t0, withAudio: true })];
  const exporter = new Exporter({
    clock: systemClock,
    tally: new Tally(),
    log: silentLog,
    settings: { maxExports: 1 },
    source: { footage: () => footage, gaps: () => [], track: () => [] },
    recordings: () => recordings,
    folder: () => join(folder, 'exports'),
    changed: () => undefined,
  });
  const cameras = [{ vehicleId: '13900000001', channel: 1, stream: 'main' as const }];
  exporter.start({ from: t0 + 40 * frameMs, to: t0 + (40 + shownFrames) * frameMs, cameras });
  const [job] = await until(
    'the export is done',
    () => exporter.list().every(({ state }) => state === 'done') && exporter.list(),
  );
  return readFileSync(join(job!.folder, job!.files.find(({ name }) => name.endsWith('.mp4'))!.name));
}

describe.skipIf(!browserPath || !hasFfmpeg)('an exported file (needs a browser and ffmpeg)', () => {
  it('is played by a browser from its first frame to its end, with its sound', async () => {
    const bytes = await exportedVideo();
    const server = createServer((request, response) => {
      const isVideo = request.url === '/video.mp4';
      response.writeHead(200, { 'content-type': isVideo ? 'video/mp4' : 'text/html' });
      response.end(isVideo ? bytes : '<video></video>');
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
    const args = ['--disable-gpu', '--autoplay-policy=no-user-gesture-required', ...(isRoot ? ['--no-sandbox'] : [])];
    const browser = await chromium.launch({ executablePath: browserPath ?? '', args });
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const played = await page.evaluate(async () => {
      const video = document.querySelector('video') as HTMLVideoElement & { webkitAudioDecodedByteCount?: number };
      const first = new Promise<number>(resolve =>
        video.requestVideoFrameCallback((_now, { mediaTime }) => resolve(mediaTime)),
      );
      video.muted = true;
      video.src = '/video.mp4';
      await video.play();
      const firstMs = (await first) * 1000;
      await new Promise((resolve, reject) => {
        video.onended = resolve;
        video.onerror = () => reject(new Error(video.error?.message));
      });
      const { totalVideoFrames } = video.getVideoPlaybackQuality();
      const { duration, videoWidth, videoHeight, webkitAudioDecodedByteCount: sound } = video;
      return { firstMs, duration, videoWidth, videoHeight, totalVideoFrames, sound };
    });
    await browser.close();
    server.closeAllConnections();
    server.close();
    expect(played).toMatchObject({ firstMs: 0, videoWidth: 352, videoHeight: 288 });
    expect(played.duration).toBeCloseTo((shownFrames * frameMs) / 1000, 0);
    // A machine that is busy may skip some; those before the first are never among them.
    expect(played.totalVideoFrames).toBeLessThanOrEqual(shownFrames);
    expect(played.totalVideoFrames).toBeGreaterThan(shownFrames / 2);
    expect(played.sound).toBeGreaterThan(0);
  });
});
