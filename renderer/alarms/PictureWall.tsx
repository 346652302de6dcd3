import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { PictureRow } from '../../electron/contract.ts';
import { plateOf } from '../fleet/rows.ts';
import { channelTitle } from '../fleet/vehicle-words.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import { momentWords } from './AlarmLine.tsx';
import { pictureRows } from './alarm-rows.ts';
import { PictureAsk } from './PictureAsk.tsx';

/** Pictures in the document at once; the ones before are asked for by vehicle. */
const maxShown = 200;

export function PictureWall() {
  const { alarms, services } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const state = useStore(alarms);
  const live = useStore(services, each => each.pictures);
  const rows = useMemo(() => pictureRows(live, state).slice(0, maxShown), [live, state]);
  const enlarged = rows.find(row => row.id === state.enlarged);
  return (
    <div className="pictures">
      <PictureAsk />
      {rows.length === 0 && (
        <div className="alarms-empty">
          <p>{t(state.asking ? 'alarms.asking' : 'alarms.noPictures')}</p>
        </div>
      )}
      {enlarged ? (
        <figure className="picture-large" data-testid="picture-large">
          <Shown row={enlarged} />
          <figcaption>
            <Caption row={enlarged} />
            <button
              type="button"
              className="button button-small"
              onClick={() => void operations.alarms.archiveOfPicture(enlarged)}
            >
              {t('alarms.archive')}
            </button>
            <button type="button" className="button button-small" onClick={() => operations.alarms.enlarge(null)}>
              {t('alarms.back')} <kbd>Esc</kbd>
            </button>
          </figcaption>
        </figure>
      ) : (
        <div className="picture-grid">
          {rows.map(row => (
            <button
              key={row.id}
              type="button"
              className="picture"
              data-testid={`picture-${row.id}`}
              onClick={() => operations.alarms.enlarge(row.id)}
            >
              <Shown row={row} />
              <Caption row={row} />
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** A file that is no picture is named, and can be fetched. */
function Shown({ row }: { row: PictureRow }) {
  const { t } = useTranslation();
  if (row.type === 'image') return <img src={`pictures/${row.id}`} alt={t('alarms.picture')} loading="lazy" />;
  return <span className="picture-other">{t('alarms.noImage', { format: row.format })}</span>;
}

function Caption({ row }: { row: PictureRow }) {
  const { fleet } = useStation();
  const { t } = useTranslation();
  const vehicle = useStore(fleet, state => state.vehicles.get(row.vehicleId));
  const event = row.event as 'platform';
  return (
    <span className="picture-caption">
      <b>{vehicle ? plateOf(vehicle) : row.vehicleId}</b> {channelTitle(vehicle, row.channel, t)}
      <span className="soft">
        {momentWords(row.at)} · {t(`alarms.events.${event}`)}
      </span>
    </span>
  );
}
