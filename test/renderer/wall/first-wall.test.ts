import { expect, it } from 'vitest';
import { cameraName, emptyArrangement } from '../../../renderer/wall/arrangement.ts';
import { firstWall } from '../../../renderer/wall/first-wall.ts';
import { vehicle } from '../made-up.ts';

const channels = [1, 2, 3, 4].map(channel => ({ channel }));
const online = (id: string, onlineSince: number) => vehicle(id, { state: 'online', onlineSince, channels });
const names = (a: typeof emptyArrangement) => a.cells.slice(0, a.layout).map(camera => camera && cameraName(camera));

it('takes the first cameras of vehicles in the order in which they came online', () => {
  const one = firstWall(emptyArrangement, [online('22', 5), vehicle('33', { state: 'offline', channels })]);
  expect(names(one)).toEqual(['22/1', '22/2', null, null, null, null, null, null, null]);
  const more = firstWall(one, [online('11', 9), online('22', 5), online('44', 7)]);
  expect(names(more)).toEqual(['22/1', '22/2', '44/1', '44/2', '11/1', '11/2', null, null, null]);
});

it('stops when the wall is full, and is the same wall when there is nothing to add', () => {
  const many = Array.from({ length: 9 }, (_, i) => online(String(10 + i), i));
  const full = firstWall(emptyArrangement, many);
  expect(names(full)).toEqual(['10/1', '10/2', '11/1', '11/2', '12/1', '12/2', '13/1', '13/2', '14/1']);
  expect(firstWall(full, many)).toBe(full);
  expect(full.focus).toBe(0);
});
