import { memo, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { CameraKey } from '../../electron/contract.ts';
import { channelTitle } from '../fleet/vehicle-words.ts';
import { clockTime } from '../i18n/age.ts';
import { Ticking, useOperations, useStation } from '../StationContext.tsx';
import { cameraKeyName } from '../store/archive.ts';
import { codecName } from '../wall/figures.ts';
import { DigitalZoom } from './digital-zoom.ts';
import { PaneEar } from './PaneEar.tsx';
import { PictureTools } from './PictureTools.tsx';
import type { PaneState } from './player/archive-pane.ts';
import { speedAt } from './speed.ts';
import { VehicleLayer } from './vehicle/VehicleLayer.tsx';

interface ArchiveTileProps {
  camera: CameraKey;
  pane: number;
  focused: boolean;
  shown: boolean;
}

/** One camera of the archive; its picture is none of React's business. */
export const ArchiveTile = memo(function ArchiveTile({ camera, pane, focused, shown }: ArchiveTileProps) {
  const station = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const name = cameraKeyName(camera);
  const state = useStore(station.archive, each => each.panes.get(name));
  const row = useStore(station.archive, each => each.found.find(found => cameraKeyName(found) === name));
  const vehicle = useStore(station.fleet, each => each.vehicles.get(camera.vehicleId));
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = station.archiveDesk.playback.element(name);
    if (!element || !host.current) return;
    host.current.replaceChildren(element);
    return operations.archive.mountZoom(
      name,
      changed => new DigitalZoom(host.current as HTMLDivElement, element, changed),
    );
  }, [station, operations, name]);
  const speed = (): string => {
    const value = speedAt(
      station.archive.getState().track,
      camera.vehicleId,
      station,
      station.archiveDesk.playback.clock.at(),
    );
    return value === undefined ? '' : t('figure.speed', { value: Math.round(value) });
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys of the archive are handled for the whole page
    <section
      className="tile archive-tile"
      style={shown ? undefined : { display: 'none' }}
      aria-label={`${vehicle?.plate || row?.plate || camera.vehicleId} ${channelTitle(vehicle, camera.channel, t)}`}
      data-testid={`pane-${pane}`}
      data-camera={name}
      data-kind={state?.kind ?? 'loading'}
      data-focused={focused || undefined}
      onClick={() => operations.archive.focus(pane)}
      onDoubleClick={() => operations.archive.toggleEnlarged(pane)}
    >
      <div ref={host} className="archive-picture" />
      <header className="tile-head">
        <span className="tile-name">
          <b>{vehicle?.plate || row?.plate || camera.vehicleId}</b>{' '}
          <span className="tile-channel">{channelTitle(vehicle, camera.channel, t)}</span>
        </span>
        {camera.stream === 'sub' && <span className="tile-badge">{t('badge.sub')}</span>}
        <PaneEar name={name} pane={pane} />
        {state?.kind === 'picture' && <PictureTools name={name} pane={pane} />}
        {state && state.kind !== 'picture' && (
          <span className="chip" data-testid="pane-chip">
            {t(`paneChip.${state.kind}`)}
          </span>
        )}
      </header>
      {state && <PaneWords state={state} />}
      <VehicleLayer name={name} />
      <footer className="tile-foot">
        <Ticking text={speed} className="tile-speed" />
        {state?.kind === 'picture' && (
          <span className="tile-figures">
            {state.width}×{state.height} · {codecName(state.codec, t)}
            {state.frames === 'keys' && (
              <span data-testid="pane-keys" title={t('archive.keyFramesWhy')}>
                {' · '}
                {t('archive.keyFramesOnly')}
              </span>
            )}
          </span>
        )}
      </footer>
    </section>
  );
});

/** What a pane says when it has no picture. */
function PaneWords({ state }: { state: PaneState }) {
  const station = useStation();
  const { t } = useTranslation();
  if (state.kind === 'nothing') {
    const { from, to, cause } = state.nothing;
    const { loaded } = station.archive.getState();
    const begin = from <= loaded.from ? '…' : clockTime(from);
    const end = to >= Math.min(loaded.to, Date.now()) ? '…' : clockTime(to);
    const { next } = state;
    return (
      <div className="panel" data-testid="no-footage">
        <p className="panel-title">{t('archive.noFootage')}</p>
        <p>{t('archive.gap', { cause: t(`gapCause.${cause}`), from: begin, to: end })}</p>
        {next !== undefined && (
          <button
            type="button"
            className="link-button"
            data-testid="next-picture"
            onClick={() => station.archiveDesk.seek(next + 1)}
          >
            {t('archive.nextPicture', { time: clockTime(next) })}
          </button>
        )}
      </div>
    );
  }
  if (state.kind === 'undecodable')
    return (
      <div className="panel" data-testid="pane-undecodable">
        <p className="panel-title">{t('panel.undecodable')}</p>
        <p>{t('archive.undecodable', { codec: codecName(state.codec, t) })}</p>
      </div>
    );
  if (state.kind === 'failed')
    return (
      <div className="panel" data-testid="pane-failed">
        <p className="panel-title">{t('archive.unreadable')}</p>
        <p>{t(`error.${state.code}`)}</p>
      </div>
    );
  return null;
}
