import { useTranslation } from 'react-i18next';
import { g726Orders, g726Rates, type SoundOverride, soundLaws } from '../../electron/contract.ts';

export const foundOut: SoundOverride = { law: 'auto', g726Order: 'auto', g726Rate: 'auto' };

/** How a vehicle's sound is read where that cannot be left to what is heard. */
export function SoundFields({ sound, change }: { sound: SoundOverride; change(sound: SoundOverride): void }) {
  const { t } = useTranslation();
  return (
    <fieldset className="sound-fields">
      <legend>{t('vehicle.sound')}</legend>
      <label>
        <span>{t('vehicle.soundLaw')}</span>
        <select
          value={sound.law}
          data-testid="sound-law"
          onChange={event => change({ ...sound, law: event.target.value as SoundOverride['law'] })}
        >
          {soundLaws.map(law => (
            <option key={law} value={law}>
              {t(`vehicle.law.${law}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{t('vehicle.soundRate')}</span>
        <select
          value={String(sound.g726Rate)}
          data-testid="sound-rate"
          onChange={event =>
            change({ ...sound, g726Rate: g726Rates.find(rate => String(rate) === event.target.value) ?? 'auto' })
          }
        >
          {g726Rates.map(rate => (
            <option key={rate} value={String(rate)}>
              {rate === 'auto' ? t('vehicle.rateMeasured') : t('vehicle.rate', { rate })}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{t('vehicle.soundOrder')}</span>
        <select
          value={sound.g726Order}
          data-testid="sound-order"
          onChange={event => change({ ...sound, g726Order: event.target.value as SoundOverride['g726Order'] })}
        >
          {g726Orders.map(order => (
            <option key={order} value={order}>
              {t(`vehicle.order.${order}`)}
            </option>
          ))}
        </select>
      </label>
      <span className="soft">{t('vehicle.soundHelp')}</span>
    </fieldset>
  );
}
