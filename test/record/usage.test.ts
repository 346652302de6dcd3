import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSettings, type Settings } from '../../electron/config.ts';
import type { UsageMonth, Vehicle } from '../../electron/contract.ts';
import { DataUse } from '../../electron/device/data-use.ts';
import { silentLog } from '../../electron/log.ts';
import { Usage } from '../../electron/record/usage.ts';
import { Tally } from '../../electron/tally.ts';
import { vehicle } from '../ipc/small-desk.ts';

const noon = new Date(2026, 10, 23, 12).getTime();

/** A clock that is moved, with the one timer that data use has. */
class CalendarClock {
  ms = noon;
  run: () => void = () => undefined;
  now = () => this.ms;
  monotonic = () => this.ms;
  after = (_ms: number, run: () => void) => {
    run();
    return () => undefined;
  };
  every = (_ms: number, run: () => void) => {
    this.run = run;
    return () => undefined;
  };
}

let dataDir: string;
let clock: CalendarClock;
let dataUse: DataUse;
let settings: Settings;
let vehicles: Map<string, Vehicle>;
let notices: string[];
let tally: Tally;

const open = () => {
  const parts = { clock, tally, settings, log: silentLog, dataDir, dataUse };
  const usage = new Usage({
    ...parts,
    vehicle: id => vehicles.get(id),
    notice: (level, text, params) => notices.push(`${level} ${text} ${JSON.stringify(params)}`),
  });
  usage.open();
  return usage;
};

async function month(usage: Usage, args: { month: string; vehicleId?: string }): Promise<UsageMonth> {
  const answer = await usage.calls['usage.get'](args);
  if (!answer.ok) throw new Error(answer.code);
  return answer.value;
}

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'convoy-usage-'));
  clock = new CalendarClock();
  dataUse = new DataUse();
  settings = defaultSettings();
  vehicles = new Map(['1', '2'].map(id => [id, { ...vehicle(id), plate: `P${id}` }]));
  notices = [];
  tally = new Tally();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('data use', () => {
  it('is kept by vehicle, day and kind, over restarts', async () => {
    const usage = open();
    dataUse.of('1').main += 1000;
    dataUse.of('1').signalIn += 10;
    dataUse.of('2').sub += 300;
    clock.run();
    clock.ms += 24 * 3600_000;
    dataUse.of('1').main += 500;
    usage.close();
    dataUse = new DataUse();
    const again = open();
    dataUse.of('1').main += 7;
    const found = await month(again, { month: '2026-11' });
    expect(found.rows.map(({ vehicleId, plate, total }) => [vehicleId, plate, total])).toEqual([
      ['1', 'P1', 1517],
      ['2', 'P2', 300],
    ]);
    expect(found.rows[0]?.bytes).toMatchObject({ main: 1507, signalIn: 10, sub: 0 });
    expect(found.days.map(({ day, total }) => [day, total])).toEqual([
      [23, 1310],
      [24, 507],
    ]);
    const one = await month(again, { month: '2026-11', vehicleId: '2' });
    expect(one.days.map(({ day, total }) => [day, total])).toEqual([[23, 300]]);
    expect((await month(again, { month: '2026-10' })).rows).toEqual([]);
    expect(found.months).toEqual(['2026-11']);
    again.close();
  });

  it('is said once at 80 % and once at 100 % of the allowance, also over a restart, and anew the month after', () => {
    settings.dataAllowanceMb = 10;
    let usage = open();
    const use = (bytes: number) => {
      dataUse.of('1').main += bytes;
      clock.run();
    };
    use(7_999_999);
    expect(notices).toEqual([]);
    use(1);
    use(1000);
    expect(notices).toEqual(['warning dataNearlyUsedUp {"vehicle":"P1","megabytes":10,"percent":80}']);
    usage.close();
    usage = open();
    use(1000);
    expect(notices).toHaveLength(1);
    use(2_000_000);
    use(2_000_000);
    expect(notices.slice(1)).toEqual(['error dataUsedUp {"vehicle":"P1","megabytes":10}']);
    clock.ms = new Date(2026, 11, 1, 0, 1).getTime();
    use(10_000_000);
    expect(notices.slice(2)).toEqual(['error dataUsedUp {"vehicle":"P1","megabytes":10}']);
    usage.close();
  });

  it('goes by the vehicle’s own allowance where it has one', async () => {
    settings.dataAllowanceMb = 10;
    vehicles.set('1', { ...vehicle('1'), dataAllowanceMb: 0 });
    vehicles.set('2', { ...vehicle('2'), dataAllowanceMb: 1 });
    const usage = open();
    dataUse.of('1').main += 50_000_000;
    dataUse.of('2').main += 1_000_000;
    clock.run();
    expect(notices).toHaveLength(1);
    const { rows } = await month(usage, { month: '2026-11' });
    expect(rows.map(({ vehicleId, allowance, isOwn }) => [vehicleId, allowance, isOwn])).toEqual([
      ['1', 0, true],
      ['2', 1_000_000, true],
    ]);
    usage.close();
  });

  it('is forgotten after `dataKeepMonths`', async () => {
    settings.dataKeepMonths = 2;
    let usage = open();
    for (const [year, at] of [
      [2026, 8],
      [2026, 9],
      [2026, 10],
    ] as const) {
      clock.ms = new Date(year, at, 5).getTime();
      dataUse.of('1').main += 1;
      clock.run();
    }
    usage.close();
    usage = open();
    expect((await month(usage, { month: '2026-11' })).months).toEqual(['2026-11', '2026-10']);
    usage.close();
  });

  it('sets a damaged file aside and says so', async () => {
    writeFileSync(join(dataDir, 'usage.db'), 'this is no database, and long enough to be looked at as one'.repeat(40));
    const usage = open();
    dataUse.of('1').main += 5;
    expect((await month(usage, { month: '2026-11' })).rows[0]?.total).toBe(5);
    expect(tally.get('usage.damaged')).toBe(1);
    expect(notices[0]).toContain('storeDamaged');
    expect(readdirSync(dataDir).some(name => name.startsWith('usage.db.damaged-'))).toBe(true);
    usage.close();
  });

  it('goes on without its file', async () => {
    rmSync(dataDir, { recursive: true });
    writeFileSync(dataDir, 'a file where the folder should be');
    settings.dataAllowanceMb = 1;
    const usage = open();
    dataUse.of('1').main += 2_000_000;
    clock.run();
    expect(notices).toHaveLength(1);
    expect(await usage.calls['usage.get']({ month: '2026-11' })).toMatchObject({
      ok: false,
      code: 'catalogueUnavailable',
    });
    usage.close();
    expect(existsSync(dataDir)).toBe(true);
  });
});
