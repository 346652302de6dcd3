import type { TFunction } from 'i18next';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { TalkRow } from '../../electron/contract.ts';
import { Sheet } from '../dialog/Sheet.tsx';
import { useOperations, useStation } from '../StationContext.tsx';
import { HoldButton } from './HoldButton.tsx';
import { talkWords } from './TalkBar.tsx';
import { TalkMeter } from './TalkMeter.tsx';
import { bestPhase } from './talking.ts';
import './talk.css';
import { VehiclePicker } from './VehiclePicker.tsx';

/** The channel that a broadcast is asked for on: a loudspeaker has no camera, the first one always exists. */
const broadcastChannel = 1;

/** Choose vehicles, call them, speak to all of them at once; each says how it stands. Ends with the sheet. */
export function BroadcastSheet() {
  const { services, talking, talks, fleet } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const state = useStore(talking);
  const talk = state.talk?.mode === 'broadcast' ? state.talk : null;
  const all = useStore(services, ({ talks: rows }) => rows);
  const rows = useMemo(
    () => new Map([...all.values()].filter(row => row.talk === talk?.number).map(row => [row.vehicleId, row])),
    [all, talk?.number],
  );
  useEffect(() => () => talks.endBroadcast(), [talks]);
  useHeldKey(operations.talk, talk !== null);
  const phase = bestPhase(rows.values()) ?? 'opening';
  const reached = [...rows.values()].filter(row => row.phase === 'ready' || row.phase === 'talking').length;
  const usable = [...chosen].filter(id => fleet.getState().vehicles.has(id));
  return (
    <Sheet title={t('broadcast.title')} testId="dialog-broadcast">
      <p className="sheet-note">{t(talk ? 'broadcast.runs' : 'broadcast.help')}</p>
      <VehiclePicker
        chosen={chosen}
        choose={setChosen}
        disabled={talk !== null}
        words={id => (talk ? rowWords(rows.get(id), t) : undefined)}
      />
      <footer className="talk-foot" data-phase={talk ? phase : undefined}>
        {talk ? (
          <>
            <span className="talk-words" role="status" data-testid="broadcast-words">
              {state.microphone === 'denied' || state.microphone === 'missing' || state.microphone === 'insecure'
                ? t(`microphone.${state.microphone}`)
                : talk.code
                  ? talkWords(state, t)
                  : t('broadcast.reached', { reached, count: talk.vehicleIds.length })}
            </span>
            <TalkMeter />
            <HoldButton />
            <button
              type="button"
              className="button"
              data-testid="broadcast-end"
              onClick={() => operations.talk.hangUp()}
            >
              {t('broadcast.end')}
            </button>
          </>
        ) : (
          <>
            <span className="talk-words">{t('broadcast.chosen', { count: usable.length })}</span>
            <button
              type="button"
              className="button"
              disabled={usable.length === 0}
              data-testid="broadcast-start"
              onClick={() => {
                operations.hearing.wake();
                void talks.open('broadcast', usable, broadcastChannel, null);
              }}
            >
              {t('broadcast.start')}
            </button>
          </>
        )}
      </footer>
    </Sheet>
  );
}

function rowWords(row: TalkRow | undefined, t: TFunction) {
  if (!row) return undefined;
  const { phase, error } = row;
  if (phase === 'ready' || phase === 'talking') return { text: t(`talkRow.${phase}`), level: 'well' } as const;
  if (phase === 'opening') return { text: t('talkRow.opening'), level: 'amber' } as const;
  return { text: error ? t(`error.${error.code}`) : t(`talkRow.${phase}`), level: 'red' } as const;
}

/** A dialog keeps its keys to itself, so T is taken here. */
function useHeldKey(talk: ReturnType<typeof useOperations>['talk'], on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const isKey = (event: KeyboardEvent): boolean =>
      event.key.toLowerCase() === 't' && !event.ctrlKey && !event.metaKey;
    const press = (event: KeyboardEvent): void => {
      if (isKey(event) && !event.repeat) talk.press();
    };
    const release = (event: KeyboardEvent): void => {
      if (isKey(event)) talk.release();
    };
    window.addEventListener('keydown', press);
    window.addEventListener('keyup', release);
    return () => {
      window.removeEventListener('keydown', press);
      window.removeEventListener('keyup', release);
    };
  }, [talk, on]);
}
