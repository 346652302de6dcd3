import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Timeline } from '../../renderer/player/timeline.ts';

describe('Timeline', () => {
  it('carries the rounding of 15 fps: 66 and 67, and not a millisecond lost in a minute', () => {
    const timeline = new Timeline();
    const durations: number[] = [];
    let end = 0;
    for (let i = 0; i < 900; i += 1) {
      const { at, duration } = timeline.place(Math.round((i * 1000) / 15), false);
      expect(at).toBe(end);
      end = at + duration;
      durations.push(duration);
    }
    expect(Math.abs(end - 60_000)).toBeLessThanOrEqual(1);
    expect(new Set(durations.slice(30))).toEqual(new Set([66, 67]));
  });

  it('follows a device whose intervals vary', () => {
    const timeline = new Timeline();
    let pts = 0;
    let last = { at: 0, duration: 0 };
    for (let i = 0; i < 400; i += 1) {
      pts += i % 3 === 0 ? 120 : 40;
      last = timeline.place(pts, false);
    }
    // The end of a frame is where the next one is expected: within two intervals of the device's clock.
    expect(Math.abs(last.at - (pts - 120))).toBeLessThan(160);
  });

  it('passes over cached frames in a millisecond each, then gives a head start once', () => {
    const timeline = new Timeline();
    for (let i = 0; i < 30; i += 1) expect(timeline.place(i * 40, true)).toEqual({ at: i, duration: 1 });
    expect(timeline.place(1200, false, 60)).toEqual({ at: 30, duration: 100 });
    expect(timeline.place(1240, false, 60)).toEqual({ at: 130, duration: 40 });
  });

  it('collapses a pause and a clock that jumps back', () => {
    const timeline = new Timeline();
    timeline.place(0, false);
    timeline.place(40, false);
    expect(timeline.place(10_040, false)).toEqual({ at: 80, duration: 40 });
    expect(timeline.place(10_080, false)).toEqual({ at: 120, duration: 40 });
    expect(timeline.place(500, false)).toEqual({ at: 160, duration: 40 });
  });

  it('endures timestamps that stand still', () => {
    const timeline = new Timeline();
    for (let i = 0; i < 50; i += 1) timeline.place(7000, false);
    const { at, duration } = timeline.place(7000, false);
    expect(at).toBe(66 + 49);
    expect(duration).toBe(1);
  });

  it('gives whole durations of at least one, without gap or overlap, whatever the timestamps', () => {
    const step = fc.oneof(fc.integer({ min: -5000, max: 20_000 }), fc.double({ min: 0, max: 200, noNaN: true }));
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.boolean()), { maxLength: 200 }), steps => {
        const timeline = new Timeline();
        let pts = 1e9;
        let end = 0;
        for (const [delta, catchUp] of steps) {
          pts += delta;
          const { at, duration } = timeline.place(pts, catchUp, 50);
          expect(at).toBe(end);
          expect(Number.isInteger(duration)).toBe(true);
          expect(duration).toBeGreaterThanOrEqual(1);
          expect(duration).toBeLessThanOrEqual(6000);
          end = at + duration;
        }
      }),
    );
  });
});
