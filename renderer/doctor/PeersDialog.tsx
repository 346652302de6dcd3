import { useTranslation } from 'react-i18next';
import type { DoctorPeer } from '../../electron/contract.ts';
import { Sheet } from '../dialog/Sheet.tsx';
import { clockTime } from '../i18n/age.ts';
import { useOperations } from '../StationContext.tsx';
import { byteSize } from '../wall/figures.ts';
import { limitWords, looksWords } from './doctor-words.ts';
import { useRefreshed } from './refreshed.ts';
import { Proof } from './StepList.tsx';
import './doctor.css';

const refreshMs = 2000;

/** Connections to the vehicle ports that became no vehicle's. */
export function PeersDialog() {
  const operations = useOperations();
  const { t } = useTranslation();
  const answer = useRefreshed('doctor.peers', {}, refreshMs);
  const peers = answer?.ok ? answer.value : undefined;
  const detail = ({ kind, detail }: DoctorPeer): string => {
    if (kind === 'unrecognised') return looksWords(detail, t);
    return kind === 'refused' ? limitWords(detail, t) : detail;
  };
  const text = (peer: DoctorPeer): string =>
    [
      `${peer.transport.toUpperCase()} ${peer.remote} → ${peer.localPort}`,
      new Date(peer.openedAt).toISOString(),
      t(`doctor.peer.${peer.kind}`),
      detail(peer),
      peer.hex,
    ].join('\t');
  const copy = peers && peers.length > 0 && (
    <button type="button" className="button" onClick={() => void operations.copy(peers.map(text).join('\n'))}>
      {t('doctor.copy')}
    </button>
  );
  return (
    <Sheet title={t('doctor.peersTitle')} wide testId="dialog-peers" actions={copy || undefined}>
      <p className="soft">{t('doctor.peersHelp')}</p>
      {answer && !answer.ok && <p className="warn">{t(`error.${answer.code}`)}</p>}
      {!answer && <p className="soft">{t('settings.loading')}</p>}
      {peers?.length === 0 && <p>{t('doctor.noPeers')}</p>}
      <ul className="doctor-peers">
        {peers?.map(peer => (
          <li key={peer.id} data-kind={peer.kind} data-testid="doctor-peer">
            <b>{t(`doctor.peer.${peer.kind}`)}</b>
            <span className="doctor-peer-detail">
              {detail(peer)}
              {peer.kind === 'stranger' && <Strangers ids={peer.detail.split(', ')} />}
              {peer.times > 1 && <span className="soft"> · {t('doctor.times', { count: peer.times })}</span>}
            </span>
            <span className="figures soft">
              {clockTime(peer.openedAt)} ·{' '}
              {peer.closedAt > 0 ? t('doctor.closed', { time: clockTime(peer.closedAt) }) : t('doctor.open')}
              {peer.closed && ` · ${t(`error.${peer.closed}`)}`}
            </span>
            <div className="doctor-peer-proof">
              <Proof
                text={`${peer.transport.toUpperCase()} ${peer.remote} → ${t('doctor.port', { port: peer.localPort })} · ${byteSize(peer.bytes)}`}
                hex={peer.hex}
              />
            </div>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}

/** Why it was not let in is the connection doctor's to say, also of a terminal that no list has. */
function Strangers({ ids }: { ids: readonly string[] }) {
  const operations = useOperations();
  const { t } = useTranslation();
  return ids.map(id => (
    <button
      key={id}
      type="button"
      className="button button-small doctor-stranger"
      data-testid={`doctor-stranger-${id}`}
      onClick={() => operations.doctor.openStranger(id)}
    >
      {ids.length > 1 ? t('doctor.whyOf', { id }) : t('doctor.why')}
    </button>
  ));
}
