import { expect, it } from 'vitest';
import { DisplayWake } from '../electron/display-wake.ts';

it('holds the screen awake once while wanted, and lets go', () => {
  const calls: string[] = [];
  const wake = new DisplayWake({
    start: kind => {
      calls.push(kind);
      return 0;
    },
    stop: id => calls.push(`stop ${id}`),
  });
  wake.hold(false);
  wake.hold(true);
  wake.hold(true);
  expect(wake.held).toBe(true);
  wake.hold(false);
  wake.hold(false);
  expect(calls).toEqual(['prevent-display-sleep', 'stop 0']);
});

it('lets the screen go dark while it is locked, and holds it again after that', () => {
  const calls: string[] = [];
  let id = 0;
  const wake = new DisplayWake({
    start: () => {
      calls.push('start');
      return ++id;
    },
    stop: which => calls.push(`stop ${which}`),
  });
  wake.hold(true);
  wake.lock(true);
  wake.hold(true);
  expect(calls).toEqual(['start', 'stop 1']);
  wake.lock(false);
  expect(calls).toEqual(['start', 'stop 1', 'start']);
  wake.lock(true);
  wake.hold(false);
  wake.lock(false);
  expect(wake.held).toBe(false);
});
