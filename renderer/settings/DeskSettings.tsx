import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStation } from '../StationContext.tsx';
import { engineChoices, type Fit, fits, type Language } from '../store/preferences.ts';

const engineWords = { auto: 'engineAuto', jmuxer: 'engineJmuxer', webcodecs: 'engineWebcodecs' } as const;
/** Each language in its own words, so that it is found by whoever needs it. */
const ownNames: Record<Language, string> = { en: 'English', zh: '中文' };

/** Kept on this computer, for this operator. */
export function DeskSettings() {
  const { preferences } = useStation();
  const { t } = useTranslation();
  const { language, engine, fit, figures, volume } = useStore(preferences);
  return (
    <section className="setting-group">
      <h3>{t('settings.desk')}</h3>
      <Row id="desk-language" name={t('settings.language')}>
        <select
          id="desk-language"
          value={language}
          onChange={event => preferences.setState({ language: event.target.value as Language })}
        >
          {Object.entries(ownNames).map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </Row>
      <Row id="desk-engine" name={t('settings.engine')} doc={t('settings.engineHelp')}>
        <select
          id="desk-engine"
          data-testid="desk-engine"
          value={engine}
          onChange={event => preferences.setState({ engine: event.target.value as typeof engine })}
        >
          {engineChoices.map(choice => (
            <option key={choice} value={choice}>
              {t(`settings.${engineWords[choice]}`)}
            </option>
          ))}
        </select>
      </Row>
      <Row id="desk-fit" name={t('settings.fit')}>
        <select id="desk-fit" value={fit} onChange={event => preferences.setState({ fit: event.target.value as Fit })}>
          {fits.map(each => (
            <option key={each} value={each}>
              {t(`fit.${each}`)}
            </option>
          ))}
        </select>
      </Row>
      <Row id="desk-volume" name={t('hearing.volume')} doc={t('hearing.volumeHelp')}>
        <input
          id="desk-volume"
          type="range"
          min={0}
          max={100}
          step={5}
          value={volume}
          onChange={event => preferences.setState({ volume: Number(event.target.value) })}
        />
      </Row>
      <Row id="desk-figures" name={t('settings.figures')}>
        <input
          id="desk-figures"
          type="checkbox"
          checked={figures}
          onChange={event => preferences.setState({ figures: event.target.checked })}
        />
      </Row>
    </section>
  );
}

function Row({ id, name, doc, children }: { id: string; name: string; doc?: string; children: ReactNode }) {
  return (
    <div className="setting">
      <label className="setting-words" htmlFor={id}>
        <b>{name}</b>
        {doc && <span className="soft">{doc}</span>}
      </label>
      <div className="setting-value">{children}</div>
    </div>
  );
}
