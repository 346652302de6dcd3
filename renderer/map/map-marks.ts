import type { Feature, FeatureCollection, LineString, Point } from 'geojson';
import type { TrackPoint, Vehicle } from '../../electron/contract.ts';
import { plateOf } from '../fleet/rows.ts';

/** alarm: an alarm is set · moving, standing: online · away: not connected, where it was last. */
export type MarkKind = 'alarm' | 'moving' | 'standing' | 'away';

export interface Mark {
  id: string;
  plate: string;
  kind: MarkKind;
  /** Degrees clockwise from north. */
  direction: number;
  chosen: boolean;
}

/** km/h; slower counts as standing. */
const movingFrom = 2;

export function markKind({ state, position }: Vehicle): MarkKind {
  if (state !== 'online') return 'away';
  if (position && (position.alarms !== 0 || position.videoAlarms !== 0)) return 'alarm';
  return position && position.speed >= movingFrom ? 'moving' : 'standing';
}

/** Vehicles that ever said where they are. Those that are away come first: drawn below the others. */
export function vehicleMarks(vehicles: Iterable<Vehicle>, chosen: string | null): FeatureCollection<Point, Mark> {
  const features: Feature<Point, Mark>[] = [];
  for (const vehicle of vehicles) {
    const { position, id } = vehicle;
    if (!position || (position.latitude === 0 && position.longitude === 0)) continue;
    const { longitude, latitude, direction } = position;
    features.push({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [longitude, latitude] },
      properties: { id, plate: plateOf(vehicle), kind: markKind(vehicle), direction, chosen: id === chosen },
    });
  }
  const order: MarkKind[] = ['away', 'standing', 'moving', 'alarm'];
  features.sort((a, b) => order.indexOf(a.properties.kind) - order.indexOf(b.properties.kind));
  return { type: 'FeatureCollection', features };
}

/** Longer silences break the line of a track (ms). */
const silenceMs = 5 * 60_000;

export function trackLines(track: readonly TrackPoint[]): FeatureCollection<LineString, object> {
  const pieces: [number, number][][] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const { at, longitude, latitude } of track) {
    if (at - before > silenceMs) pieces.push([]);
    before = at;
    pieces.at(-1)?.push([longitude, latitude]);
  }
  return {
    type: 'FeatureCollection',
    features: pieces
      .filter(piece => piece.length > 1)
      .map(coordinates => ({ type: 'Feature', geometry: { type: 'LineString', coordinates }, properties: {} })),
  };
}

/** Where the vehicle was at `at`, between the points around it; undefined outside of the track, and within a silence. */
export function placeAt(track: readonly TrackPoint[], at: number): TrackPoint | undefined {
  let low = 0;
  let high = track.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((track[middle] as TrackPoint).at <= at) low = middle + 1;
    else high = middle;
  }
  const before = track[low - 1];
  const after = track[low];
  if (!before) return undefined;
  if (!after || after.at - before.at > silenceMs) return at - before.at <= silenceMs ? before : undefined;
  const share = (at - before.at) / (after.at - before.at);
  const between = (a: number, b: number): number => a + (b - a) * share;
  return {
    at,
    latitude: between(before.latitude, after.latitude),
    longitude: between(before.longitude, after.longitude),
    speed: between(before.speed, after.speed),
    direction: before.direction,
  };
}
