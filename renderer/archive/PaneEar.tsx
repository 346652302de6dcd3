import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../StationContext.tsx';
import { LoudspeakerIcon } from '../sound/LoudspeakerIcon.tsx';

/** Whether a pane is the one that is heard, what of it, and the way to stay with it while another is looked at. */
export function PaneEar({ name, pane }: { name: string; pane: number }) {
  const { archive, hearing } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const kind = useStore(archive, state => (state.sound?.name === name ? state.sound.kind : undefined));
  const chosen = useStore(archive, state => state.ear === name);
  const muted = useStore(hearing, state => state.muted);
  const words = kind ? t(muted ? 'archive.soundMuted' : `archive.sound.${kind}`) : t('archive.soundElsewhere');
  const way = t(chosen ? 'archive.soundFollow' : 'archive.soundStay');
  return (
    <button
      type="button"
      tabIndex={-1}
      className="pane-ear"
      data-testid="pane-ear"
      data-kind={kind ?? 'elsewhere'}
      data-chosen={chosen || undefined}
      data-muted={muted || undefined}
      aria-pressed={chosen}
      aria-label={`${words} ${way}`}
      title={`${words}\n${way} (H)`}
      onClick={event => {
        event.stopPropagation();
        operations.archive.listen(pane);
      }}
      onDoubleClick={event => event.stopPropagation()}
    >
      <LoudspeakerIcon silent={muted || kind !== 'heard'} />
      {kind === 'tooFast' && !muted && <span className="pane-ear-word">{t('archive.soundTooFast')}</span>}
      {kind === 'silent' && !muted && <span className="pane-ear-word">{t('archive.soundNone')}</span>}
    </button>
  );
}
