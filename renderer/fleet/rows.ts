import type { Vehicle } from '../../electron/contract.ts';
import { hasAlarm } from '../store/fleet.ts';
import type { Scope, Selection } from '../store/selection.ts';

/** One line of the vehicle list. `id` is unique in the list and survives changes. */
export type FleetRow =
  | { kind: 'group'; id: string; name: string; pending: boolean; online: number; total: number; folded: boolean }
  | { kind: 'vehicle'; id: string; vehicleId: string; expanded: boolean }
  | { kind: 'pending'; id: string; vehicleId: string }
  | { kind: 'channel'; id: string; vehicleId: string; channel: number };

export type RowFilter = Pick<Selection, 'query' | 'scope' | 'expanded' | 'folded'>;

/** Folded name of the group of vehicles that wait to be admitted; no group of an operator's can be called that. */
export const pendingGroup = '\u0000pending';

const order = new Intl.Collator(['zh-CN', 'en'], { numeric: true });

/** Letters and digits alone, so that `沪A·D7261` is found by `ad72` and a SIM with its leading zeros by its digits. */
export function searchText(text: string): string {
  return text.toLocaleLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

export function matches(vehicle: Vehicle, query: string): boolean {
  const wanted = searchText(query);
  if (!wanted) return true;
  const own = [vehicle.plate, vehicle.id, vehicle.headerId, vehicle.group];
  return [...own, ...vehicle.channels.map(channel => channel.name ?? '')].some(text =>
    searchText(text).includes(wanted),
  );
}

export function inScope(vehicle: Vehicle, scope: Scope | null): boolean {
  if (scope === null) return true;
  if (scope === 'alarm') return hasAlarm(vehicle);
  return scope === 'new' ? vehicle.state === 'pending' : vehicle.state === scope;
}

/** The name by which operators know a vehicle: its plate, else its terminal's number. */
export function plateOf(vehicle: Pick<Vehicle, 'plate' | 'headerId'>): string {
  return vehicle.plate || vehicle.headerId;
}

/**
 * The list as it is shown: groups by name with those without one last, vehicles by plate, the cameras of an expanded vehicle
 * beneath it, and those not yet admitted at the end. While something is searched for, nothing is folded away.
 */
export function fleetRows(vehicles: Iterable<Vehicle>, filter: RowFilter): FleetRow[] {
  const groups = new Map<string, { online: number; total: number; shown: Vehicle[] }>();
  const pending: Vehicle[] = [];
  for (const vehicle of vehicles) {
    const shown = inScope(vehicle, filter.scope) && matches(vehicle, filter.query);
    if (vehicle.state === 'pending') {
      if (shown) pending.push(vehicle);
      continue;
    }
    let group = groups.get(vehicle.group);
    if (!group) {
      group = { online: 0, total: 0, shown: [] };
      groups.set(vehicle.group, group);
    }
    group.total++;
    if (vehicle.state === 'online') group.online++;
    if (shown) group.shown.push(vehicle);
  }
  const rows: FleetRow[] = [];
  const byName = [...groups].sort(([a], [b]) => Number(a === '') - Number(b === '') || order.compare(a, b));
  for (const [name, { online, total, shown }] of byName) {
    if (shown.length === 0) continue;
    const folded = filter.query === '' && filter.folded.has(name);
    rows.push({ kind: 'group', id: `group/${name}`, name, pending: false, online, total, folded });
    if (!folded) pushVehicles(rows, shown, filter);
  }
  if (pending.length > 0) {
    const folded = filter.query === '' && filter.folded.has(pendingGroup);
    const total = pending.length;
    rows.push({
      kind: 'group',
      id: `group/${pendingGroup}`,
      name: pendingGroup,
      pending: true,
      online: 0,
      total,
      folded,
    });
    if (!folded)
      for (const { id } of pending.sort(byPlate)) rows.push({ kind: 'pending', id: `pending/${id}`, vehicleId: id });
  }
  return rows;
}

function pushVehicles(rows: FleetRow[], shown: Vehicle[], filter: RowFilter): void {
  for (const { id, channels } of shown.sort(byPlate)) {
    const expanded = filter.expanded.has(id);
    rows.push({ kind: 'vehicle', id: `vehicle/${id}`, vehicleId: id, expanded });
    if (expanded)
      for (const { channel } of channels)
        rows.push({ kind: 'channel', id: `channel/${id}/${channel}`, vehicleId: id, channel });
  }
}

function byPlate(a: Vehicle, b: Vehicle): number {
  return order.compare(plateOf(a), plateOf(b)) || order.compare(a.id, b.id);
}
