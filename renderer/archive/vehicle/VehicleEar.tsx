import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../../StationContext.tsx';
import { EarMeter } from '../../sound/EarMeter.tsx';
import { LoudspeakerIcon } from '../../sound/LoudspeakerIcon.tsx';
import type { VehiclePlay } from './vehicle-store.ts';

/** How the sound of what the vehicle plays goes, and the way to mute it. */
export function VehicleEar({ play }: { play: VehiclePlay }) {
  const { hearing, vehicleDesk } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const muted = useStore(hearing, state => state.muted);
  const blocked = useStore(hearing, state => state.blocked);
  const { ear, error } = play;
  if (!ear || error) return null;
  const { kind, codec = '', code } = ear;
  const own = kind === 'resting' || kind === 'silent' || kind === 'opening';
  const words = blocked
    ? t('ear.blocked')
    : own
      ? t(`vehicleStorage.sound.${kind}`)
      : t(`ear.${kind}`, { codec, reason: code ? t(`error.${code}`) : '' });
  const isHeard = kind === 'heard' && !blocked;
  return (
    <button
      type="button"
      className="vehicle-ear"
      data-testid="vehicle-ear"
      data-kind={kind}
      data-muted={muted || undefined}
      aria-pressed={muted}
      title={`${words}\n${t(muted ? 'hearing.unmute' : 'hearing.mute')} (M)`}
      aria-label={`${words} ${t(muted ? 'hearing.unmute' : 'hearing.mute')}`}
      onClick={() => operations.hearing.mute()}
    >
      <LoudspeakerIcon silent={muted || !isHeard} />
      {isHeard ? <EarMeter ear={() => vehicleDesk.ear} /> : <span className="vehicle-ear-words">{words}</span>}
    </button>
  );
}
