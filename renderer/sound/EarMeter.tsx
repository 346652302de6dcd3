import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Ear } from './ear.ts';
import { meterPart } from './meter.ts';
import './sound.css';

/** How loud something is. Drawn with every picture of the page; React is not involved. */
export function EarMeter({ ear }: { ear: () => Ear | undefined }) {
  const { t } = useTranslation();
  const element = useRef<HTMLSpanElement>(null);
  const latest = useRef(ear);
  latest.current = ear;
  useLayoutEffect(() => {
    let shown = 0;
    let id = 0;
    const draw = (): void => {
      id = requestAnimationFrame(draw);
      const heard = latest.current();
      // Rises at once, falls slowly: a word must be seen to have been said.
      shown = Math.max(meterPart(heard?.level ?? 0), shown - 0.02);
      const { style, dataset } = element.current ?? {};
      style?.setProperty('--level', shown.toFixed(3));
      const { reading, play } = heard?.figures ?? {};
      const title = play && reading ? t('hearing.play', { reading, delay: Math.round(play.delayMs) }) : '';
      if (element.current && element.current.title !== title) element.current.title = title;
      if (dataset) dataset.level = shown.toFixed(2);
    };
    draw();
    return () => cancelAnimationFrame(id);
  }, [t]);
  return (
    <span ref={element} className="ear-meter" role="img" aria-label={t('hearing.level')} data-testid="ear-meter" />
  );
}
