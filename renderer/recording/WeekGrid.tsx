import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { checkedWeek, paintedWeek, slotsPerDay } from './week.ts';

const days = [0, 1, 2, 3, 4, 5, 6];
const hours = [0, 3, 6, 9, 12, 15, 18, 21];

/** `08:30` of slot 17 of a day. */
function halfHour(slot: number): string {
  return `${String(slot >> 1).padStart(2, '0')}:${slot % 2 === 0 ? '00' : '30'}`;
}

/** A week painted with the mouse: the first half-hour touched says whether the drag paints or wipes. */
export function WeekGrid({ week, change }: { week: string; change(week: string): void }) {
  const { t, i18n } = useTranslation();
  const brush = useRef<{ from: number; on: boolean; before: string } | undefined>(undefined);
  const [cursor, setCursor] = useState(0);
  const slots = checkedWeek(week);
  const weekday = new Intl.DateTimeFormat(i18n.language === 'zh' ? 'zh-CN' : 'en-GB', { weekday: 'short' });
  const slotOf = (event: React.PointerEvent): number | undefined => {
    const slot = document.elementFromPoint(event.clientX, event.clientY)?.getAttribute('data-slot');
    return slot ? Number(slot) : undefined;
  };
  const stroke = (event: React.PointerEvent): void => {
    const at = brush.current;
    const slot = slotOf(event);
    if (at && slot !== undefined) change(paintedWeek(at.before, at.from, slot, at.on));
  };
  const key = (event: React.KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -slotsPerDay, ArrowDown: slotsPerDay }[event.key];
    if (step !== undefined) {
      const next = Math.min(slots.length - 1, Math.max(0, cursor + step));
      // On with what is beneath the cursor, as a drag goes on with what is beneath the mouse.
      if (event.shiftKey) change(paintedWeek(slots, next, next, slots[cursor] === '1'));
      setCursor(next);
    } else if (event.key === ' ' || event.key === 'Enter')
      change(paintedWeek(slots, cursor, cursor, slots[cursor] === '0'));
    else return;
    event.preventDefault();
  };
  return (
    <div
      className="week"
      role="application"
      aria-label={t('plans.week')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows and Space paint it without a mouse
      tabIndex={0}
      data-testid="week-grid"
      onKeyDown={key}
      onPointerDown={event => {
        const from = slotOf(event);
        if (from === undefined) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setCursor(from);
        brush.current = { from, on: slots[from] === '0', before: slots };
        stroke(event);
      }}
      onPointerMove={stroke}
      onPointerUp={() => {
        brush.current = undefined;
      }}
    >
      <span />
      {hours.map(hour => (
        <span key={hour} className="week-hour">
          {hour}
        </span>
      ))}
      {days.map(day => (
        <div key={day} className="week-day">
          {/* 1 June 2026 is a Monday. */}
          <span className="week-name">{weekday.format(new Date(2026, 5, 1 + day))}</span>
          {[...slots.slice(day * slotsPerDay, (day + 1) * slotsPerDay)].map((slot, i) => {
            const at = day * slotsPerDay + i;
            return (
              <i
                key={at}
                className="week-slot"
                data-slot={at}
                data-on={slot === '1' || undefined}
                data-cursor={at === cursor || undefined}
                title={`${weekday.format(new Date(2026, 5, 1 + day))} ${halfHour(i)}–${halfHour(i + 1)}`}
              />
            );
          })}
        </div>
      ))}
    </div>
  );
}
