import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { type Rpc, storages, storedStreams, type UploadCondition, uploadConditions } from '../../electron/contract.ts';
import { Sheet } from '../dialog/Sheet.tsx';
import { channelTitle } from '../fleet/vehicle-words.ts';
import { dateTimeWords, lengthWords } from '../i18n/age.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import type { Language } from '../store/preferences.ts';
import { AlarmPicker } from './AlarmPicker.tsx';
import './transfers.css';

type Ask = Rpc['upload.start']['args'];
const media = ['audioVideo', 'audio', 'video'] as const;

/** Which files of the marked range a vehicle is to bring, and over which network it may. */
export function UploadSheet() {
  const { archive, fleet } = useStation();
  const { transfers } = useOperations();
  const { t, i18n } = useTranslation();
  const { marks, cameras, focus } = useStore(archive);
  const camera = cameras[focus] ?? cameras[0];
  const vehicle = useStore(fleet, state => state.vehicles.get(camera?.vehicleId ?? ''));
  const [wish, setWish] = useState<Partial<Ask>>({});
  const [busy, setBusy] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The sheet takes the focus for its text when it opens; here Enter is to ask.
    const id = requestAnimationFrame(() => button.current?.focus());
    return () => cancelAnimationFrame(id);
  }, []);
  if (!camera || !marks) return null;
  const language = i18n.language as Language;
  const { conditions = [], alarms = 0, videoAlarms = 0 } = wish;
  const change = (to: Partial<Ask>): void => setWish(before => ({ ...before, ...to }));
  const allow = (condition: UploadCondition, on: boolean): void =>
    change({ conditions: on ? [...conditions, condition] : conditions.filter(each => each !== condition) });
  const ask = async (): Promise<void> => {
    setBusy(true);
    await transfers.start(camera, marks, wish);
    setBusy(false);
  };
  return (
    <Sheet title={t('uploadForm.title')} testId="dialog-upload">
      <form
        className="upload-form"
        onSubmit={event => {
          event.preventDefault();
          if (!busy) void ask();
        }}
      >
        <p>
          <b>{vehicle?.plate || camera.vehicleId}</b> {channelTitle(vehicle, camera.channel, t)} ·{' '}
          {t('uploadForm.range', {
            from: dateTimeWords(marks.from, language),
            to: dateTimeWords(marks.to, language),
            length: lengthWords(marks.to - marks.from),
          })}
        </p>
        <Choice
          name="media"
          value={media.find(each => each === wish.media) ?? 'audioVideo'}
          choices={media}
          words={each => t(`uploadForm.mediaOf.${each}`)}
          change={to => change({ media: to })}
        />
        <Choice
          name="stream"
          value={wish.stream ?? camera.stream}
          choices={storedStreams}
          words={each => t(`uploadForm.streamOf.${each}`)}
          change={to => change({ stream: to })}
        />
        <Choice
          name="storage"
          value={wish.storage ?? 'any'}
          choices={storages}
          words={each => t(`uploadForm.storageOf.${each}`)}
          change={to => change({ storage: to })}
        />
        <fieldset>
          <legend>{t('uploadForm.conditions')}</legend>
          {uploadConditions.map(each => (
            <label key={each}>
              <input
                type="checkbox"
                checked={conditions.includes(each)}
                data-testid={`upload-${each}`}
                onChange={event => allow(each, event.target.checked)}
              />
              {t(`uploadForm.condition.${each}`)}
            </label>
          ))}
          <p className="soft">{t(conditions.length === 0 ? 'uploadForm.anyNetwork' : 'uploadForm.theseNetworks')}</p>
        </fieldset>
        <AlarmPicker
          alarms={alarms}
          videoAlarms={videoAlarms}
          change={to => change({ alarms: to.alarms, videoAlarms: to.videoAlarms })}
        />
        <button ref={button} type="submit" className="button button-main" disabled={busy} data-testid="upload-ask">
          {t('uploadForm.ask')} <kbd>Enter</kbd>
        </button>
      </form>
    </Sheet>
  );
}

function Choice<Value extends string>(props: {
  name: 'media' | 'stream' | 'storage';
  value: Value;
  choices: readonly Value[];
  words(value: Value): string;
  change(value: Value): void;
}) {
  const { name, value, choices, words, change } = props;
  const { t } = useTranslation();
  return (
    <label className="upload-choice">
      <span>{t(`uploadForm.${name}`)}</span>
      <select
        className="field"
        value={value}
        data-testid={`upload-${name}`}
        onChange={event => {
          const chosen = choices.find(each => each === event.target.value);
          if (chosen) change(chosen);
        }}
      >
        {choices.map(each => (
          <option key={each} value={each}>
            {words(each)}
          </option>
        ))}
      </select>
    </label>
  );
}
