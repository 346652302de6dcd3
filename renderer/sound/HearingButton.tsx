import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../StationContext.tsx';
import { LoudspeakerIcon } from './LoudspeakerIcon.tsx';
import './sound.css';

/** What is heard, wherever it is on the wall, and the way to mute all of it. */
export function HearingButton() {
  const { hearing } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const { ears, muted } = useStore(hearing);
  const names = [...ears.keys()].map(name => {
    const [vehicleId = '', channel = ''] = name.split('/');
    return operations.cameraTitle({ vehicleId, channel: Number(channel) });
  });
  const what = names.length > 0 ? t('hearing.playing', { names: names.join(', ') }) : t('hearing.nothing');
  return (
    <button
      type="button"
      className="icon-button hearing-button"
      aria-pressed={muted}
      aria-label={`${t(muted ? 'hearing.unmute' : 'hearing.mute')}. ${what}`}
      title={`${t(muted ? 'hearing.unmute' : 'hearing.mute')} (M)\n${what}`}
      data-testid="mute"
      data-muted={muted || undefined}
      data-heard={ears.size > 0 || undefined}
      onClick={() => operations.hearing.mute()}
    >
      <LoudspeakerIcon silent={muted} />
      {ears.size > 0 && <span className="hearing-count">{ears.size}</span>}
    </button>
  );
}
