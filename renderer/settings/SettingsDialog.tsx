import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { SettingRow } from '../../electron/contract.ts';
import { useAsked } from '../dialog/asked.ts';
import { Sheet } from '../dialog/Sheet.tsx';
import { useOperations, useStation } from '../StationContext.tsx';
import { DeskSettings } from './DeskSettings.tsx';
import { SettingField } from './SettingField.tsx';
import { SimulatorSettings } from './SimulatorSettings.tsx';
import { isNamed, settingGroupOf, settingGroups } from './setting-groups.ts';
import './settings.css';

/** What belongs to this desk first, then every row of the server's table, in groups. */
export function SettingsDialog() {
  const { link, desk } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const { asked, take } = useAsked('settings.list');
  const asks = useStore(desk, state => state.dialogSetting);
  const [query, setQuery] = useState(asks);
  const set = async (row: SettingRow, value: SettingRow['value']): Promise<boolean> => {
    const answer = await link.call('settings.set', { key: row.key, value });
    if (answer.ok) {
      take(answer.value);
      operations.remark('saved');
    } else operations.failed(answer);
    return answer.ok;
  };
  const words = (row: SettingRow): string =>
    (isNamed(row.key) ? `${t(`setting.${row.key}.name`)} ${t(`setting.${row.key}.doc`)} ` : '') +
    `${row.key} ${row.doc}`;
  const rows =
    asked.state === 'known' ? asked.value.filter(row => words(row).toLowerCase().includes(query.toLowerCase())) : [];
  return (
    <Sheet title={t('settings.title')} wide testId="dialog-settings">
      {query === '' && (
        <>
          <DeskSettings />
          <SimulatorSettings />
        </>
      )}
      <div className="settings-search">
        <input
          type="search"
          placeholder={t('settings.search')}
          aria-label={t('settings.search')}
          value={query}
          onChange={event => setQuery(event.target.value)}
        />
      </div>
      {asked.state === 'asking' && <p className="soft">{t('settings.loading')}</p>}
      {asked.state === 'failed' && <p className="warn">{t(`error.${asked.code}`)}</p>}
      {asked.state === 'known' && rows.length === 0 && <p className="soft">{t('settings.noMatch')}</p>}
      {settingGroups.map(group => {
        const members = rows.filter(row => settingGroupOf(row.key) === group);
        return (
          members.length > 0 && (
            <section key={group} className="setting-group">
              <h3>{t(`settingGroup.${group}`)}</h3>
              {members.map(row => (
                <SettingField key={row.key} row={row} set={value => set(row, value)} />
              ))}
            </section>
          )
        );
      })}
    </Sheet>
  );
}
