import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { type ErrorCode, errorCodes } from '../../electron/contract.ts';
import { plateOf } from '../fleet/rows.ts';
import { clockMinute } from '../i18n/age.ts';
import { en } from '../i18n/en/words.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import type { NoticeEntry } from '../store/notices.ts';

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

/** A text that this console does not know comes from a newer server: its key is better than silence. */
export function noticeWords(entry: Pick<NoticeEntry, 'text' | 'params'>, t: TFunction): string {
  const { code } = entry.params;
  const reason = typeof code === 'string' && code in errorCodes ? t(`error.${code as ErrorCode}`) : String(code ?? '');
  const key = entry.text in en.notice ? (entry.text as keyof typeof en.notice) : 'unknown';
  return t(`notice.${key}`, { ...entry.params, reason, text: entry.text });
}
