import { useDroppable } from '@dnd-kit/core';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../StationContext.tsx';
import { cellPlace } from './place.ts';

export function EmptyTile({ cell, focused }: { cell: number; focused: boolean }) {
  const station = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const layout = useStore(station.wall, state => state.layout);
  const { setNodeRef, isOver } = useDroppable({ id: `cell-${cell}`, data: { cell } });
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys of the wall are handled for the whole page
    <section
      ref={setNodeRef}
      className="tile tile-empty"
      style={cellPlace(cell, layout, null)}
      aria-label={t('wall.emptyTitle', { cell: cell + 1 })}
      data-testid={`tile-${cell}`}
      data-cell={cell}
      data-kind="empty"
      data-focused={focused || undefined}
      data-over={isOver || undefined}
      tabIndex={focused ? 0 : -1}
      onClick={() => operations.focus(cell)}
    >
      <p className="tile-empty-text">{t('wall.empty')}</p>
      <p className="tile-empty-keys">
        {t('wall.emptyKeys')} <kbd>Ctrl</kbd> <kbd>K</kbd>
      </p>
    </section>
  );
}
