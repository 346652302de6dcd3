import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { AlarmRow } from '../../electron/contract.ts';
import { plateOf } from '../fleet/rows.ts';
import { channelTitle, positionText } from '../fleet/vehicle-words.ts';
import { ageWords, clockTime } from '../i18n/age.ts';
import { Ticking, useOperations, useStation } from '../StationContext.tsx';
import { alarmTitle } from './alarm-words.ts';

/** One alarm: what, whose, when, where, who has seen to it. */
export function AlarmLine({ row, isSelected, style }: { row: AlarmRow; isSelected: boolean; style: CSSProperties }) {
  const { fleet } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const vehicle = useStore(fleet, state => state.vehicles.get(row.vehicleId));
  const isOpen = row.confirmedAt === 0;
  return (
    <li
      className="alarm-line"
      style={style}
      data-level={row.level}
      data-open={isOpen || undefined}
      data-selected={isSelected || undefined}
      data-testid={`alarm-${row.id}`}
      onPointerDown={() => operations.alarms.select(row.id)}
      onDoubleClick={() => operations.alarms.live(row.id)}
    >
      <span className="alarm-mark" role="img" aria-label={t(`alarms.levels.${row.level}`)} />
      <span className="alarm-what">
        <b>{alarmTitle(row, t)}</b>
        <span className="soft">
          {vehicle ? plateOf(vehicle) : row.vehicleId}
          {row.channel > 0 && ` · ${channelTitle(vehicle, row.channel, t)}`}
        </span>
      </span>
      <span className="alarm-when">
        <time dateTime={new Date(row.begin).toISOString()}>{momentWords(row.begin)}</time>
        <span className="soft">
          {row.end === 0 ? (
            <Ticking text={() => t('alarms.lasting', { age: ageWords(Date.now() - row.begin, t) })} />
          ) : (
            t('alarms.lasted', { age: ageWords(row.end - row.begin, t) })
          )}
          {row.late && ` · ${t('alarms.late')}`}
        </span>
      </span>
      <span className="alarm-where">
        {row.latitude === undefined || row.longitude === undefined
          ? t('alarms.noFix')
          : positionText({ latitude: row.latitude, longitude: row.longitude })}
        <span className="soft">{t('figure.speed', { value: Math.round(row.speed) })}</span>
      </span>
      <span className="alarm-state" data-testid={`alarm-state-${row.id}`}>
        {isOpen ? t('alarms.open') : t('alarms.confirmedAt', { time: momentWords(row.confirmedAt) })}
        {!isOpen && (
          <span className="soft">
            {[row.confirmedBy, t(row.told ? 'alarms.told' : 'alarms.notTold')].filter(Boolean).join(' · ')}
          </span>
        )}
      </span>
      <span className="alarm-tools">
        <button
          type="button"
          className="button button-small"
          title={`${t('command.alarmLive')} (⏎)`}
          data-testid={`alarm-live-${row.id}`}
          onClick={() => operations.alarms.live(row.id)}
        >
          {t('alarms.live')}
        </button>
        <button
          type="button"
          className="button button-small"
          title={`${t('command.alarmArchive')} (E)`}
          data-testid={`alarm-archive-${row.id}`}
          onClick={() => void operations.alarms.archive(row.id)}
        >
          {t('alarms.archive')}
        </button>
        <button
          type="button"
          className="button button-small button-main"
          disabled={!isOpen}
          title={`${t('command.alarmConfirm')} (C)`}
          data-testid={`alarm-confirm-${row.id}`}
          onClick={() => void operations.alarms.confirm(row.id)}
        >
          {t('alarms.confirm')}
        </button>
      </span>
    </li>
  );
}

/** `13:04:05`, before today with its date. */
export function momentWords(at: number): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  const two = (value: number) => String(value).padStart(2, '0');
  return isToday ? clockTime(at) : `${two(date.getMonth() + 1)}-${two(date.getDate())} ${clockTime(at)}`;
}
