import { expect, test } from 'vitest';
import type { TrackPoint, Vehicle } from '../../../electron/contract.ts';
import { graticule } from '../../../renderer/map/graticule.ts';
import { placeAt, trackLines, vehicleMarks } from '../../../renderer/map/map-marks.ts';

const point = (at: number, longitude: number, latitude = 30): TrackPoint => ({
  at,
  latitude,
  longitude,
  speed: at / 1000,
  direction: 90,
});
const minute = 60_000;

test('between two points of a track the place is on the line between them', () => {
  const track = [point(0, 100), point(10_000, 101), point(20_000, 103)];
  expect(placeAt(track, 5000)).toMatchObject({ longitude: 100.5, latitude: 30, speed: 5 });
  expect(placeAt(track, 10_000)).toMatchObject({ longitude: 101 });
  expect(placeAt(track, 17_500)).toMatchObject({ longitude: 102.5 });
  expect(placeAt(track, 20_001)).toMatchObject({ longitude: 103 });
  expect(placeAt(track, -1)).toBeUndefined();
  expect(placeAt([], 0)).toBeUndefined();
});

test('within a silence nobody knows where it was', () => {
  const track = [point(0, 100), point(10_000, 101), point(20 * minute, 110)];
  expect(placeAt(track, 10_000 + 4 * minute)).toMatchObject({ longitude: 101 });
  expect(placeAt(track, 10_000 + 6 * minute)).toBeUndefined();
  expect(placeAt(track, 26 * minute)).toBeUndefined();
  expect(trackLines(track).features.map(({ geometry }) => geometry.coordinates)).toEqual([
    [
      [100, 30],
      [101, 30],
    ],
  ]);
});

const vehicle = (id: string, change: Partial<Vehicle>, place: Partial<Vehicle['position']> = {}): Vehicle =>
  ({
    id,
    plate: id,
    state: 'online',
    position: { latitude: 30, longitude: 104, speed: 0, direction: 45, alarms: 0, videoAlarms: 0, ...place },
    ...change,
  }) as Vehicle;

test('marks say what a vehicle does, those that matter most on top', () => {
  const { position: _none, ...unknown } = vehicle('F', {});
  const marks = vehicleMarks(
    [
      vehicle('A', {}, { speed: 40 }),
      vehicle('B', {}, { alarms: 1 }),
      vehicle('C', { state: 'offline' }, { speed: 40 }),
      vehicle('D', {}),
      vehicle('E', {}, { latitude: 0, longitude: 0 }),
      unknown as Vehicle,
    ],
    'D',
  );
  expect(marks.features.map(({ properties }) => [properties.id, properties.kind, properties.chosen])).toEqual([
    ['C', 'away', false],
    ['D', 'standing', true],
    ['A', 'moving', false],
    ['B', 'alarm', false],
  ]);
});

test('the grid has round numbers, at whatever scale', () => {
  const lines = graticule({ west: 103.98, south: 30.61, east: 104.11, north: 30.72 }).features;
  const words = lines.map(({ properties }) => properties.words);
  expect(words).toContain('104.00° E');
  expect(words).toContain('30.70° N');
  expect(words.length).toBeLessThan(40);
  const world = graticule({ west: -180, south: -90, east: 180, north: 90 }).features;
  expect(world.map(({ properties }) => properties.words)).toContain('60° S');
  expect(world.length).toBeLessThan(40);
});
