import { describe, expect, it } from 'vitest';
import type { VehiclePosition } from '../../../electron/contract.ts';
import { activeAlarms, alarmLevel } from '../../../electron/record/events/active-alarms.ts';

const channels = [{ channel: 1 }, { channel: 2 }];
const names = (change: Partial<VehiclePosition>) => [
  ...activeAlarms(
    {
      ...{ latitude: 0, longitude: 0, altitude: 0, speed: 0, direction: 0, deviceTime: 0, receivedAt: 0 },
      ...{ fixed: true, ignition: true, alarms: 0, videoAlarms: 0, signalLost: [], occluded: [] },
      ...change,
    },
    channels,
  ).keys(),
];

describe('active alarms', () => {
  it('are the bits of the alarm word, the highest too', () => {
    expect(names({ alarms: 0x80000001 })).toEqual(['alarm.0/0', 'alarm.31/0']);
  });

  it('are of the cameras that an item names, else of the vehicle', () => {
    expect(names({ videoAlarms: 0b11 })).toEqual(['videoAlarm.0/0', 'videoAlarm.1/0']);
    expect(names({ videoAlarms: 0b11, signalLost: [2] })).toEqual(['videoAlarm.0/2', 'videoAlarm.1/0']);
    expect(names({ occluded: [1, 2] })).toEqual(['videoAlarm.1/1', 'videoAlarm.1/2']);
  });

  it('are none of cameras that the vehicle does not have', () => {
    expect(names({ signalLost: [3, 4, 32] })).toEqual([]);
  });

  it('are storages and behaviours in place of the bits that stand for all of them', () => {
    expect(names({ videoAlarms: 0b100, storageFailed: 0x8001 })).toEqual(['storage.0/0', 'storage.15/0']);
    expect(names({ videoAlarms: 0b100000, driving: { behaviours: 0b10 } })).toEqual(['driving.1/0']);
    expect(names({ videoAlarms: 0b100100, storageFailed: 0, driving: { behaviours: 0 } })).toEqual([
      'videoAlarm.2/0',
      'videoAlarm.5/0',
    ]);
  });

  it('have a level', () => {
    expect(['alarm.0', 'driving.1', 'alarm.20', 'videoAlarm.1', 'alarm.5'].map(alarmLevel)).toEqual([
      'error',
      'error',
      'warning',
      'warning',
      'info',
    ]);
  });
});
