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
