import { describe, expect, it } from 'vitest';
import { Backoff, Watchdog, watchLimits } from '../../renderer/player/watchdog.ts';

/** Feeds 25 frames a second from `from` on for `ms`; returns the first verdict that is not well. */
function feed(watchdog: Watchdog, from: number, ms: number, pictures = false): string {
  for (let at = from; at < from + ms; at += 40) {
    watchdog.fed(at);
    if (pictures) watchdog.presented(at + 20);
    const verdict = watchdog.verdict(at + 30);
    if (verdict !== 'well') return `${verdict} after ${Math.round((at - from) / 500) * 500}`;
  }
  return 'well';
}

describe('Watchdog', () => {
  it('is content with pictures', () => {
    expect(feed(new Watchdog(), 1000, 60_000, true)).toBe('well');
  });

  it('misses the first picture', () => {
    expect(feed(new Watchdog(), 1000, 10_000)).toBe('noPicture after 3000');
  });

  it('notices that pictures stopped although frames go in', () => {
    const watchdog = new Watchdog();
    feed(watchdog, 0, 5000, true);
    expect(feed(watchdog, 5000, 10_000)).toBe('frozen after 2500');
  });

  it('does not blame a camera that sends nothing', () => {
    const watchdog = new Watchdog();
    feed(watchdog, 0, 5000, true);
    expect(watchdog.verdict(65_000)).toBe('well');
    watchdog.fed(65_000);
    expect(watchdog.verdict(65_030)).toBe('well');
  });

  it('expects nothing while it rests', () => {
    const watchdog = new Watchdog();
    feed(watchdog, 0, 2500);
    watchdog.rest();
    watchdog.fed(60_000);
    expect(watchdog.verdict(60_030)).toBe('well');
  });
});

describe('Backoff', () => {
  it('waits longer after each failure, up to a ceiling', () => {
    const backoff = new Backoff();
    const pauses: number[] = [];
    for (let i = 0; i < 7; i += 1) {
      backoff.failed(0);
      let at = 0;
      while (!backoff.mayRetry(at)) at += 50;
      pauses.push(at);
    }
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 4000, 4000]);
  });

  it('forgets failures after pictures for long enough, and no sooner', () => {
    const backoff = new Backoff();
    backoff.failed(0);
    backoff.well(1000);
    backoff.failed(1000 + watchLimits.healthy);
    expect(backoff.failures).toBe(2);
    backoff.well(20_000);
    backoff.failed(20_001 + watchLimits.healthy);
    expect(backoff.failures).toBe(1);
  });
});
