import type { AlarmRow, PictureRow, Vehicle } from '../../electron/contract.ts';
import type { AlarmGroup, AlarmsState } from '../store/alarms.ts';

/** Bits of the alarm word by what they are about; the others are `other`. */
const groupOfBit: Record<number, AlarmGroup> = {
  ...Object.fromEntries([0, 3, 26, 27, 28, 29, 30, 31].map(bit => [bit, 'danger'])),
  ...Object.fromEntries([1, 2, 13, 14, 15, 18].map(bit => [bit, 'driving'])),
  ...Object.fromEntries([17, 19, 20, 21, 22, 23].map(bit => [bit, 'route'])),
  ...Object.fromEntries([4, 5, 6, 7, 8, 9, 10, 11, 12, 16, 24, 25].map(bit => [bit, 'device'])),
};

export function groupOf(kind: string): AlarmGroup {
  const [family, bit] = kind.split('.');
  if (family === 'driving') return 'driving';
  if (family === 'storage') return 'device';
  if (family === 'videoAlarm') return bit === '5' ? 'driving' : bit === '4' ? 'other' : 'video';
  return (family === 'alarm' && groupOfBit[Number(bit)]) || 'other';
}

/** Somebody has to look at it. */
export function isOpen(row: AlarmRow): boolean {
  return row.confirmedAt === 0;
}

/** Serious and not confirmed: what the badge counts. */
export function isPressing(row: AlarmRow): boolean {
  return row.level === 'error' && row.confirmedAt === 0;
}

/** Unconfirmed ones first, the newest on top; each once. */
export function alarmRows(
  live: ReadonlyMap<string, AlarmRow>,
  { older, vehicleId, level, group, openOnly }: AlarmsState,
): AlarmRow[] {
  const rows = [...live.values(), ...older.filter(row => !live.has(row.id))].filter(
    row =>
      (vehicleId === null || row.vehicleId === vehicleId) &&
      (level === null || row.level === level) &&
      (group === null || groupOf(row.kind) === group) &&
      (!openOnly || isOpen(row)),
  );
  return rows.sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || b.begin - a.begin || numberOf(b) - numberOf(a));
}

/** Of what is known at first, only this young is news (ms). */
const freshMs = 60_000;

/**
 * A serious alarm is there that was not before. This computer's clock is asked only for those that were there when the
 * console came; what is told of afterwards, from a blind area, is no news.
 */
export function isNews(
  now: ReadonlyMap<string, AlarmRow>,
  before: ReadonlyMap<string, AlarmRow>,
  clock: number,
): boolean {
  const known = Math.max(0, ...[...before.values()].map(numberOf));
  return [...now.values()].some(
    row =>
      isPressing(row) &&
      !row.late &&
      !before.has(row.id) &&
      (before.size > 0 ? numberOf(row) > known : Math.abs(clock - row.begin) < freshMs),
  );
}

function numberOf({ id }: AlarmRow): number {
  return Number(id.slice(1));
}

/** Whose camera takes the next picture: the one that the page is narrowed to, else the selected one, else any. */
export function photographed(
  vehicles: ReadonlyMap<string, Vehicle>,
  filtered: string | null,
  selected: string | null,
): Vehicle | undefined {
  const online = [...vehicles.values()].filter(vehicle => vehicle.state === 'online');
  const wanted = online.find(({ id }) => id === (filtered ?? selected));
  return wanted ?? (filtered === null ? online[0] : undefined);
}

/** The newest first; each once. */
export function pictureRows(
  live: ReadonlyMap<string, PictureRow>,
  { olderPictures, vehicleId }: AlarmsState,
): PictureRow[] {
  return [...live.values(), ...olderPictures.filter(row => !live.has(row.id))]
    .filter(row => vehicleId === null || row.vehicleId === vehicleId)
    .sort((a, b) => b.at - a.at || Number(b.id) - Number(a.id));
}
