import type { TFunction } from 'i18next';
import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { type PlaybackRow, playbackSpeeds } from '../../../electron/contract.ts';
import { clockTime } from '../../i18n/age.ts';
import { useOperations, useStation } from '../../StationContext.tsx';
import { VehicleEar } from './VehicleEar.tsx';
import type { VehiclePlay } from './vehicle-store.ts';

/** What the vehicle plays, over the pane of its camera, with the vehicle's own controls. */
export function VehicleLayer({ name }: { name: string }) {
  const station = useStation();
  const play = useStore(station.vehicleStorage, state => (state.play?.name === name ? state.play : null));
  return play && <PlayedLayer play={play} />;
}

function PlayedLayer({ play }: { play: VehiclePlay }) {
  const station = useStation();
  const { vehicle } = useOperations();
  const { t } = useTranslation();
  const host = useRef<HTMLDivElement>(null);
  const row = useStore(station.services, state => state.playbacks.get(play.playback ?? ''));
  const at = row?.at ?? station.vehicleDesk.lastAt;
  const { element } = play;
  useLayoutEffect(() => {
    host.current?.replaceChildren(...(element ? [element] : []));
  }, [element]);
  const words = stateWords(play, row, t);
  const speed = row && row.mode === 'fast' ? row.speed : 1;
  return (
    <div
      className="vehicle-layer"
      data-testid="vehicle-layer"
      data-phase={play.error ? 'ended' : (row?.phase ?? 'opening')}
    >
      <div ref={host} className="vehicle-picture" />
      <span className="chip vehicle-chip">
        {t(row?.phase === 'paused' && !play.error ? 'vehicleStorage.paused' : 'vehicleStorage.chip')}
      </span>
      {words && (
        <div className="panel" data-testid="vehicle-words">
          <p className="panel-title">{words}</p>
        </div>
      )}
      <div
        className="review-bar vehicle-bar"
        role="toolbar"
        aria-label={t('vehicleStorage.controls')}
        onPointerDown={event => event.stopPropagation()}
        onDoubleClick={event => event.stopPropagation()}
      >
        <button
          type="button"
          disabled={!row}
          title={`${t('command.vehicleBack')} (←)`}
          onClick={() => vehicle.move(-10_000)}
        >
          « {t('age.seconds', { s: 10 })}
        </button>
        <button
          type="button"
          disabled={!row && !play.error}
          data-testid="vehicle-play"
          title={`${t('command.vehiclePause')} (${t('archive.space')})`}
          aria-label={t(row && row.phase !== 'paused' ? 'archive.pause' : 'archive.play')}
          onClick={() => vehicle.togglePause()}
        >
          {row && row.phase !== 'paused' ? '❚❚' : '▶'}
        </button>
        <button
          type="button"
          disabled={!row}
          title={`${t('command.vehicleOn')} (→)`}
          onClick={() => vehicle.move(10_000)}
        >
          {t('age.seconds', { s: 10 })} »
        </button>
        {playbackSpeeds.map(each => (
          <button
            key={each}
            type="button"
            disabled={!row}
            aria-pressed={row !== undefined && each === speed && (row.mode === 'normal' || row.mode === 'fast')}
            data-testid={`vehicle-speed-${each}`}
            title={`${t(each > speed ? 'command.vehicleFaster' : 'command.vehicleSlower')} (${each > speed ? ']' : '['})`}
            onClick={() => vehicle.setSpeed(each)}
          >
            {each}×
          </button>
        ))}
        <button
          type="button"
          disabled={!row}
          aria-pressed={row?.mode === 'keyPlay'}
          data-testid="vehicle-keys"
          title={`${t('command.vehicleKeys')} (K)`}
          onClick={() => vehicle.keyFrames()}
        >
          {t('vehicleStorage.keysOnly')}
        </button>
        <button
          type="button"
          disabled={!row}
          aria-pressed={row?.mode === 'keyRewind'}
          data-testid="vehicle-rewind"
          title={`${t('command.vehicleRewind')} (J)`}
          onClick={() => vehicle.rewind()}
        >
          ◀◀
        </button>
        <VehicleEar play={play} />
        <span className="review-time" data-testid="vehicle-time">
          {at === undefined ? '' : clockTime(at)}
        </span>
        <button
          type="button"
          data-testid="vehicle-end"
          title={`${t('command.vehicleEnd')} (Esc)`}
          onClick={() => vehicle.stop()}
        >
          {t('vehicleStorage.end')}
        </button>
      </div>
    </div>
  );
}

/** Nothing while pictures move; else why they do not. */
function stateWords(play: VehiclePlay, row: PlaybackRow | undefined, t: TFunction): string {
  const { error, picture } = play;
  if (error) return error.code === 'playbackEnded' ? t('vehicleStorage.ended') : t(`error.${error.code}`);
  if (row?.phase === 'paused') return '';
  if (row?.phase === 'stalled') return t('vehicleStorage.stalled');
  if (picture?.kind === 'undecodable') return t('panel.undecodable');
  if (!row || row.phase === 'opening') {
    const step = picture?.kind === 'opening' ? picture.step : undefined;
    return step === 'commandSent' || !step ? t('vehicleStorage.opening') : t('vehicleStorage.waiting');
  }
  return picture?.kind === 'opening' ? t('vehicleStorage.waiting') : '';
}
