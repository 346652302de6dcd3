import { useTranslation } from 'react-i18next';
import { openingSteps } from '../../electron/contract.ts';
import { elapsedWords } from '../i18n/age.ts';
import { Ticking } from '../StationContext.tsx';
import type { TileState } from '../store/tiles.ts';

/** The way to the first picture: which steps are done and what each took, which one is waited for. */
export function OpeningPanel({ tile }: { tile: TileState }) {
  const { t } = useTranslation();
  const done = new Map(tile.steps.map(({ step, at }) => [step, at]));
  const start = done.get('commandSent') ?? tile.since;
  const awaited = openingSteps.find(step => !done.has(step)) ?? 'firstPicture';
  const acknowledged = done.get('acknowledged');
  return (
    <div className={tile.hasPicture ? 'panel panel-over' : 'panel'} data-testid="opening-panel">
      <p className="panel-title">{t(`await.${awaited}`)}</p>
      <ol className="steps">
        {openingSteps.map(step => {
          const at = done.get(step);
          const state = at !== undefined ? 'done' : step === awaited ? 'awaited' : 'open';
          return (
            <li key={step} data-step={step} data-state={state} title={t(`step.${step}`)}>
              <i />
              <span className="step-word">{t(`stepShort.${step}`)}</span>
              <span className="step-time">
                {at !== undefined && step !== 'commandSent' && tookText(at - start)}
                {state === 'awaited' && <Ticking text={() => elapsedWords(Date.now() - start, t)} />}
              </span>
            </li>
          );
        })}
      </ol>
      {tile.target && (
        <p className="panel-extra">
          {t('panel.target', { target: tile.target })}
          {acknowledged !== undefined && ` · ${t('panel.acknowledgedIn', { time: tookText(acknowledged - start) })}`}
        </p>
      )}
      {tile.attempts > 1 && <p className="panel-note">{t('panel.attempt', { count: tile.attempts })}</p>}
    </div>
  );
}

function tookText(ms: number): string {
  return ms < 1000 ? `${Math.max(0, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
}
