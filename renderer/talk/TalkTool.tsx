import { useTranslation } from 'react-i18next';
import { useOperations } from '../StationContext.tsx';

/** Among a tile's tools: speaks while it is held, with Shift until it is pressed again. */
export function TalkTool({ cell }: { cell: number }) {
  const operations = useOperations();
  const { t } = useTranslation();
  return (
    <button
      type="button"
      tabIndex={-1}
      title={t('talk.holdHelp')}
      data-testid="tool-talk"
      onPointerDown={event => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        if (event.shiftKey) operations.talk.latch(cell);
        else operations.talk.press(cell);
      }}
      onPointerUp={() => operations.talk.release()}
      onPointerCancel={() => operations.talk.release()}
      onContextMenu={event => event.preventDefault()}
    >
      <span className="tool-word">{t('tool.talk')}</span> <kbd>T</kbd>
    </button>
  );
}
