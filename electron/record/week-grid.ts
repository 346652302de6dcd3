import type { WeekGrid } from '../contract.ts';

export const halfHoursOfDay = 48;
export const halfHoursOfWeek = 7 * halfHoursOfDay;

export const emptyWeek: WeekGrid = '0'.repeat(halfHoursOfWeek);

export function isWeekGrid(text: string): boolean {
  return text.length === halfHoursOfWeek && /^[01]*$/.test(text);
}

/** Which half-hour of the local week, 0 from Monday 00:00 to 335: what the clock on the wall says, also where it is put forward. */
export function halfHourAt(at: number): number {
  const date = new Date(at);
  const day = (date.getDay() + 6) % 7;
  return day * halfHoursOfDay + date.getHours() * 2 + (date.getMinutes() >= 30 ? 1 : 0);
}

export function isPainted(week: WeekGrid, at: number): boolean {
  return week[halfHourAt(at)] === '1';
}
