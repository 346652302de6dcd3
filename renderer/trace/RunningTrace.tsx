import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TraceRow } from '../../electron/contract.ts';
import { ageWords } from '../i18n/age.ts';
import { diskSize } from '../recording/disk-size.ts';
import { contentWords } from './trace-words.ts';

/** A trace that is taken now: how long, how large, what is in it, and when it ends by itself. */
export function RunningTrace({ row, busy, stop }: { row: TraceRow; busy: boolean; stop(): void }) {
  const { t } = useTranslation();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <section className="trace-running" data-testid="trace-running">
      <div className="trace-line">
        <span className="trace-dot" aria-hidden="true" />
        <b>{t('trace.running', { time: ageWords(now - row.startedAt, t) })}</b>
        <span className="top-space" />
        <button type="button" className="button" disabled={busy} data-testid="trace-stop" onClick={stop}>
          {t('trace.stop')}
        </button>
      </div>
      <progress value={row.bytes} max={row.maxBytes} aria-label={t('trace.size')} />
      <p className="soft figures">
        {t('trace.limits', {
          size: diskSize(row.bytes),
          most: diskSize(row.maxBytes),
          left: ageWords(row.endsAt - now, t),
        })}
      </p>
      <p data-testid="trace-content">{contentWords(row, t)}</p>
    </section>
  );
}
