import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TraceRow } from '../../electron/contract.ts';
import { ageWords, dateTimeWords } from '../i18n/age.ts';
import { diskSize } from '../recording/disk-size.ts';
import { useOperations } from '../StationContext.tsx';
import type { Language } from '../store/preferences.ts';
import { contentWords } from './trace-words.ts';

/** A trace that is over. Asks once more before it is removed. */
export function TraceLine({ row, children }: { row: TraceRow; children: ReactNode }) {
  const operations = useOperations();
  const { t, i18n } = useTranslation();
  const [asking, setAsking] = useState(false);
  const endedBy = row.endedBy ?? 'operator';
  return (
    <li className="trace-row" data-testid={`trace-${row.id}`}>
      <div className="trace-line">
        <b>{dateTimeWords(row.startedAt, i18n.language as Language)}</b>
        <span className="soft figures">
          {endedBy === 'crash' ? '' : `${ageWords(row.endedAt - row.startedAt, t)} · `}
          {diskSize(row.bytes)}
        </span>
      </div>
      <p>{contentWords(row, t)}</p>
      <p className={endedBy === 'disk' ? 'warn' : 'soft'}>
        {t(`traceEnd.${endedBy}`)}
        {row.error && ` ${t(`error.${row.error.code}`)}`}
      </p>
      <div className="trace-line">
        {children}
        <span className="top-space" />
        {asking ? (
          <>
            <button
              type="button"
              className="button button-small button-danger"
              data-testid="trace-remove-yes"
              onClick={() => void operations.trace.remove(row)}
            >
              {t('trace.removeYes')}
            </button>
            <button type="button" className="button button-small" onClick={() => setAsking(false)}>
              {t('trace.removeNo')}
            </button>
          </>
        ) : (
          <button
            type="button"
            className="button button-small"
            data-testid="trace-remove"
            onClick={() => setAsking(true)}
          >
            {t('trace.remove')}
          </button>
        )}
      </div>
    </li>
  );
}
