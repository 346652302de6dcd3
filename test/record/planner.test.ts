import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordingPlan, VehiclePosition } from '../../electron/contract.ts';
import { type PlannedVehicle, Planner } from '../../electron/record/planner.ts';
import { Plans } from '../../electron/record/plans.ts';
import { emptyWeek, halfHourAt, isPainted } from '../../electron/record/week-grid.ts';
import { Tally } from '../../electron/tally.ts';
import { ManualClock } from '../accept/manual-clock.ts';

let dataDir: string;
let clock: ManualClock;
let tally: Tally;
let plans: Plans;
let planner: Planner;
let vehicles: PlannedVehicle[];
let asked: string[];

/** Monday 23 November 2026, 09:29:30 by the clock on this machine's wall. */
const monday = new Date(2026, 10, 23, 9, 29, 30).getTime();

function plan(target: string, change: Partial<RecordingPlan>): RecordingPlan {
  const rest = { week: emptyWeek, stream: 'main', channels: [], preSeconds: 0, postSeconds: 0 } as const;
  return { target, mode: 'off', ...rest, channels: [], ...change };
}

function vehicle(id: string, group = '', channels = 2): PlannedVehicle {
  return { id, group, state: 'online', channels: Array.from({ length: channels }, (_, at) => ({ channel: at + 1 })) };
}

function report(id: string, alarms: number, videoAlarms = 0, items: Partial<VehiclePosition> = {}): void {
  const at = vehicles.findIndex(entry => entry.id === id);
  const none = { signalLost: [], occluded: [] };
  const position = { alarms, videoAlarms, ...none, ...items, receivedAt: clock.now() } as unknown as VehiclePosition;
  vehicles[at] = { ...vehicles[at]!, position };
  planner.vehicleChanged(vehicles[at]!);
}

function taken(): string[] {
  return asked.splice(0).sort();
}

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'convoy-plans-'));
  clock = new ManualClock(monday);
  tally = new Tally();
  vehicles = [vehicle('1'), vehicle('2', 'tankers', 1)];
  asked = [];
  open();
});

function open(): void {
  plans = new Plans({
    dataDir,
    tally,
    settings: { maxTerminals: 3 },
    now: () => clock.now(),
    changed: () => planner.apply(),
  });
  planner = new Planner({
    clock,
    settings: { alarmRecordMinutes: 5 },
    plans,
    vehicles: () => vehicles,
    control: {
      want: ({ vehicleId, channel, stream }, cause, pre) =>
        asked.push(`want ${vehicleId}/${channel}/${stream} ${cause} ${pre}`),
      unwant: ({ vehicleId, channel }, cause) => asked.push(`unwant ${vehicleId}/${channel} ${cause}`),
      arm: ({ vehicleId, channel }, seconds) => asked.push(`arm ${vehicleId}/${channel} ${seconds}`),
      disarm: ({ vehicleId, channel }) => asked.push(`disarm ${vehicleId}/${channel}`),
    },
  });
}

afterEach(() => {
  planner.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the weekly grid', () => {
  it('begins on Monday and has a place for every half-hour of the local week', () => {
    expect(halfHourAt(new Date(2026, 10, 23, 0, 0).getTime())).toBe(0);
    expect(halfHourAt(new Date(2026, 10, 23, 0, 30).getTime())).toBe(1);
    expect(halfHourAt(new Date(2026, 10, 29, 23, 59, 59).getTime())).toBe(335);
    const week = `${emptyWeek.slice(0, 19)}1${emptyWeek.slice(20)}`;
    expect(
      [9.4, 9.5, 9.9, 10].map(hours => isPainted(week, new Date(2026, 10, 23).getTime() + hours * 3_600_000)),
    ).toEqual([false, true, true, false]);
  });
});

