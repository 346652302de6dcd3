import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { diskSize } from '../recording/disk-size.ts';
import { Ticking, useStation } from '../StationContext.tsx';
import { type Camera, cameraName } from './arrangement.ts';

/** That a tile is recorded: a dot, for how long, how much; or that it should be and is not. */
export function RecordChip({ camera }: { camera: Camera }) {
  const { recordings, recordingFigures } = useStation();
  const { t } = useTranslation();
  const recording = useStore(recordings, state => state.rows.get(cameraName(camera)));
  if (!recording) return null;
  const { id, phase, startedAt, causes, error, lostSound } = recording;
  const why = causes.map(cause => t(`recordCause.${cause}`)).join(', ');
  const because = error ? t(`error.${error}`) : t('recorder.because', { why });
  return (
    <span
      className="record-chip"
      data-phase={phase}
      data-testid="record-chip"
      title={lostSound ? `${because}\n${t('recorder.withoutSound', { codec: lostSound })}` : because}
    >
      <i className="record-dot" />
      {lostSound && <span className="record-mute">{t('recorder.noSound')}</span>}
      {phase === 'recording' ? (
        <Ticking
          text={() => `${stopwatch(Date.now() - startedAt)} · ${diskSize(recordingFigures.of(id)?.bytes ?? 0)}`}
        />
      ) : (
        t(`recordPhase.${phase}`)
      )}
    </span>
  );
}

/** `4:07`, `1:04:07`. */
export function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const pad = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}
