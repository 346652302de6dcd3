import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../StationContext.tsx';

export function SimulatorSettings() {
  const { health } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const running = useStore(health, state => state.health?.simulator.running ?? false);
  const vehicles = useStore(health, state => state.health?.simulator.vehicles ?? 0);
  return (
    <section className="setting-group">
      <h3>{t('settings.simulator')}</h3>
      <div className="setting">
        <div className="setting-words">
          <b>{running ? t('settings.simulatorRunning', { count: vehicles }) : t('settings.simulatorStopped')}</b>
          <span className="soft">{t('settings.simulatorHelp')}</span>
        </div>
        <div className="setting-value">
          <button
            type="button"
            className="button"
            data-testid="toggle-simulator"
            onClick={() => void operations.toggleSimulator()}
          >
            {t(running ? 'settings.stop' : 'settings.start')}
          </button>
        </div>
      </div>
    </section>
  );
}
