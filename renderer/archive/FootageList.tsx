import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { channelTitle } from '../fleet/vehicle-words.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import { cameraKeyName, type MonthCamera, paneCeiling } from '../store/archive.ts';
import { durationWords } from './Calendar.tsx';

/** Cameras that have footage in the month, with how much of the day; a click puts one into a pane or takes it out. */
export function FootageList() {
  const station = useStation();
  const { t } = useTranslation();
  const { found, cameras, day, asking, trouble } = useStore(station.archive);
  const date = new Date(day).getDate();
  const byVehicle = new Map<string, MonthCamera[]>();
  for (const camera of found) byVehicle.set(camera.vehicleId, [...(byVehicle.get(camera.vehicleId) ?? []), camera]);
  const vehicles = [...byVehicle].sort(([, a], [, b]) => (plateName(a) < plateName(b) ? -1 : 1));
  return (
    <section className="footage" aria-label={t('archive.cameras')}>
      <header className="side-head">
        <h3>{t('archive.cameras')}</h3>
        <span>{t('archive.shown', { shown: cameras.length, count: paneCeiling })}</span>
      </header>
      {trouble && (
        <p className="side-note warn" role="alert">
          {t(`error.${trouble}`)}
        </p>
      )}
      {found.length === 0 && !trouble && (
        <p className="side-note" data-testid="archive-empty">
          {t(asking ? 'archive.asking' : 'archive.emptyMonth')}
        </p>
      )}
      {vehicles.map(([vehicleId, list]) => (
        <div key={vehicleId}>
          <h4 className="footage-vehicle">{plateName(list)}</h4>
          {[...list]
            .sort((a, b) => a.channel - b.channel)
            .map(camera => (
              <FootageRow key={cameraKeyName(camera)} camera={camera} date={date} />
            ))}
        </div>
      ))}
    </section>
  );
}

function plateName(list: readonly MonthCamera[]): string {
  return list.find(camera => camera.plate)?.plate ?? list[0]?.vehicleId ?? '';
}

function FootageRow({ camera, date }: { camera: MonthCamera; date: number }) {
  const station = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const name = cameraKeyName(camera);
  const shown = useStore(station.archive, state => state.cameras.some(each => cameraKeyName(each) === name));
  const title = useStore(station.fleet, state => channelTitle(state.vehicles.get(camera.vehicleId), camera.channel, t));
  const seconds = camera.days.find(each => each.day === date)?.seconds ?? 0;
  return (
    <button
      type="button"
      className="footage-row"
      aria-pressed={shown}
      data-testid={`footage-${name}`}
      data-none={seconds === 0 || undefined}
      onClick={() => {
        if (!station.archiveDesk.toggleCamera(camera))
          operations.remark('panesFull', { count: paneCeiling }, 'warning');
      }}
    >
      <span className="footage-name">
        {title}
        {camera.stream === 'sub' && <span className="soft"> {t('badge.sub')}</span>}
      </span>
      <span>{seconds > 0 ? durationWords(seconds) : t('archive.none')}</span>
    </button>
  );
}
