import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { RecorderStatus } from '../recording/RecorderStatus.tsx';
import { useOperations, useStation } from '../StationContext.tsx';
import { TransferStatus } from '../transfers/TransferStatus.tsx';
import { bitRate } from '../wall/figures.ts';
import { listeningWords, problemsOf, slowLoopMs } from './problems.ts';

export function StatusBar() {
  const station = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const health = useStore(station.health, state => state.health);
  const fullScreen = useStore(station.desk, state => state.fullScreen);
  const ports = health ? listeningWords(health) : '';
  const problems = health ? problemsOf(health).length : 0;
  return (
    <footer className="status-bar" data-testid="status-bar">
      {health && (
        <>
          <span data-warn={!ports || undefined}>
            {ports ? t('status.listening', { ports }) : t('status.notListening')}
          </span>
          <span data-testid="status-vehicles">
            {t('status.vehicles', { online: health.vehiclesOnline, known: health.vehiclesKnown })}
          </span>
          <span data-testid="status-streams">
            {t('status.streams', { count: health.streams, rate: bitRate(health.bitsPerSecondIn) })}
          </span>
          <span data-warn={health.loopP99 > slowLoopMs || undefined}>
            {t('status.loop', { p99: health.loopP99.toFixed(1) })}
          </span>
          <RecorderStatus />
          <TransferStatus />
          {health.simulator.running && <span>{t('status.simulator', { count: health.simulator.vehicles })}</span>}
          {fullScreen && problems > 0 && <span data-warn="true">{t('health.problems', { count: problems })}</span>}
        </>
      )}
      <span className="top-space" />
      {fullScreen && (
        <button type="button" className="status-button" onClick={() => operations.toggleFullScreen()}>
          <kbd>F</kbd> {t('bar.leaveFullScreen')}
        </button>
      )}
      <button type="button" className="status-button" data-testid="keys" onClick={() => operations.openDialog('keys')}>
        <kbd>?</kbd> {t('status.keys')}
      </button>
    </footer>
  );
}
