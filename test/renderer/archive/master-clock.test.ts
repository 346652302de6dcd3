import { describe, expect, it } from 'vitest';
import { MasterClock, steer } from '../../../renderer/archive/player/master-clock.ts';

describe('the master clock', () => {
  it('moves at its rate, and not while it is paused or held', () => {
    let now = 0;
    const clock = new MasterClock(() => now, 1000);
    now = 500;
    expect(clock.at()).toBe(1000);
    clock.play();
    now = 700;
    expect(clock.at()).toBe(1200);
    clock.setRate(4);
    now = 800;
    expect(clock.at()).toBe(1600);
    clock.hold(true);
    now = 5000;
    expect([clock.at(), clock.playing, clock.running]).toEqual([1600, true, false]);
    clock.hold(false);
    now = 5100;
    expect(clock.at()).toBe(2000);
    clock.pause();
    now = 9000;
    clock.seek(50);
    expect(clock.at()).toBe(50);
  });
});

describe('a pane beside the clock', () => {
  it('leans back to it by speed, and jumps when it is far away', () => {
    expect(steer(0.02, 1)).toEqual({ rate: 1, seek: false });
    expect(steer(0.2, 1).rate).toBeLessThan(1);
    expect(steer(-0.2, 1).rate).toBeGreaterThan(1);
    expect(steer(0.8, 1)).toEqual({ rate: 1, seek: true });
    expect(steer(0.8, 4).seek).toBe(false);
  });

  it('never leaves what a browser plays', () => {
    for (const ahead of [-8, -1, -0.3, 0.3, 1, 8])
      for (const rate of [0.25, 0.5, 1, 2, 4, 8, 16]) {
        const to = steer(ahead, rate);
        expect(to.rate).toBeGreaterThanOrEqual(0.0625);
        expect(to.rate).toBeLessThanOrEqual(16);
      }
  });
});
