import { expect, it } from 'vitest';
import { ReloadPause } from '../electron/reload-pause.ts';

it('waits longer after each crash, up to half a minute, and forgets after two quiet minutes', () => {
  const pause = new ReloadPause();
  expect([0, 10, 20, 30, 40, 50].map(at => pause.next(at))).toEqual([250, 1000, 4000, 15_000, 30_000, 30_000]);
  expect(pause.next(50 + 120_000)).toBe(30_000);
  expect(pause.next(50 + 120_000 + 120_001)).toBe(250);
});
