import type { Location } from '../../codec/jt808/body/location.ts';
import type { Vehicle, VehiclePosition } from '../../contract.ts';
import { positionOf } from '../../device/position.ts';
import { type AlarmMark, activeAlarms } from './active-alarms.ts';

/** One that began and ended before it was told of. */
export interface PastAlarm {
  readonly mark: AlarmMark;
  readonly begin: number;
  readonly end: number;
  readonly position: VehiclePosition;
}

/**
 * Alarms that came and went within positions told of afterwards, times by the vehicle's clock. One that the last position
 * still carries is left to the reports that follow.
 */
export function pastAlarms(
  locations: readonly Location[],
  channels: Vehicle['channels'],
  receivedAt: number,
): PastAlarm[] {
  const ordered = locations.filter(each => each.time > 0).sort((a, b) => a.time - b.time);
  const lasting = new Map<string, Omit<PastAlarm, 'end'>>();
  const past: PastAlarm[] = [];
  for (const location of ordered) {
    const position = positionOf(location, receivedAt, true);
    const active = activeAlarms(position, channels);
    for (const [name, alarm] of lasting)
      if (!active.has(name)) {
        past.push({ ...alarm, end: location.time });
        lasting.delete(name);
      }
    for (const [name, mark] of active)
      if (!lasting.has(name)) lasting.set(name, { mark, begin: location.time, position });
  }
  return past;
}
