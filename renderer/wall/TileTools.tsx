import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../StationContext.tsx';
import { TalkTool } from '../talk/TalkTool.tsx';
import type { Camera } from './arrangement.ts';

/** What can be done with the selected tile, each with its key; shown under the mouse and with the keyboard's focus. */
export function TileTools({ camera, cell, maximised }: { camera: Camera; cell: number; maximised: boolean }) {
  const { fleet } = useStation();
  const operations = useOperations();
  const turns = useStore(fleet, () => operations.steer.canTurn(camera));
  const sounds = useStore(fleet, () => operations.hearing.hasSound(camera));
  const { t } = useTranslation();
  const tools = [
    { id: 'record', key: 'R', run: () => void operations.recording.toggle(cell) },
    { id: 'pause', key: '␣', run: () => void operations.recording.pause(cell) },
    ...(sounds ? [{ id: 'listen', key: 'H', run: () => operations.hearing.listen(cell) } as const] : []),
    { id: 'monitor', key: 'U', run: () => operations.talk.monitor(cell) },
    ...(turns ? [{ id: 'steer', key: 'G', run: () => operations.steer.toggle(cell) } as const] : []),
    { id: 'snapshot', key: 'S', run: () => void operations.stills.save(cell) },
    { id: maximised ? 'restore' : 'maximise', key: '⏎', run: () => operations.toggleMaximise(cell) },
    { id: 'figures', key: 'I', run: () => operations.toggleFigures() },
    { id: 'copy', key: 'C', run: () => void operations.copyFigures(cell) },
    { id: 'why', key: 'W', run: () => operations.doctor.openTile(cell) },
    { id: 'clear', key: 'Del', run: () => operations.clear(cell) },
  ] as const;
  return (
    <div
      className="tile-tools"
      role="toolbar"
      aria-label={t('tool.title')}
      onDoubleClick={event => event.stopPropagation()}
      onPointerDown={event => event.stopPropagation()}
    >
      <TalkTool cell={cell} />
      {tools.map(({ id, key, run }) => (
        <button key={id} type="button" tabIndex={-1} title={t(`tool.${id}`)} data-testid={`tool-${id}`} onClick={run}>
          <span className="tool-word">{t(`tool.${id}`)}</span> <kbd>{key}</kbd>
        </button>
      ))}
    </div>
  );
}
