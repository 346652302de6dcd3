import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { FragmentRow } from '../../electron/contract.ts';
import { packFragments, unpackFragments } from '../../electron/record/fragment-pack.ts';
import { openSqlite } from '../../electron/record/sqlite.ts';
import { bus, CatalogueBench, fragment, opened } from './catalogue-bench.ts';

const benches: CatalogueBench[] = [];
afterEach(() => {
  for (const bench of benches.splice(0)) bench.close();
});

function open(): CatalogueBench {
  const bench = new CatalogueBench();
  benches.push(bench);
  return bench;
}

const hour = 3_600_000;

describe('Catalogue', () => {
  it('follows a segment from its first fragment to its end', () => {
    const { catalogue, coverage } = open();
    const id = catalogue.opened(opened({ from: 5000 }));
    catalogue.fragment(id, fragment(5000, { offset: 100, bytes: 400, frames: 25, durationMs: 1000 }));
    expect(coverage.segment(id)).toEqual({
      ...bus,
      id,
      headerId: '013912345678',
      plate: '沪A·D7261',
      from: 5000,
      to: 6000,
      bytes: 500,
      frames: 25,
      state: 'writing',
      codec: 'h264',
      width: 704,
      height: 576,
      hasAudio: false,
      isProtected: false,
      file: 'day/bus/file_recording.mp4',
    });
    expect(catalogue.finishedBytes(id)).toBe(500);
    catalogue.fragment(id, fragment(6000, { mediaMs: 1000, offset: 500, bytes: 300, frames: 25, durationMs: 1000 }));
    catalogue.closed(id, { to: 7000, bytes: 800, frames: 50, file: 'day/bus/file.mp4', state: 'complete' });
    expect(catalogue.finishedBytes(id)).toBeUndefined();
    expect(coverage.segment(id)).toMatchObject({ to: 7000, bytes: 800, frames: 50, state: 'complete' });
    expect(coverage.segment(id)?.file).toBe('day/bus/file.mp4');
  });

  it('replaces the row of a fragment that grew', () => {
    const { catalogue } = open();
    const id = catalogue.opened(opened());
    catalogue.fragment(id, fragment(1000, { bytes: 400, frames: 50 }));
    catalogue.fragment(id, fragment(1000, { bytes: 800, frames: 100, durationMs: 4000 }));
    expect(catalogue.fragments(id)?.fragments).toEqual([
      { at: 1000, mediaMs: 0, durationMs: 4000, offset: 100, bytes: 800, frames: 100 },
    ]);
    expect(catalogue.usedBytes).toBe(800);
  });

  it('keeps fragments and header for a console that asks after a restart', () => {
    const bench = open();
    const id = bench.footage(1000, 3000);
    bench.reopen();
    expect(bench.catalogue.fragments(id)).toEqual({
      initBytes: 100,
      mime: 'video/mp4; codecs="avc1.42c01e"',
      fragments: [{ at: 1000, mediaMs: 0, durationMs: 2000, offset: 100, bytes: 900, frames: 50 }],
    });
    expect(bench.catalogue.fragments(id + 1)).toBeUndefined();
  });

  it('gives out no number twice, over restarts and deletions', () => {
    const bench = open();
    const first = bench.footage(1000, 2000);
    bench.catalogue.flush();
    bench.catalogue.remove(first);
    bench.reopen();
    expect(bench.footage(1000, 2000)).toBeGreaterThan(first);
  });

  it('writes once a second, not when it is told', () => {
    const bench = open();
    const reader = openSqlite(bench.path);
    const count = () => reader.prepare('SELECT COUNT(*) AS rows FROM segments').get()?.rows;
    bench.footage(1000, 2000);
    expect(count()).toBe(0);
    bench.clock.pass(1000);
    expect(count()).toBe(1);
    reader.close();
  });

  it('goes on when it cannot be written, says so once, and writes when it can', () => {
    const bench = open();
    const other = openSqlite(bench.path);
    other.exec('BEGIN IMMEDIATE');
    const id = bench.footage(1000, 2000);
    bench.catalogue.flush();
    bench.catalogue.flush();
    expect(bench.faults).toMatchObject([{ code: 'catalogueUnavailable' }]);
    other.exec('ROLLBACK');
    other.close();
    expect(bench.coverage.segment(id)?.state).toBe('complete');
    expect(bench.faults).toMatchObject([{ code: 'catalogueUnavailable' }, undefined]);
  });

  it('sets aside what is no catalogue and begins a new one', () => {
    const bench = open();
    bench.catalogue.close();
    for (const end of ['-wal', '-shm']) rmSync(bench.path + end, { force: true });
    writeFileSync(bench.path, 'this is not a database, and it is long enough to be taken for one. '.repeat(20));
    bench.open();
    expect(bench.catalogue.setAside).toContain('.damaged-');
    expect(readdirSync(bench.dir).some(name => name.includes('.damaged-'))).toBe(true);
    expect(bench.coverage.segment(bench.footage(1, 2))?.state).toBe('complete');
  });

  it('does not touch a catalogue of a later version', () => {
    const bench = open();
    bench.catalogue.database.exec('PRAGMA user_version = 99');
    bench.reopen();
    expect(bench.catalogue.setAside).toContain('.damaged-');
  });
});

