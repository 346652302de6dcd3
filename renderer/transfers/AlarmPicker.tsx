import { useTranslation } from 'react-i18next';
import { alarmWords } from '../fleet/vehicle-words.ts';

interface Alarms {
  alarms: number;
  videoAlarms: number;
}

/** 1078 table 14 has seven bits, 808 table 24 thirty-two. */
const choices = (
  [
    ['videoAlarms', 7],
    ['alarms', 32],
  ] as const
).flatMap(([word, bits]) => Array.from({ length: bits }, (_, bit) => ({ word, bit, id: `${word}-${bit}` })));

/** Bits of the two alarm words, by name; none: whatever it was recorded for. */
export function AlarmPicker({ change, ...given }: Alarms & { change(to: Alarms): void }) {
  const { t } = useTranslation();
  const chosen = alarmWords(given, t);
  return (
    <details className="upload-alarms" data-testid="upload-alarms">
      <summary>
        {t('uploadForm.alarms')}: {chosen.length > 0 ? chosen.join(', ') : t('uploadForm.anyAlarm')}
      </summary>
      <div className="upload-alarm-list">
        {choices.map(({ word, bit, id }) => {
          const mask = (1 << bit) >>> 0;
          return (
            <label key={id}>
              <input
                type="checkbox"
                checked={(given[word] & mask) !== 0}
                data-testid={`upload-${id}`}
                onChange={event =>
                  change({ ...given, [word]: (event.target.checked ? given[word] | mask : given[word] & ~mask) >>> 0 })
                }
              />
              {alarmWords({ alarms: 0, videoAlarms: 0, [word]: mask }, t)}
            </label>
          );
        })}
      </div>
    </details>
  );
}
