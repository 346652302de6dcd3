import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../StationContext.tsx';
import { isOver, type Talking } from '../store/talking.ts';
import { type Camera, cameraName } from '../wall/arrangement.ts';
import { HoldButton } from './HoldButton.tsx';
import { TalkMeter } from './TalkMeter.tsx';
import './talk.css';

/** On the tile whose vehicle is on the line: how it stands, how loud it is, and the way out. */
export function TalkBar({ camera, cell }: { camera: Camera; cell: number }) {
  const { talking, hearing } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const state = useStore(talking);
  const muted = useStore(hearing, sound => sound.muted);
  const { talk, microphone } = state;
  if (!talk?.camera || cameraName(talk.camera) !== cameraName(camera)) return null;
  const over = isOver(talk.phase);
  const withoutVoice =
    talk.mode === 'talk' && !over && (microphone === 'denied' || microphone === 'missing' || microphone === 'insecure');
  return (
    <div
      role="toolbar"
      className="talk-bar"
      aria-label={t('talk.title')}
      data-testid="talk-bar"
      data-phase={talk.phase}
      data-mode={talk.mode}
      onPointerDown={event => event.stopPropagation()}
      onDoubleClick={event => event.stopPropagation()}
    >
      <span className="talk-words" role="status" data-testid="talk-words">
        {withoutVoice ? t(`microphone.${microphone}`) : talkWords(state, t)}
        {muted && !over && !state.speaking && ` · ${t('talk.muted')}`}
      </span>
      {!over && <TalkMeter />}
      {!over && talk.mode === 'talk' && !withoutVoice && <HoldButton cell={cell} />}
      <button
        type="button"
        tabIndex={-1}
        className="talk-end"
        title={t(over ? 'talk.dismiss' : 'talk.hangUp')}
        aria-label={t(over ? 'talk.dismiss' : 'talk.hangUp')}
        data-testid="talk-end"
        onClick={() => operations.talk.hangUp()}
      >
        <span aria-hidden="true">×</span>
      </button>
    </div>
  );
}

/** What a talk is doing, or why it is over. */
export function talkWords({ talk, microphone, speaking }: Talking, t: TFunction): string {
  if (!talk) return '';
  const { phase, mode, code } = talk;
  if (isOver(phase)) {
    const reason = code ? t(`error.${code}`) : '';
    return t(phase === 'refused' ? 'talk.refused' : phase === 'busy' ? 'talk.busy' : 'talk.closed', { reason });
  }
  if (phase === 'opening') return t(mode === 'monitor' ? 'talk.openingMonitor' : 'talk.opening');
  if (mode === 'monitor') return t('talk.monitoring');
  if (speaking && microphone === 'asking') return t('microphone.asking');
  return t(phase === 'talking' ? 'talk.talking' : 'talk.ready');
}
