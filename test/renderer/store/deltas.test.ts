import { describe, expect, it } from 'vitest';
import { applyVehicles, countFleet, createFleetStore } from '../../../renderer/store/fleet.ts';
import { applyNotices, createNoticesStore, noticeCeiling } from '../../../renderer/store/notices.ts';
import { applyStreams, createStreamsStore } from '../../../renderer/store/streams.ts';
import { createTilesStore, type TileState, withTile } from '../../../renderer/store/tiles.ts';
import { position, streamRow, vehicle } from '../made-up.ts';

describe('fleet', () => {
  const first = applyVehicles(createFleetStore().getState(), { vehicles: [vehicle('1'), vehicle('2')] }, true);

  it('is known from the first delta on, even an empty one', () => {
    expect(createFleetStore().getState().known).toBe(false);
    expect(applyVehicles(createFleetStore().getState(), {}, true).known).toBe(true);
  });

  it('changes only what a delta names', () => {
    const next = applyVehicles(first, { vehicles: [vehicle('2', { plate: 'B' })], removed: ['7'] }, false);
    expect(next.vehicles.get('1')).toBe(first.vehicles.get('1'));
    expect(next.vehicles.get('2')?.plate).toBe('B');
    expect(applyVehicles(first, { health: undefined as never }, false)).toBe(first);
  });

  it('lays lists out anew for names and states, not for positions', () => {
    const moved = applyVehicles(
      first,
      { vehicles: [vehicle('1', { position: position({ speed: 9 }), lastSeenAt: 5 })] },
      false,
    );
    expect(moved.shape).toBe(first.shape);
    for (const change of [{ plate: 'B' }, { group: 'g' }, { state: 'offline' as const }, { channels: [] }])
      expect(applyVehicles(first, { vehicles: [vehicle('1', change)] }, false).shape).toBe(first.shape + 1);
    expect(applyVehicles(first, { vehicles: [vehicle('1', { position: position({ alarms: 1 }) })] }, false).shape).toBe(
      first.shape + 1,
    );
    expect(applyVehicles(first, { removed: ['1'] }, false).shape).toBe(first.shape + 1);
  });

  it('forgets what an earlier connection told', () => {
    expect([...applyVehicles(first, { vehicles: [vehicle('3')] }, true).vehicles.keys()]).toEqual(['3']);
  });

  it('counts alarms of vehicles that are online', () => {
    const alarm = { position: position({ alarms: 4 }) };
    const list = [
      vehicle('1', alarm),
      vehicle('2', { ...alarm, state: 'offline' }),
      vehicle('3', { state: 'pending' }),
      vehicle('4'),
    ];
    expect(countFleet(list)).toEqual({ online: 2, offline: 1, pending: 1, alarm: 1 });
  });
});

describe('streams', () => {
  const first = applyStreams(createStreamsStore().getState(), { streams: [streamRow('1', 'live')] }, true);

  it('does not change with counters alone', () => {
    expect(applyStreams(first, { streams: [streamRow('1', 'live', { frames: 99, bytes: 1e6 })] }, false)).toBe(first);
  });

  it('follows phases and drops closed streams', () => {
    expect(applyStreams(first, { streams: [streamRow('1', 'stalled')] }, false).rows.get('1/1/sub')?.phase).toBe(
      'stalled',
    );
    expect(applyStreams(first, { streams: [streamRow('1', 'closed')] }, false).rows.size).toBe(0);
  });
});

describe('notices', () => {
  const notice = (id: number, over = {}) => ({
    id,
    at: id * 1000,
    level: 'info' as const,
    text: 'vehicleOnline',
    params: { vehicleId: String(id) },
    ...over,
  });

  it('stand newest first and once each', () => {
    const one = applyNotices(createNoticesStore().getState(), [notice(2), notice(1)], true);
    expect(one.entries.map(entry => entry.id)).toEqual([2, 1]);
    expect(applyNotices(one, [notice(1), notice(2)], true)).toBe(one);
  });

  it('count repeats of the same matter', () => {
    const same = { params: { vehicleId: '7' } };
    const state = applyNotices(createNoticesStore().getState(), [notice(1, same), notice(2), notice(3, same)], true);
    expect(state.entries.map(({ id, times }) => [id, times])).toEqual([
      [3, 2],
      [2, 1],
    ]);
  });

  it('are counted as unseen only while the rail is closed and only when they matter', () => {
    const state = createNoticesStore().getState();
    expect(applyNotices(state, [notice(1, { level: 'warning' }), notice(2)], false).unseen).toBe(1);
    expect(applyNotices(state, [notice(1, { level: 'warning' })], true).unseen).toBe(0);
  });

  it('have a ceiling', () => {
    const many = Array.from({ length: noticeCeiling + 50 }, (_, i) => notice(i + 1));
    expect(applyNotices(createNoticesStore().getState(), many, true).entries).toHaveLength(noticeCeiling);
  });
});

describe('tiles', () => {
  const tile: TileState = { kind: 'live', stream: 'sub', hasPicture: true, since: 1, steps: [], attempts: 0 };

  it('change only when something is different', () => {
    const one = withTile(createTilesStore().getState(), 'a', tile);
    expect(withTile(one, 'a', { ...tile, steps: [] })).toBe(one);
    expect(withTile(one, 'a', { ...tile, kind: 'stalled' }).tiles.get('a')?.kind).toBe('stalled');
    expect(withTile(one, 'a', undefined).tiles.size).toBe(0);
    expect(withTile(one, 'b', undefined)).toBe(one);
  });
});
