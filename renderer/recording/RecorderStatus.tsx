import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../StationContext.tsx';
import { diskSize } from './disk-size.ts';

/** A few days left are time enough to act, fewer are said in amber. */
const fewDays = 2;

/** What is recorded and for how long there is room; opens the plans. */
export function RecorderStatus() {
  const { recordings } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const recorder = useStore(recordings, state => state.recorder);
  if (!recorder) return null;
  const { active, daysLeft, freeBytes, usedBytes, quotaBytes, phase } = recorder;
  const room = quotaBytes > 0 ? Math.min(freeBytes, Math.max(0, quotaBytes - usedBytes)) : freeBytes;
  const left =
    daysLeft === null
      ? t('recorder.room', { size: diskSize(room) })
      : t('recorder.daysLeft', { days: daysLeft < 10 ? daysLeft.toFixed(1) : Math.round(daysLeft) });
  return (
    <button
      type="button"
      className="status-button"
      data-testid="recorder-status"
      data-warn={phase === 'failing' || (daysLeft !== null && daysLeft < fewDays) || undefined}
      title={t('command.plans')}
      onClick={() => operations.openDialog('plans')}
    >
      {active > 0 && <i className="record-dot" />} {t('recorder.active', { count: active })} · {left}
    </button>
  );
}
