import { describe, expect, it } from 'vitest';
import { FootageClock } from '../../electron/hub/footage-clock.ts';

const from = Date.UTC(2026, 10, 20, 2);
const to = from + 600_000;

describe('the time of footage', () => {
  it('is read off stamps of the wall clock, as UTC and as GMT+8', () => {
    const utc = new FootageClock(from, to);
    expect(utc.time(from - 1500, 0, 'normal', 1)).toBe(from - 1500);
    expect(utc.time(from + 40, 5, 'fast', 8)).toBe(from + 40);
    const china = new FootageClock(from, to);
    expect(china.time(from + 8 * 3_600_000 + 40, 0, 'normal', 1)).toBe(from + 40);
    expect(china.time(from + 8 * 3_600_000 + 80, 0, 'keyRewind', 1)).toBe(from + 80);
  });

  it('is counted from the start where stamps have another origin', () => {
    const clock = new FootageClock(from, to);
    expect(clock.time(29_826_261, 0, 'normal', 1)).toBe(from);
    expect(clock.time(29_826_301, 40, 'normal', 1)).toBe(from + 40);
    clock.seek(from + 300_000);
    expect(clock.time(77, 80, 'normal', 1)).toBe(from + 300_000);
    expect(clock.time(117, 120, 'normal', 1)).toBe(from + 300_040);
  });

  it.each([
    ['footage', 4 * 40, 40],
    ['playing', 40, 40],
  ])('goes at the speed of playing where stamps count %s', (_, step, passed) => {
    const clock = new FootageClock(from, to);
    let at = 0;
    const frames = 400;
    for (let i = 0; i <= frames; i++) at = clock.time(1000 + i * step, i * passed, 'fast', 4);
    // Until it is judged which of the two it is, stamps are believed.
    expect(Math.abs(at - (from + frames * 160))).toBeLessThan(6000);
  });

  it('goes back while key frames come backwards, whichever way their stamps go', () => {
    for (const step of [-2000, 40]) {
      const clock = new FootageClock(from, to);
      clock.seek(from + 300_000);
      let last = clock.time(5_000_000, 0, 'keyRewind', 1);
      for (let i = 1; i < 20; i++) {
        const at = clock.time(5_000_000 + i * step, i * 500, 'keyRewind', 1);
        expect(at).toBeLessThan(last);
        last = at;
      }
    }
  });

  it('does not leap with a stamp that does', () => {
    const clock = new FootageClock(from, to);
    clock.time(1000, 0, 'normal', 1);
    expect(clock.time(90_000_000, 40, 'normal', 1)).toBe(from + 40);
  });
});
