import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStation } from '../StationContext.tsx';
import type { FleetRow } from './rows.ts';

export function FleetSearch({ rows }: { rows: readonly FleetRow[] }) {
  const { selection } = useStation();
  const { t } = useTranslation();
  const query = useStore(selection, state => state.query);
  const toList = (): void => {
    const first = rows.find(row => row.kind !== 'group');
    selection.setState(state => ({ row: rows.some(row => row.id === state.row) ? state.row : (first?.id ?? null) }));
    document.querySelector<HTMLElement>('#fleet-tree')?.focus();
  };
  return (
    <div className="fleet-search">
      <input
        id="fleet-search"
        type="search"
        autoComplete="off"
        spellCheck={false}
        placeholder={t('fleet.search')}
        aria-label={t('fleet.searchLabel')}
        data-testid="fleet-search"
        value={query}
        onChange={event => selection.setState({ query: event.target.value, row: null })}
        onKeyDown={event => {
          if (event.key === 'ArrowDown' || event.key === 'Enter') {
            event.preventDefault();
            toList();
          } else if (event.key === 'Escape') {
            if (query) selection.setState({ query: '' });
            else event.currentTarget.blur();
          }
        }}
      />
      <kbd>/</kbd>
    </div>
  );
}
