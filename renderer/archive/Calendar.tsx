import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useStation } from '../StationContext.tsx';
import { dayOf, weeksOf } from './days.ts';

/** Any Monday, for the names of weekdays. */
const monday = new Date(2026, 5, 1);

/** The month; days with footage are filled, the more the stronger. */
export function Calendar() {
  const station = useStation();
  const { t, i18n } = useTranslation();
  const { year, month, day, found } = useStore(station.archive);
  const desk = station.archiveDesk;
  const seconds = new Map<number, number>();
  for (const camera of found)
    for (const each of camera.days) seconds.set(each.day, (seconds.get(each.day) ?? 0) + each.seconds);
  const most = Math.max(1, ...seconds.values());
  const locale = i18n.language === 'zh' ? 'zh-CN' : 'en-GB';
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'narrow' });
  const today = dayOf(Date.now());
  return (
    <section className="calendar" data-testid="calendar" aria-label={t('archive.calendar')}>
      <header className="calendar-head">
        <button
          type="button"
          className="icon-button"
          aria-label={t('archive.monthBefore')}
          onClick={() => void desk.showMonth(year, month - 1)}
        >
          ‹
        </button>
        <h2>
          {new Intl.DateTimeFormat(locale, { month: locale === 'en-GB' ? 'short' : 'long', year: 'numeric' }).format(
            new Date(year, month - 1, 1),
          )}
        </h2>
        <button
          type="button"
          className="icon-button"
          aria-label={t('command.today')}
          title={t('command.today')}
          data-testid="calendar-today"
          onClick={() => void desk.showDay(today)}
        >
          •
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label={t('archive.monthAfter')}
          onClick={() => void desk.showMonth(year, month + 1)}
        >
          ›
        </button>
      </header>
      <div className="calendar-days">
        {Array.from({ length: 7 }, (_, i) => new Date(2026, 5, monday.getDate() + i)).map(date => (
          <span key={date.getDay()} className="calendar-weekday">
            {weekday.format(date)}
          </span>
        ))}
        {weeksOf(year, month).map(week =>
          week.map((each, i) => {
            if (each === undefined) return <span key={`${week.find(at => at)}-${String(i)}`} />;
            const date = new Date(each).getDate();
            const recorded = seconds.get(date) ?? 0;
            return (
              <button
                key={each}
                type="button"
                className="calendar-day"
                data-day={date}
                data-footage={recorded === 0 ? undefined : recorded > most / 4 ? 'much' : 'some'}
                data-today={each === today || undefined}
                aria-pressed={each === day}
                title={
                  recorded > 0 ? t('archive.recorded', { time: durationWords(recorded, t) }) : t('archive.noneOfDay')
                }
                onClick={() => void desk.showDay(each)}
              >
                {date}
              </button>
            );
          }),
        )}
      </div>
    </section>
  );
}

/** `6 h 02`, `48 min`, `20 s`. */
export function durationWords(seconds: number, t: TFunction): string {
  const whole = Math.round(seconds);
  if (whole < 60) return t('age.seconds', { s: whole });
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return t('age.minutes', { m: minutes });
  return t('archive.hours', { h: Math.floor(minutes / 60), m: String(minutes % 60).padStart(2, '0') });
}
