import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { TextResult } from '../../electron/contract.ts';
import { Sheet } from '../dialog/Sheet.tsx';
import { useOperations, useStation } from '../StationContext.tsx';
import './talk.css';
import { textBytes } from './text-bytes.ts';
import { VehiclePicker } from './VehiclePicker.tsx';

const flags = ['terminalDisplay', 'tts', 'urgent', 'advertisement'] as const;
type Flag = (typeof flags)[number];
/** 808-2013 §8.23. */
const maxBytes = 1024;

/** A text to drivers, with its flags; each vehicle says whether it took it. */
export function TextSheet() {
  const { desk, link } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const first = useStore(desk, state => state.dialogVehicle);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(first === null ? [] : [first]));
  const [text, setText] = useState('');
  const [set, setSet] = useState<ReadonlySet<Flag>>(new Set(['terminalDisplay', 'tts']));
  const [results, setResults] = useState<ReadonlyMap<string, TextResult>>(new Map());
  const [sending, setSending] = useState(false);
  const bytes = textBytes(text.trim());
  const ready = bytes > 0 && bytes <= maxBytes && chosen.size > 0 && !sending;
  const send = async (): Promise<void> => {
    setSending(true);
    setResults(new Map());
    const chosenFlags = Object.fromEntries([...set].map(flag => [flag, true]));
    const answer = await link.call('text.send', { vehicleIds: [...chosen], text, ...chosenFlags });
    setSending(false);
    if (answer.ok) setResults(new Map(answer.value.map(result => [result.vehicleId, result])));
    else operations.failed(answer);
  };
  const words = (id: string) => {
    const result = results.get(id);
    if (result) {
      const { error } = result;
      return error
        ? ({ text: t(`error.${error.code}`), level: 'red' } as const)
        : ({ text: t('text.taken'), level: 'well' } as const);
    }
    return sending && chosen.has(id) ? ({ text: t('text.waiting'), level: 'amber' } as const) : undefined;
  };
  const failed = [...results.values()].filter(result => result.error).length;
  return (
    <Sheet title={t('text.title')} testId="dialog-text">
      <form
        className="text-form"
        onSubmit={event => {
          event.preventDefault();
          if (ready) void send();
        }}
      >
        <textarea
          className="field"
          rows={3}
          value={text}
          placeholder={t('text.placeholder')}
          aria-label={t('text.placeholder')}
          data-testid="text-input"
          onChange={event => setText(event.target.value)}
        />
        <div className="text-flags">
          {flags.map(flag => (
            <label key={flag} title={t(`textFlagHelp.${flag}`)}>
              <input
                type="checkbox"
                checked={set.has(flag)}
                data-testid={`text-${flag}`}
                onChange={event => {
                  const next = new Set(set);
                  if (event.target.checked) next.add(flag);
                  else next.delete(flag);
                  setSet(next);
                }}
              />
              {t(`textFlag.${flag}`)}
            </label>
          ))}
          <span className="text-count" data-over={bytes > maxBytes || undefined}>
            {t('text.bytes', { bytes, most: maxBytes })}
          </span>
        </div>
        <VehiclePicker chosen={chosen} choose={setChosen} words={words} />
        <footer className="talk-foot">
          <span className="talk-words" role="status" data-testid="text-result">
            {results.size > 0
              ? t(failed > 0 ? 'text.someFailed' : 'text.allTook', { took: results.size - failed, count: results.size })
              : t('broadcast.chosen', { count: chosen.size })}
          </span>
          <button type="submit" className="button" disabled={!ready} data-testid="text-send">
            {t(sending ? 'text.sending' : 'text.send')}
          </button>
        </footer>
      </form>
    </Sheet>
  );
}
