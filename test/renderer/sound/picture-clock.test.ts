import { describe, expect, it } from 'vitest';
import { PictureClock } from '../../../renderer/sound/picture-clock.ts';
import { PictureHold } from '../../../renderer/sound/picture-hold.ts';

/** A picture shown at `at` of the page, sent 100 ms before by a device whose time is the page's less 5,000,000. */
const shown = (at: number, stamp = 7_000_000) => ({
  at,
  ptsMs: at - 100 + 5_000_000,
  receivedAt: at - 90 + 5_000_000 + stamp,
});

describe('PictureClock', () => {
  it('knows nothing without a picture', () => {
    expect(new PictureClock().lag(undefined, 5)).toBeUndefined();
  });

  it('has sound heard when its picture is seen', () => {
    const clock = new PictureClock();
    // Device time 5,000,900 is on the screen at 1000.
    expect(clock.lag(shown(1000), undefined)! + 5_000_900).toBe(1000);
    // Sound that arrives with its picture, or 40 ms after it, belongs to the same moment all the same.
    expect(clock.lag(shown(1250), 7_000_010)! + 5_001_150).toBe(1250);
    expect(new PictureClock().lag(shown(1250), 7_000_050)! + 5_001_150).toBe(1250);
  });

  it('is not drawn along by stamps of sound that run away', () => {
    const clock = new PictureClock();
    // Counted by a clock that is 1 % fast: after ten minutes stamped 6 s too late.
    for (let second = 0; second < 600; second++) {
      const at = 1000 + second * 1000;
      const lead = second * 10;
      const lag = clock.lag(shown(at), 7_000_010 - lead)!;
      // Sound captured with that picture is stamped `lead` more than it.
      expect(Math.abs(lag + at - 100 + 5_000_000 + lead - at)).toBeLessThan(80);
    }
  });

  it('goes by arrival where the stamps are of different clocks', () => {
    const clock = new PictureClock();
    const lag = clock.lag(shown(1000), 6_000_000)!;
    // Sound that arrived with the picture has stamp receivedAt − 6,000,000.
    const stamp = shown(1000).receivedAt - 6_000_000;
    expect(lag + stamp).toBe(1000);
  });

  it('begins anew with another stream’s clock', () => {
    const clock = new PictureClock();
    for (let i = 0; i < 20; i++) clock.lag(shown(1000 + i * 250), 7_000_010);
    const other = { at: 6000, ptsMs: 300, receivedAt: 12_006_000 };
    expect(clock.lag(other, 12_005_700)! + 300).toBe(6000);
  });
});

describe('PictureHold', () => {
  it('holds a picture back until its sound is hardly late, a step at a time', () => {
    const hold = new PictureHold();
    expect(hold.next(50, 0)).toBe(0);
    expect(hold.next(100, 1000)).toBe(70);
    expect(hold.next(100, 2000)).toBe(70);
    expect(hold.next(40, 5000)).toBe(70);
    expect(hold.next(undefined, 9000)).toBe(70);
    expect(hold.next(500, 9000)).toBe(150);
    expect(hold.next(500, 12_000)).toBe(230);
    expect(hold.next(500, 15_000)).toBe(250);
  });

  it('lets go again', () => {
    const hold = new PictureHold();
    hold.next(100, 0);
    expect(hold.next(-100, 3000)).toBe(40);
    expect(hold.next(-100, 6000)).toBe(10);
    expect(hold.next(-100, 9000)).toBe(0);
  });
});
