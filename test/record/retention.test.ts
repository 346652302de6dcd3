import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../electron/log.ts';
import { Bookmarks } from '../../electron/record/bookmarks.ts';
import { Retention } from '../../electron/record/retention.ts';
import { bus, CatalogueBench } from './catalogue-bench.ts';

const gigabyte = 1_000_000_000;
const hour = 3_600_000;
const benches: CatalogueBench[] = [];
afterEach(() => {
  for (const bench of benches.splice(0)) bench.close();
});

function open(limits: { quotaGb?: number; keepDays?: number } = {}) {
  const bench = new CatalogueBench();
  benches.push(bench);
  const settings = { recordQuotaGb: limits.quotaGb ?? 0, recordKeepDays: limits.keepDays ?? 0, recordHeadroomMb: 1000 };
  const start = bench.clock.now() - 30 * 24 * hour;
  /** One segment an hour, the oldest 30 days ago. The catalogue is told of more bytes than the files have. */
  const footage = (count: number, bytes: number) => {
    const ids = Array.from({ length: count }, (_, n) => bench.footage(start + n * hour, start + n * hour + 300_000));
    bench.catalogue.flush();
    bench.catalogue.database.prepare('UPDATE segments SET bytes = ?').run(bytes);
    bench.reopen();
    return ids;
  };
  return { bench, settings, footage, start };
}

/** @param free on the disk before anything is deleted; every file that is deleted gives its bytes back */
function retentionOf({ bench, settings }: ReturnType<typeof open>, free = 100 * gigabyte): Retention {
  const { catalogue, clock, folder, tally } = bench;
  const full = catalogue.usedBytes;
  return new Retention({
    ...{ catalogue, folder, settings, tally, log: silentLog },
    now: () => clock.now(),
    freeBytes: async () => free + full - catalogue.usedBytes,
  });
}

const left = (bench: CatalogueBench) => bench.coverage.list({ limit: 1000 }).map(({ id }) => id);

describe('Retention', () => {
  it('deletes the oldest beyond the quota, files and rows', async () => {
    const house = open({ quotaGb: 5 });
    const ids = house.footage(10, gigabyte);
    const gone = house.bench.coverage.segment(ids[4]!)!.file;
    expect(await retentionOf(house).sweep()).toBe(5);
    expect(left(house.bench)).toEqual(ids.slice(5));
    expect(house.bench.catalogue.usedBytes).toBe(5 * gigabyte);
    expect(existsSync(join(house.bench.folder, gone))).toBe(false);
    expect(house.bench.catalogue.fragments(ids[0]!)).toBeUndefined();
    expect(await retentionOf(house).sweep()).toBe(0);
  });

  it('deletes what is older than its age', async () => {
    const house = open({ keepDays: 30 });
    const ids = house.footage(10, 1000);
    house.bench.clock.pass(3.5 * hour);
    expect(await retentionOf(house).sweep()).toBe(4);
    expect(left(house.bench)).toEqual(ids.slice(4));
  });

  it('deletes until the headroom is free again', async () => {
    const house = open();
    const ids = house.footage(10, 400_000_000);
    expect(await retentionOf(house, 100_000_000).sweep()).toBe(3);
    expect(left(house.bench)).toEqual(ids.slice(3));
  });

  it('never deletes what a protected bookmark touches, however full the disk is', async () => {
    const house = open({ quotaGb: 1 });
    const ids = house.footage(6, gigabyte);
    const { start, bench } = house;
    const bookmarks = new Bookmarks(
      bench.catalogue,
      () => bench.clock.now(),
      () => undefined,
    );
    const span = { from: start + hour, to: start + hour + 1000, cameras: [bus], note: 'crash' };
    const kept = bookmarks.add({ ...span, isProtected: true });
    bookmarks.add({ ...span, from: start, to: start + 1000, isProtected: false });
    bookmarks.add({ ...span, from: start, to: start + 1000, cameras: [{ ...bus, channel: 9 }], isProtected: true });
    expect(await retentionOf(house, 0).sweep()).toBe(5);
    expect(left(bench)).toEqual([ids[1]]);
    expect(bench.coverage.segment(ids[1]!)?.isProtected).toBe(true);
    bookmarks.remove(kept.ok ? kept.value.id : 0);
    expect(await retentionOf(house, 0).sweep()).toBe(1);
  });

  it('leaves what is being written, and goes on when a file cannot be deleted', async () => {
    const house = open({ quotaGb: 1 });
    const ids = house.footage(4, gigabyte);
    const { catalogue, folder } = house.bench;
    catalogue.database.prepare(`UPDATE segments SET state = 'writing' WHERE id = ?`).run(ids[0]!);
    // A folder where the file should be cannot be unlinked.
    catalogue.database.prepare(`UPDATE segments SET file = '2026-11-23' WHERE id = ?`).run(ids[1]!);
    expect(await retentionOf(house).sweep()).toBe(2);
    expect(left(house.bench)).toEqual([ids[0], ids[1]]);
    expect(readdirSync(folder)).toEqual(['2026-11-23']);
    expect(house.bench.tally.get('retention.unlinkFailed')).toBe(1);
  });
});
