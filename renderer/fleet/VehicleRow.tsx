import { useDraggable } from '@dnd-kit/core';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Vehicle } from '../../electron/contract.ts';
import { lastSeenWords } from '../i18n/age.ts';
import { Ticking, useOperations, useStation } from '../StationContext.tsx';
import { hasAlarm } from '../store/fleet.ts';
import type { RowShared } from './FleetTree.tsx';
import { type FleetRow, plateOf } from './rows.ts';
import { VehicleMenu } from './VehicleMenu.tsx';
import { alarmWords } from './vehicle-words.ts';

type Props = RowShared & { row: Extract<FleetRow, { kind: 'vehicle' | 'pending' }> };

export function VehicleRow({ row, elementId, current, style, onSelect, onPlace }: Props) {
  const { fleet } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const { vehicleId } = row;
  const state = useStore(fleet, fleets => fleets.vehicles.get(vehicleId)?.state ?? 'offline');
  const plate = useStore(fleet, fleets => nameOf(fleets.vehicles.get(vehicleId), vehicleId));
  const alarm = useStore(fleet, fleets => alarmText(fleets.vehicles.get(vehicleId), t));
  const channels = useStore(fleet, fleets => fleets.vehicles.get(vehicleId)?.channels.length ?? 0);
  const pending = row.kind === 'pending';
  const expanded = row.kind === 'vehicle' && row.expanded;
  const drag = useDraggable({ id: `vehicle-${vehicleId}`, data: { type: 'vehicle', vehicleId }, disabled: pending });
  const lastSeen = (): string =>
    lastSeenWords(fleet.getState().vehicles.get(vehicleId)?.lastSeenAt ?? 0, Date.now(), t);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys
    <div
      ref={drag.setNodeRef}
      {...drag.listeners}
      id={elementId}
      className="row row-vehicle"
      role="treeitem"
      aria-level={2}
      aria-selected={current}
      aria-label={rowLabel(state, plate, lastSeen, t)}
      {...(pending ? {} : { 'aria-expanded': expanded })}
      data-state={state}
      data-alarm={alarm ? true : undefined}
      data-current={current || undefined}
      data-testid={`fleet-row-${vehicleId}`}
      style={style}
      tabIndex={-1}
      onClick={onSelect}
      onDoubleClick={onPlace}
    >
      {pending ? (
        <span className="row-fold-space" />
      ) : (
        <button
          type="button"
          className="row-fold"
          tabIndex={-1}
          data-folded={!expanded || undefined}
          data-testid={`fleet-expand-${vehicleId}`}
          aria-label={t(expanded ? 'fleet.collapse' : 'fleet.expand', { plate })}
          onClick={event => {
            event.stopPropagation();
            operations.expand(vehicleId, !expanded);
          }}
          onDoubleClick={event => event.stopPropagation()}
        />
      )}
      <span className="row-name">{plate}</span>
      <span className="row-right">
        {pending && (
          <button
            type="button"
            className="button button-small"
            tabIndex={-1}
            title={t('fleet.admitTitle', { plate })}
            data-testid={`fleet-admit-${vehicleId}`}
            onClick={() => void operations.admit(vehicleId)}
          >
            {t('fleet.admit')}
          </button>
        )}
        {!pending && alarm && (
          <span className="row-alarm" title={alarm}>
            ▲ {alarm}
          </span>
        )}
        {state === 'online' && !alarm && (
          <span className="row-online">
            <i className="dot" /> {t('fleet.channels', { count: channels })}
          </span>
        )}
        {state === 'offline' && <Ticking text={lastSeen} />}
      </span>
      {!pending && <VehicleMenu vehicleId={vehicleId} plate={plate} />}
    </div>
  );
}

function nameOf(vehicle: Vehicle | undefined, vehicleId: string): string {
  return vehicle ? plateOf(vehicle) : vehicleId;
}

function alarmText(vehicle: Vehicle | undefined, t: TFunction): string {
  return vehicle?.position && hasAlarm(vehicle) ? (alarmWords(vehicle.position, t)[0] ?? '') : '';
}

function rowLabel(state: Vehicle['state'], plate: string, when: () => string, t: TFunction): string {
  if (state === 'pending') return t('fleet.rowPending', { plate });
  return state === 'online' ? t('fleet.rowOnline', { plate }) : t('fleet.rowOffline', { plate, when: when() });
}
