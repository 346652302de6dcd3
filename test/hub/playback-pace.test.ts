import { describe, expect, it } from 'vitest';
import { PlaybackPace } from '../../electron/hub/playback-pace.ts';

describe('the pace of a playback', () => {
  it('is the footage’s own at normal speed, and holds nothing back that comes in time', () => {
    const pace = new PlaybackPace();
    const shown = Array.from({ length: 50 }, (_, i) => pace.next(1000 + i * 40, i * 40, 500 + i * 40, 'normal', 1));
    expect(shown.map(each => each.ptsMs)).toEqual(Array.from({ length: 50 }, (_, i) => 1000 + i * 40));
    expect(shown.every(each => each.holdMs === 0)).toBe(true);
  });

  it('is divided by the speed when it is fast', () => {
    const pace = new PlaybackPace();
    const shown = Array.from({ length: 9 }, (_, i) => pace.next(i * 160, i * 160, i * 40, 'fast', 4).ptsMs);
    expect(shown).toEqual(Array.from({ length: 9 }, (_, i) => i * 40));
  });

  it('is that of arrival while only key frames come', () => {
    const pace = new PlaybackPace();
    pace.next(100_000, 100_000, 0, 'keyRewind', 1);
    expect(pace.next(100_500, 98_000, 500, 'keyRewind', 1).ptsMs).toBe(100_500);
    expect(pace.next(100_500, 96_000, 900, 'keyRewind', 1).ptsMs).toBe(100_900);
  });

  it('holds back what a device sends as fast as the line allows', () => {
    const pace = new PlaybackPace();
    // Forty seconds of footage within one.
    const last = Array.from({ length: 1000 }, (_, i) => pace.next(i * 40, i * 40, i, 'normal', 1)).at(-1)!;
    expect(last.holdMs).toBeGreaterThan(38_000);
    expect(last.holdMs).toBeLessThan(39_500);
  });

  it('goes on at once after a line that stood still, and gives sound the same time', () => {
    const pace = new PlaybackPace();
    pace.next(0, 0, 0, 'normal', 1);
    expect(pace.next(40, 40, 5000, 'normal', 1).holdMs).toBe(0);
    expect(pace.next(80, 80, 5001, 'normal', 1).holdMs).toBe(0);
    expect(pace.offset).toBe(0);
    pace.next(100_000, 100_000, 5002, 'normal', 1);
    expect(pace.offset).toBe(81 - 100_000);
  });
});
