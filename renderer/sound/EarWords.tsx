import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStation } from '../StationContext.tsx';
import { type Camera, cameraName } from '../wall/arrangement.ts';

/** Why a tile that is listened to is not heard. */
export function EarWords({ camera }: { camera: Camera }) {
  const { hearing, reviewing } = useStation();
  const { t } = useTranslation();
  const ear = useStore(hearing, state => state.ears.get(cameraName(camera)));
  const blocked = useStore(hearing, state => state.blocked);
  const recorded = useStore(reviewing, state => {
    const { sound, pane } = state.reviews.get(cameraName(camera)) ?? {};
    // Nothing is known of a moment that is not there yet.
    return sound === 'silent' && pane?.kind !== 'picture' ? undefined : sound;
  });
  if (!ear) return null;
  const { kind, codec = '', code } = ear;
  const ofRecording = kind === 'resting' ? recorded : undefined;
  if ((kind === 'heard' || ofRecording === 'heard') && !blocked) return null;
  const own = t(`ear.${kind}`, { codec, reason: code ? t(`error.${code}`) : '' });
  const what = ofRecording && ofRecording !== 'heard' ? t(`review.sound.${ofRecording}`) : own;
  const text = blocked && kind !== 'deaf' ? t('ear.blocked') : what;
  return (
    <p className="ear-words" data-kind={kind} data-blocked={blocked || undefined} role="status" data-testid="ear-words">
      {text}
    </p>
  );
}
