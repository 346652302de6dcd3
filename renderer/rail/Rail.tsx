import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../StationContext.tsx';
import { NoticeItem } from './NoticeItem.tsx';
import './rail.css';
import { VehicleCard } from './VehicleCard.tsx';

/** What has happened, newest first, and the vehicle that is looked at. Takes no focus and makes no sound. */
export function Rail() {
  const { notices } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const entries = useStore(notices, state => state.entries);
  return (
    <aside className="rail" aria-label={t('bar.rail')} data-testid="rail">
      <header className="rail-head">
        <h2>{t('rail.title')}</h2>
        <button
          type="button"
          className="icon-button icon-small"
          aria-label={t('rail.close')}
          onClick={() => operations.toggleRail()}
        >
          <span aria-hidden="true">×</span>
        </button>
      </header>
      <ol className="notices" aria-live="off">
        {entries.map(entry => (
          <NoticeItem key={entry.id} entry={entry} />
        ))}
        {entries.length === 0 && <li className="notice-none">{t('rail.none')}</li>}
      </ol>
      <VehicleCard />
    </aside>
  );
}