describe('Coverage', () => {
  it('gives the segments and gaps that touch a stretch, of one camera', () => {
    const bench = open();
    const { catalogue, coverage } = bench;
    const ids = [0, 1, 2, 3].map(n => bench.footage(10 * hour + n * 300_000, 10 * hour + (n + 1) * 300_000));
    bench.footage(10 * hour, 11 * hour, { ...bus, channel: 2 });
    catalogue.gap(bus, { from: 11 * hour, to: 11 * hour + 5, cause: 'loss' });
    catalogue.gap(bus, { from: 11 * hour, to: 12 * hour, cause: 'offline' });
    const lane = coverage.lane(bus, 10 * hour + 400_000, 10 * hour + 900_000);
    expect(lane.segments.map(({ id }) => id)).toEqual([ids[1], ids[2]]);
    expect(lane.gaps).toEqual([]);
    expect(coverage.lane(bus, 11 * hour + 10, 13 * hour).gaps).toEqual([
      { from: 11 * hour, to: 12 * hour, cause: 'offline' },
    ]);
    expect(coverage.lane({ ...bus, stream: 'sub' }, 0, 99 * hour).segments).toEqual([]);
  });

  it('lists by vehicle, channel and time, oldest first', () => {
    const bench = open();
    const late = bench.footage(20 * hour, 20 * hour + 1000);
    const early = bench.footage(10 * hour, 10 * hour + 1000);
    const other = bench.footage(15 * hour, 15 * hour + 1000, { ...bus, channel: 2 });
    const ids = (filter: object) => bench.coverage.list({ limit: 100, ...filter }).map(({ id }) => id);
    expect(ids({})).toEqual([early, other, late]);
    expect(ids({ channel: 2 })).toEqual([other]);
    expect(ids({ vehicleId: bus.vehicleId, channel: 1, from: 12 * hour })).toEqual([late]);
    expect(ids({ to: 10 * hour })).toEqual([]);
    expect(ids({ limit: 1 })).toEqual([early]);
  });

  it.each([3, 40])('lists %i cameras in one order, page after page', count => {
    const bench = open();
    const cameras = Array.from({ length: count }, (_, n) => ({ ...bus, channel: n + 1 }));
    const other = { ...bus, vehicleId: '13999999999' };
    const made = [10, 11].flatMap(at => cameras.map(camera => bench.footage(at * hour, at * hour + 1000, camera)));
    bench.footage(10 * hour, 11 * hour, other);
    const found: number[] = [];
    let after = { from: 0, id: 0 };
    for (let page = bench.coverage.list({ vehicleId: bus.vehicleId, limit: 7 }); page.length > 0; ) {
      found.push(...page.map(({ id }) => id));
      after = page.at(-1)!;
      page = bench.coverage.list({ vehicleId: bus.vehicleId, limit: 7, after });
    }
    expect(found).toEqual(made);
  });

  it('goes on with a list after a row, also one that is gone', () => {
    const bench = open();
    const channels = [1, 2, 3].map(channel => ({ ...bus, channel }));
    const made = [10, 11].flatMap(at => channels.map(camera => bench.footage(at * hour, at * hour + 1000, camera)));
    const later = (from: number, id: number) =>
      bench.coverage.list({ limit: 2, after: { from, id } }).map(row => row.id);
    expect(later(0, 0)).toEqual(made.slice(0, 2));
    bench.catalogue.remove(made[1]!);
    expect(later(10 * hour, made[1]!)).toEqual(made.slice(2, 4));
    expect(later(11 * hour, made[4]!)).toEqual([made[5]]);
    expect(later(11 * hour, made[5]!)).toEqual([]);
  });

  it('counts the seconds of each local day, over midnight', async () => {
    const bench = open();
    const midnight = Date.UTC(2026, 10, 23) - 8 * hour;
    bench.footage(midnight - 60_000, midnight + 120_000);
    bench.footage(midnight + hour, midnight + hour + 300_000);
    const [camera, ...rest] = await bench.coverage.month(2026, 11, 480);
    expect(rest).toEqual([]);
    expect(camera).toEqual({
      ...bus,
      plate: '沪A·D7261',
      days: [
        { day: 22, seconds: 60 },
        { day: 23, seconds: 420 },
      ],
    });
    expect(await bench.coverage.month(2026, 10, 480)).toEqual([]);
  });
});

describe('packed fragments', () => {
  it('come back as they were', () => {
    const number = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    const at = fc.integer({ min: 1_700_000_000_000, max: 1_700_000_900_000 });
    const row: fc.Arbitrary<FragmentRow> = fc.record({
      ...{ at, mediaMs: number, durationMs: number, offset: number, bytes: number, frames: number },
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), rows => {
        expect(unpackFragments(packFragments(rows))).toEqual(rows);
      }),
    );
  });

  it('lose only what was cut off', () => {
    const rows = [1000, 3000, 5000].map(at => fragment(at));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 + 3 * 24 }), length => {
        const kept = unpackFragments(packFragments(rows).subarray(0, length));
        expect(kept).toEqual(rows.slice(0, Math.max(0, Math.floor((length - 8) / 24))));
      }),
    );
  });
});
