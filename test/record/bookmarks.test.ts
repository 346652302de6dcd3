import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../electron/log.ts';
import { BookmarkFile } from '../../electron/record/bookmark-file.ts';
import { Bookmarks } from '../../electron/record/bookmarks.ts';
import { bus, CatalogueBench } from './catalogue-bench.ts';

const benches: CatalogueBench[] = [];
afterEach(() => {
  for (const bench of benches.splice(0)) bench.close();
});

function open() {
  const bench = new CatalogueBench();
  benches.push(bench);
  const changes: number[] = [];
  const bookmarks = new Bookmarks(
    bench.catalogue,
    () => bench.clock.now(),
    () => changes.push(changes.length),
  );
  const { dir: dataDir, tally } = bench;
  const file = new BookmarkFile({ dataDir, tally, log: silentLog, now: () => bench.clock.now() });
  return { bench, bookmarks, changes, file };
}

const other = { ...bus, channel: 2 };
const crash = { from: 5000, to: 9000, cameras: [bus, other], note: '事故', isProtected: true };

describe('Bookmarks', () => {
  it('are added, changed, listed by time, and removed', () => {
    const { bookmarks, bench, changes } = open();
    const added = bookmarks.add(crash);
    if (!added.ok) throw new Error(added.message);
    const { id } = added.value;
    expect(added.value).toEqual({ ...crash, id, createdAt: bench.clock.now() });
    expect(bookmarks.update({ id, note: 'lane change' })).toMatchObject({
      ok: true,
      value: { note: 'lane change', isProtected: true },
    });
    expect(bookmarks.update({ id, isProtected: false })).toMatchObject({
      value: { note: 'lane change', isProtected: false },
    });
    expect(bookmarks.list(9000, 10_000)).toEqual([]);
    expect(bookmarks.list(8999, 10_000)).toHaveLength(1);
    expect(bookmarks.remove(id)).toEqual({ ok: true, value: null });
    expect(bookmarks.list()).toEqual([]);
    expect(changes).toHaveLength(4);
  });

  it('refuse what is none', () => {
    const { bookmarks } = open();
    expect(bookmarks.add({ ...crash, to: crash.from })).toMatchObject({ ok: false, code: 'badRequest' });
    expect(bookmarks.update({ id: 99, note: '' })).toMatchObject({ ok: false, code: 'badRequest' });
    expect(bookmarks.remove(99)).toMatchObject({ ok: false, code: 'badRequest' });
  });

  it('protect the segments they touch, of their cameras', () => {
    const { bench, bookmarks } = open();
    const ids = [
      bench.footage(0, 5000),
      bench.footage(5000, 8000),
      bench.footage(8000, 10_000),
      bench.footage(10_000, 11_000),
    ];
    const aside = bench.footage(5000, 8000, { ...bus, stream: 'sub' });
    bookmarks.add(crash);
    const isProtected = (id: number) => bench.coverage.segment(id)?.isProtected;
    expect(ids.map(isProtected)).toEqual([false, true, true, false]);
    expect(isProtected(aside)).toBe(false);
  });

  it('come back to a new catalogue, and only to an empty one', async () => {
    const old = open();
    old.bookmarks.add(crash);
    await old.file.save(old.bookmarks);
    const fresh = open();
    writeFileSync(join(fresh.bench.dir, 'bookmarks.json'), readFileSync(join(old.bench.dir, 'bookmarks.json')));
    expect(await fresh.file.restore(fresh.bookmarks)).toBe(1);
    expect(fresh.bookmarks.list()).toMatchObject([crash]);
    expect(await fresh.file.restore(fresh.bookmarks)).toBe(0);
    expect(fresh.bookmarks.list()).toHaveLength(1);
  });

  it('take what is readable of a file that is not', async () => {
    const { bench, bookmarks, file } = open();
    const rows = [{ ...crash, createdAt: 1 }, { from: 'x' }, null];
    writeFileSync(join(bench.dir, 'bookmarks.json'), JSON.stringify(rows));
    expect(await file.restore(bookmarks)).toBe(1);
    writeFileSync(join(bench.dir, 'bookmarks.json'), '[{');
    expect(await file.restore(bookmarks)).toBe(0);
  });
});
