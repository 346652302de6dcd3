import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type UsageRow, usageKinds } from '../../electron/contract.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import { dataSize } from './data-size.ts';

interface UsageTableProps {
  rows: readonly UsageRow[];
  chosen: string | null;
  choose(vehicleId: string): void;
}

/** A row for each vehicle, the one that used most first. */
export function UsageTable({ rows, chosen, choose }: UsageTableProps) {
  const { t } = useTranslation();
  const shown = usageKinds.filter(kind => rows.some(row => row.bytes[kind] > 0));
  return (
    <table className="stream-table usage-table" data-testid="usage-table">
      <thead>
        <tr>
          <th scope="col">{t('usage.vehicle')}</th>
          {shown.map(kind => (
            <th key={kind} scope="col" className="usage-number">
              {t(`usage.kind.${kind}`)}
            </th>
          ))}
          <th scope="col" className="usage-number">
            {t('usage.total')}
          </th>
          <th scope="col" className="usage-number">
            {t('usage.left')}
          </th>
          <th scope="col">{t('usage.allowance')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <tr key={row.vehicleId} data-chosen={row.vehicleId === chosen || undefined}>
            <th scope="row">
              <button
                type="button"
                className="text-button"
                aria-pressed={row.vehicleId === chosen}
                data-testid={`usage-vehicle-${row.vehicleId}`}
                onClick={() => choose(row.vehicleId)}
              >
                {row.plate || row.vehicleId}
              </button>
            </th>
            {shown.map(kind => (
              <td key={kind} className="usage-number figures">
                {dataSize(row.bytes[kind])}
              </td>
            ))}
            <td className="usage-number figures">
              <b>{dataSize(row.total)}</b>
            </td>
            <Left row={row} />
            <td>
              <Allowance key={`${row.vehicleId} ${row.allowance} ${row.isOwn}`} row={row} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Left({ row }: { row: UsageRow }) {
  const { t } = useTranslation();
  const { allowance, total } = row;
  if (allowance === 0) return <td className="usage-number soft">{t('usage.none')}</td>;
  const level = total >= allowance ? 'over' : total >= allowance * 0.8 ? 'near' : 'well';
  const words =
    total > allowance ? t('usage.over', { bytes: dataSize(total - allowance) }) : dataSize(allowance - total);
  return (
    <td className="usage-number figures usage-left" data-level={level}>
      {words} <small>{Math.round((total / allowance) * 100)} %</small>
    </td>
  );
}

/** The vehicle's own allowance in MB; empty, the setting's holds. */
function Allowance({ row }: { row: UsageRow }) {
  const { link } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const megabytes = row.allowance / 1e6;
  const kept = row.isOwn ? String(megabytes) : '';
  const [text, setText] = useState(kept);
  const save = async (): Promise<void> => {
    if (text === kept) return;
    const wanted = text.trim() === '' ? -1 : Number(text);
    if (!Number.isInteger(wanted) || wanted < -1) return setText(kept);
    const answer = await link.call('fleet.update', { vehicleId: row.vehicleId, dataAllowanceMb: wanted });
    if (answer.ok) operations.remark('saved');
    else operations.failed(answer);
  };
  return (
    <input
      className="usage-allowance figures"
      inputMode="numeric"
      maxLength={9}
      value={text}
      placeholder={megabytes > 0 ? String(megabytes) : t('usage.none')}
      aria-label={t('usage.setAllowance', { plate: row.plate || row.vehicleId })}
      title={t('usage.setAllowance', { plate: row.plate || row.vehicleId })}
      data-testid={`usage-allowance-${row.vehicleId}`}
      onChange={event => setText(event.target.value)}
      onBlur={() => void save()}
      onKeyDown={event => event.key === 'Enter' && void save()}
    />
  );
}
