import type { TFunction } from 'i18next';
import type { Language } from '../store/preferences.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long, in the words of the language: `7 s`, `12 min`, `5 h 51 min`, `3 d 4 h`. */
export function ageWords(ms: number, t: TFunction): string {
  const age = Math.max(0, ms);
  if (age < minute) return t('age.seconds', { s: Math.floor(age / 1000) });
  if (age < hour) return t('age.minutes', { m: Math.floor(age / minute) });
  if (age < day) return t('age.hours', { h: Math.floor(age / hour), m: Math.floor((age % hour) / minute) });
  return t('age.days', { d: Math.floor(age / day), h: Math.floor((age % day) / hour) });
}

/** Seconds with one decimal below ten, for something that is under way: `2.1 s`, `14 s`. */
export function elapsedWords(ms: number, t: TFunction): string {
  const age = Math.max(0, ms);
  return age < 10_000 ? t('age.seconds', { s: (age / 1000).toFixed(1) }) : ageWords(age, t);
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

const pad = (value: number): string => String(value).padStart(2, '0');

/** `14:32:08`, this computer's zone. */
export function clockTime(at: number): string {
  const time = new Date(at);
  return `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}`;
}

/** `14:32`. */
export function clockMinute(at: number): string {
  return clockTime(at).slice(0, 5);
}

/** How long a stretch is: `0:20`, `1:30`, `2:05:00`. */
export function lengthWords(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `${hours}:${pad(minutes % 60)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}

/** When something was last there, as short as a list allows: `08:41`, `yesterday`, `11-03`, `2025-11-03`. */
export function lastSeenWords(at: number, now: number, t: TFunction): string {
  if (at <= 0) return t('fleet.never');
  const today = startOfDay(now);
  if (at >= today) return clockMinute(at);
  if (at >= startOfDay(today - 1)) return t('fleet.yesterday');
  const time = new Date(at);
  const date = `${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
  return time.getFullYear() === new Date(now).getFullYear() ? date : `${time.getFullYear()}-${date}`;
}

const locales: Record<Language, string> = { en: 'en-GB', zh: 'zh-CN' };

/** Date and time in full, in the habit of the language. */
export function dateTimeWords(at: number, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], { dateStyle: 'medium', timeStyle: 'medium' }).format(at);
}
