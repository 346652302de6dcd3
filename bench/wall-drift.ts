import type { EngineKind } from '../renderer/player/engine.ts';
import { type BenchResult, type BenchRow, median, round } from './result.ts';
import type { WallOptions } from './wall.ts';
import { type Seen, withWall } from './wall-page.ts';

/** Frames late by up to 15 ms, and every ten seconds or so nothing for 600 ms, then all of it at once. */
const disturbed = { jitterMs: 15, stall: { everyMs: 10_000, forMs: 600 } };
const windowSeconds = 10;
/** The last minute may be this much later than the first, ms: what one stall leaves behind at most. */
const allowed = 60;

/** Whether latency creeps up over ten minutes of jitter and stalls. */
export async function run(options: WallOptions = {}): Promise<BenchResult> {
  const { seconds = 600, tiles = 16, host = 'chromium', engines = ['jmuxer', 'webcodecs'] } = options;
  const rows: BenchRow[] = [];
  let worst = 0;
  let ok = true;
  for (const engine of engines) {
    const windows = await windowsOf(engine, seconds, tiles, host);
    const edge = Math.max(1, Math.min(6, Math.floor(windows.length / 3)));
    const first = median(windows.slice(0, edge).map(one => one.p50));
    const last = median(windows.slice(-edge).map(one => one.p50));
    worst = Math.max(worst, last / first);
    ok &&= last - first <= allowed && windows.at(-1)!.rebuilds === 0;
    rows.push(
      { label: `${engine}: median at first`, value: round(first), unit: 'ms' },
      { label: `${engine}: median at last`, value: round(last), unit: 'ms' },
      { label: `${engine}: worst ten seconds`, value: round(Math.max(...windows.map(one => one.p50))), unit: 'ms' },
      { label: `${engine}: rebuilds`, value: windows.at(-1)!.rebuilds, unit: '' },
    );
  }
  return {
    name: `Drift in ${host}: ${tiles} x CIF, jitter and stalls, ${seconds} s`,
    rows,
    ratio: round(worst, 2),
    target: `no more than ${allowed} ms between the first minute and the last`,
    ok,
  };
}

function windowsOf(engine: EngineKind, seconds: number, tiles: number, host: 'chromium' | 'electron') {
  return withWall({ engine, tiles, host, feed: disturbed }, async wall => {
    const windows: Seen[] = [];
    for (let left = seconds; left >= windowSeconds; left -= windowSeconds)
      windows.push(await wall.measure(windowSeconds));
    return windows;
  });
}
