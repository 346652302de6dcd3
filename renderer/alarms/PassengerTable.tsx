import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { plateOf } from '../fleet/rows.ts';
import { useStation } from '../StationContext.tsx';
import { momentWords } from './AlarmLine.tsx';

/** Rows in the document at once. */
const maxShown = 500;

/** Who got on and off, the newest first, and the sum of what is shown. */
export function PassengerTable() {
  const { alarms, fleet } = useStation();
  const { t } = useTranslation();
  const { passengers, asking } = useStore(alarms);
  const vehicles = useStore(fleet, state => state.vehicles);
  if (passengers.length === 0)
    return (
      <div className="alarms-empty">
        <p>{t(asking ? 'alarms.asking' : 'alarms.noPassengers')}</p>
      </div>
    );
  const shown = passengers.slice(0, maxShown);
  const sum = (side: 'on' | 'off') => shown.reduce((total, row) => total + row[side], 0);
  return (
    <div className="passengers">
      <table>
        <thead>
          <tr>
            <th>{t('alarms.vehicle')}</th>
            <th>{t('alarms.from')}</th>
            <th>{t('alarms.to')}</th>
            <th>{t('alarms.on')}</th>
            <th>{t('alarms.off')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(row => {
            const vehicle = vehicles.get(row.vehicleId);
            return (
              <tr key={`${row.vehicleId}/${row.from}/${row.to}`}>
                <td>{vehicle ? plateOf(vehicle) : row.vehicleId}</td>
                <td>{momentWords(row.from)}</td>
                <td>{momentWords(row.to)}</td>
                <td>{row.on}</td>
                <td>{row.off}</td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={3}>{t('alarms.sum', { count: shown.length })}</td>
            <td>{sum('on')}</td>
            <td>{sum('off')}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
