import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStation } from '../StationContext.tsx';
import { cameraName, columnsOf, isShown } from './arrangement.ts';
import { EmptyTile } from './EmptyTile.tsx';
import { FocusVoice } from './FocusVoice.tsx';
import { Tile } from './Tile.tsx';
import './wall.css';

/**
 * The grid. Filled cells stand in the document in the order of their cameras' names and are put in place by the grid, so
 * that moving a camera never takes its <video> out of the document.
 */
export function Wall() {
  const station = useStation();
  const { t } = useTranslation();
  const wall = useStore(station.wall);
  const element = useRef<HTMLElement>(null);
  const { focus, maximised, layout } = wall;
  useEffect(() => {
    const active = document.activeElement;
    if (element.current && (active === document.body || element.current.contains(active)))
      element.current.querySelector<HTMLElement>(`[data-cell="${focus}"]`)?.focus({ preventScroll: true });
  }, [focus]);
  const shown = wall.cells
    .map((camera, cell) => ({ camera, cell }))
    .filter(({ camera, cell }) => cell < layout && (camera || isShown(wall, cell)));
  const filled = shown
    .flatMap(({ camera, cell }) => (camera ? [{ camera, cell, name: cameraName(camera) }] : []))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return (
    <main
      ref={element}
      className="wall"
      aria-label={t('wall.title')}
      data-testid="wall"
      data-layout={layout}
      data-maximised={maximised ?? undefined}
      style={{ '--columns': maximised === null ? columnsOf(layout) : 1 } as React.CSSProperties}
    >
      <FocusVoice />
      {filled.map(({ camera, cell, name }) => (
        <Tile key={name} camera={camera} cell={cell} focused={cell === focus} shown={isShown(wall, cell)} />
      ))}
      {shown
        .filter(({ camera }) => !camera)
        .map(({ cell }) => (
          <EmptyTile key={`empty-${cell}`} cell={cell} focused={cell === focus} />
        ))}
    </main>
  );
}
