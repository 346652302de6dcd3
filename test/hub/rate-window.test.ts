import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateWindow } from '../../electron/hub/rate-window.ts';

describe('RateWindow', () => {
  it('forgets what is older than the window', () => {
    const window = new RateWindow(100, 3, 0);
    window.add(5);
    window.advance(100);
    window.add(7);
    window.advance(200);
    expect(window.total).toBe(12);
    window.advance(300);
    expect(window.total).toBe(7);
    window.advance(400);
    expect(window.total).toBe(0);
  });

  it('is empty after a long silence', () => {
    const window = new RateWindow(100, 4, 0);
    window.add(9);
    window.advance(1_000_000);
    expect(window.total).toBe(0);
    expect(window.perSecond(1_000_000)).toBe(0);
  });

  it('gives a steady rate from the first seconds on', () => {
    const window = new RateWindow(500, 10, 0);
    for (let now = 0; now < 20_000; now += 40) {
      window.advance(now);
      window.add(1);
      if (now >= 1000) expect(window.perSecond(now)).toBeGreaterThan(23);
      if (now >= 1000) expect(window.perSecond(now)).toBeLessThan(28);
    }
  });

  it('reads 15 frames a second as 15, whenever it is asked', () => {
    const window = new RateWindow(500, 10, 0);
    let frames = 0;
    for (let now = 0; now < 30_000; now += 7) {
      if (now % 210 === 0) window.advance(now);
      for (; (frames * 1000) / 15 <= now; frames++) window.add(1);
      if (now >= 5000) expect(Math.round(window.perSecond(now))).toBe(15);
    }
  });

  it('keeps its total equal to what is inside, whatever the times', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(700), fc.nat(50)), { maxLength: 60 }), steps => {
        const window = new RateWindow(100, 5, 0);
        const added: { bucket: number; amount: number }[] = [];
        let now = 0;
        for (const [ms, amount] of steps) {
          now += ms;
          window.advance(now);
          window.add(amount);
          const bucket = Math.floor(now / 100);
          added.push({ bucket, amount });
          const inside = added.filter(entry => bucket - entry.bucket < 5);
          expect(window.total).toBe(inside.reduce((sum, entry) => sum + entry.amount, 0));
        }
      }),
    );
  });

  it('begins anew', () => {
    const window = new RateWindow(100, 5, 0);
    window.add(100);
    window.restart(50_000);
    window.add(1);
    expect(window.perSecond(50_050)).toBe(10);
  });
});
