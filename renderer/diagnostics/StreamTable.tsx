import { useTranslation } from 'react-i18next';
import type { StreamRow } from '../../electron/contract.ts';
import { plateOf } from '../fleet/rows.ts';
import { channelTitle } from '../fleet/vehicle-words.ts';
import { useStation } from '../StationContext.tsx';
import { bitRate, codecName, lossPercent } from '../wall/figures.ts';

const columns = ['camera', 'state', 'codec', 'size', 'rate', 'loss', 'frames', 'dropped', 'viewers', 'source'] as const;

/** Every stream that the server runs, not only this console's. */
export function StreamTable({ rows }: { rows: readonly StreamRow[] }) {
  const { t } = useTranslation();
  return (
    <table className="stream-table">
      <thead>
        <tr>
          {columns.map(column => (
            <th key={column} scope="col">
              {t(`diagnostics.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <StreamLine key={`${row.headerId}_${row.channel}_${row.stream}`} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function StreamLine({ row }: { row: StreamRow }) {
  const { fleet } = useStation();
  const { t } = useTranslation();
  const vehicle = fleet.getState().vehicles.get(row.vehicleId);
  const { status } = row;
  const none = t('figure.unknown');
  return (
    <tr>
      <th scope="row">
        {vehicle ? plateOf(vehicle) : row.headerId} {channelTitle(vehicle, row.channel, t)}{' '}
        <span className="soft">{t(`badge.${row.stream}`)}</span>
      </th>
      <td title={status.error?.message}>
        {t(`phase.${status.phase}`)}
        {status.error && <div className="warn">{t(`error.${status.error.code}`)}</div>}
      </td>
      <td>{status.codec ? codecName(status.codec, t) : none}</td>
      <td>{status.width ? `${status.width}×${status.height} · ${Math.round(status.fps)}` : none}</td>
      <td>{bitRate(status.bitsPerSecond)}</td>
      <td>{lossPercent(status.lossRatio)} %</td>
      <td>{row.frames}</td>
      <td>{row.framesDropped}</td>
      <td>{row.subscribers}</td>
      <td>{status.source ? `${(status.transport ?? '').toUpperCase()} ${status.source}` : none}</td>
    </tr>
  );
}
