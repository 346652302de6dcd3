import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SettingRow } from '../../electron/contract.ts';
import { isNamed, isUnit, readSetting } from './setting-groups.ts';

/** One row of the server's table: name, what it does, value with unit and range, default, and whether a restart is needed. */
export function SettingField({ row, set }: { row: SettingRow; set(value: SettingRow['value']): Promise<boolean> }) {
  const { t } = useTranslation();
  const { key, value, unit, min, max } = row;
  const id = `setting-${key}`;
  const changed = value !== row.default;
  const shown = (each: SettingRow['value']): string => {
    if (typeof each === 'boolean') return t(each ? 'settings.yes' : 'settings.no');
    return each === '' ? t('settings.empty') : String(each);
  };
  return (
    <div className="setting" data-changed={changed || undefined} data-testid={id}>
      <label className="setting-words" htmlFor={id}>
        <b>{isNamed(key) ? t(`setting.${key}.name`) : key}</b>
        <span className="soft">{isNamed(key) ? t(`setting.${key}.doc`) : row.doc}</span>
      </label>
      <div className="setting-value">
        <SettingInput id={id} row={row} set={set} />
        {unit && <span className="soft">{isUnit(unit) ? t(`unit.${unit}`) : unit}</span>}
        <div className="setting-notes">
          {row.restart && <span title={t('settings.restartTitle')}>{t('settings.restart')}</span>}
          {min !== undefined && max !== undefined && <span>{t('settings.range', { min, max })}</span>}
          <span>{t('settings.default', { value: shown(row.default) })}</span>
          {changed && (
            <button type="button" className="text-button" onClick={() => void set(row.default)}>
              {t('settings.reset')}
            </button>
          )}
        </div>
      </div>
    </div>
  );
}

function SettingInput({
  id,
  row,
  set,
}: {
  id: string;
  row: SettingRow;
  set(value: SettingRow['value']): Promise<boolean>;
}): ReactNode {
  const { t } = useTranslation();
  // The server sends a mask for a token that is set: shown behind an empty field, never in it, so that it cannot be edited.
  const secret = row.key === 'webToken';
  const kept = secret ? '' : String(row.value);
  const [text, setText] = useState(kept);
  useEffect(() => setText(kept), [kept]);
  if (typeof row.value === 'boolean')
    return <input id={id} type="checkbox" checked={row.value} onChange={event => void set(event.target.checked)} />;
  if (row.choices)
    return (
      <select id={id} value={row.value} onChange={event => void set(event.target.value)}>
        {row.choices.map(choice => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    );
  const read = readSetting(row, text);
  const dirty = text !== kept;
  const apply = async (): Promise<void> => {
    if (dirty && read !== undefined && (await set(read)) && secret) setText('');
  };
  return (
    <>
      <input
        id={id}
        type={secret ? 'password' : 'text'}
        placeholder={secret ? String(row.value) : undefined}
        inputMode={typeof row.value === 'number' ? 'numeric' : 'text'}
        autoComplete={secret ? 'new-password' : 'off'}
        spellCheck={false}
        value={text}
        aria-invalid={read === undefined}
        onChange={event => setText(event.target.value)}
        onKeyDown={event => event.key === 'Enter' && void apply()}
      />
      {dirty && (
        <button
          type="button"
          className="button button-small"
          disabled={read === undefined}
          onClick={() => void apply()}
        >
          {t('settings.apply')}
        </button>
      )}
    </>
  );
}
