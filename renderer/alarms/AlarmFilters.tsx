import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { plateOf } from '../fleet/rows.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import { type AlarmGroup, alarmGroups } from '../store/alarms.ts';

const levels = ['error', 'warning', 'info'] as const;

/** What narrows the page; and who confirms. */
export function AlarmFilters() {
  const { alarms, fleet, preferences } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const { view, vehicleId, level, group, openOnly } = useStore(alarms);
  const vehicles = useStore(fleet, state => state.vehicles);
  const operator = useStore(preferences, state => state.operator);
  const named = [...vehicles.values()].map(vehicle => ({ id: vehicle.id, plate: plateOf(vehicle) }));
  named.sort((a, b) => (a.plate < b.plate ? -1 : 1));
  return (
    <aside className="alarms-side">
      <label className="alarms-field">
        <span>{t('alarms.vehicle')}</span>
        <select
          value={vehicleId ?? ''}
          data-testid="alarm-vehicle"
          onChange={event => operations.alarms.filterVehicle(event.target.value || null)}
        >
          <option value="">{t('alarms.everyVehicle')}</option>
          {named.map(({ id, plate }) => (
            <option key={id} value={id}>
              {plate}
            </option>
          ))}
        </select>
      </label>
      {view === 'alarms' && (
        <>
          <fieldset className="alarms-field">
            <legend>{t('alarms.level')}</legend>
            {levels.map((each, at) => (
              <button
                key={each}
                type="button"
                className="alarms-choice"
                data-level={each}
                aria-pressed={level === each}
                data-testid={`alarm-level-${each}`}
                title={`${t(`alarms.levels.${each}`)} (${at + 1})`}
                onClick={() => operations.alarms.toggleLevel(each)}
              >
                {t(`alarms.levels.${each}`)}
              </button>
            ))}
          </fieldset>
          <label className="alarms-field">
            <span>{t('alarms.kind')}</span>
            <select
              value={group ?? ''}
              data-testid="alarm-kind"
              onChange={event => alarms.setState({ group: (event.target.value || null) as AlarmGroup | null })}
            >
              <option value="">{t('alarms.everyKind')}</option>
              {alarmGroups.map(each => (
                <option key={each} value={each}>
                  {t(`alarms.groups.${each}`)}
                </option>
              ))}
            </select>
          </label>
          <label className="alarms-check" title={`${t('alarms.openOnly')} (U)`}>
            <input
              type="checkbox"
              checked={openOnly}
              data-testid="alarm-open-only"
              onChange={() => operations.alarms.toggleOpenOnly()}
            />
            {t('alarms.openOnly')}
          </label>
          <label className="alarms-field">
            <span>{t('alarms.operator')}</span>
            <input
              type="text"
              maxLength={80}
              value={operator}
              placeholder={t('alarms.operatorHint')}
              data-testid="alarm-operator"
              onChange={event => preferences.setState({ operator: event.target.value })}
            />
          </label>
        </>
      )}
    </aside>
  );
}
