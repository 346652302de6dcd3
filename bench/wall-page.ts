import type { EngineKind } from '../renderer/player/engine.ts';
import { encodeClip } from '../test/e2e/player/clip.ts';
import { type LabHost, openLab } from '../test/e2e/player/lab-browser.ts';
import type { FeedOptions } from '../test/e2e/player/page/feeder-messages.ts';
import { percentile } from './result.ts';

export interface Seen {
  /** Pictures presented of frames sent. */
  presented: number;
  /** Hand-over → expected display, ms, over all tiles. */
  p50: number;
  p95: number;
  rebuilds: number;
}

export interface Wall {
  measure(seconds: number): Promise<Seen>;
}

/** Decoders warm up, and players work off what had piled up by then. */
const warmUpMs = 8000;

/** Players on a page, each with a camera of its own in a thread of its own; what they show is read every 100 ms. */
export async function withWall<T>(
  options: { engine: EngineKind; tiles: number; host: LabHost; feed?: Omit<FeedOptions, 'clip'> },
  work: (wall: Wall) => Promise<T>,
): Promise<T> {
  const lab = await openLab([await encodeClip('cif')], options.host);
  const { page } = lab;
  try {
    for (let i = 0; i < options.tiles; i++)
      await page.evaluate(given => window.lab.open(given), {
        ...options.feed,
        engine: options.engine,
        clip: 'cif',
      });
    await page.waitForTimeout(warmUpMs);
    return await work({
      async measure(seconds) {
        const before = await totals();
        const lists = await page.evaluate(ms => window.lab.watch(ms), seconds * 1000);
        const after = await totals();
        const latencies = lists.flat();
        return {
          presented: (after.presented - before.presented) / (after.sent - before.sent),
          p50: percentile(latencies, 50),
          p95: percentile(latencies, 95),
          rebuilds: after.rebuilds,
        };
      },
    });
  } finally {
    await lab.close();
  }

  async function totals() {
    const snapshots = await page.evaluate(() => window.lab.snapshots());
    const counts = await page.evaluate(() => window.lab.counts());
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    return {
      presented: sum(snapshots.map(one => one.framesPresented)),
      rebuilds: sum(snapshots.map(one => one.rebuilds)),
      sent: sum(counts.map(one => one.sent)),
    };
  }
}
