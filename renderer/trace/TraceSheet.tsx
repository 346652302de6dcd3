import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { TraceRow } from '../../electron/contract.ts';
import { Sheet } from '../dialog/Sheet.tsx';
import { plateOf } from '../fleet/rows.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import { RunningTrace } from './RunningTrace.tsx';
import { TraceLine } from './TraceLine.tsx';
import './trace.css';

/** Recordings of what one vehicle and the server said to each other: begin, end, save, remove. */
export function TraceSheet({ vehicleId }: { vehicleId: string }) {
  const { fleet, services, link } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const vehicle = useStore(fleet, state => state.vehicles.get(vehicleId));
  const traces = useStore(services, state => state.traces);
  const [blank, setBlank] = useState(true);
  const [busy, setBusy] = useState(false);
  const rows = [...traces.values()]
    .filter(row => row.vehicleId === vehicleId)
    .sort((a, b) => b.startedAt - a.startedAt);
  const running = rows.find(row => row.phase === 'running');
  const over = rows.filter(row => row.phase === 'done');
  const command = async (method: 'trace.start' | 'trace.stop'): Promise<void> => {
    setBusy(true);
    const answer = await link.call(method, { vehicleId });
    setBusy(false);
    if (!answer.ok) operations.failed(answer);
  };
  return (
    <Sheet title={t('trace.title', { plate: vehicle ? plateOf(vehicle) : vehicleId })} testId="dialog-trace">
      <div className="trace">
        <p className="soft">{t('trace.what')}</p>
        {running ? (
          <RunningTrace row={running} busy={busy} stop={() => void command('trace.stop')} />
        ) : (
          <section className="trace-begin">
            <button
              type="button"
              className="button button-main"
              disabled={busy || !vehicle}
              data-testid="trace-start"
              onClick={() => void command('trace.start')}
            >
              {t('trace.start')}
            </button>
            <span className="soft">{t(vehicle?.state === 'online' ? 'trace.ends' : 'trace.away')}</span>
          </section>
        )}
        {rows.length > 0 && <BlankSwitch blank={blank} setBlank={setBlank} />}
        {running && <Saves row={running} blank={blank} />}
        {over.length > 0 && (
          <section>
            <h3>{t('trace.kept', { count: over.length })}</h3>
            <ul className="trace-list" data-testid="trace-list">
              {over.map(row => (
                <TraceLine key={row.id} row={row}>
                  <Saves row={row} blank={blank} />
                </TraceLine>
              ))}
            </ul>
          </section>
        )}
      </div>
    </Sheet>
  );
}

function BlankSwitch({ blank, setBlank }: { blank: boolean; setBlank(blank: boolean): void }) {
  const { t } = useTranslation();
  return (
    <label className="trace-blank">
      <input
        type="checkbox"
        checked={blank}
        data-testid="trace-blank"
        onChange={event => setBlank(event.target.checked)}
      />
      <span>
        <b>{t('trace.blank')}</b>
        <span className={blank ? 'soft' : 'warn'}>{t(blank ? 'trace.blankOn' : 'trace.blankOff')}</span>
      </span>
    </label>
  );
}

function Saves({ row, blank }: { row: TraceRow; blank: boolean }) {
  const operations = useOperations();
  const { t } = useTranslation();
  const [saving, setSaving] = useState(false);
  const save = async (format: 'pcapng' | 'text'): Promise<void> => {
    setSaving(true);
    await operations.trace.save(row, format, blank);
    setSaving(false);
  };
  return (
    <span className="trace-saves">
      {(['pcapng', 'text'] as const).map(format => (
        <button
          key={format}
          type="button"
          className="button button-small"
          disabled={saving}
          data-testid={`trace-save-${format}`}
          onClick={() => void save(format)}
        >
          {t(saving ? 'trace.saving' : `traceSave.${format}`)}
        </button>
      ))}
    </span>
  );
}
