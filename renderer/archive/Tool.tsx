import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

type ToolId =
  | 'gapBack'
  | 'gapOn'
  | 'secondsBack'
  | 'secondsOn'
  | 'frameBack'
  | 'frameOn'
  | 'eventBack'
  | 'eventOn'
  | 'timeIn'
  | 'timeOut'
  | 'pictureIn'
  | 'pictureOut'
  | 'enlarge'
  | 'markFrom'
  | 'markTo'
  | 'unmark'
  | 'keep'
  | 'still'
  | 'stills';

interface ToolProps {
  id: ToolId;
  hint: string;
  /** Always there; `word` beside it where there is room. */
  glyph: ReactNode;
  word?: string;
  /** The word stands before the glyph. */
  last?: boolean;
  run(): void;
}

/** A button of the archive with the words and the key of its command. */
export function Tool({ id, hint, glyph, word, last = false, run }: ToolProps) {
  const { t } = useTranslation();
  const words = word && <span className="when-wide">{word}</span>;
  return (
    <button
      type="button"
      className="transport-button"
      title={`${t(`command.${id}`)} (${hint})`}
      aria-label={t(`command.${id}`)}
      data-testid={`transport-${id}`}
      onClick={event => {
        event.stopPropagation();
        run();
      }}
      onDoubleClick={event => event.stopPropagation()}
    >
      {last && words}
      <span>{glyph}</span>
      {!last && words}
    </button>
  );
}
