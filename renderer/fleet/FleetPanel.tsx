import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStation } from '../StationContext.tsx';
import { EmptyFleet } from './EmptyFleet.tsx';
import { FleetSearch } from './FleetSearch.tsx';
import { FleetTree } from './FleetTree.tsx';
import './fleet.css';
import { fleetRows } from './rows.ts';
import { ScopeChips } from './ScopeChips.tsx';

/** The vehicle list with its search and scopes. */
export function FleetPanel() {
  const station = useStation();
  const { t } = useTranslation();
  const shape = useStore(station.fleet, state => state.shape);
  const known = useStore(station.fleet, state => state.known);
  const query = useStore(station.selection, state => state.query);
  const scope = useStore(station.selection, state => state.scope);
  const expanded = useStore(station.selection, state => state.expanded);
  const folded = useStore(station.selection, state => state.folded);
  // `shape` stands for the vehicles: it grows exactly when the list has to be laid out anew.
  const rows = useMemo(
    () => (shape >= 0 ? fleetRows(station.fleet.getState().vehicles.values(), { query, scope, expanded, folded }) : []),
    [station, shape, query, scope, expanded, folded],
  );
  const empty = station.fleet.getState().vehicles.size === 0;
  return (
    <aside className="fleet" aria-label={t('fleet.title')} data-testid="fleet">
      <FleetSearch rows={rows} />
      <ScopeChips />
      {empty ? known ? <EmptyFleet /> : <p className="fleet-note">{t('fleet.loading')}</p> : <FleetTree rows={rows} />}
    </aside>
  );
}
