import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../StationContext.tsx';
import { EarMeter } from '../sound/EarMeter.tsx';
import { LoudspeakerIcon } from '../sound/LoudspeakerIcon.tsx';
import { type Camera, cameraName } from './arrangement.ts';

/** In place of a picture, of a channel that has none: how its sound goes. */
export function SoundPanel({ camera, cell }: { camera: Camera; cell: number }) {
  const { hearing, listening } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const ear = useStore(hearing, state => state.ears.get(cameraName(camera)));
  const muted = useStore(hearing, state => state.muted);
  const isHeard = ear?.kind === 'heard';
  return (
    <div className="panel sound-panel" data-testid="sound-panel" data-kind={ear?.kind ?? 'none'}>
      <p className="panel-title">
        <LoudspeakerIcon silent={muted || !isHeard} /> {t('panel.soundOnly')}
      </p>
      {isHeard ? (
        <EarMeter ear={() => listening.ear(camera)} />
      ) : (
        <p>
          {ear
            ? t(`ear.${ear.kind}`, { codec: ear.codec ?? '', reason: ear.code ? t(`error.${ear.code}`) : '' })
            : t('panel.soundNotHeard')}
        </p>
      )}
      <div className="panel-actions" onPointerDown={event => event.stopPropagation()}>
        <button
          type="button"
          className="button button-small"
          tabIndex={-1}
          data-testid="sound-listen"
          onClick={() => operations.hearing.listen(cell)}
        >
          {t(ear ? 'hearing.stop' : 'tool.listen')} <kbd>H</kbd>
        </button>
        <button
          type="button"
          className="button button-small"
          tabIndex={-1}
          data-testid="sound-clear"
          onClick={() => operations.clear(cell)}
        >
          {t('tool.clear')} <kbd>Del</kbd>
        </button>
      </div>
    </div>
  );
}
