import { useDraggable, useDroppable } from '@dnd-kit/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { plateOf } from '../fleet/rows.ts';
import { channelTitle, isSoundOnly } from '../fleet/vehicle-words.ts';
import { useOperations, useStation } from '../StationContext.tsx';
import { EarMark } from '../sound/EarMark.tsx';
import { EarWords } from '../sound/EarWords.tsx';
import { SteerPad } from '../steer/SteerPad.tsx';
import type { TileKind } from '../store/tiles.ts';
import { TalkBar } from '../talk/TalkBar.tsx';
import { type Camera, cameraName } from './arrangement.ts';
import { PictureHost } from './PictureHost.tsx';
import { cellPlace } from './place.ts';
import { RecordChip } from './RecordChip.tsx';
import { ReviewLayer } from './ReviewLayer.tsx';
import { SoundPanel } from './SoundPanel.tsx';
import { TileChip } from './TileChip.tsx';
import { TileFigures } from './TileFigures.tsx';
import { TileFoot } from './TileFoot.tsx';
import { TilePanel } from './TilePanel.tsx';
import { TileTools } from './TileTools.tsx';

export interface TileProps {
  camera: Camera;
  cell: number;
  focused: boolean;
  shown: boolean;
}

/** Where the middle of the tile is not needed for words. */
const withFigures: readonly TileKind[] = ['live', 'stalled', 'waiting', 'lost'];

/** One camera on the wall. Renders on changes of state; figures and ages write themselves. */
export const Tile = memo(function Tile({ camera, cell, focused, shown }: TileProps) {
  const station = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const name = cameraName(camera);
  const layout = useStore(station.wall, state => state.layout);
  const maximised = useStore(station.wall, state => state.maximised);
  const tile = useStore(station.tiles, state => state.tiles.get(name));
  const figures = useStore(station.preferences, state => state.figures);
  const plate = useStore(station.fleet, state => {
    const vehicle = state.vehicles.get(camera.vehicleId);
    return vehicle ? plateOf(vehicle) : camera.vehicleId;
  });
  const title = useStore(station.fleet, state => channelTitle(state.vehicles.get(camera.vehicleId), camera.channel, t));
  const drop = useDroppable({ id: `cell-${cell}`, data: { cell } });
  const drag = useDraggable({ id: `tile-${name}`, data: { type: 'tile', cell, camera } });
  const reviewed = useStore(station.reviewing, state => state.reviews.has(name));
  const steered = useStore(station.desk, state => state.steered === name);
  const soundOnly = useStore(station.fleet, state => isSoundOnly(state.vehicles.get(camera.vehicleId), camera.channel));
  const pictured = soundOnly ? undefined : tile;
  const kind = tile?.kind ?? 'paused';
  const single = layout === 1 || maximised === cell;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys of the wall are handled for the whole page
    <section
      ref={element => {
        drop.setNodeRef(element);
        drag.setNodeRef(element);
      }}
      {...drag.listeners}
      className="tile"
      style={shown ? cellPlace(cell, layout, maximised) : { display: 'none' }}
      aria-label={t('wall.tileOf', {
        cell: cell + 1,
        plate,
        channel: title,
        state: soundOnly ? t('panel.soundOnly') : t(`chip.${kind}`),
      })}
      data-testid={`tile-${cell}`}
      data-cell={cell}
      data-camera={name}
      data-kind={kind}
      data-stream={tile?.stream}
      data-picture={tile?.hasPicture || undefined}
      data-review={reviewed || undefined}
      data-focused={focused || undefined}
      data-over={(drop.isOver && !drag.isDragging) || undefined}
      data-dragging={drag.isDragging || undefined}
      tabIndex={focused ? 0 : -1}
      onClick={() => operations.focus(cell)}
      onDoubleClick={() => operations.toggleMaximise(cell)}
    >
      <PictureHost camera={camera} />
      <header className="tile-head">
        <span className="tile-name">
          <b>{plate}</b> <span className="tile-channel">{title}</span>
        </span>
        {pictured && (single || pictured.fallback) && (
          <span
            className="tile-badge"
            title={t(pictured.stream === 'main' ? 'badge.title' : 'badge.titleSub')}
            data-testid="badge"
          >
            {t(`badge.${pictured.stream}`)}
            {pictured.next && ` ${t('badge.opening', { stream: t(`badge.${pictured.next}`) })}`}
          </span>
        )}
        <EarMark camera={camera} cell={cell} />
        <RecordChip camera={camera} />
        {pictured && !reviewed && <TileChip camera={camera} tile={pictured} />}
      </header>
      {pictured && !reviewed && <TilePanel camera={camera} tile={pictured} />}
      {soundOnly && <SoundPanel camera={camera} cell={cell} />}
      {figures && !reviewed && tile?.hasPicture && withFigures.includes(tile.kind) && (
        <TileFigures camera={camera} askedAt={tile.since} />
      )}
      {!soundOnly && <EarWords camera={camera} />}
      <TalkBar camera={camera} cell={cell} />
      {focused && !reviewed && <SteerPad camera={camera} />}
      <ReviewLayer camera={camera} cell={cell} />
      {focused && !reviewed && !steered && !soundOnly && (
        <TileTools camera={camera} cell={cell} maximised={maximised === cell} />
      )}
      {tile?.fallback && <p className="tile-fallback">{t('tool.fallback', { reason: t(`error.${tile.fallback}`) })}</p>}
      {pictured && !reviewed && <TileFoot camera={camera} tile={pictured} />}
    </section>
  );
});
