import { describe, expect, it } from 'vitest';
import type { Vehicle } from '../../../electron/contract.ts';
import { fleetRows, matches, pendingGroup, plateOf, type RowFilter } from '../../../renderer/fleet/rows.ts';
import { position, vehicle } from '../made-up.ts';

const all: RowFilter = { query: '', scope: null, expanded: new Set(), folded: new Set() };

const fleet: Vehicle[] = [
  vehicle('10', { plate: '沪A·D7261', group: 'East', channels: [{ channel: 1, name: 'Front' }, { channel: 2 }] }),
  vehicle('11', { plate: '沪A·D71', group: 'East', state: 'offline' }),
  vehicle('12', { plate: '粤B·2F983', group: '' }),
  vehicle('13', { plate: '川A·1', group: 'Chengdu', position: position({ alarms: 4 }) }),
  vehicle('13912345678', { state: 'pending' }),
];

const ids = (filter: Partial<RowFilter> = {}) => fleetRows(fleet, { ...all, ...filter }).map(row => row.id);

describe('the list', () => {
  it('has groups by name, those without one last but for what waits to be admitted', () => {
    expect(ids()).toEqual([
      'group/Chengdu',
      'vehicle/13',
      'group/East',
      'vehicle/11',
      'vehicle/10',
      'group/',
      'vehicle/12',
      `group/${pendingGroup}`,
      'pending/13912345678',
    ]);
  });

  it('sorts plates by their numbers', () => {
    const rows = fleetRows([vehicle('1', { plate: 'A10' }), vehicle('2', { plate: 'A9' })], all);
    expect(rows.map(row => row.id)).toEqual(['group/', 'vehicle/2', 'vehicle/1']);
  });

  it('shows the cameras of an expanded vehicle and hides a folded group', () => {
    expect(ids({ expanded: new Set(['10']), folded: new Set(['Chengdu']) }).slice(0, 5)).toEqual([
      'group/Chengdu',
      'group/East',
      'vehicle/11',
      'vehicle/10',
      'channel/10/1',
    ]);
  });

  it('counts whole groups whatever is filtered', () => {
    const east = fleetRows(fleet, { ...all, scope: 'online' }).find(row => row.id === 'group/East');
    expect(east).toMatchObject({ online: 1, total: 2 });
  });

  it('keeps to the scope', () => {
    expect(ids({ scope: 'offline' })).toEqual(['group/East', 'vehicle/11']);
    expect(ids({ scope: 'alarm' })).toEqual(['group/Chengdu', 'vehicle/13']);
    expect(ids({ scope: 'new' })).toEqual([`group/${pendingGroup}`, 'pending/13912345678']);
  });

  it('unfolds what is searched for', () => {
    expect(ids({ query: 'd72', folded: new Set(['East']) })).toEqual(['group/East', 'vehicle/10']);
  });
});

describe('searching', () => {
  it.each(['d7261', '沪a·d', 'A D72', 'east', 'front', '000000000010', '10'])(
    'finds the plate, group, camera or SIM by %s',
    query => {
      expect(matches(fleet[0]!, query)).toBe(true);
    },
  );

  it.each(['d7262', '粤', '99'])('does not find it by %s', query => {
    expect(matches(fleet[0]!, query)).toBe(false);
  });

  it('finds everything by nothing and by signs alone', () => {
    expect([matches(fleet[0]!, ''), matches(fleet[0]!, ' ·- ')]).toEqual([true, true]);
  });
});

it('calls a vehicle without a plate by its number as the header has it', () => {
  expect(plateOf(fleet[4]!)).toBe('013912345678'.padStart(12, '0'));
});
