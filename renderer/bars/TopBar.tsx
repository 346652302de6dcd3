import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { isPressing } from '../alarms/alarm-rows.ts';
import { clockTime } from '../i18n/age.ts';
import { Ticking, useOperations, useStation } from '../StationContext.tsx';
import { HearingButton } from '../sound/HearingButton.tsx';
import { pages } from '../store/desk.ts';
import { AppMenu } from './AppMenu.tsx';
import { HealthPill } from './HealthPill.tsx';
import { LayoutButtons } from './LayoutButtons.tsx';

const pageKeys = { live: '⇧ C', map: '⇧ P', archive: '⇧ B', alarms: '⇧ A' } as const;

export function TopBar() {
  const { preferences, notices, desk, services } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const fleet = useStore(preferences, state => state.fleet);
  const rail = useStore(preferences, state => state.rail);
  const page = useStore(desk, state => state.page);
  const pressing = useStore(services, state => [...state.alarms.values()].filter(isPressing).length);
  const unseen = useStore(notices, state => state.unseen);
  return (
    <header className="top-bar">
      <button
        type="button"
        className="icon-button"
        hidden={page !== 'live'}
        aria-pressed={fleet}
        aria-label={t('bar.fleet')}
        title={`${t('bar.fleet')} (B)`}
        data-testid="toggle-fleet"
        onClick={() => operations.toggleFleet()}
      >
        <PanelIcon side="left" />
      </button>
      <span className="brand">{t('app.name')}</span>
      <div className="pages" role="tablist">
        {pages.map(each => (
          <button
            key={each}
            type="button"
            role="tab"
            className="page-tab"
            aria-selected={each === page}
            title={`${t(`command.${each}Page`)} (${pageKeys[each]}) · ${t('command.page')} (V)`}
            data-testid={`page-${each}`}
            onClick={event => {
              // Of a mouse: the keys are the page's next, Space and Enter too.
              if (event.detail > 0) event.currentTarget.blur();
              operations.openPage(each);
            }}
          >
            {t(`page.${each}`)}
            {each === 'alarms' && pressing > 0 && (
              <span
                className="page-badge"
                title={t('alarms.unconfirmed', { count: pressing })}
                data-testid="alarm-badge"
              >
                {pressing}
              </span>
            )}
          </button>
        ))}
      </div>
      <span className="top-space" />
      {page === 'live' && <LayoutButtons />}
      <HearingButton />
      <HealthPill />
      <button
        type="button"
        className="text-button"
        title={`${t('bar.languageTitle')} (L)`}
        data-testid="language"
        onClick={() => operations.nextLanguage()}
      >
        {t('bar.language')}
      </button>
      <AppMenu />
      <button
        type="button"
        className="icon-button"
        hidden={page !== 'live'}
        aria-pressed={rail}
        aria-label={unseen > 0 && !rail ? t('rail.unseen', { count: unseen }) : t('bar.rail')}
        title={`${t('bar.rail')} (N)`}
        data-testid="toggle-rail"
        onClick={() => operations.toggleRail()}
      >
        <PanelIcon side="right" />
        {unseen > 0 && !rail && <span className="unseen">{unseen}</span>}
      </button>
      <span className="clock" title={t('bar.clock')}>
        <Ticking text={() => clockTime(Date.now())} />
      </span>
    </header>
  );
}

function PanelIcon({ side }: { side: 'left' | 'right' }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" className="icon">
      <rect x="1.5" y="2.5" width="13" height="11" rx="1.5" />
      <path d={side === 'left' ? 'M6 2.5v11' : 'M10 2.5v11'} />
    </svg>
  );
}
