import { useLayoutEffect, useRef } from 'react';
import { useStation } from '../StationContext.tsx';
import { meterPart } from '../sound/meter.ts';

/** How loud the operator is, or the cab. Drawn with every picture of the page; React is not involved. */
export function TalkMeter() {
  const { talks } = useStation();
  const element = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    let shown = 0;
    let id = 0;
    const draw = (): void => {
      id = requestAnimationFrame(draw);
      shown = Math.max(meterPart(talks.level), shown - 0.02);
      element.current?.style.setProperty('--level', shown.toFixed(3));
      if (element.current) element.current.dataset.level = shown.toFixed(2);
    };
    draw();
    return () => cancelAnimationFrame(id);
  }, [talks]);
  return <span ref={element} className="talk-meter" data-testid="talk-meter" aria-hidden="true" />;
}
