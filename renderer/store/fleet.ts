import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Delta, Vehicle } from '../../electron/contract.ts';

export interface Fleet {
  /** By terminal id. A new map for every change; unchanged vehicles keep their identity. */
  vehicles: ReadonlyMap<string, Vehicle>;
  /** Grows when a list of vehicles has to be laid out anew: not when only a position or a time changed. */
  shape: number;
  /** False until the first delta: an empty list before it is not yet an empty fleet. */
  known: boolean;
}

export type FleetStore = StoreApi<Fleet>;

export function createFleetStore(): FleetStore {
  return createStore<Fleet>()(() => ({ vehicles: new Map(), shape: 0, known: false }));
}

/** `whole` marks the first delta of a connection, which replaces what an earlier connection left. */
export function applyVehicles(fleet: Fleet, delta: Delta, whole: boolean): Fleet {
  if (!whole && !delta.vehicles?.length && !delta.removed?.length) return fleet;
  const vehicles = new Map(whole ? [] : fleet.vehicles);
  let reshaped = whole;
  for (const id of delta.removed ?? []) reshaped = vehicles.delete(id) || reshaped;
  for (const vehicle of delta.vehicles ?? []) {
    const before = vehicles.get(vehicle.id);
    reshaped ||= !before || shapeOf(before) !== shapeOf(vehicle);
    vehicles.set(vehicle.id, vehicle);
  }
  return { vehicles, shape: fleet.shape + (reshaped ? 1 : 0), known: true };
}

function shapeOf(vehicle: Vehicle): string {
  const { plate, group, state, channels } = vehicle;
  const names = channels.map(channel => `${channel.channel}${channel.name ?? ''}`).join('|');
  return `${plate}\n${group}\n${state}\n${hasAlarm(vehicle)}\n${names}`;
}

export interface FleetCounts {
  online: number;
  offline: number;
  pending: number;
  alarm: number;
}

export function hasAlarm(vehicle: Vehicle): boolean {
  return (
    vehicle.state === 'online' &&
    !!vehicle.position &&
    (vehicle.position.alarms !== 0 || vehicle.position.videoAlarms !== 0)
  );
}

export function countFleet(vehicles: Iterable<Vehicle>): FleetCounts {
  const counts: FleetCounts = { online: 0, offline: 0, pending: 0, alarm: 0 };
  for (const vehicle of vehicles) {
    counts[vehicle.state]++;
    if (hasAlarm(vehicle)) counts.alarm++;
  }
  return counts;
}
