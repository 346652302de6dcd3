import { describe, expect, it } from 'vitest';
import { RateMeter } from '../../renderer/player/rate-meter.ts';

const tickMs = 250;
const windowMs = 2000;

/** Has looked at 15 fps every 250 ms up to `until`. */
function steady(until: number): RateMeter {
  const meter = new RateMeter(windowMs);
  for (let at = 0; at <= until; at += tickMs) meter.count(Math.floor((at * 15) / 1000), at);
  return meter;
}

describe('RateMeter', () => {
  it('reads a steady 15 fps as 15, however long ago it was last looked at', () => {
    const meter = steady(20_000);
    for (let now = 20_000; now < 20_000 + tickMs; now++) expect(meter.perSecond(now)).toBeCloseTo(15, 6);
  });

  it('goes by what is inside its window', () => {
    const meter = steady(20_000);
    for (let at = 20_250; at <= 23_000; at += tickMs) meter.count(300 + Math.floor(((at - 20_000) * 30) / 1000), at);
    expect(Math.round(meter.perSecond(23_000))).toBe(30);
  });

  it('goes down when nobody looks any more', () => {
    const meter = steady(20_000);
    expect(meter.perSecond(21_000)).toBeCloseTo(15, 6);
    expect(meter.perSecond(22_000)).toBeCloseTo(10, 6);
    expect(meter.perSecond(60_000)).toBeLessThan(1);
  });

  it('has no rate before its second look', () => {
    const meter = new RateMeter(windowMs);
    expect(meter.perSecond(10)).toBe(0);
    meter.count(5, 10);
    expect(meter.perSecond(200)).toBe(0);
  });
});
