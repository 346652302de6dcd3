import { useTranslation } from 'react-i18next';
import { Sheet } from '../dialog/Sheet.tsx';
import { commandSections, commands } from './commands.ts';
import { keyCaps } from './key-name.ts';

/** Prints the command table. */
export function KeysDialog() {
  const { t } = useTranslation();
  return (
    <Sheet title={t('keys.title')} wide testId="dialog-keys">
      <div className="key-columns">
        {commandSections.map(section => (
          <section key={section} className="key-section">
            <h3>{t(`keys.${section}`)}</h3>
            <dl>
              {commands
                .filter(command => command.section === section)
                .map(({ id, keys }) => (
                  <div key={id} className="key-line">
                    <dt>
                      {keys.map((name, i) => (
                        <span key={name}>
                          {i > 0 && <span className="soft"> {t('keys.or')} </span>}
                          {keyCaps(name).map(cap => (
                            <kbd key={cap}>{cap}</kbd>
                          ))}
                        </span>
                      ))}
                    </dt>
                    <dd>{t(`command.${id}`)}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Sheet>
  );
}
