import type { Vehicle, VehiclePosition } from '../contract.ts';
import { activeAlarms } from './events/active-alarms.ts';

export interface AlarmLimits {
  readonly alarmRecordMinutes: number;
}

/** A recording on alarm: which alarms hold it, and until when. */
interface Hold {
  readonly alarms: Set<string>;
  readonly since: number;
  until: number;
}

/** What a vehicle must tell to be watched. */
export type WatchedVehicle = Pick<Vehicle, 'id' | 'channels'>;

/**
 * Which vehicles are to be recorded because of an alarm. It begins when one turns on: a bit of the alarm word of 0x0200 or of
 * its item 0x14, or a camera, a storage or a behaviour that items 0x15 to 0x18 name, with or without 0x14. It lasts until
 * `postSeconds` after the last report that still carries one of those that turned on; and ends after `alarmRecordMinutes`
 * whatever is reported, since terminals are known to leave a bit on for weeks. A further alarm that turns on meanwhile begins
 * that time anew: overlapping alarms are one recording.
 */
export class AlarmWatch {
  readonly #limits: AlarmLimits;
  /** Reports from before this are history: they were kept from the last run. */
  readonly #startedAt: number;
  readonly #last = new Map<string, ReadonlySet<string>>();
  readonly #holds = new Map<string, Hold>();

  constructor(limits: AlarmLimits, startedAt: number) {
    this.#limits = limits;
    this.#startedAt = startedAt;
  }

  /** @returns true when a recording begins or is prolonged by a new alarm */
  report({ id, channels }: WatchedVehicle, position: VehiclePosition, postSeconds: number): boolean {
    const { receivedAt } = position;
    if (receivedAt < this.#startedAt) return false;
    const before = this.#last.get(id);
    const active = new Set(activeAlarms(position, channels).keys());
    this.#last.set(id, active);
    const risen = [...active].filter(alarm => !before?.has(alarm));
    const hold = this.#holds.get(id);
    if (risen.length > 0) {
      this.#holds.set(id, {
        alarms: new Set([...(hold?.alarms ?? []), ...risen]),
        since: receivedAt,
        until: Math.max(receivedAt + postSeconds * 1000, hold?.until ?? 0),
      });
      return true;
    }
    if (!hold || ![...hold.alarms].some(alarm => active.has(alarm))) return false;
    const longest = hold.since + this.#limits.alarmRecordMinutes * 60_000;
    hold.until = Math.min(Math.max(hold.until, receivedAt + postSeconds * 1000), longest);
    return false;
  }

  isHeld(vehicleId: string, now: number): boolean {
    const hold = this.#holds.get(vehicleId);
    if (!hold) return false;
    if (now < hold.until) return true;
    this.#holds.delete(vehicleId);
    return false;
  }

  forget(vehicleId: string): void {
    this.#last.delete(vehicleId);
    this.#holds.delete(vehicleId);
  }
}
