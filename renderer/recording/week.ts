/** Half-hours of a week, see `WeekGrid` of the contract. */
export const slotsPerDay = 48;
export const weekSlots = 7 * slotsPerDay;

export const emptyWeek: string = '0'.repeat(weekSlots);
export const fullWeek: string = '1'.repeat(weekSlots);

/** A week as it was kept, or an empty one when it does not fit. */
export function checkedWeek(week: string): string {
  return week.length === weekSlots && /^[01]+$/.test(week) ? week : emptyWeek;
}

/** The rectangle between two slots, both included, painted on or off. */
export function paintedWeek(week: string, from: number, to: number, on: boolean): string {
  const days = [Math.floor(from / slotsPerDay), Math.floor(to / slotsPerDay)].sort((a, b) => a - b);
  const times = [from % slotsPerDay, to % slotsPerDay].sort((a, b) => a - b);
  const slots = [...checkedWeek(week)];
  for (let day = days[0]!; day <= days[1]!; day++)
    for (let time = times[0]!; time <= times[1]!; time++) slots[day * slotsPerDay + time] = on ? '1' : '0';
  return slots.join('');
}

/** Hours a week that are recorded. */
export function weekHours(week: string): number {
  return [...checkedWeek(week)].filter(slot => slot === '1').length / 2;
}
