import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { positionText } from '../fleet/vehicle-words.ts';
import { ageWords, lastSeenWords } from '../i18n/age.ts';
import { Ticking, useOperations, useStation } from '../StationContext.tsx';
import type { TileState } from '../store/tiles.ts';
import type { Camera } from './arrangement.ts';
import { codecName } from './figures.ts';
import { OpeningPanel } from './OpeningPanel.tsx';
import { pictureAge } from './picture-age.ts';

interface PanelProps {
  camera: Camera;
  tile: TileState;
}

/** What a tile says in the middle, when its picture does not speak for itself. */
export function TilePanel(props: PanelProps) {
  const { kind, hasPicture } = props.tile;
  const speaks = kind !== 'live' && kind !== 'disconnected' && kind !== 'paused' && !(kind === 'stalled' && hasPicture);
  return (
    <>
      <PanelWords {...props} />
      {speaks && <WhyButton camera={props.camera} tile={props.tile} />}
    </>
  );
}

/** To the connection doctor, from wherever there is no picture. */
function WhyButton({ camera, tile }: PanelProps) {
  const operations = useOperations();
  const { t } = useTranslation();
  return (
    <button
      type="button"
      tabIndex={-1}
      className="button button-small tile-why"
      title={`${t('tool.why')} (W)`}
      data-testid="tile-why"
      onPointerDown={event => event.stopPropagation()}
      onDoubleClick={event => event.stopPropagation()}
      onClick={() => operations.doctor.openCamera(camera.vehicleId, camera.channel, tile.stream)}
    >
      {t('doctor.why')}
    </button>
  );
}

function PanelWords({ camera, tile }: PanelProps) {
  const station = useStation();
  const vehicleState = useStore(station.fleet, state =>
    state.known ? (state.vehicles.get(camera.vehicleId)?.state ?? 'unknown') : undefined,
  );
  const { kind, hasPicture } = tile;
  if (kind === 'disconnected') return <DisconnectedPanel camera={camera} tile={tile} />;
  if (vehicleState === 'unknown') return <WordsPanel word="unknown" note="unknownHelp" />;
  if (vehicleState === 'pending') return <WordsPanel word="pending" note="pendingHelp" />;
  switch (kind) {
    case 'opening':
      return <OpeningPanel tile={tile} />;
    case 'stalled':
    case 'waiting':
    case 'lost':
      return hasPicture ? <AgePanel camera={camera} tile={tile} /> : <OpeningPanel tile={tile} />;
    case 'offline':
      return <OfflinePanel camera={camera} tile={tile} />;
    case 'refused':
    case 'ended':
      return <RefusedPanel tile={tile} kind={kind} />;
    case 'undecodable':
      return <UndecodablePanel tile={tile} />;
    case 'paused':
      return <WordsPanel word="paused" />;
    case 'live':
      return null;
  }
}

type PanelWord = 'unknown' | 'unknownHelp' | 'pending' | 'pendingHelp' | 'paused';

function WordsPanel({ word, note }: { word: PanelWord; note?: PanelWord }) {
  const { t } = useTranslation();
  return (
    <div className="panel">
      <p className="panel-title">{t(`panel.${word}`)}</p>
      {note && <p>{t(`panel.${note}`)}</p>}
    </div>
  );
}

/** Over an old picture: how old it is, and what is being done. */
function AgePanel({ camera, tile }: PanelProps) {
  const { pool } = useStation();
  const { t } = useTranslation();
  const { kind } = tile;
  const banner = kind === 'stalled' ? 'stalledBanner' : kind === 'waiting' ? 'waitingBanner' : 'lostBanner';
  return (
    <div className="panel panel-over" data-testid="age-panel">
      <p className="panel-age">
        <Ticking
          text={() => t(`panel.${banner}`, { age: ageWords(pictureAge(pool.snapshot(camera), Date.now()) ?? 0, t) })}
        />
      </p>
      {kind === 'lost' && <p className="panel-note">{askingWords(tile, t)}</p>}
    </div>
  );
}

function askingWords(tile: TileState, t: TFunction): string {
  return tile.attempts > 0 ? t('panel.asking', { count: tile.attempts }) : t('panel.askingFirst');
}

function DisconnectedPanel({ camera, tile }: PanelProps) {
  const { pool, connection } = useStation();
  const { t } = useTranslation();
  const first = useStore(connection, state => state.state === 'connecting');
  if (!tile.hasPicture)
    return (
      <div className="panel">
        <p className="panel-title">{t(first ? 'panel.connecting' : 'panel.disconnected')}</p>
        {!first && <p>{t('panel.disconnectedHelp')}</p>}
      </div>
    );
  const text = (): string => {
    const age = Math.max(Date.now() - tile.since, pictureAge(pool.snapshot(camera), Date.now()) ?? 0);
    return t('panel.disconnectedBanner', { age: ageWords(age, t) });
  };
  return (
    <div className="panel panel-over" data-testid="age-panel">
      <p className="panel-age">
        <Ticking text={text} />
      </p>
    </div>
  );
}

function OfflinePanel({ camera }: PanelProps) {
  const { fleet } = useStation();
  const { t } = useTranslation();
  const lastSeenAt = useStore(fleet, state => state.vehicles.get(camera.vehicleId)?.lastSeenAt ?? 0);
  const position = useStore(fleet, state => state.vehicles.get(camera.vehicleId)?.position);
  return (
    <div className="panel">
      <p className="panel-title">{t('panel.offline')}</p>
      <p>
        {lastSeenAt > 0 ? (
          <Ticking
            text={() => {
              const now = Date.now();
              const when = lastSeenWords(lastSeenAt, now, t);
              return t('panel.lastSeen', { when, age: ageWords(now - lastSeenAt, t) });
            }}
          />
        ) : (
          t('panel.neverSeen')
        )}
      </p>
      {position?.fixed && <p className="panel-extra">{t('panel.near', { position: positionText(position) })}</p>}
      <p className="panel-note">{t('panel.returns')}</p>
    </div>
  );
}

function RefusedPanel({ tile, kind }: { tile: TileState; kind: 'refused' | 'ended' }) {
  const { t } = useTranslation();
  return (
    <div className="panel">
      <p className="panel-title">{t(`panel.${kind}`)}</p>
      {tile.code && <p>{t(`error.${tile.code}`)}</p>}
      <p className="panel-note">
        {t('panel.refusedHelp')}
        {tile.attempts > 0 && ` · ${t('panel.attempt', { count: tile.attempts })}`}
      </p>
    </div>
  );
}

function UndecodablePanel({ tile }: { tile: TileState }) {
  const { t } = useTranslation();
  const reason = tile.reason ?? 'codec';
  return (
    <div className="panel">
      <p className="panel-title">{t('panel.undecodable')}</p>
      <p>
        {t(`undecodable.${reason}`, {
          codec: codecName(tile.codec, t),
          payloadType: tile.payloadType ?? t('figure.unknown'),
        })}
      </p>
    </div>
  );
}
