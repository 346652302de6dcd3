import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../StationContext.tsx';

/** What to do when no vehicle has ever come: where a recorder is to be pointed at, and the simulator. */
export function EmptyFleet() {
  const { health } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const port = useStore(health, state => state.health?.listening.find(entry => entry.protocol === 'tcp')?.port ?? 0);
  const host = useStore(
    health,
    state => state.health?.listening.find(entry => entry.protocol === 'tcp')?.address ?? '',
  );
  const anywhere = host === '' || host === '0.0.0.0' || host === '::';
  const address = anywhere ? t('fleet.emptyAddress', { port }) : `${host}:${port}`;
  return (
    <div className="fleet-empty">
      <p className="fleet-empty-title">{t('fleet.emptyTitle')}</p>
      <p>{t('fleet.emptyText', { address })}</p>
      <button
        type="button"
        className="button"
        data-testid="start-simulator"
        onClick={() => void operations.toggleSimulator()}
      >
        {t('fleet.simulator')}
      </button>
    </div>
  );
}
