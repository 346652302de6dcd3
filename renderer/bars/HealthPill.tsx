import { Popover } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStation } from '../StationContext.tsx';
import { byteSize } from '../wall/figures.ts';
import { portName, problemsOf, problemWords } from './problems.ts';

/** The verdict in words; the figures behind it a click away. */
export function HealthPill() {
  const station = useStation();
  const { t } = useTranslation();
  const connection = useStore(station.connection, state => state.state);
  const health = useStore(station.health, state => state.health);
  const problems = health ? problemsOf(health) : [];
  const failing = useStore(station.recordings, state => state.recorder?.phase === 'failing');
  const level = connection === 'lost' || failing ? 'bad' : !health || problems.length > 0 ? 'watch' : 'well';
  const verdict =
    connection === 'lost'
      ? t('health.unknown')
      : failing
        ? t('recorder.fails')
        : problems.length > 0
          ? t('health.problems', { count: problems.length })
          : t('health.well');
  const { mse, webcodecs } = station.capabilities;
  const decodes = (['h264', 'h265'] as const).filter(codec => mse[codec] || webcodecs[codec]);
  return (
    <Popover.Root>
      <Popover.Trigger className="health-pill" data-level={level} data-testid="health">
        <i className="dot" /> {health || level === 'bad' ? verdict : '…'}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="menu health" align="end" sideOffset={6} aria-label={t('health.title')}>
          <h2>{t('health.title')}</h2>
          <ul className="health-problems">
            {connection === 'lost' && <li>{t('health.lost')}</li>}
            {failing && <li>{t('recorder.fails')}</li>}
            {problems.map(problem => (
              <li key={JSON.stringify(problem)}>{problemWords(problem, t)}</li>
            ))}
            {connection !== 'lost' && !failing && problems.length === 0 && (
              <li className="health-none">{t('health.nothing')}</li>
            )}
          </ul>
          {health && (
            <dl className="facts">
              <dt>{t('health.listening')}</dt>
              <dd>
                {health.listening.map(entry => (
                  <div key={`${entry.protocol}${entry.port}`} data-error={entry.error}>
                    {portName(entry)}{' '}
                    <span className="soft">{entry.error ? t(`error.${entry.error}`) : entry.address}</span>
                  </div>
                ))}
              </dd>
              <dt>{t('health.loop')}</dt>
              <dd>{t('health.loopValue', { p50: health.loopP50.toFixed(1), p99: health.loopP99.toFixed(1) })}</dd>
              {health.udpReceiveBuffer > 0 && (
                <>
                  <dt>{t('health.buffer')}</dt>
                  <dd>{byteSize(health.udpReceiveBuffer)}</dd>
                </>
              )}
              <dt>{t('health.connections')}</dt>
              <dd>{health.connections}</dd>
              <dt>{t('health.packets')}</dt>
              <dd>{t('health.packetsValue', { count: Math.round(health.packetsPerSecond) })}</dd>
              <dt>{t('health.decoders')}</dt>
              <dd>
                {decodes.map(codec => t(`codec.${codec}`)).join(', ')}
                {!decodes.includes('h265') && <div className="soft">{t('health.h265Missing')}</div>}
              </dd>
            </dl>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
