import { useTranslation } from 'react-i18next';
import { plateOf } from '../fleet/rows.ts';
import { clockMinute } from '../i18n/age.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import type { NoticeEntry } from '../store/notices.ts';
import { noticeWords } from './notice-words.ts';

/** One thing that happened; a click shows the vehicle it is about. */
export function NoticeItem({ entry }: { entry: NoticeEntry }) {
  const { fleet, selection } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const id = entry.params.vehicleId;
  const vehicle = typeof id === 'string' ? fleet.getState().vehicles.get(id) : undefined;
  const plate = vehicle ? plateOf(vehicle) : String(entry.params.plate ?? id ?? '');
  return (
    <li className="notice" data-level={entry.level}>
      <button
        type="button"
        disabled={!vehicle}
        onClick={() => vehicle && selection.setState({ vehicle: vehicle.id })}
        onDoubleClick={() => vehicle && operations.addVehicle(vehicle.id)}
      >
        <time>{clockMinute(entry.at)}</time>
        <span className="notice-text">
          {plate && <b>{plate}</b>}
          <span>{noticeWords(entry, t)}</span>
        </span>
        {entry.times > 1 && <span className="notice-times">{t('rail.times', { count: entry.times })}</span>}
      </button>
    </li>
  );
}
