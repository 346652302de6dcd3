import { describe, expect, it } from 'vitest';
import { weeksOf } from '../../../renderer/archive/days.ts';
import {
  closestMs,
  following,
  TimelineScale,
  tickStep,
  ticks,
  widestMs,
  zoomed,
} from '../../../renderer/archive/timeline-scale.ts';

const hour = 3_600_000;

describe('the timeline', () => {
  it('turns moments into pixels and back', () => {
    const scale = new TimelineScale({ from: 0, to: hour }, 150, 1200);
    expect([scale.x(0), scale.x(hour / 2), scale.x(hour)]).toEqual([150, 750, 1350]);
    expect(scale.at(scale.x(1_234_567))).toBeCloseTo(1_234_567, 3);
  });

  it('zooms around the mouse, from a day to seconds', () => {
    const view = zoomed({ from: 0, to: hour }, hour / 4, 0.5);
    expect(view).toEqual({ from: hour / 8, to: hour / 8 + hour / 2 });
    const closest = zoomed(view, view.from, 1e-9);
    expect(closest.to - closest.from).toBe(closestMs);
    const widest = zoomed(view, view.from, 1e9);
    expect(widest.to - widest.from).toBe(widestMs);
  });

  it('follows a clock that leaves it', () => {
    const view = { from: 0, to: 1000 };
    expect(following(view, 500)).toBe(view);
    expect(following(view, 2000)).toEqual({ from: 1900, to: 2900 });
  });

  it('marks round times so far apart that their words do not touch', () => {
    expect(tickStep({ from: 0, to: 24 * hour }, 1200, 92)).toBe(2 * hour);
    expect(tickStep({ from: 0, to: 60_000 }, 1200, 92)).toBe(5000);
    expect(ticks({ from: 1500, to: 20_500 }, 5000, 0)).toEqual([5000, 10_000, 15_000, 20_000]);
  });
});

it('lays a month out from Monday to Sunday', () => {
  const weeks = weeksOf(2026, 11).map(week => week.map(day => (day === undefined ? 0 : new Date(day).getDate())));
  expect(weeks[0]).toEqual([0, 0, 0, 0, 0, 0, 1]);
  expect(weeks.at(-1)).toEqual([30, 0, 0, 0, 0, 0, 0]);
  expect(weeks.flat().filter(day => day > 0)).toHaveLength(30);
});
