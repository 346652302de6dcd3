import type { Vehicle } from '../../electron/contract.ts';
import { camerasOf } from '../fleet/vehicle-words.ts';
import { type Arrangement, cellOf, freeCell } from './arrangement.ts';

/** Of each vehicle, so that nine cells show several. */
const camerasEach = 2;

/**
 * The wall of somebody who has never arranged one and looks at the simulator: the first cameras of each vehicle that is
 * online, in the order in which they came, into the free cells. Nothing that is there moves.
 */
export function firstWall(a: Arrangement, vehicles: Iterable<Vehicle>): Arrangement {
  const online = [...vehicles]
    .filter(vehicle => vehicle.state === 'online')
    .sort((x, y) => x.onlineSince - y.onlineSince);
  let next = a;
  for (const vehicle of online)
    for (const { channel } of camerasOf(vehicle).slice(0, camerasEach)) {
      const camera = { vehicleId: vehicle.id, channel };
      const cell = freeCell(next, 0);
      if (cell >= 0 && cellOf(next, camera) < 0) next = { ...next, cells: next.cells.with(cell, camera) };
    }
  return next;
}
