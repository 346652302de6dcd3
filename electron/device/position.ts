import { type Location, statusBit } from '../codec/jt808/body/location.ts';
import type { VehiclePosition } from '../contract.ts';

/** What a console shows of a 0x0200. @param receivedAt ms since 1970 @param isStored it came by 0x0704 */
export function positionOf(location: Location, receivedAt: number, isStored = false): VehiclePosition {
  let videoAlarms = 0;
  let signalLost: number[] = [];
  let occluded: number[] = [];
  let storageFailed: number | undefined;
  let driving: VehiclePosition['driving'];
  for (const item of location.items) {
    if (!('value' in item)) continue;
    if (item.id === 0x14) videoAlarms = item.value;
    else if (item.id === 0x15) signalLost = channelsOfBits(item.value);
    else if (item.id === 0x16) occluded = channelsOfBits(item.value);
    else if (item.id === 0x17) storageFailed = item.value;
    else if (item.id === 0x18) driving = { ...item.value };
  }
  return {
    latitude: location.latitude,
    longitude: location.longitude,
    altitude: location.altitude,
    speed: location.speed,
    direction: location.direction,
    deviceTime: location.time,
    receivedAt,
    fixed: (location.status & statusBit.fixed) !== 0,
    ignition: (location.status & statusBit.ignition) !== 0,
    alarms: location.alarms,
    videoAlarms,
    signalLost,
    occluded,
    ...(storageFailed !== undefined && { storageFailed }),
    ...(driving && { driving }),
    ...(isStored && { isStored }),
  };
}

/** Bit n = channel n + 1. */
function channelsOfBits(bits: number): number[] {
  const channels: number[] = [];
  for (let bit = 0; bit < 32; bit++) if ((bits >>> bit) & 1) channels.push(bit + 1);
  return channels;
}

/** The same but for when it arrived: a terminal that stands repeats itself, which is no news. */
export function samePosition(a: VehiclePosition | undefined, b: VehiclePosition): boolean {
  return a !== undefined && JSON.stringify({ ...a, receivedAt: 0 }) === JSON.stringify({ ...b, receivedAt: 0 });
}
