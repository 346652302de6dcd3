import { describe, expect, it } from 'vitest';
import { DecoderPace } from '../../../renderer/archive/player/decoder-pace.ts';

const stepMs = 50;

/** What is answered of each step; the picture is as far behind (s of watching) as the list says. */
function play(pace: DecoderPace, clock: { now: number }, rate: number, behind: readonly number[]): boolean[] {
  return behind.map(late => {
    clock.now += stepMs;
    return pace.keepsUp(-late * rate, rate);
  });
}

const seconds = (count: number, late: number) => Array<number>((count * 1000) / stepMs).fill(late);

function open() {
  const clock = { now: 1_000_000 };
  return { clock, pace: new DecoderPace(() => clock.now) };
}

describe('full frames', () => {
  it('are shown up to sixteen times as long as the decoder keeps up', () => {
    for (const rate of [0.25, 1, 8, 16]) {
      const { clock, pace } = open();
      expect(new Set(play(pace, clock, rate, seconds(10, 0.1)))).toEqual(new Set([true]));
    }
    const { clock, pace } = open();
    expect(new Set(play(pace, clock, 32, seconds(3, 0)))).toEqual(new Set([false]));
  });

  it('are given up where it stays behind, and tried anew at another speed or after a pause', () => {
    const { clock, pace } = open();
    expect(play(pace, clock, 16, seconds(3, 1)).at(-1)).toBe(false);
    expect(play(pace, clock, 16, seconds(5, 0)).at(-1)).toBe(false);
    expect(play(pace, clock, 8, seconds(1, 0)).at(-1)).toBe(true);
    expect(play(pace, clock, 16, seconds(3, 1)).at(-1)).toBe(false);
    clock.now += 3000;
    expect(play(pace, clock, 16, seconds(1, 0))).not.toContain(false);
  });

  it('are not given up for a jump, nor at a speed at which somebody looks closely', () => {
    const { clock, pace } = open();
    const jumps = Array.from({ length: 5 }, () => [...seconds(0.8, 2), ...seconds(2, 0)]).flat();
    expect(play(pace, clock, 16, jumps)).not.toContain(false);
    expect(play(pace, clock, 1, seconds(20, 3))).not.toContain(false);
  });
});
