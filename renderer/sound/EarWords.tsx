import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStation } from '../StationContext.tsx';
import { type Camera, cameraName } from '../wall/arrangement.ts';

/** Why a tile that is listened to is not heard. */
export function EarWords({ camera }: { camera: Camera }) {
  const { hearing } = useStation();
  const { t } = useTranslation();
  const ear = useStore(hearing, state => state.ears.get(cameraName(camera)));
  const blocked = useStore(hearing, state => state.blocked);
  if (!ear || (ear.kind === 'heard' && !blocked)) return null;
  const { kind, codec = '', code } = ear;
  const text =
    blocked && kind !== 'deaf' ? t('ear.blocked') : t(`ear.${kind}`, { codec, reason: code ? t(`error.${code}`) : '' });
  return (
    <p className="ear-words" data-kind={kind} data-blocked={blocked || undefined} role="status" data-testid="ear-words">
      {text}
    </p>
  );
}
