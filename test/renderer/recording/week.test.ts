import { expect, it } from 'vitest';
import { channelsIn } from '../../../renderer/recording/PlansDialog.tsx';
import { checkedWeek, emptyWeek, fullWeek, paintedWeek, weekHours } from '../../../renderer/recording/week.ts';
import { behindText } from '../../../renderer/wall/ReviewLayer.tsx';

it('paints the rectangle between two half-hours, from whichever corner', () => {
  const morning = paintedWeek(emptyWeek, 16, 4 * 48 + 35, true);
  expect(weekHours(morning)).toBe(50);
  expect([morning[15], morning[16], morning[35], morning[36]]).toEqual(['0', '1', '1', '0']);
  expect(morning.slice(5 * 48)).toBe('0'.repeat(96));
  expect(paintedWeek(emptyWeek, 4 * 48 + 35, 16, true)).toBe(morning);
  expect(paintedWeek(morning, 16, 4 * 48 + 35, false)).toBe(emptyWeek);
  expect(weekHours(fullWeek)).toBe(168);
});

it('takes a week that does not fit for an empty one', () => {
  for (const week of ['', '1', '2'.repeat(336), '1'.repeat(335)]) expect(checkedWeek(week)).toBe(emptyWeek);
});

it('reads channels out of what somebody wrote', () => {
  expect(channelsIn('3, 1;1 300 0 ch 12')).toEqual([1, 3, 12]);
});

it('says how far behind a picture is', () => {
  expect([0, 42_900, 125_000].map(behindText)).toEqual(['− 00:00', '− 00:42', '− 02:05']);
});
