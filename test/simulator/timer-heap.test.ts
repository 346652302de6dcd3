import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../electron/clock.ts';
import { Timer, TimerHeap } from '../../electron/simulator/timer-heap.ts';

/** A clock that stands until it is moved. */
class HandClock implements Clock {
  time = 0;
  wakes = 0;
  #waiting: { at: number; run: () => void } | undefined;

  now(): number {
    return this.time;
  }
  monotonic(): number {
    return this.time;
  }
  after(ms: number, run: () => void): () => void {
    const mine = { at: this.time + ms, run };
    this.#waiting = mine;
    return () => {
      if (this.#waiting === mine) this.#waiting = undefined;
    };
  }
  every(): () => void {
    throw new Error('not used here');
  }
  moveTo(time: number): void {
    while (this.#waiting && this.#waiting.at <= time) {
      const { at, run } = this.#waiting;
      this.#waiting = undefined;
      this.time = Math.max(this.time, at);
      this.wakes++;
      run();
    }
    this.time = time;
  }
}

describe('a heap of timers', () => {
  it('runs each timer once, in the order they are due, whatever was moved or taken back', () => {
    const step = fc.record({ timer: fc.nat(19), at: fc.integer({ min: 1, max: 500 }), off: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), steps => {
        const clock = new HandClock();
        const heap = new TimerHeap(clock);
        const ran: number[] = [];
        const timers: Timer[] = Array.from({ length: 20 }, () => {
          const timer: Timer = new Timer(() => ran.push(timer.dueAt));
          return timer;
        });
        const expected = new Map<number, number>();
        for (const { timer, at, off } of steps) {
          if (off) {
            heap.disarm(timers[timer] as Timer);
            expected.delete(timer);
          } else {
            heap.armAt(timers[timer] as Timer, at);
            expected.set(timer, at);
          }
        }
        expect(heap.size).toBe(expected.size);
        clock.moveTo(1000);
        expect(ran).toEqual([...expected.values()].sort((a, b) => a - b));
      }),
    );
  });

  it('gives other timers their turn when one is always late', () => {
    const clock = new HandClock();
    const heap = new TimerHeap(clock);
    let late = 0;
    let other = 0;
    const eager = new Timer(() => {
      late++;
      if (late < 1000) heap.armAt(eager, 0);
    });
    heap.armAt(eager, 1);
    heap.armAt(new Timer(() => other++), 3);
    clock.moveTo(3);
    expect(other).toBe(1);
    expect(late).toBeLessThan(10);
  });

  it('wakes once for what is due together', () => {
    const clock = new HandClock();
    const heap = new TimerHeap(clock);
    let runs = 0;
    for (let count = 0; count < 200; count++) heap.armAt(new Timer(() => runs++), 40);
    clock.moveTo(50);
    expect([runs, clock.wakes]).toEqual([200, 1]);
  });
});
