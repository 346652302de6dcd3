import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UsageMonth } from '../../electron/contract.ts';
import { Sheet } from '../dialog/Sheet.tsx';
import { useRefreshed } from '../doctor/refreshed.ts';
import { useOperations } from '../StationContext.tsx';
import { DayBars } from './DayBars.tsx';
import { presentMonth } from './data-size.ts';
import { UsageTable } from './UsageTable.tsx';
import './usage.css';

const refreshMs = 2000;

/** What every vehicle used of its data in a month, by kind and by day, and how much it has left. */
export function UsageSheet() {
  const operations = useOperations();
  const { t } = useTranslation();
  const [month, setMonth] = useState(() => presentMonth(Date.now()));
  const [vehicleId, setVehicle] = useState<string | null>(null);
  const all = useRefreshed('usage.get', { month }, refreshMs);
  const one = useRefreshed('usage.get', vehicleId === null ? { month } : { month, vehicleId }, refreshMs);
  const found = all?.ok ? all.value : undefined;
  const shown = one?.ok && one.value.month === month ? one.value : undefined;
  const months = monthsOf(found, month);
  const actions = (
    <label className="usage-month">
      {t('usage.month')}
      <select
        value={month}
        data-testid="usage-month"
        onChange={event => {
          setVehicle(null);
          setMonth(event.target.value);
        }}
      >
        {months.map(each => (
          <option key={each}>{each}</option>
        ))}
      </select>
    </label>
  );
  return (
    <Sheet title={t('usage.title')} wide testId="dialog-usage" actions={actions}>
      {!all && <p className="soft">{t('settings.loading')}</p>}
      {all && !all.ok && <p className="warn">{t(`error.${all.code}`)}</p>}
      {found?.rows.length === 0 && <p>{t('usage.nothing')}</p>}
      {found && found.rows.length > 0 && (
        <>
          <DayBars month={month} days={shown?.days ?? []} of={titleOf(found, vehicleId) ?? t('usage.all')} />
          <UsageTable rows={found.rows} chosen={vehicleId} choose={id => setVehicle(id === vehicleId ? null : id)} />
        </>
      )}
      <p className="soft usage-foot">
        {t('usage.overhead')}{' '}
        <button
          type="button"
          className="button button-small"
          data-testid="usage-setting"
          onClick={() => operations.doctor.openSetting('dataAllowanceMb')}
        >
          {t('usage.defaultAllowance')}
        </button>
      </p>
    </Sheet>
  );
}

function monthsOf(found: UsageMonth | undefined, present: string): string[] {
  return [...new Set([presentMonth(Date.now()), present, ...(found?.months ?? [])])].sort().reverse();
}

function titleOf(found: UsageMonth, vehicleId: string | null): string | undefined {
  const row = found.rows.find(each => each.vehicleId === vehicleId);
  return row && (row.plate || row.vehicleId);
}