describe('plans', () => {
  it('record always, on the channels they name or on all', async () => {
    await plans.set(plan('all', { mode: 'always', channels: [1], stream: 'sub' }));
    expect(taken()).toEqual(['want 1/1/sub always 0', 'want 2/1/sub always 0']);
    await plans.set(plan('all', { mode: 'always' }));
    expect(taken()).toEqual([
      ...['unwant 1/1 always', 'unwant 2/1 always'],
      ...['want 1/1/main always 0', 'want 1/2/main always 0', 'want 2/1/main always 0'],
    ]);
    await plans.remove('all');
    expect(taken()).toEqual(['unwant 1/1 always', 'unwant 1/2 always', 'unwant 2/1 always']);
  });

  it('leave out channels that have sound only, named or not', async () => {
    vehicles[0] = { ...vehicles[0]!, channels: [{ channel: 1 }, { channel: 9, soundOnly: true }] };
    await plans.set(plan('1', { mode: 'always' }));
    await plans.set(plan('1', { mode: 'always', channels: [1, 9] }));
    expect(taken()).toEqual(['want 1/1/main always 0']);
  });

  it('give way to more particular ones, also to one that says off', async () => {
    await plans.set(plan('all', { mode: 'always' }));
    await plans.set(plan('group:tankers', { mode: 'off' }));
    expect(plans.planOf('2', 'tankers')?.mode).toBe('off');
    await plans.set(plan('2', { mode: 'schedule' }));
    expect(plans.planOf('2', 'tankers')?.mode).toBe('schedule');
    expect(plans.planOf('1', '')?.mode).toBe('always');
    expect(plans.list().map(({ target }) => target)).toEqual(['2', 'group:tankers', 'all']);
  });

  it('begin and end with their half-hours', async () => {
    await plans.set(
      plan('1', { mode: 'schedule', week: `${emptyWeek.slice(0, 19)}1${emptyWeek.slice(20)}`, channels: [1] }),
    );
    expect(taken()).toEqual([]);
    clock.pass(35_000);
    expect(taken()).toEqual(['want 1/1/main schedule 0']);
    clock.pass(29 * 60_000);
    expect(taken()).toEqual([]);
    clock.pass(60_000);
    expect(taken()).toEqual(['unwant 1/1 schedule']);
  });

  it('take in vehicles that are added, and leave out those that wait to be admitted', async () => {
    await plans.set(plan('all', { mode: 'always', channels: [1] }));
    taken();
    vehicles.push(vehicle('3'), { ...vehicle('4'), state: 'pending' });
    clock.pass(5000);
    expect(taken()).toEqual(['want 3/1/main always 0']);
  });

  it('are kept over a restart; rows that are none are left out, and junk is set aside', async () => {
    await plans.set(plan('1', { mode: 'always', channels: [1] }));
    taken();
    planner.close();
    const kept = JSON.parse(readFileSync(join(dataDir, 'plans.json'), 'utf8')) as unknown[];
    writeFileSync(join(dataDir, 'plans.json'), JSON.stringify([...kept, { target: '9', mode: 'sometimes' }]));
    open();
    expect(await plans.open()).toBe('');
    expect(plans.list()).toHaveLength(1);
    expect(tally.get('plans.rejected')).toBe(1);
    writeFileSync(join(dataDir, 'plans.json'), '{ not');
    open();
    expect(await plans.open()).toContain('plans.json.damaged-');
    expect(plans.list()).toEqual([]);
  });

  it('are refused when they do not fit, and when there are too many', async () => {
    expect(await plans.set(plan('all', { week: '010' }))).toMatchObject({ ok: false, code: 'badRequest' });
    expect(await plans.set(plan('../x', {}))).toMatchObject({ ok: false, code: 'badRequest' });
    for (const target of ['1', '2', '3']) expect(await plans.set(plan(target, {}))).toMatchObject({ ok: true });
    expect(await plans.set(plan('4', {}))).toMatchObject({ ok: false, code: 'badRequest' });
    expect(await plans.set(plan('3', { mode: 'always' }))).toMatchObject({ ok: true });
    expect(await plans.remove('7')).toMatchObject({ ok: false, code: 'badRequest' });
  });
});

describe('plans on alarm', () => {
  beforeEach(async () => {
    await plans.set(plan('1', { mode: 'alarm', channels: [1], preSeconds: 10, postSeconds: 20 }));
  });

  it('keep the camera in memory, and let it go with the plan', async () => {
    expect(taken()).toEqual(['arm 1/1 10']);
    await plans.set(plan('1', { mode: 'alarm', channels: [1], preSeconds: 0, postSeconds: 20 }));
    expect(taken()).toEqual(['disarm 1/1']);
  });

  it('record from before a bit turns on until after it is off', () => {
    taken();
    report('1', 0);
    expect(taken()).toEqual([]);
    report('1', 1);
    expect(taken()).toEqual(['want 1/1/main alarm 10']);
    for (let at = 0; at < 3; at++) {
      clock.pass(15_000);
      report('1', 1);
    }
    report('1', 0);
    expect(taken()).toEqual([]);
    clock.pass(15_000);
    expect(taken()).toEqual([]);
    clock.pass(10_000);
    expect(taken()).toEqual(['unwant 1/1 alarm']);
  });

  it('end after the longest time although the bit stays on, and begin again with another', () => {
    taken();
    report('1', 4);
    for (let at = 0; at < 40; at++) {
      clock.pass(10_000);
      report('1', 4);
    }
    expect(taken()).toEqual(['unwant 1/1 alarm', 'want 1/1/main alarm 10']);
    report('1', 4, 2);
    expect(taken()).toEqual(['want 1/1/main alarm 10']);
  });

  it.each<[string, Partial<VehiclePosition>]>([
    ['the signal of a camera is lost', { signalLost: [2] }],
    ['a camera is covered', { occluded: [1] }],
    ['a storage fails', { storageFailed: 0x1001 }],
    ['the driver telephones', { driving: { behaviours: 0b10 } }],
  ])('record when %s, which items 0x15 to 0x18 say alone', (_, item) => {
    taken();
    report('1', 0, 0, item);
    expect(taken()).toEqual(['want 1/1/main alarm 10']);
    clock.pass(15_000);
    report('1', 0, 0, item);
    clock.pass(15_000);
    expect(taken()).toEqual([]);
    report('1', 0);
    clock.pass(10_000);
    expect(taken()).toEqual(['unwant 1/1 alarm']);
  });

  it('are prolonged by the next camera, and not begun by cameras that the vehicle does not have', () => {
    taken();
    report('1', 0, 0, { signalLost: [3, 4, 32], driving: { behaviours: 0 }, storageFailed: 0 });
    expect(taken()).toEqual([]);
    report('1', 0, 0, { signalLost: [1] });
    expect(taken()).toEqual(['want 1/1/main alarm 10']);
    clock.pass(15_000);
    report('1', 0, 0, { signalLost: [1, 2] });
    clock.pass(15_000);
    expect(taken()).toEqual([]);
    clock.pass(10_000);
    expect(taken()).toEqual(['unwant 1/1 alarm']);
  });

  it('take no notice of an alarm that was kept from before the start', () => {
    taken();
    const position = { alarms: 1, videoAlarms: 0, receivedAt: monday - 1000 } as VehiclePosition;
    planner.vehicleChanged({ ...vehicles[0]!, position });
    expect(taken()).toEqual([]);
  });
});
