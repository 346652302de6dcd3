import type { TFunction } from 'i18next';
import type { AlarmRow } from '../../electron/contract.ts';
import type { en } from '../i18n/en/words.ts';

type Bits<Word extends 'alarmWord' | 'videoAlarmWord' | 'drivingWord'> = keyof (typeof en)[Word];

const lastMainStorage = 11;

/** What it is, in words. */
export function alarmTitle({ kind, fatigue }: Pick<AlarmRow, 'kind' | 'fatigue'>, t: TFunction): string {
  const [family, text] = kind.split('.');
  const bit = Number(text);
  switch (family) {
    case 'alarm':
      return t(`alarmWord.b${bit}` as `alarmWord.${Bits<'alarmWord'>}`);
    case 'videoAlarm':
      return t(`videoAlarmWord.b${bit}` as `videoAlarmWord.${Bits<'videoAlarmWord'>}`);
    case 'storage':
      return bit <= lastMainStorage
        ? t('alarms.mainStorage', { number: bit + 1 })
        : t('alarms.backupStorage', { number: bit - lastMainStorage });
    case 'driving': {
      const word =
        bit <= 2 ? t(`drivingWord.b${bit}` as `drivingWord.${Bits<'drivingWord'>}`) : t('alarms.ownDriving', { bit });
      return fatigue === undefined ? word : t('alarms.fatigue', { word, fatigue });
    }
    default:
      return kind;
  }
}
