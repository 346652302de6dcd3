import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useOperations, useStation } from '../StationContext.tsx';

/** Speaks while it is held; with Shift until it is pressed again. */
export function HoldButton({ cell }: { cell?: number }) {
  const { talking } = useStation();
  const operations = useOperations();
  const { t } = useTranslation();
  const speaking = useStore(talking, state => state.speaking);
  const latched = useStore(talking, state => state.latched);
  const isHeard = useStore(talking, state => state.talk?.mode === 'talk');
  const letGo = isHeard ? 'talk.letGo' : 'talk.letGoOnly';
  return (
    <button
      type="button"
      tabIndex={-1}
      className="talk-hold"
      data-speaking={speaking || undefined}
      aria-pressed={speaking}
      title={t('talk.holdHelp')}
      data-testid="talk-hold"
      onPointerDown={event => {
        event.stopPropagation();
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        if (event.shiftKey || latched) operations.talk.latch(cell);
        else operations.talk.press(cell);
      }}
      onPointerUp={() => operations.talk.release()}
      onPointerCancel={() => operations.talk.release()}
      onContextMenu={event => event.preventDefault()}
    >
      <span>{t(latched ? 'talk.latched' : speaking ? letGo : 'talk.hold')}</span> <kbd>T</kbd>
    </button>
  );
}
