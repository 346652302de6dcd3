import { describe, expect, it } from 'vitest';
import type { AlarmRow } from '../../../electron/contract.ts';
import { alarmRows, groupOf, isNews, isPressing } from '../../../renderer/alarms/alarm-rows.ts';
import { createAlarmsStore } from '../../../renderer/store/alarms.ts';

const row = (id: number, change: Partial<AlarmRow> = {}): AlarmRow => ({
  ...{ id: `a${id}`, vehicleId: '1', channel: 0, kind: 'alarm.0', level: 'error', begin: id * 1000, end: 0 },
  ...{ speed: 0, confirmedAt: 0, confirmedBy: '', told: false },
  ...change,
});
const state = createAlarmsStore().getState();
const live = (...rows: AlarmRow[]) => new Map(rows.map(each => [each.id, each]));
const ids = (rows: AlarmRow[]) => rows.map(each => each.id);

describe('rows of the alarms page', () => {
  it('have those not confirmed first, the newest on top, each once', () => {
    const older = [row(9, { confirmedAt: 1 }), row(2), row(1)];
    const rows = alarmRows(live(row(9, { confirmedAt: 1 }), row(10), row(11, { confirmedAt: 1 })), { ...state, older });
    expect(ids(rows)).toEqual(['a10', 'a2', 'a1', 'a11', 'a9']);
  });

  it('are narrowed by vehicle, level, kind and whether they are open', () => {
    const rows = live(
      row(1),
      row(2, { vehicleId: '2', kind: 'videoAlarm.1', level: 'warning' }),
      row(3, { kind: 'driving.2', level: 'warning', confirmedAt: 5 }),
    );
    expect(ids(alarmRows(rows, { ...state, vehicleId: '2' }))).toEqual(['a2']);
    expect(ids(alarmRows(rows, { ...state, level: 'warning' }))).toEqual(['a2', 'a3']);
    expect(ids(alarmRows(rows, { ...state, group: 'video' }))).toEqual(['a2']);
    expect(ids(alarmRows(rows, { ...state, openOnly: true }))).toEqual(['a2', 'a1']);
  });

  it('belong to one group each, whatever the bit', () => {
    expect(
      [
        'alarm.0',
        'alarm.2',
        'alarm.23',
        'alarm.4',
        'videoAlarm.0',
        'videoAlarm.5',
        'storage.3',
        'driving.14',
        'x.1',
      ].map(groupOf),
    ).toEqual(['danger', 'driving', 'route', 'device', 'video', 'driving', 'device', 'driving', 'other']);
  });

  it('are news when they are serious, new and not told of afterwards, whatever the clock says', () => {
    const known = live(row(5));
    expect(isNews(live(row(5), row(6)), known, 0)).toBe(true);
    expect(isNews(known, known, 5000)).toBe(false);
    expect(isNews(live(row(5), row(4)), known, 4000)).toBe(false);
    expect(isNews(live(row(5), row(6, { late: true })), known, 6000)).toBe(false);
    expect(isNews(live(row(5), row(6, { level: 'warning' })), known, 6000)).toBe(false);
    expect(isNews(live(row(5)), live(), 30_000)).toBe(true);
    expect(isNews(live(row(5)), live(), 300_000)).toBe(false);
  });

  it('press while they are serious and open', () => {
    expect([row(1), row(2, { confirmedAt: 1 }), row(3, { level: 'warning' })].map(isPressing)).toEqual([
      true,
      false,
      false,
    ]);
  });
});
