import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../electron/log.ts';
import { CatalogueScan } from '../../electron/record/catalogue-scan.ts';
import { bus, CatalogueBench, fragment, opened } from './catalogue-bench.ts';
import { handMadeFile, origin, put, startedAt } from './hand-made-file.ts';

const benches: CatalogueBench[] = [];
afterEach(() => {
  for (const bench of benches.splice(0)) bench.close();
});

function open(): CatalogueBench {
  const bench = new CatalogueBench();
  benches.push(bench);
  return bench;
}

async function scan({ catalogue, folder, tally, clock }: CatalogueBench) {
  const it = new CatalogueScan({ catalogue, folder, tally, log: silentLog, now: () => clock.now() });
  await it.mend();
  await it.addUnknown();
  return it.result;
}

const day = '2026-11-23/bus';
const camera = { vehicleId: origin.vehicleId, channel: origin.channel, stream: origin.stream };

describe('CatalogueScan', () => {
  it('closes what a crash left open: cut to the last finished fragment, named, and a gap after it', async () => {
    const bench = open();
    const { bytes, boxes, initBytes } = await handMadeFile(4);
    const file = `${day}/bus_3_20261123-110000_recording.mp4`;
    put(bench.folder, file, bytes.subarray(0, bytes.length - 5));
    const id = bench.catalogue.opened(opened({ ...camera, from: startedAt, file }));
    bench.catalogue.fragment(id, fragment(startedAt, { offset: initBytes, bytes: boxes[0]!.length, frames: 10 }));
    bench.reopen();
    expect(await scan(bench)).toEqual({ mended: 1, added: 0, missing: 0, unreadable: 0 });
    const row = bench.coverage.segment(id);
    const end = bytes.length - boxes[3]!.length;
    expect(row).toMatchObject({ state: 'mended', frames: 30, bytes: end, to: startedAt + 1500 });
    expect(row?.file).toMatch(/bus_3_20261123-110000_\d{8}-\d{6}\.mp4$/);
    expect(readFileSync(join(bench.folder, row!.file)).equals(bytes.subarray(0, end))).toBe(true);
    expect(readdirSync(join(bench.folder, day))).toHaveLength(1);
    expect(bench.coverage.lane(camera, startedAt, startedAt + 99_999_999).gaps).toEqual([
      { from: startedAt + 1500, to: bench.clock.now(), cause: 'crash' },
    ]);
    expect(await scan(bench)).toEqual({ mended: 0, added: 0, missing: 0, unreadable: 0 });
  });

  it('mends a file that the catalogue never heard of', async () => {
    const bench = open();
    const { bytes } = await handMadeFile(2);
    put(bench.folder, `${day}/bus_3_20261123-110000_recording.mp4`, bytes);
    expect(await scan(bench)).toMatchObject({ mended: 1 });
    expect(bench.coverage.list({ limit: 9 })).toMatchObject([{ state: 'mended', frames: 20, ...camera }]);
  });

  it('throws away a file without one finished fragment', async () => {
    const bench = open();
    const { bytes, initBytes } = await handMadeFile(1);
    const path = put(bench.folder, `${day}/bus_3_20261123-110000_recording.mp4`, bytes.subarray(0, initBytes + 30));
    expect(await scan(bench)).toMatchObject({ mended: 0, unreadable: 1 });
    expect(existsSync(path)).toBe(false);
    expect(bench.coverage.list({ limit: 9 })).toEqual([]);
  });

  it('rebuilds a lost catalogue', async () => {
    const bench = open();
    const { bytes, initBytes, mime } = await handMadeFile(4);
    const other = await handMadeFile(2, { channel: 4, stream: 'sub', from: startedAt + 5000 });
    put(bench.folder, `${day}/a.mp4`, bytes);
    put(bench.folder, '2026-11-24/bus/b.mp4', other.bytes);
    put(bench.folder, `${day}/holiday.mp4`, Buffer.from('somebody else’s'));
    expect(await scan(bench)).toEqual({ mended: 0, added: 2, missing: 0, unreadable: 1 });
    expect(bench.coverage.list({ limit: 9 })).toMatchObject([
      { ...camera, from: startedAt, to: startedAt + 2000, frames: 40, state: 'complete', file: `${day}/a.mp4` },
      { channel: 4, stream: 'sub', from: startedAt + 5000, frames: 20 },
    ]);
    const [first] = bench.coverage.list({ limit: 1 });
    expect(bench.catalogue.fragments(first!.id)).toMatchObject({ initBytes, mime, fragments: [{}, {}] });
    expect(existsSync(join(bench.folder, `${day}/holiday.mp4`))).toBe(true);
    expect(bench.catalogue.usedBytes).toBe(bytes.length + other.bytes.length);
  });

  it('says which files are gone, and knows them again when they are back', async () => {
    const bench = open();
    const { bytes } = await handMadeFile(2);
    const path = put(bench.folder, `${day}/a.mp4`, bytes);
    put(bench.folder, `${day}/b.mp4`, (await handMadeFile(2, { from: startedAt + 9000 })).bytes);
    await scan(bench);
    const [first] = bench.coverage.list({ limit: 9 });
    rmSync(path);
    expect(await scan(bench)).toMatchObject({ missing: 1 });
    expect(bench.coverage.segment(first!.id)).toMatchObject({ state: 'missing', bytes: 0 });
    put(bench.folder, `${day}/a.mp4`, bytes);
    expect(await scan(bench)).toMatchObject({ added: 1, missing: 0 });
    expect(bench.coverage.segment(first!.id)).toMatchObject({ state: 'complete', bytes: statSync(path).size });
  });

  it('believes nothing of a folder that is not there', async () => {
    const bench = open();
    const id = bench.footage(1000, 2000, bus);
    bench.catalogue.flush();
    rmSync(bench.folder, { recursive: true });
    expect(await scan(bench)).toEqual({ mended: 0, added: 0, missing: 0, unreadable: 0 });
    expect(bench.coverage.segment(id)?.state).toBe('complete');
  });
});
