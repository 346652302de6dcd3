import { expect, test } from 'vitest';
import { turnDirection } from '../../electron/codec/jt808/body/camera-control.ts';
import { CameraHead } from '../../electron/simulator/camera-head.ts';
import { ManualClock } from '../accept/manual-clock.ts';

test('a head turns until it is told to stop, no further than it reaches', () => {
  const clock = new ManualClock();
  const head = new CameraHead(clock);
  expect(head.words).toBe('P+000T+000Z1');
  expect(head.turn({ channel: 4, direction: turnDirection.right, speed: 255 })).toBe(true);
  clock.pass(1000);
  expect(head.words).toBe('P+040T+000Z1');
  head.turn({ channel: 4, direction: turnDirection.down, speed: 51 });
  clock.pass(2000);
  head.turn({ channel: 4, direction: turnDirection.stop, speed: 0 });
  clock.pass(5000);
  expect(head.words).toBe('P+040T-016Z1');
  head.turn({ channel: 4, direction: turnDirection.left, speed: 255 });
  clock.pass(60_000);
  expect(head.words).toBe('P-170T-016Z1');
  expect(head.turn({ channel: 4, direction: 5, speed: 255 })).toBe(false);
});

test('a lens has steps, a wiper and a light are on or off', () => {
  const head = new CameraHead(new ManualClock());
  expect(head.control(0x9306, { channel: 4, control: 1 })).toBe(true);
  expect(head.words).toBe('P+000T+000Z1');
  head.control(0x9306, { channel: 4, control: 0 });
  head.control(0x9302, { channel: 4, control: 1 });
  head.control(0x9303, { channel: 4, control: 0 });
  head.control(0x9304, { channel: 4, control: 1 });
  head.control(0x9305, { channel: 4, control: 1 });
  expect(head.words).toBe('P+000T+000Z2 F-1 I1 W L');
  head.control(0x9304, { channel: 4, control: 0 });
  expect(head.words).toBe('P+000T+000Z2 F-1 I1 L');
  expect(head.control(0x9304, { channel: 4, control: 2 })).toBe(false);
});
