/** Local midnight at or before a moment. */
export function dayOf(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** The next local midnight: 23 or 25 hours later where the clocks change. */
export function dayAfter(day: number, days = 1): number {
  const date = new Date(day);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}

/** Weeks of a month from Monday to Sunday, as local midnights; undefined where a neighbour month would be. */
export function weeksOf(year: number, month: number): (number | undefined)[][] {
  const first = new Date(year, month - 1, 1);
  const before = (first.getDay() + 6) % 7;
  const count = new Date(year, month, 0).getDate();
  const cells = Array.from({ length: Math.ceil((before + count) / 7) * 7 }, (_, i) => {
    const day = i - before + 1;
    return day >= 1 && day <= count ? new Date(year, month - 1, day).getTime() : undefined;
  });
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}
