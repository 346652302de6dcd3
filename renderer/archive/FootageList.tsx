import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { channelTitle } from '../fleet/vehicle-words.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import { cameraKeyName, type MonthCamera, paneCeiling } from '../store/archive.ts';
import { durationWords } from './Calendar.tsx';
import { footageRows, secondsOf } from './footage-rows.ts';

/** Cameras that have footage in the month, with how much of the day; a click puts one into a pane or takes it out. */
export function FootageList() {
  const station = useStation();
  const { t } = useTranslation();
  const { found, cameras, day, asking, trouble } = useStore(station.archive);
  const date = new Date(day).getDate();
  const [query, setQuery] = useState('');
  const list = useRef<HTMLElement>(null);
  const vehicles = footageRows(found, date, query, station.fleet.getState().vehicles);
  /** The rows are walked with the arrows, from the field and back to it. */
  const walk = (event: React.KeyboardEvent<HTMLElement>): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const field = event.target instanceof HTMLInputElement ? event.target : undefined;
    if (field && event.key === 'Escape') {
      if (query) setQuery('');
      else field.blur();
    } else if (step !== 0 || (field && event.key === 'Enter')) {
      const stops = [...(list.current?.querySelectorAll<HTMLElement>('#footage-search, .footage-row') ?? [])];
      stops[stops.indexOf(event.target as HTMLElement) + (step || 1)]?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <section ref={list} className="footage" aria-label={t('archive.cameras')} onKeyDown={walk}>
      <header className="side-head">
        <h3>{t('archive.cameras')}</h3>
        <span>{t('archive.shown', { shown: cameras.length, count: paneCeiling })}</span>
      </header>
      {found.length > 0 && (
        <div className="footage-search">
          <input
            id="footage-search"
            type="search"
            autoComplete="off"
            spellCheck={false}
            placeholder={t('fleet.search')}
            aria-label={t('fleet.searchLabel')}
            data-testid="footage-search"
            value={query}
            onChange={event => setQuery(event.target.value)}
          />
          <kbd>/</kbd>
        </div>
      )}
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
      {found.length > 0 && vehicles.length === 0 && (
        <p className="side-note" data-testid="footage-none">
          {t('archive.noneFound', { query })}
        </p>
      )}
      {vehicles.map(({ vehicleId, plate, cameras: own }) => (
        <div key={vehicleId}>
          <h4 className="footage-vehicle">{plate}</h4>
          {own.map(camera => (
            <FootageRow key={cameraKeyName(camera)} camera={camera} date={date} />
          ))}
        </div>
      ))}
    </section>
  );
}

function FootageRow({ camera, date }: { camera: MonthCamera; date: number }) {
  const station = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const name = cameraKeyName(camera);
  const shown = useStore(station.archive, state => state.cameras.some(each => cameraKeyName(each) === name));
  const title = useStore(station.fleet, state => channelTitle(state.vehicles.get(camera.vehicleId), camera.channel, t));
  const seconds = secondsOf(camera, date);
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
      <span>{seconds > 0 ? durationWords(seconds, t) : t('archive.none')}</span>
    </button>
  );
}
