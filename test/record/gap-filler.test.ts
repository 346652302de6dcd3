import { afterEach, beforeEach, expect, it } from 'vitest';
import { FootageLedger } from '../../electron/record/footage-ledger.ts';
import { GapFiller } from '../../electron/record/gap-filler.ts';
import { bus, CatalogueBench } from './catalogue-bench.ts';

let bench: CatalogueBench;
beforeEach(() => {
  bench = new CatalogueBench();
});
afterEach(() => bench.close());

const gaps = () => bench.coverage.lane(bus, 0, 1_000_000).gaps;

it('takes back what of a gap is filled, and leaves the rest with its cause', () => {
  const filler = new GapFiller(bench.catalogue);
  bench.catalogue.gap(bus, { from: 100_000, to: 200_000, cause: 'offline' });
  bench.catalogue.gap(bus, { from: 300_000, to: 310_000, cause: 'loss' });
  filler.fill(bus, 120_000, 150_000);
  expect(gaps()).toEqual([
    { from: 100_000, to: 120_000, cause: 'offline' },
    { from: 150_000, to: 200_000, cause: 'offline' },
    { from: 300_000, to: 310_000, cause: 'loss' },
  ]);
  filler.fill(bus, 90_000, 199_500);
  expect(gaps()).toEqual([{ from: 300_000, to: 310_000, cause: 'loss' }]);
  // Nothing is known of another camera, and nothing happens.
  filler.fill({ ...bus, channel: 9 }, 0, 1_000_000);
  expect(gaps()).toHaveLength(1);
});

it('tells of holes within footage that came late, and of none before it', () => {
  const filled: [number, number][] = [];
  const ledger = new FootageLedger({
    ledger: bench.catalogue,
    filled: (_, from, to) => filled.push([from, to]),
  });
  ledger.gap(bus, { from: 100_000, to: 110_000, cause: 'noMedia' });
  const id = ledger.opened({
    ...{ ...bus, headerId: '013912345678', plate: '', from: 110_000, codec: 'h264', width: 352, height: 288 },
    ...{ hasAudio: false, file: 'a.mp4', initBytes: 700, mime: 'video/mp4' },
  });
  const row = { at: 110_000, mediaMs: 0, durationMs: 5000, offset: 700, bytes: 900, frames: 75 };
  ledger.fragment(id, row);
  ledger.gap(bus, { from: 112_000, to: 114_000, cause: 'loss' });
  ledger.closed(id, { to: 120_000, bytes: 1600, frames: 75, file: 'a.mp4', state: 'complete' });
  expect(filled).toEqual([[110_000, 120_000]]);
  expect(gaps()).toEqual([{ from: 112_000, to: 114_000, cause: 'loss' }]);
});
