import type { Clock } from '../clock.ts';

/** Something that runs at a time; armed again and again without allocation. */
export class Timer {
  readonly run: () => void;
  /** Monotonic ms; meaningful while armed. */
  dueAt = 0;
  /** Place in the heap, -1 while not armed. */
  slot = -1;

  constructor(run: () => void) {
    this.run = run;
  }
}

/** Timers that are due within this many ms of the first go off with it: fewer wake-ups for a large fleet. */
const slackMs = 1;

/** One clock timer for a whole fleet: a binary heap of what is due. */
export class TimerHeap {
  readonly #clock: Clock;
  readonly #heap: Timer[] = [];
  #cancelWake: (() => void) | undefined;
  #wakeAt = Number.POSITIVE_INFINITY;
  #running = false;
  /** While timers run: the earliest time one can be armed for, so that a late timer cannot keep the loop busy. */
  #floor = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Timers waiting. */
  get size(): number {
    return this.#heap.length;
  }

  /** Runs `timer` once in `ms`; one that is armed already is moved. */
  arm(timer: Timer, ms: number): void {
    this.armAt(timer, this.#clock.monotonic() + ms);
  }

  /** @param at monotonic ms; a time that has passed means at once, though never within this call */
  armAt(timer: Timer, at: number): void {
    timer.dueAt = this.#running ? Math.max(at, this.#floor) : at;
    if (timer.slot < 0) {
      timer.slot = this.#heap.length;
      this.#heap.push(timer);
    }
    this.#rise(timer.slot);
    this.#sink(timer.slot);
    this.#wake();
  }

  disarm(timer: Timer): void {
    const slot = timer.slot;
    if (slot < 0) return;
    timer.slot = -1;
    const last = this.#heap.pop() as Timer;
    if (last === timer) return;
    this.#heap[slot] = last;
    last.slot = slot;
    this.#rise(slot);
    this.#sink(last.slot);
  }

  clear(): void {
    for (const timer of this.#heap) timer.slot = -1;
    this.#heap.length = 0;
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    this.#wakeAt = Number.POSITIVE_INFINITY;
  }

  #wake(): void {
    const first = this.#heap[0];
    if (this.#running || !first || first.dueAt >= this.#wakeAt) return;
    this.#cancelWake?.();
    this.#wakeAt = first.dueAt;
    this.#cancelWake = this.#clock.after(Math.max(0, first.dueAt - this.#clock.monotonic()), () => this.#runDue());
  }

  #runDue(): void {
    this.#cancelWake = undefined;
    this.#wakeAt = Number.POSITIVE_INFINITY;
    this.#running = true;
    const until = this.#clock.monotonic() + slackMs;
    this.#floor = until + 0.001;
    for (let first = this.#heap[0]; first && first.dueAt <= until; first = this.#heap[0]) {
      this.disarm(first);
      first.run();
    }
    this.#running = false;
    this.#wake();
  }

  #rise(from: number): void {
    const timer = this.#heap[from] as Timer;
    let slot = from;
    while (slot > 0) {
      const above = (slot - 1) >> 1;
      const parent = this.#heap[above] as Timer;
      if (parent.dueAt <= timer.dueAt) break;
      this.#put(parent, slot);
      slot = above;
    }
    this.#put(timer, slot);
  }

  #sink(from: number): void {
    const timer = this.#heap[from] as Timer;
    let slot = from;
    for (;;) {
      let below = 2 * slot + 1;
      const left = this.#heap[below];
      if (!left) break;
      const right = this.#heap[below + 1];
      if (right && right.dueAt < left.dueAt) below++;
      const child = this.#heap[below] as Timer;
      if (child.dueAt >= timer.dueAt) break;
      this.#put(child, slot);
      slot = below;
    }
    this.#put(timer, slot);
  }

  #put(timer: Timer, slot: number): void {
    this.#heap[slot] = timer;
    timer.slot = slot;
  }
}
