import type { TFunction } from 'i18next';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Vehicle } from '../../electron/contract.ts';
import { plateOf } from '../fleet/rows.ts';
import { useStation } from '../StationContext.tsx';

interface PickerProps {
  chosen: ReadonlySet<string>;
  choose(chosen: ReadonlySet<string>): void;
  /** What stands behind a vehicle's plate, instead of whether it is connected. */
  words?(vehicleId: string): { text: string; level: 'well' | 'amber' | 'red' | 'plain' } | undefined;
  disabled?: boolean;
}

/** Vehicles by group, to be chosen one by one or a group at a time. */
export function VehiclePicker({ chosen, choose, words, disabled }: PickerProps) {
  const { fleet } = useStation();
  const { t } = useTranslation();
  const vehicles = useStore(fleet, state => state.vehicles);
  const [filter, setFilter] = useState('');
  const groups = useMemo(() => byGroup(vehicles.values(), filter), [vehicles, filter]);
  const set = (ids: readonly string[], on: boolean): void => {
    const next = new Set(chosen);
    for (const id of ids)
      if (on) next.add(id);
      else next.delete(id);
    choose(next);
  };
  return (
    <div className="picker" data-testid="picker">
      {!disabled && (
        <input
          className="field"
          type="search"
          placeholder={t('picker.filter')}
          aria-label={t('picker.filter')}
          value={filter}
          data-testid="picker-filter"
          onChange={event => setFilter(event.target.value)}
        />
      )}
      <div className="picker-list">
        {groups.map(({ group, members }) => {
          const online = members.filter(vehicle => vehicle.state === 'online').map(({ id }) => id);
          const taken = online.filter(id => chosen.has(id)).length;
          return (
            <fieldset key={group} className="picker-group">
              <legend>
                <label>
                  <input
                    type="checkbox"
                    disabled={disabled || online.length === 0}
                    checked={online.length > 0 && taken === online.length}
                    ref={box => {
                      if (box) box.indeterminate = taken > 0 && taken < online.length;
                    }}
                    data-testid={`picker-group-${group}`}
                    onChange={event => set(online, event.target.checked)}
                  />
                  {group || t('picker.ungrouped')}
                </label>
                <span className="picker-count">{t('picker.count', { chosen: taken, online: online.length })}</span>
              </legend>
              {members.map(vehicle => {
                const told = words?.(vehicle.id) ?? stateWords(vehicle, t);
                return (
                  <label key={vehicle.id} className="picker-row" data-testid={`picker-${vehicle.id}`}>
                    <input
                      type="checkbox"
                      disabled={disabled || (vehicle.state !== 'online' && !chosen.has(vehicle.id))}
                      checked={chosen.has(vehicle.id)}
                      onChange={event => set([vehicle.id], event.target.checked)}
                    />
                    <span>{plateOf(vehicle)}</span>
                    <span className="picker-words" data-level={told.level}>
                      {told.text}
                    </span>
                  </label>
                );
              })}
            </fieldset>
          );
        })}
        {groups.length === 0 && <p className="picker-none">{t('picker.none')}</p>}
      </div>
    </div>
  );
}

function stateWords(vehicle: Vehicle, t: TFunction) {
  return vehicle.state === 'online'
    ? ({ text: '', level: 'plain' } as const)
    : ({ text: t(vehicle.state === 'pending' ? 'picker.pending' : 'picker.offline'), level: 'plain' } as const);
}

/** Connected ones first, each by its plate. */
function byGroup(vehicles: Iterable<Vehicle>, filter: string): { group: string; members: Vehicle[] }[] {
  const wanted = filter.trim().toLowerCase();
  const groups = new Map<string, Vehicle[]>();
  for (const vehicle of vehicles) {
    const text = `${plateOf(vehicle)} ${vehicle.id} ${vehicle.group}`.toLowerCase();
    if (wanted && !text.includes(wanted)) continue;
    groups.set(vehicle.group, [...(groups.get(vehicle.group) ?? []), vehicle]);
  }
  const rank = (vehicle: Vehicle): number => (vehicle.state === 'online' ? 0 : 1);
  return [...groups]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([group, members]) => ({
      group,
      members: members.sort((a, b) => rank(a) - rank(b) || plateOf(a).localeCompare(plateOf(b))),
    }));
}
