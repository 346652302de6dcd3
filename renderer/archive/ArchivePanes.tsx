import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStation } from '../StationContext.tsx';
import { cameraKeyName } from '../store/archive.ts';
import { ArchiveTile } from './ArchiveTile.tsx';

/** Up to nine cameras in step. */
export function ArchivePanes() {
  const station = useStation();
  const { t } = useTranslation();
  const cameras = useStore(station.archive, state => state.cameras);
  const focus = useStore(station.archive, state => state.focus);
  const enlarged = useStore(station.archive, state => state.enlarged);
  const columns = enlarged ? 1 : Math.ceil(Math.sqrt(Math.max(1, cameras.length)));
  const rows = enlarged ? 1 : Math.ceil(Math.max(1, cameras.length) / columns);
  return (
    <div
      className="archive-panes"
      data-testid="archive-panes"
      style={{ '--columns': columns, '--rows': rows } as React.CSSProperties}
    >
      {cameras.length === 0 && <p className="archive-hint">{t('archive.choose')}</p>}
      {cameras.map((camera, i) => (
        <ArchiveTile
          key={cameraKeyName(camera)}
          camera={camera}
          pane={i}
          focused={i === focus}
          shown={!enlarged || i === focus}
        />
      ))}
    </div>
  );
}
