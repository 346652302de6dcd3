import { describe, expect, it } from 'vitest';
import { Timeline } from '../../electron/frames/timeline.ts';

/** Frames every 40 ms of arrival. */
function videoTimes(stamps: number[]): number[] {
  const timeline = new Timeline();
  return stamps.map((stamp, index) => timeline.video(BigInt(stamp), index * 40));
}

describe('timeline', () => {
  it('gives timestamps that behave as they are', () => {
    expect(videoTimes([1566919211506, 1566919211666, 1566919211786])).toEqual([
      1566919211506, 1566919211666, 1566919211786,
    ]);
  });

  it('stands still while a timestamp is a little behind', () => {
    expect(videoTimes([1000, 1040, 1030, 1080])).toEqual([1000, 1040, 1040, 1080]);
  });

  it('goes on by arrival when the clock is set back', () => {
    expect(videoTimes([500_000, 500_040, 20, 60, 100])).toEqual([500_000, 500_040, 500_080, 500_120, 500_160]);
  });

  it('goes on by arrival when the clock is set forward', () => {
    expect(videoTimes([20, 60, 1_566_919_211_506, 1_566_919_211_546])).toEqual([20, 60, 100, 140]);
  });

  it('follows a pause that arrival confirms', () => {
    const timeline = new Timeline();
    timeline.video(1000n, 0);
    expect(timeline.video(61_000n, 60_000)).toBe(61_000);
  });

  it('goes on over the overflow of 32 bits', () => {
    expect(videoTimes([4294967280, 24, 64])).toEqual([4294967280, 4294967320, 4294967360]);
  });

  it('uses arrival when timestamps stand still, and timestamps again when they move', () => {
    const times = videoTimes([7, 7, 7, 7, 7, 7, 7, 7, 47, 87]);
    expect(times.slice(4)).toEqual(
      [7, 47, 87, 127, 167, 207].map((time, index) => (index === 0 ? times[4] : time - 7 + times[4]!)),
    );
  });

  it('never goes back, whatever is sent', () => {
    let seed = 1;
    const timeline = new Timeline();
    let last = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < 5000; index++) {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      const stamp = BigInt(seed) << BigInt(seed % 33);
      const time = timeline.video(stamp, index * 7);
      expect(time).toBeGreaterThanOrEqual(last);
      expect(Number.isFinite(time)).toBe(true);
      last = time;
    }
  });

  it('keeps sound with its picture when the clock is set', () => {
    const timeline = new Timeline();
    expect(timeline.video(1000n, 0)).toBe(1000);
    expect(timeline.audio(990n, 5)).toBe(990);
    expect(timeline.video(900_000n, 40)).toBe(1040);
    expect(timeline.audio(899_995n, 45)).toBe(1035);
  });
});
