import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../StationContext.tsx';
import { type Camera, cameraName } from '../wall/arrangement.ts';
import { EarMeter } from './EarMeter.tsx';
import { LoudspeakerIcon } from './LoudspeakerIcon.tsx';
import './sound.css';

/** That a tile is heard: how loud, whether it stays, and the way to stop it. */
export function EarMark({ camera, cell }: { camera: Camera; cell: number }) {
  const { hearing, listening, reviewing } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const ear = useStore(hearing, state => state.ears.get(cameraName(camera)));
  const muted = useStore(hearing, state => state.muted);
  const recorded = useStore(reviewing, state => state.reviews.get(cameraName(camera))?.sound);
  if (!ear) return null;
  const { kind, pinned } = ear;
  const isHeard = kind === 'heard' || (kind === 'resting' && recorded === 'heard');
  return (
    <span
      role="toolbar"
      aria-label={isHeard ? t('ear.heard') : t(`ear.${kind}`, { codec: ear.codec ?? '', reason: '' })}
      className="ear-mark"
      data-kind={kind}
      data-pinned={pinned || undefined}
      data-muted={muted || undefined}
      data-recorded={(kind === 'resting' && recorded) || undefined}
      data-testid="ear-mark"
      onPointerDown={event => event.stopPropagation()}
      onDoubleClick={event => event.stopPropagation()}
    >
      <button
        type="button"
        tabIndex={-1}
        title={`${t('hearing.stop')} (H)`}
        aria-label={t('hearing.stop')}
        data-testid="ear-stop"
        onClick={() => operations.hearing.listen(cell)}
      >
        <LoudspeakerIcon silent={muted || !isHeard} />
      </button>
      {kind === 'heard' && <EarMeter ear={() => listening.ear(camera)} />}
      <button
        type="button"
        tabIndex={-1}
        className="ear-pin"
        aria-pressed={pinned}
        title={`${t(pinned ? 'hearing.unpin' : 'hearing.pin')} (⇧H)`}
        aria-label={t(pinned ? 'hearing.unpin' : 'hearing.pin')}
        data-testid="ear-pin"
        onClick={() => operations.hearing.pin(cell)}
      >
        <PinIcon />
      </button>
    </span>
  );
}

function PinIcon() {
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" className="icon">
      <path d="M4 1.5h4M5 1.5v3.2L3.3 6.6h5.4L7 4.7V1.5M6 6.6v4" />
    </svg>
  );
}
