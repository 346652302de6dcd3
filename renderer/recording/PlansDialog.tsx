import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { RecordingPlan, Result } from '../../electron/contract.ts';
import { useAsked } from '../dialog/asked.ts';
import { Sheet } from '../dialog/Sheet.tsx';
import { useOperations, useStation } from '../StationContext.tsx';
import './recording.css';
import { WeekGrid } from './WeekGrid.tsx';
import { emptyWeek, fullWeek, weekHours } from './week.ts';

const modes = ['off', 'always', 'schedule', 'alarm'] as const;

function newPlan(target: string): RecordingPlan {
  return { target, mode: 'schedule', week: emptyWeek, stream: 'main', channels: [], preSeconds: 10, postSeconds: 30 };
}

/** When what is recorded by itself: for all, a group or a vehicle; the most particular plan holds. */
export function PlansDialog() {
  const station = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const { asked, take } = useAsked('record.plans');
  const vehicles = useStore(station.fleet, state => state.vehicles);
  const plans = asked.state === 'known' ? asked.value : [];
  const [target, setTarget] = useState('all');
  const [draft, setDraft] = useState<RecordingPlan>();
  const kept = plans.find(plan => plan.target === target);
  const plan = draft?.target === target ? draft : (kept ?? newPlan(target));
  const changed = JSON.stringify(plan) !== JSON.stringify(kept);
  const targets = useMemo(() => {
    const groups = [...new Set([...vehicles.values()].map(vehicle => vehicle.group).filter(Boolean))].sort();
    const list = [...vehicles.values()].filter(vehicle => vehicle.state !== 'pending');
    return [
      { value: 'all', text: t('plans.all') },
      ...groups.map(group => ({ value: `group:${group}`, text: t('plans.group', { group }) })),
      ...list.map(({ id, plate }) => ({ value: id, text: plate || id })).sort((a, b) => (a.text < b.text ? -1 : 1)),
    ];
  }, [vehicles, t]);
  const nameOf = (value: string): string => targets.find(each => each.value === value)?.text ?? value;
  const settle = (answer: Result<RecordingPlan[]>): void => {
    if (answer.ok) {
      setDraft(undefined);
      take(answer.value);
      operations.remark('saved');
    } else operations.failed(answer);
  };
  const set = (change: Partial<RecordingPlan>): void => setDraft({ ...plan, ...change });
  return (
    <Sheet title={t('plans.title')} wide testId="dialog-plans">
      <p className="soft">{t('plans.help')}</p>
      {asked.state === 'failed' && <p className="warn">{t(`error.${asked.code}`)}</p>}
      <div className="plans">
        <ul className="plan-list">
          {plans.map(each => (
            <li key={each.target}>
              <button
                type="button"
                className="plan-row"
                aria-pressed={each.target === target}
                data-testid={`plan-${each.target}`}
                onClick={() => setTarget(each.target)}
              >
                <span className="footage-name">{nameOf(each.target)}</span>
                <span className="soft">{t(`planMode.${each.mode}`)}</span>
              </button>
            </li>
          ))}
          {asked.state === 'known' && plans.length === 0 && <li className="soft">{t('plans.none')}</li>}
        </ul>
        <div className="plan">
          <label className="plan-field">
            {t('plans.target')}
            <select
              className="field"
              value={target}
              data-testid="plan-target"
              onChange={event => setTarget(event.target.value)}
            >
              {targets.map(({ value, text }) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          </label>
          <fieldset className="plan-modes" aria-label={t('plans.mode')}>
            {modes.map(mode => (
              <button
                key={mode}
                type="button"
                className="layout-button"
                aria-pressed={plan.mode === mode}
                data-testid={`plan-mode-${mode}`}
                onClick={() => set({ mode })}
              >
                {t(`planMode.${mode}`)}
              </button>
            ))}
          </fieldset>
          <p className="soft">{t(`planHelp.${plan.mode}`)}</p>
          {plan.mode === 'schedule' && (
            <>
              <p className="soft">{t('plans.weekHelp')}</p>
              <WeekGrid week={plan.week} change={week => set({ week })} />
              <p className="plan-week">
                <span>{t('plans.hours', { hours: weekHours(plan.week) })}</span>
                <button type="button" className="text-button" onClick={() => set({ week: fullWeek })}>
                  {t('plans.fill')}
                </button>
                <button type="button" className="text-button" onClick={() => set({ week: emptyWeek })}>
                  {t('plans.wipe')}
                </button>
              </p>
            </>
          )}
          {plan.mode === 'alarm' && (
            <div className="plan-seconds">
              {(
                [
                  ['preSeconds', 300],
                  ['postSeconds', 3600],
                ] as const
              ).map(([field, max]) => (
                <label key={field} className="plan-field">
                  {t(`plans.${field}`)}
                  <input
                    className="field"
                    type="number"
                    min={0}
                    max={max}
                    value={plan[field]}
                    data-testid={`plan-${field}`}
                    onChange={event => set({ [field]: Math.min(max, Math.max(0, Number(event.target.value) || 0)) })}
                  />
                </label>
              ))}
            </div>
          )}
          <label className="plan-field">
            {t('plans.stream')}
            <select
              className="field"
              value={plan.stream}
              onChange={event => set({ stream: event.target.value === 'sub' ? 'sub' : 'main' })}
            >
              <option value="main">{t('badge.main')}</option>
              <option value="sub">{t('badge.sub')}</option>
            </select>
          </label>
          <label className="plan-field">
            {t('plans.channels')}
            <input
              key={target}
              className="field"
              placeholder={t('plans.everyChannel')}
              defaultValue={plan.channels.join(', ')}
              onChange={event => set({ channels: channelsIn(event.target.value) })}
            />
          </label>
          <p className="plan-actions">
            <button
              type="button"
              className="button"
              disabled={!changed}
              data-testid="plan-save"
              onClick={() => void station.link.call('record.setPlan', { plan }).then(settle)}
            >
              {t('plans.save')}
            </button>
            {kept && (
              <button
                type="button"
                className="button"
                data-testid="plan-remove"
                onClick={() => void station.link.call('record.removePlan', { target }).then(settle)}
              >
                {t('plans.remove')}
              </button>
            )}
          </p>
        </div>
      </div>
    </Sheet>
  );
}

/** Channels 1 to 255 that a text names, in order, once each. */
export function channelsIn(text: string): number[] {
  const found = [...text.matchAll(/\d+/g)].map(match => Number(match[0]));
  return [...new Set(found.filter(channel => channel >= 1 && channel <= 255))].sort((a, b) => a - b);
}
