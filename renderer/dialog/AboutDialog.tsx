import { useTranslation } from 'react-i18next';
import { useOperations } from '../StationContext.tsx';
import { useAsked } from './asked.ts';
import { Sheet } from './Sheet.tsx';

export function AboutDialog() {
  const operations = useOperations();
  const { t } = useTranslation();
  const { asked } = useAsked('app.info');
  const info = asked.state === 'known' ? asked.value : undefined;
  const facts: [string, string][] = info
    ? [
        [
          t('about.version', { version: info.version }),
          t(info.host === 'electron' ? 'about.hostElectron' : 'about.hostWeb'),
        ],
        [t('about.contract'), String(info.contractVersion)],
        [t('about.dataDir'), info.dataDir],
        ...Object.entries(info.versions),
      ]
    : [];
  const copy = (
    <button
      type="button"
      className="button"
      onClick={() => void operations.copy(facts.map(fact => fact.join(': ')).join('\n'))}
    >
      {t('about.copy')}
    </button>
  );
  return (
    <Sheet title={t('about.title')} testId="dialog-about" actions={copy}>
      <p>{t('about.text')}</p>
      {asked.state === 'failed' && <p className="warn">{t(`error.${asked.code}`)}</p>}
      <dl className="facts facts-wide">
        {facts.map(([name, value]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="soft">{t('about.licence')}</p>
    </Sheet>
  );
}
