import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { FetchRow } from '../../../electron/contract.ts';
import { channelTitle } from '../../fleet/vehicle-words.ts';
import { ageWords, clockTime } from '../../i18n/age.ts';
import { diskSize } from '../../recording/disk-size.ts';
import { useOperations, useStation } from '../../StationContext.tsx';

/** Footage on its way from vehicles, the newest first. */
export function FetchList() {
  const station = useStation();
  const rows = useStore(station.services, state => state.fetches);
  if (rows.size === 0) return null;
  return (
    <ul className="fetch-list" data-testid="fetch-list">
      {[...rows.values()]
        .sort((a, b) => b.startedAt - a.startedAt)
        .map(row => (
          <FetchItem key={row.id} row={row} />
        ))}
    </ul>
  );
}

function FetchItem({ row }: { row: FetchRow }) {
  const station = useStation();
  const { vehicle: storage } = useOperations();
  const { t } = useTranslation();
  const vehicle = useStore(station.fleet, state => state.vehicles.get(row.vehicleId));
  const share = row.state === 'done' ? 1 : Math.min(1, row.heldMs / Math.max(1, row.to - row.from));
  const isOver = row.state === 'done' || row.state === 'failed' || row.state === 'cancelled';
  const day = new Date(row.from).toLocaleDateString(undefined, { month: '2-digit', day: '2-digit' });
  return (
    <li className="fetch-item" data-testid="fetch-item" data-state={row.state}>
      <span className="fetch-what">
        <b>{vehicle?.plate || row.vehicleId}</b> {channelTitle(vehicle, row.channel, t)} · {day} {clockTime(row.from)}–
        {clockTime(row.to)}
      </span>
      <progress max={1} value={share} aria-label={t('vehicleStorage.progress')} />
      <span className="fetch-state">{stateWords(row, t)}</span>
      {!isOver && row.state !== 'paused' && (
        <button type="button" data-testid="fetch-pause" onClick={() => void storage.fetchControl(row.id, 'pause')}>
          {t('vehicleStorage.pauseFetch')}
        </button>
      )}
      {(row.state === 'paused' || row.state === 'failed') && (
        <button type="button" data-testid="fetch-resume" onClick={() => void storage.fetchControl(row.id, 'resume')}>
          {t(row.state === 'failed' ? 'vehicleStorage.tryAgain' : 'vehicleStorage.resumeFetch')}
        </button>
      )}
      <button
        type="button"
        data-testid="fetch-end"
        onClick={() => void storage.fetchControl(row.id, isOver ? 'dismiss' : 'cancel')}
      >
        {t(isOver ? 'vehicleStorage.dismiss' : 'vehicleStorage.cancelFetch')}
      </button>
    </li>
  );
}

function stateWords(row: FetchRow, t: TFunction): string {
  const { state, error, secondsLeft, heldMs, bytes } = row;
  if (state === 'running') {
    const got = t('vehicleStorage.got', { length: ageWords(heldMs, t), size: diskSize(bytes) });
    return secondsLeft === null
      ? got
      : `${got} · ${t('vehicleStorage.left', { time: ageWords(secondsLeft * 1000, t) })}`;
  }
  if (state === 'waiting') {
    const why = t(`vehicleStorage.waits.${row.reason ?? 'turn'}`);
    return row.reason === 'retry' && error ? `${why}: ${t(`error.${error.code}`)}` : why;
  }
  if (state === 'failed' && error) return t('vehicleStorage.failedFetch', { reason: t(`error.${error.code}`) });
  if (state === 'done') {
    const isWhole = row.to - row.from - heldMs < 10_000;
    const length = ageWords(heldMs, t);
    return isWhole
      ? t('vehicleStorage.doneFetch', { length })
      : t('vehicleStorage.donePart', { length, of: ageWords(row.to - row.from, t) });
  }
  return t(`vehicleStorage.fetchState.${state}`);
}
