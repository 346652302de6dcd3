import type { Vehicle } from '../../electron/contract.ts';
import { searchText } from '../fleet/rows.ts';
import type { MonthCamera } from '../store/archive.ts';

/** A vehicle with footage in the month, and its cameras. */
export interface FootageVehicle {
  vehicleId: string;
  plate: string;
  cameras: readonly MonthCamera[];
  /** Of the day, all cameras together. */
  seconds: number;
}

const order = new Intl.Collator(['zh-CN', 'en'], { numeric: true });

/**
 * What is searched for, by plate, terminal and group as in the list of vehicles; those with footage of the day first, each
 * with its cameras in the same order.
 * @param date of the month, 1 to 31
 */
export function footageRows(
  found: readonly MonthCamera[],
  date: number,
  query: string,
  vehicles: ReadonlyMap<string, Pick<Vehicle, 'plate' | 'headerId' | 'group'>>,
): FootageVehicle[] {
  const wanted = searchText(query);
  const byVehicle = new Map<string, MonthCamera[]>();
  for (const camera of found) byVehicle.set(camera.vehicleId, [...(byVehicle.get(camera.vehicleId) ?? []), camera]);
  return [...byVehicle]
    .map(([vehicleId, list]): FootageVehicle => {
      const plate = list.find(camera => camera.plate)?.plate ?? vehicleId;
      const cameras = [...list].sort(
        (a, b) => Number(secondsOf(a, date) === 0) - Number(secondsOf(b, date) === 0) || a.channel - b.channel,
      );
      return { vehicleId, plate, cameras, seconds: list.reduce((sum, camera) => sum + secondsOf(camera, date), 0) };
    })
    .filter(({ vehicleId, plate }) => {
      const known = vehicles.get(vehicleId);
      const texts = [plate, vehicleId, known?.plate, known?.headerId, known?.group];
      return texts.some(text => text !== undefined && searchText(text).includes(wanted));
    })
    .sort((a, b) => Number(a.seconds === 0) - Number(b.seconds === 0) || order.compare(a.plate, b.plate));
}

export function secondsOf(camera: MonthCamera, date: number): number {
  return camera.days.find(each => each.day === date)?.seconds ?? 0;
}
