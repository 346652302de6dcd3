import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../StationContext.tsx';
import { ChannelRow } from './ChannelRow.tsx';
import { GroupRow } from './GroupRow.tsx';
import type { FleetRow } from './rows.ts';
import { VehicleRow } from './VehicleRow.tsx';

/** Heights of the rows, as fleet.css has them (CSS pixels). */
const heights: Record<FleetRow['kind'], number> = { group: 32, vehicle: 27, pending: 30, channel: 26 };

/** Only the rows in view are in the document; the cursor is told by aria-activedescendant. */
export function FleetTree({ rows }: { rows: readonly FleetRow[] }) {
  const { selection } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const cursor = useStore(selection, state => state.row);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => heights[rows[index]?.kind ?? 'vehicle'],
    getItemKey: index => rows[index]?.id ?? index,
    overscan: 12,
  });
  const at = rows.findIndex(row => row.id === cursor);
  const moveTo = (index: number): void => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (!row) return;
    select(row);
    virtual.scrollToIndex(rows.indexOf(row));
  };
  const select = (row: FleetRow): void => {
    selection.setState({ row: row.id, ...(row.kind === 'group' ? {} : { vehicle: row.vehicleId }) });
  };
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (!treeKey(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    event.nativeEvent.stopImmediatePropagation();
  };
  const treeKey = (key: string): boolean => {
    const row = rows[at];
    if (key === 'ArrowDown') moveTo(at + 1);
    else if (key === 'ArrowUp') moveTo(at < 0 ? 0 : at - 1);
    else if (key === 'Home') moveTo(0);
    else if (key === 'End') moveTo(rows.length - 1);
    else if (key === 'ArrowRight' && row) open(row, true);
    else if (key === 'ArrowLeft' && row) open(row, false);
    else if (key === 'Enter' && row) place(row);
    else if (key === 'p' && row && row.kind !== 'group') operations.openVehicle(row.vehicleId);
    else if (key === 'w' && row && row.kind !== 'group') operations.doctor.openRow(row);
    else return key === 'Enter' || key === 'ArrowRight' || key === 'ArrowLeft';
    return true;
  };
  const open = (row: FleetRow, on: boolean): void => {
    if (row.kind === 'group') {
      if (row.folded === on) operations.fold(row.name);
    } else if (row.kind === 'vehicle' && row.expanded !== on) operations.expand(row.vehicleId, on);
    else if (on && row.kind === 'vehicle') moveTo(at + 1);
    else if (!on)
      moveTo(rows.findLastIndex((each, i) => i < at && each.kind === (row.kind === 'channel' ? 'vehicle' : 'group')));
  };
  const place = (row: FleetRow): void => {
    if (row.kind === 'group') operations.fold(row.name);
    else if (row.kind === 'vehicle') operations.addVehicle(row.vehicleId);
    else if (row.kind === 'pending') void operations.admit(row.vehicleId);
    else operations.add(row);
  };
  if (rows.length === 0)
    return (
      <div className="fleet-note">
        <p>{t('fleet.noMatch')}</p>
        <button type="button" className="button" onClick={() => selection.setState({ query: '', scope: null })}>
          {t('fleet.showAll')}
        </button>
      </div>
    );
  return (
    <div
      ref={scroller}
      id="fleet-tree"
      className="fleet-tree"
      role="tree"
      tabIndex={0}
      aria-label={t('fleet.title')}
      aria-activedescendant={at >= 0 ? rowElementId(rows[at]!) : undefined}
      data-testid="fleet-tree"
      onKeyDown={press}
      onFocus={event => {
        // By key or from the search, not by the mouse: a press on a row is about that row.
        const fresh = rows.some(row => row.id === selection.getState().row);
        if (!fresh && event.currentTarget.matches(':focus-visible')) moveTo(0);
      }}
      onClick={() => scroller.current?.focus({ preventScroll: true })}
    >
      <div className="fleet-rows" role="presentation" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(item => {
          const row = rows[item.index];
          if (!row) return null;
          const shared = {
            elementId: rowElementId(row),
            current: row.id === cursor,
            style: { transform: `translateY(${item.start}px)`, height: item.size },
            onSelect: () => select(row),
            onPlace: () => place(row),
          };
          if (row.kind === 'group') return <GroupRow key={row.id} row={row} {...shared} />;
          if (row.kind === 'channel') return <ChannelRow key={row.id} row={row} {...shared} />;
          return <VehicleRow key={row.id} row={row} {...shared} />;
        })}
      </div>
    </div>
  );
}

/** What every row is given by the list. */
export interface RowShared {
  elementId: string;
  /** Has the list's cursor. */
  current: boolean;
  style: React.CSSProperties;
  onSelect(): void;
  onPlace(): void;
}

function rowElementId(row: FleetRow): string {
  return `row-${row.id.replace(/[^\w]/g, '-')}`;
}
