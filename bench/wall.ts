import type { EngineKind } from '../renderer/player/engine.ts';
import type { LabHost } from '../test/e2e/player/lab-browser.ts';
import { type BenchResult, type BenchRow, round } from './result.ts';
import { withWall } from './wall-page.ts';

export interface WallOptions {
  seconds?: number;
  tiles?: number;
  /** Where the page runs. */
  host?: LabHost;
  engines?: readonly EngineKind[];
}

/** Median hand-over → picture that is promised, ms. */
const promised: Record<EngineKind, number> = { jmuxer: 120, webcodecs: 30 };
const presentedPromised = 0.99;

/** A wall of 16 cameras, CIF at 15 fps, for a minute with each engine. */
export async function run(options: WallOptions = {}): Promise<BenchResult> {
  const { seconds = 60, tiles = 16, host = 'chromium', engines = ['jmuxer', 'webcodecs'] } = options;
  const rows: BenchRow[] = [];
  let least = Number.POSITIVE_INFINITY;
  let ok = true;
  for (const engine of engines) {
    const seen = await withWall({ engine, tiles, host }, wall => wall.measure(seconds));
    least = Math.min(least, seen.presented);
    ok &&= seen.presented >= presentedPromised && seen.p50 <= promised[engine];
    rows.push(
      { label: `${engine}: presented`, value: round(seen.presented * 100, 2), unit: '%' },
      { label: `${engine}: hand-over to picture, median`, value: round(seen.p50), unit: 'ms' },
      { label: `${engine}: hand-over to picture, 95th percentile`, value: round(seen.p95), unit: 'ms' },
      { label: `${engine}: rebuilds`, value: seen.rebuilds, unit: '' },
    );
  }
  return {
    name: `Wall in ${host}: ${tiles} x CIF at 15 fps, ${seconds} s`,
    rows,
    ratio: round(least, 4),
    target: `${presentedPromised} of the pictures; median ${promised.jmuxer} ms jmuxer, ${promised.webcodecs} ms WebCodecs`,
    ok,
  };
}
