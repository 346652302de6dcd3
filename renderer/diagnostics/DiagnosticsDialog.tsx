import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Diagnostics } from '../../electron/contract.ts';
import { useAsked } from '../dialog/asked.ts';
import { Sheet } from '../dialog/Sheet.tsx';
import type { Words } from '../i18n/dictionary.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import './diagnostics.css';
import { diagnosticsReport } from './report.ts';
import { StreamTable } from './StreamTable.tsx';
import { tallyGroups } from './tally-groups.ts';

type Stage = keyof Words['diagnostics']['stages'];

/** Counters that move are worth watching: asked again this often (ms). */
const refreshMs = 2000;

export function DiagnosticsDialog() {
  const { capabilities } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const { asked, ask } = useAsked('diagnostics.get');
  const failed = asked.state === 'failed';
  useEffect(() => {
    const timer = setInterval(ask, refreshMs);
    return () => clearInterval(timer);
  });
  const found = asked.state === 'known' ? asked.value : undefined;
  const copy = found && (
    <button
      type="button"
      className="button"
      data-testid="diagnostics-copy"
      onClick={() => void operations.copy(diagnosticsReport(found, capabilities, Date.now()))}
    >
      {t('diagnostics.copy')}
    </button>
  );
  const actions = (
    <>
      <button
        type="button"
        className="button"
        data-testid="diagnostics-peers"
        onClick={() => operations.doctor.openPeers()}
      >
        {t('doctor.peers')}
      </button>
      {copy}
    </>
  );
  return (
    <Sheet title={t('diagnostics.title')} wide testId="dialog-diagnostics" actions={actions}>
      {asked.state === 'asking' && <p className="soft">{t('settings.loading')}</p>}
      {failed && <p className="warn">{t(`error.${asked.code}`)}</p>}
      {found && <Found found={found} />}
    </Sheet>
  );
}

function Found({ found }: { found: Diagnostics }) {
  const { capabilities } = useStation();
  const { t } = useTranslation();
  const yesNo = (flag: boolean): string => t(flag ? 'diagnostics.yes' : 'diagnostics.no');
  return (
    <>
      <Section title={t('diagnostics.streams')}>
        {found.streams.length > 0 ? (
          <StreamTable rows={found.streams} />
        ) : (
          <p className="soft">{t('diagnostics.noStreams')}</p>
        )}
      </Section>
      <div className="diagnostics-columns">
        <Section title={t('diagnostics.tallies')}>
          <Tallies tallies={found.tallies} />
        </Section>
        <Section title={t('diagnostics.unknown')}>
          <Pairs pairs={found.unknownMessages.map(({ id, count }) => [id, count])} none={t('diagnostics.noUnknown')} />
        </Section>
        <Section title={t('diagnostics.versions')}>
          <Pairs pairs={Object.entries(found.versions)} />
        </Section>
        <Section title={t('diagnostics.decoders')}>
          <Pairs
            pairs={[
              ['MSE H.264', yesNo(capabilities.mse.h264)],
              ['MSE H.265', yesNo(capabilities.mse.h265)],
              ['WebCodecs H.264', yesNo(capabilities.webcodecs.h264)],
              ['WebCodecs H.265', yesNo(capabilities.webcodecs.h265)],
              ['MediaStreamTrackGenerator', yesNo(capabilities.trackGenerator)],
            ]}
          />
        </Section>
      </div>
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="diagnostics-section">
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Tallies({ tallies }: { tallies: Diagnostics['tallies'] }) {
  const { t, i18n } = useTranslation();
  const groups = tallyGroups(tallies);
  if (groups.length === 0) return <p className="soft">{t('diagnostics.noTallies')}</p>;
  const isNamed = (stage: string): stage is Stage => i18n.exists(`diagnostics.stages.${stage}`);
  return groups.map(({ stage, counts }) => (
    <div key={stage} data-testid={`tallies-${stage}`}>
      <h4 className="tally-stage">{isNamed(stage) ? t(`diagnostics.stages.${stage}`) : stage}</h4>
      <Pairs pairs={counts} />
    </div>
  ));
}

function Pairs({ pairs, none }: { pairs: [string, string | number][]; none?: string }) {
  if (pairs.length === 0) return <p className="soft">{none}</p>;
  return (
    <dl className="pairs">
      {pairs.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
