import { describe, expect, it } from 'vitest';
import { footageRows } from '../../../renderer/archive/footage-rows.ts';
import type { MonthCamera } from '../../../renderer/store/archive.ts';

const camera = (vehicleId: string, plate: string, channel: number, days: number[]): MonthCamera => ({
  ...{ vehicleId, plate, channel, stream: 'main' },
  days: days.map(day => ({ day, seconds: 60 })),
});
const found = [
  camera('13900000001', '沪A·D7261', 2, [4]),
  camera('13900000001', '沪A·D7261', 1, [3, 4]),
  camera('13900000002', '京A·88K12', 1, [3]),
  camera('13900000003', '', 1, [4]),
];
const vehicles = new Map([['13900000002', { plate: '京A·88K12', headerId: '013900000002', group: 'Night buses' }]]);
const listed = (date: number, query: string) =>
  footageRows(found, date, query, vehicles).map(row => [row.plate, row.cameras.map(each => each.channel)]);

describe('cameras with footage', () => {
  it('come first with footage of the day, vehicles and their cameras', () => {
    expect(listed(3, '').map(([plate]) => plate)).toEqual(
      ['沪A·D7261', '京A·88K12', '13900000003'].sort((a, b) => {
        const none = (name: string) => Number(name === '13900000003');
        return none(a) - none(b) || new Intl.Collator(['zh-CN', 'en'], { numeric: true }).compare(a, b);
      }),
    );
    expect(listed(4, '').at(-1)).toEqual(['京A·88K12', [1]]);
    expect(listed(3, 'd7261')).toEqual([['沪A·D7261', [1, 2]]]);
  });

  it.each([
    ['ad72', '沪A·D7261'],
    ['88 k12', '京A·88K12'],
    ['0139 0000 0002', '京A·88K12'],
    ['night', '京A·88K12'],
    ['00003', '13900000003'],
  ])('are found by plate, terminal and group: %s', (query, plate) => {
    expect(listed(3, query).map(([name]) => name)).toEqual([plate]);
  });

  it('are none where nothing fits', () => {
    expect(listed(3, 'zz')).toEqual([]);
  });
});
