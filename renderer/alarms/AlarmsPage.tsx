import './alarms.css';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../StationContext.tsx';
import { alarmViews } from '../store/alarms.ts';
import { AlarmFilters } from './AlarmFilters.tsx';
import { AlarmList } from './AlarmList.tsx';
import { PassengerTable } from './PassengerTable.tsx';
import { PictureWall } from './PictureWall.tsx';

const passengersMs = 10_000;

/** What happened to vehicles: alarms, the pictures they sent, who got on and off. */
export function AlarmsPage() {
  const { alarms } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const { view, trouble } = useStore(alarms);
  useEffect(() => void operations.alarms.refresh(), [operations]);
  // Alarms and pictures are told by the server; passenger counts are asked for.
  useEffect(() => {
    if (view !== 'passengers') return;
    const again = setInterval(() => void operations.alarms.refresh(), passengersMs);
    return () => clearInterval(again);
  }, [operations, view]);
  return (
    <div className="alarms" data-testid="alarms">
      <AlarmFilters />
      <main className="alarms-main">
        <header className="alarms-head">
          <div className="pages" role="tablist" aria-label={t('page.alarms')}>
            {alarmViews.map(each => (
              <button
                key={each}
                type="button"
                role="tab"
                className="page-tab"
                aria-selected={each === view}
                title={`${t('command.alarmView')} (⇧V)`}
                data-testid={`alarm-view-${each}`}
                onClick={() => operations.alarms.show(each)}
              >
                {t(`alarms.view.${each}`)}
              </button>
            ))}
          </div>
          {trouble && (
            <p className="alarms-trouble" role="alert">
              {t(`error.${trouble}`)}
            </p>
          )}
        </header>
        {view === 'alarms' && <AlarmList />}
        {view === 'pictures' && <PictureWall />}
        {view === 'passengers' && <PassengerTable />}
      </main>
    </div>
  );
}
