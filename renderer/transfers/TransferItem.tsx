import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { UploadRow } from '../../electron/contract.ts';
import { channelTitle } from '../fleet/vehicle-words.ts';
import { clockTime } from '../i18n/age.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import { isOver, uploadWords } from './transfer-words.ts';
import { UploadedFile } from './UploadedFile.tsx';

/** One upload: how far it is, what can be done with it, and its files once they are here. */
export function TransferItem({ row }: { row: UploadRow }) {
  const station = useStation();
  const { transfers } = useOperations();
  const { t } = useTranslation();
  const vehicle = useStore(station.fleet, state => state.vehicles.get(row.vehicleId));
  const day = new Date(row.from).toLocaleDateString(undefined, { month: '2-digit', day: '2-digit' });
  const { phase } = row;
  const share = row.expectedBytes > 0 ? Math.min(1, row.bytes / row.expectedBytes) : undefined;
  return (
    <li className="transfer-item" data-testid="transfer-item" data-phase={phase}>
      <div className="transfer-line">
        <span>
          <b>{vehicle?.plate || row.vehicleId}</b> {channelTitle(vehicle, row.channel, t)} · {day} {clockTime(row.from)}
          –{clockTime(row.to)}
        </span>
        <span className="top-space" />
        {!isOver(row) && phase !== 'paused' && (
          <button
            type="button"
            className="button button-small"
            data-testid="transfer-pause"
            onClick={() => void transfers.control(row, 'pause')}
          >
            {t('transfers.pause')}
          </button>
        )}
        {(phase === 'paused' || phase === 'failed') && (
          <button
            type="button"
            className="button button-small"
            data-testid="transfer-resume"
            onClick={() => void transfers.control(row, 'resume')}
          >
            {t(phase === 'failed' ? 'transfers.again' : 'transfers.resume')}
          </button>
        )}
        <EndButton row={row} />
      </div>
      {!isOver(row) && <progress max={1} value={share} aria-label={t('transfers.progress')} />}
      <p className="transfer-state" data-testid="transfer-state">
        {uploadWords(row, t)}
      </p>
      {row.files.length > 0 && (
        <ul className="transfer-files" data-testid="transfer-files">
          {row.files.map(file => (
            <UploadedFile key={file.name} file={file} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** What would delete files asks once more. */
function EndButton({ row }: { row: UploadRow }) {
  const { transfers } = useOperations();
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const over = isOver(row);
  if (!asking || row.bytes === 0)
    return (
      <button
        type="button"
        className="button button-small"
        data-testid="transfer-end"
        onClick={() => (row.bytes > 0 ? setAsking(true) : void transfers.control(row, over ? 'remove' : 'cancel'))}
      >
        {t(over ? 'transfers.remove' : 'transfers.cancel')}
      </button>
    );
  return (
    <>
      <button
        type="button"
        className="button button-small button-danger"
        data-testid="transfer-end-yes"
        onClick={() => {
          setAsking(false);
          void transfers.control(row, over ? 'remove' : 'cancel');
        }}
      >
        {t(over ? 'transfers.removeYes' : 'transfers.cancelYes')}
      </button>
      <button type="button" className="button button-small" onClick={() => setAsking(false)}>
        {t('transfers.keep')}
      </button>
    </>
  );
}
