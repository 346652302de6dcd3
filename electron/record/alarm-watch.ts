import type { VehiclePosition } from '../contract.ts';

export interface AlarmLimits {
  readonly alarmRecordMinutes: number;
}

/** A recording on alarm: which bits hold it, and until when. */
interface Hold {
  alarms: number;
  videoAlarms: number;
  since: number;
  until: number;
}

/**
 * Which vehicles are to be recorded because of an alarm. It begins when a bit of the alarm word of 0x0200, or of its item
 * 0x14, turns on; lasts until `postSeconds` after the last report that still carries one of the bits that turned on; and ends
 * after `alarmRecordMinutes` whatever is reported, since terminals are known to leave a bit on for weeks. A further bit that
 * turns on meanwhile begins that time anew: overlapping alarms are one recording.
 */
export class AlarmWatch {
  readonly #limits: AlarmLimits;
  /** Reports from before this are history: they were kept from the last run. */
  readonly #startedAt: number;
  readonly #last = new Map<string, { alarms: number; videoAlarms: number }>();
  readonly #holds = new Map<string, Hold>();

  constructor(limits: AlarmLimits, startedAt: number) {
    this.#limits = limits;
    this.#startedAt = startedAt;
  }

  /** @returns true when a recording begins or is prolonged by a new alarm */
  report(vehicleId: string, position: VehiclePosition, postSeconds: number): boolean {
    const { alarms, videoAlarms, receivedAt } = position;
    const before = this.#last.get(vehicleId);
    if (receivedAt < this.#startedAt) return false;
    this.#last.set(vehicleId, { alarms, videoAlarms });
    const risen = alarms & ~(before?.alarms ?? 0);
    const videoRisen = videoAlarms & ~(before?.videoAlarms ?? 0);
    const hold = this.#holds.get(vehicleId);
    if (risen !== 0 || videoRisen !== 0) {
      this.#holds.set(vehicleId, {
        alarms: risen | (hold?.alarms ?? 0),
        videoAlarms: videoRisen | (hold?.videoAlarms ?? 0),
        since: receivedAt,
        until: Math.max(receivedAt + postSeconds * 1000, hold?.until ?? 0),
      });
      return true;
    }
    if (!hold || ((alarms & hold.alarms) === 0 && (videoAlarms & hold.videoAlarms) === 0)) return false;
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
