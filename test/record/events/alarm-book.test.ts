import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { AlarmRow, VehiclePosition } from '../../../electron/contract.ts';
import type { AlarmMark } from '../../../electron/record/events/active-alarms.ts';
import { AlarmBook } from '../../../electron/record/events/alarm-book.ts';
import { bus, CatalogueBench } from '../catalogue-bench.ts';

const benches: CatalogueBench[] = [];
afterEach(() => {
  for (const bench of benches.splice(0)) bench.close();
});

function open(bench = new CatalogueBench()) {
  benches.push(bench);
  const told: AlarmRow[] = [];
  const { catalogue, tally } = bench;
  const book = new AlarmBook({ catalogue, tally, changed: row => told.push(row) });
  return { bench, book, told };
}

const position: VehiclePosition = {
  ...{ latitude: 31.2, longitude: 121.4, altitude: 4, speed: 36, direction: 90, deviceTime: 0, receivedAt: 0 },
  ...{ fixed: true, ignition: true, alarms: 0, videoAlarms: 0, signalLost: [], occluded: [] },
};
const mark = (bit: number): AlarmMark => ({ kind: `alarm.${bit}`, channel: 0 });
const edges = (at: number, began: AlarmMark[], ended: AlarmMark[], isFirst = false) => ({
  ...{ vehicleId: bus.vehicleId, at, position, began, ended, isFirst },
});
const everything = { from: 0, to: Number.MAX_SAFE_INTEGER, limit: 10_000 };

describe('AlarmBook', () => {
  it('has what lasts open and nothing else, whatever comes and goes, and the catalogue says the same', () => {
    const reports = fc.array(fc.tuple(fc.integer({ min: 1, max: 200_000 }), fc.subarray([0, 1, 2, 3])), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(reports, all => {
        const { book, bench } = open();
        let at = 1_000_000;
        let active: number[] = [];
        for (const [pause, next] of all) {
          at += pause;
          const began = next.filter(bit => !active.includes(bit)).map(mark);
          const ended = active.filter(bit => !next.includes(bit)).map(mark);
          book.apply(edges(at, began, ended));
          active = next;
        }
        const rows = book.list(everything);
        expect(
          rows
            .filter(row => row.end === 0)
            .map(row => row.kind)
            .sort(),
        ).toEqual(active.map(bit => `alarm.${bit}`).sort());
        for (const row of rows) {
          expect(row.end === 0 || row.end > row.begin).toBe(true);
          const same = rows.filter(each => each.kind === row.kind && each.id !== row.id);
          // Two of a kind are more than a minute apart.
          for (const each of same)
            if (each.begin > row.begin) expect(each.begin - row.end).toBeGreaterThanOrEqual(60_000);
        }
        expect(
          [...book.rows()].sort((a, b) => b.begin - a.begin || Number(b.id.slice(1)) - Number(a.id.slice(1))),
        ).toEqual(rows);
        expect(open(bench).book.rows()).toEqual(book.rows());
      }),
      { numRuns: 60 },
    );
  });

  it('ends at the first report of a run what is gone by then', () => {
    const { book } = open();
    book.apply(edges(1000, [mark(0), mark(2)], []));
    book.apply(edges(90_000, [mark(2)], [], true));
    expect(book.rows().map(row => [row.kind, row.end])).toEqual([
      ['alarm.0', 90_000],
      ['alarm.2', 0],
    ]);
  });

  it('keeps who confirmed first, over a restart too', () => {
    const { bench, book } = open();
    book.apply(edges(1000, [mark(0)], []));
    const [row] = book.rows() as [AlarmRow];
    expect(book.confirm(row.id, 5000, 'Li')).toMatchObject({ ok: true, value: { confirmedAt: 5000 } });
    expect(book.confirm(row.id, 6000, 'Wang')).toMatchObject({ ok: true, value: { confirmedBy: 'Li' } });
    book.told(row.id);
    book.flush();
    expect(open(bench).book.rows()).toMatchObject([{ confirmedAt: 5000, confirmedBy: 'Li', told: true }]);
    expect(book.confirm('a77', 1, '')).toMatchObject({ ok: false, code: 'unknownAlarm' });
  });

  it('lets the oldest that is over leave consoles, and finds it in the catalogue all the same', () => {
    const { book, told } = open();
    book.apply(edges(1000, [mark(9)], []));
    for (let n = 0; n < 510; n++) {
      const at = 1_000_000 + n * 200_000;
      book.apply(edges(at, [mark(0)], []));
      book.apply(edges(at + 1000, [], [mark(0)]));
    }
    expect(book.rows()).toHaveLength(500);
    expect(book.rows()[0]).toMatchObject({ kind: 'alarm.9', end: 0 });
    const gone = told.filter(row => row.ended);
    expect(gone).toHaveLength(11);
    expect(book.list(everything)).toHaveLength(511);
    expect(book.confirm(gone[0]?.id ?? '', 5, 'Li')).toMatchObject({ ok: true, value: { confirmedBy: 'Li' } });
  });

  it('forgets what ended long ago, never what lasts', () => {
    const { book } = open();
    book.apply(edges(1000, [mark(0), mark(2)], []));
    book.apply(edges(2000, [], [mark(0)]));
    book.flush();
    book.forget(1_000_000);
    expect(book.list(everything).map(row => row.kind)).toEqual(['alarm.2']);
  });

  it('goes on in memory while the catalogue takes nothing, and writes it later', () => {
    const { bench, book } = open();
    bench.catalogue.database.exec('ALTER TABLE alarms RENAME TO away');
    book.apply(edges(1000, [mark(0)], []));
    book.flush();
    expect(bench.tally.get('alarm.writeFailed')).toBe(1);
    expect(book.rows()).toHaveLength(1);
    bench.catalogue.database.exec('ALTER TABLE away RENAME TO alarms');
    expect(book.list(everything)).toHaveLength(1);
  });
});
