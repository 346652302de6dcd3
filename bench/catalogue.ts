import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../electron/clock.ts';
import type { CameraKey, FragmentRow, SegmentRow } from '../electron/contract.ts';
import { silentLog } from '../electron/log.ts';
import { Catalogue } from '../electron/record/catalogue.ts';
import { Coverage } from '../electron/record/coverage.ts';
import { Tally } from '../electron/tally.ts';
import { type BenchResult, median, percentile, round } from './result.ts';

const cameras = 64;
const days = 30;
const dayMs = 86_400_000;
const segmentMs = 300_000;
const fragmentMs = 2000;
const rounds = 15;
const mostMs = 50;
const starts = 500;
/** As the web door lists: a page, in slices between which others have their turn. */
const pageRows = 10_000;
const sliceRows = 100;
const firstDay = Date.UTC(2026, 9, 1);

const keys: CameraKey[] = Array.from({ length: cameras }, (_, at) => ({
  vehicleId: `1390000${String(at).padStart(4, '0')}`,
  channel: 1,
  stream: 'main',
}));

const fragmentsOfSegment = (at: number): FragmentRow[] =>
  Array.from({ length: segmentMs / fragmentMs }, (_, index) => ({
    at: at + index * fragmentMs,
    mediaMs: index * fragmentMs,
    durationMs: fragmentMs,
    offset: 900 + index * 250_000,
    bytes: 250_000,
    frames: 50,
  }));

/** A month of 64 cameras without a pause; the fragments of 16 of them, as many as the promise for playback names. */
function fill(catalogue: Catalogue): void {
  for (let at = firstDay; at < firstDay + days * dayMs; at += segmentMs) {
    for (const [index, key] of keys.entries()) {
      const id = catalogue.opened({
        ...key,
        headerId: key.vehicleId,
        plate: `B${index}`,
        from: at,
        codec: 'h264',
        width: 1280,
        height: 720,
        hasAudio: false,
        file: `day/${index}/${at}.mp4`,
        initBytes: 900,
        mime: 'video/mp4; codecs="avc1.42c01e"',
      });
      const fragments = fragmentsOfSegment(at);
      for (const row of index < 16 ? fragments : fragments.slice(0, 1)) catalogue.fragment(id, row);
      const state = 'complete';
      catalogue.closed(id, {
        to: at + segmentMs,
        bytes: 37_500_900,
        frames: 7500,
        file: `day/${index}/${at}_.mp4`,
        state,
      });
    }
    catalogue.flush();
  }
}

function timed(run: () => number): { ms: number; rows: number } {
  const begun = performance.now();
  const rows = run();
  return { ms: performance.now() - begun, rows };
}

/** A page of the list from `from` on, of all cameras or of one. @returns ms of the whole and of its longest slice */
function listPage(coverage: Coverage, from: number, vehicleId?: string): { ms: number; longest: number } {
  let [ms, longest, left] = [0, 0, pageRows];
  let after = { from, id: 0 };
  while (left > 0) {
    let rows: readonly SegmentRow[] = [];
    const slice = timed(() => {
      rows = coverage.list({ after, limit: sliceRows + 1, ...(vehicleId && { vehicleId }) });
      return JSON.stringify(rows).length;
    });
    ms += slice.ms;
    longest = Math.max(longest, slice.ms);
    left -= sliceRows;
    if (rows.length <= sliceRows) break;
    after = rows[sliceRows - 1]!;
  }
  return { ms, longest };
}

export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'convoy-bench-'));
  const path = join(folder, 'catalogue.sqlite');
  const catalogue = Catalogue.open({ path, clock: systemClock, tally: new Tally(), log: silentLog });
  fill(catalogue);
  const coverage = new Coverage(catalogue);
  const bare = new DatabaseSync(path, { readOnly: true });
  const bareDay = bare.prepare('SELECT * FROM segments WHERE camera = ? AND start_ms >= ? AND start_ms < ?');
  const ids = keys.map(key => catalogue.knownCamera(key) as number);

  const ours: number[] = [];
  const plain: number[] = [];
  for (let at = -3; at < rounds; at++) {
    const from = firstDay + ((at + 5) % days) * dayMs;
    const day = timed(() => keys.reduce((sum, key) => sum + coverage.lane(key, from, from + dayMs).segments.length, 0));
    const same = timed(() => ids.reduce((sum, id) => sum + bareDay.all(id, from, from + dayMs).length, 0));
    if (day.rows !== same.rows) throw new Error(`${day.rows} segments of ${same.rows}`);
    if (at < 0) continue;
    ours.push(day.ms);
    plain.push(same.ms);
  }

  const lookups: number[] = [];
  for (let at = 0; at < starts; at++) {
    const key = keys[at % 16] as CameraKey;
    const when = firstDay + Math.floor((((at * 7919) % 9973) / 9973) * days * dayMs);
    const { ms, rows } = timed(() => {
      const segment = coverage.lane(key, when, when + 1).segments.at(-1);
      const rowsOf = segment && catalogue.fragments(segment.id)?.fragments;
      return rowsOf?.findLast(row => row.at <= when)?.offset ?? 0;
    });
    if (rows === 0) throw new Error(`nothing at ${when}`);
    lookups.push(ms);
  }

  const month: number[] = [];
  for (let at = 0; at < 3; at++) {
    const begun = performance.now();
    const found = await coverage.month(2026, 10, 0);
    if (found.length !== cameras) throw new Error(`${found.length} cameras`);
    month.push(performance.now() - begun);
  }
  const middle = firstDay + (days / 2) * dayMs;
  const pages = Array.from({ length: rounds }, () => listPage(coverage, middle));
  const monthOfOne = Array.from({ length: rounds }, (_, at) => listPage(coverage, 0, keys[at]!.vehicleId));
  bare.close();
  catalogue.close();
  await rm(folder, { recursive: true, force: true });
  return {
    name: `One day of ${cameras} cameras in a catalogue of ${days} days`,
    rows: [
      { label: `the day of ${cameras} cameras`, value: round(median(ours)), unit: 'ms' },
      { label: 'bare SQLite, the same rows', value: round(median(plain)), unit: 'ms' },
      { label: 'segments in the answer', value: (cameras * dayMs) / segmentMs, unit: '' },
      { label: 'start of playback, lookup, median', value: round(median(lookups), 2), unit: 'ms' },
      { label: 'start of playback, lookup, 99th of 100', value: round(percentile(lookups, 99), 2), unit: 'ms' },
      { label: 'calendar of the month', value: round(median(month)), unit: 'ms' },
      { label: `list: ${pageRows} segments of all`, value: round(median(pages.map(({ ms }) => ms))), unit: 'ms' },
      { label: 'list: longest slice of it', value: round(median(pages.map(({ longest }) => longest)), 2), unit: 'ms' },
      { label: 'list: the month of one camera', value: round(median(monthOfOne.map(({ ms }) => ms))), unit: 'ms' },
      {
        label: 'list: longest slice of that',
        value: round(median(monthOfOne.map(({ longest }) => longest)), 2),
        unit: 'ms',
      },
    ],
    ratio: round(median(ours) / median(plain), 2),
    target: `the day of all cameras within ${mostMs} ms (median of ${rounds})`,
    ok: median(ours) <= mostMs,
  };
}
