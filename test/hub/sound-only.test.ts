import { expect, it } from 'vitest';
import { audioPacket } from './hand-made.ts';
import { openHub, terminal } from './hub-bench.ts';
import { udpSource } from './vehicle-side.ts';

it('lives by its sound where there is no picture, says when that stays away, and asks again', async () => {
  const { clock, side, watch } = openHub({
    settings: { stalledAfterMs: 3000, lostAfterMs: 10_000, openTimeoutMs: 15_000 },
  });
  side.soundOnly.add(9);
  const { viewer } = watch({ terminal, channel: 9, stream: 'main' });
  const name = `${terminal}_9_main`;
  await side.answer();
  side.sink(name).sourceOpened(udpSource, new Uint8Array(6));
  const say = (): void => {
    side.sink(name).packet(180, 0);
    side.sink(name).audio(audioPacket(clock.now()));
  };
  say();
  expect(viewer.last).toMatchObject({ phase: 'live', payloadType: 6, attempts: 0, lastFrameAt: clock.now() });
  expect(viewer.last.codec).toBeUndefined();
  for (let turn = 0; turn < 1000; turn++) {
    clock.pass(20);
    say();
  }
  expect(viewer.last.phase).toBe('live');
  expect(viewer.story.filter(each => each === 'audio')).toHaveLength(1001);
  side.news();
  clock.pass(3100);
  expect(viewer.last.phase).toBe('stalled');
  clock.pass(10_000);
  expect(side.news()).toContain(`open ${name}`);
  expect(viewer.phases).toEqual(['opening', 'live', 'stalled', 'lost']);
});
