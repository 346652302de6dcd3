import { describe, expect, it } from 'vitest';
import type { MediaFrame } from '../../renderer/player/engine.ts';
import { FrameHold } from '../../renderer/player/frame-hold.ts';
import { FakeClock } from './fake-clock.ts';

function bench() {
  const clock = new FakeClock();
  const out: number[] = [];
  const hold = new FrameHold(clock, frame => out.push(frame.seq));
  const take = (seq: number, cached = false) =>
    hold.take({
      type: 'frame',
      seq,
      key: false,
      cached,
      ptsMs: 0,
      receivedAt: 0,
      data: new Uint8Array(),
    } as MediaFrame);
  return { clock, out, hold, take };
}

describe('FrameHold', () => {
  it('hands on at once while nothing is to be held', () => {
    const { out, take } = bench();
    take(0);
    expect(out).toEqual([0]);
  });

  it('hands on later, in order, also when the time changes', () => {
    const { clock, out, hold, take } = bench();
    hold.set(100);
    take(0);
    clock.advance(50);
    hold.set(0);
    take(1);
    expect(out).toEqual([]);
    clock.advance(51);
    expect(out).toEqual([0, 1]);
    take(2);
    expect(out).toEqual([0, 1, 2]);
  });

  it('does not hold what is past already', () => {
    const { out, hold, take } = bench();
    hold.set(100);
    take(0, true);
    expect(out).toEqual([0]);
  });

  it('gives everything up, or out', () => {
    const { clock, out, hold, take } = bench();
    hold.set(100);
    take(0);
    hold.flush();
    expect(out).toEqual([0]);
    take(1);
    hold.close();
    clock.advance(500);
    expect(out).toEqual([0]);
  });
});
