import { useTranslation } from 'react-i18next';
import { ageWords, elapsedWords } from '../i18n/age.ts';
import { Ticking, useStation } from '../StationContext.tsx';
import type { TileState } from '../store/tiles.ts';
import type { Camera } from './arrangement.ts';
import { pictureAge } from './picture-age.ts';

/** The state in a word, with the age of the picture or of the wait. */
export function TileChip({ camera, tile }: { camera: Camera; tile: TileState }) {
  const { pool } = useStation();
  const { t } = useTranslation();
  const { kind, since } = tile;
  const word = t(`chip.${kind}`);
  let age: (() => string) | undefined;
  if (kind === 'opening' && since > 0) age = () => elapsedWords(Date.now() - since, t);
  else if (kind === 'stalled' || kind === 'waiting' || kind === 'lost')
    age = () => {
      const ms = pictureAge(pool.snapshot(camera), Date.now());
      return ms === undefined ? '' : ageWords(ms, t);
    };
  return (
    <span className="chip" data-kind={kind} data-testid="chip">
      <span className={kind === 'waiting' ? 'chip-long' : undefined}>{word}</span>
      {kind === 'waiting' && <span className="chip-short">{t('chipShort.waiting')}</span>}
      {age && (
        <>
          {' '}
          <Ticking text={age} className="chip-age" />
        </>
      )}
    </span>
  );
}
