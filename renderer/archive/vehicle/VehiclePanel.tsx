import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { channelTitle } from '../../fleet/vehicle-words.ts';
import { clockTime } from '../../i18n/age.ts';
import { useOperations, useStation } from '../../StationContext.tsx';
import { FetchList } from './FetchList.tsx';
import { useVehicleNotes } from './vehicle-notes.ts';
import './vehicle-storage.css';
import { VehicleLanes } from './VehicleLanes.tsx';

/** Under the timeline: what lies on the vehicles, and what is fetched of it. */
export function VehiclePanel() {
  const station = useStation();
  const { vehicle } = useOperations();
  const { t } = useTranslation();
  const open = useStore(station.vehicleStorage, state => state.open);
  const marks = useStore(station.archive, state => state.marks);
  const count = useStore(station.archive, state => state.cameras.length);
  const chosen = useStore(station.archive, state => state.cameras[state.focus] ?? state.cameras[0]);
  const known = useStore(station.fleet, state => state.vehicles.get(chosen?.vehicleId ?? ''));
  const notes = useVehicleNotes();
  const { note, isTrouble } = chosen ? notes(chosen) : { note: '', isTrouble: false };
  const running = useStore(
    station.services,
    state => [...state.fetches.values()].filter(row => row.state === 'running' || row.state === 'waiting').length,
  );
  return (
    <section className="vehicle-storage" data-testid="vehicle-storage" data-open={open || undefined}>
      <div className="vehicle-storage-head" role="toolbar" aria-label={t('vehicleStorage.title')}>
        <button
          type="button"
          className="transport-button"
          aria-expanded={open}
          data-testid="storage-toggle"
          title={`${t('command.storage')} (Y)`}
          onClick={() => vehicle.toggle()}
        >
          {open ? '▾' : '▸'} {t('vehicleStorage.title')} <kbd>Y</kbd>
        </button>
        {running > 0 && (
          <span className="vehicle-storage-note">{t('vehicleStorage.fetching', { count: running })}</span>
        )}
        {open && chosen && (
          <output className="vehicle-storage-note" data-testid="storage-note" data-trouble={isTrouble || undefined}>
            {channelTitle(known, chosen.channel, t)}: {note}
          </output>
        )}
        <span className="top-space" />
        {open && (
          <>
            <button
              type="button"
              className="transport-button"
              data-testid="storage-refresh"
              title={`${t('command.storageAgain')} (⇧ U)`}
              onClick={() => vehicle.refresh()}
            >
              {t('vehicleStorage.askAgain')}
            </button>
            <button
              type="button"
              className="transport-button"
              disabled={count === 0}
              data-testid="storage-play"
              title={`${t('command.storagePlay')} (⇧ Y)`}
              onClick={() => vehicle.playHere()}
            >
              {t('vehicleStorage.playHere')}
            </button>
            <button
              type="button"
              className="transport-button"
              disabled={count === 0}
              data-testid="storage-upload"
              title={`${t('command.storageUpload')} (⇧ X)`}
              onClick={() => vehicle.upload()}
            >
              {t('transfers.start')}
            </button>
            <button
              type="button"
              className="transport-button transport-export"
              disabled={count === 0}
              data-testid="storage-fetch"
              title={`${t('command.storageFetch')} (U)`}
              onClick={() => void vehicle.fetch()}
            >
              {marks
                ? t('vehicleStorage.fetchRange', { from: clockTime(marks.from), to: clockTime(marks.to) })
                : t('vehicleStorage.fetch')}
            </button>
          </>
        )}
      </div>
      {open && (
        <div className="vehicle-storage-body">
          {count > 0 && <VehicleLanes />}
          <FetchList />
        </div>
      )}
    </section>
  );
}
