import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../StationContext.tsx';
import { type Camera, cameraName } from '../wall/arrangement.ts';
import { LoudspeakerIcon } from './LoudspeakerIcon.tsx';
import { meterPart } from './meter.ts';
import './sound.css';

/** That a tile is heard: how loud, whether it stays, and the way to stop it. */
export function EarMark({ camera, cell }: { camera: Camera; cell: number }) {
  const { hearing } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const ear = useStore(hearing, state => state.ears.get(cameraName(camera)));
  const muted = useStore(hearing, state => state.muted);
  if (!ear) return null;
  const { kind, pinned } = ear;
  return (
    <span
      role="toolbar"
      aria-label={t(`ear.${kind}`, { codec: ear.codec ?? '', reason: '' })}
      className="ear-mark"
      data-kind={kind}
      data-pinned={pinned || undefined}
      data-muted={muted || undefined}
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
        <LoudspeakerIcon silent={muted || kind !== 'heard'} />
      </button>
      {kind === 'heard' && <Meter camera={camera} />}
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

/** Drawn with every picture of the page; React is not involved. */
function Meter({ camera }: { camera: Camera }) {
  const { listening } = useStation();
  const { t } = useTranslation();
  const element = useRef<HTMLSpanElement>(null);
  const { vehicleId, channel } = camera;
  useLayoutEffect(() => {
    let shown = 0;
    let id = 0;
    const draw = (): void => {
      id = requestAnimationFrame(draw);
      const ear = listening.ear({ vehicleId, channel });
      // Rises at once, falls slowly: a word must be seen to have been said.
      shown = Math.max(meterPart(ear?.level ?? 0), shown - 0.02);
      const { style, dataset } = element.current ?? {};
      style?.setProperty('--level', shown.toFixed(3));
      const { reading, play } = ear?.figures ?? {};
      const title = play && reading ? t('hearing.play', { reading, delay: Math.round(play.delayMs) }) : '';
      if (element.current && element.current.title !== title) element.current.title = title;
      if (dataset) dataset.level = shown.toFixed(2);
    };
    draw();
    return () => cancelAnimationFrame(id);
  }, [listening, t, vehicleId, channel]);
  return (
    <span ref={element} className="ear-meter" role="img" aria-label={t('hearing.level')} data-testid="ear-meter" />
  );
}

function PinIcon() {
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" className="icon">
      <path d="M4 1.5h4M5 1.5v3.2L3.3 6.6h5.4L7 4.7V1.5M6 6.6v4" />
    </svg>
  );
}
