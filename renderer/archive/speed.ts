import type { TrackPoint } from '../../electron/contract.ts';
import type { Station } from '../station.ts';

/** A speed that was reported longer ago than this (ms) says nothing about the picture. */
const staleMs = 120_000;

/** Index of the last point at or before a moment; -1 before the first. */
export function pointAt(track: readonly TrackPoint[], at: number): number {
  let low = 0;
  let high = track.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (track[middle]!.at <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** km/h of the vehicle whose track is shown, as last reported before a moment. */
export function speedAt(
  track: readonly TrackPoint[],
  vehicleId: string,
  station: Station,
  at: number,
): number | undefined {
  const { cameras, focus } = station.archive.getState();
  if ((cameras[focus] ?? cameras[0])?.vehicleId !== vehicleId) return undefined;
  const point = track[pointAt(track, at)];
  return point && at - point.at < staleMs ? point.speed : undefined;
}
