import type { Notice, Vehicle, VehiclePosition } from '../../contract.ts';

/** One alarm that a report carries. */
export interface AlarmMark {
  /** As `AlarmRow.kind`. */
  readonly kind: string;
  /** 0: the vehicle. */
  readonly channel: number;
  /** 0 to 100, of `driving.0`. */
  readonly fatigue?: number;
}

/** Bits of item 0x14 of which another item says more. */
const signalLoss = 0;
const occlusion = 1;
const storageFailure = 2;
const abnormalDriving = 5;
/** Bits of 1078-2016 table 14. */
const videoAlarmBits = 7;

/**
 * Alarms that a report carries, by kind and channel. Where items 0x15 to 0x18 name cameras, storages or behaviours, they
 * stand in for the bit of item 0x14. Cameras that the vehicle does not have are left out: terminals set every bit.
 */
export function activeAlarms(position: VehiclePosition, channels: Vehicle['channels']): Map<string, AlarmMark> {
  const active = new Map<string, AlarmMark>();
  const add = (kind: string, channel = 0, more: Pick<AlarmMark, 'fatigue'> = {}) =>
    active.set(`${kind}/${channel}`, { kind, channel, ...more });
  const bits = (kind: string, word: number, count: number) => {
    for (let bit = 0; bit < count; bit++) if ((word >>> bit) & 1) add(`${kind}.${bit}`);
  };
  const ofCameras = (bit: number, cameras: readonly number[]) => {
    const real = cameras.filter(camera => channels.some(each => each.channel === camera));
    for (const camera of real) add(`videoAlarm.${bit}`, camera);
    return real.length > 0;
  };

  bits('alarm', position.alarms, 32);
  let rest = position.videoAlarms;
  if (ofCameras(signalLoss, position.signalLost)) rest &= ~(1 << signalLoss);
  if (ofCameras(occlusion, position.occluded)) rest &= ~(1 << occlusion);
  const { storageFailed, driving } = position;
  if (storageFailed) {
    bits('storage', storageFailed, 16);
    rest &= ~(1 << storageFailure);
  }
  if (driving?.behaviours) {
    bits('driving', driving.behaviours, 16);
    if (driving.behaviours & 1 && driving.fatigue !== undefined) add('driving.0', 0, { fatigue: driving.fatigue });
    rest &= ~(1 << abnormalDriving);
  }
  bits('videoAlarm', rest, videoAlarmBits);
  return active;
}

/** Somebody may be in danger: emergency, fatigue, danger ahead, theft, collision, rollover; fatigue and telephone seen. */
const serious = new Set([
  ...['alarm.0', 'alarm.2', 'alarm.3', 'alarm.26', 'alarm.29', 'alarm.30'],
  ...['driving.0', 'driving.1'],
]);
/** Of the device's parts rather than of what happens: GNSS, supply, display, speech, cameras' storage. */
const ofDevice = new Set([
  ...['alarm.4', 'alarm.5', 'alarm.6', 'alarm.9', 'alarm.10', 'alarm.11', 'alarm.12'],
  ...['videoAlarm.3', 'videoAlarm.6'],
]);

export function alarmLevel(kind: string): Notice['level'] {
  if (serious.has(kind)) return 'error';
  return ofDevice.has(kind) ? 'info' : 'warning';
}
