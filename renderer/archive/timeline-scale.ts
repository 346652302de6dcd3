import type { Span } from './player/lane-map.ts';

/** Closest and widest look at the timeline (ms). */
export const closestMs = 10_000;
export const widestMs = 24 * 3_600_000;

/** Wall clock ⇄ pixels along the timeline. */
export class TimelineScale {
  readonly view: Span;
  readonly left: number;
  readonly width: number;

  constructor(view: Span, left: number, width: number) {
    this.view = view;
    this.left = left;
    this.width = Math.max(1, width);
  }

  x(at: number): number {
    return this.left + ((at - this.view.from) / (this.view.to - this.view.from)) * this.width;
  }

  at(x: number): number {
    return this.view.from + ((x - this.left) / this.width) * (this.view.to - this.view.from);
  }
}

/** The view grown or shrunk by `factor` around a moment that stays where it is. */
export function zoomed(view: Span, around: number, factor: number): Span {
  const length = view.to - view.from;
  const next = Math.min(widestMs, Math.max(closestMs, length * factor));
  const share = (around - view.from) / length;
  const from = around - share * next;
  return { from, to: from + next };
}

export function moved(view: Span, by: number): Span {
  return { from: view.from + by, to: view.to + by };
}

/** The view as it is, or moved so that `at` stands a tenth from its start when it had left it. */
export function following(view: Span, at: number): Span {
  if (at >= view.from && at <= view.to) return view;
  return moved(view, at - view.from - (view.to - view.from) / 10);
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const steps = [1, 2, 5, 10, 15, 30]
  .map(each => each * second)
  .concat([1, 2, 5, 10, 15, 30].map(each => each * minute))
  .concat([1, 2, 3, 6].map(each => each * hour));

/** Distance between the marks of the ruler (ms) so that their words do not touch. */
export function tickStep(view: Span, width: number, wordWidth: number): number {
  const least = ((view.to - view.from) * wordWidth) / width;
  return steps.find(step => step >= least) ?? steps.at(-1)!;
}

/** Marks at round local times within the view. `day`: a local midnight at or before it. */
export function ticks(view: Span, step: number, day: number): number[] {
  const first = day + Math.ceil((view.from - day) / step) * step;
  const found: number[] = [];
  for (let at = first; at <= view.to && found.length < 200; at += step) found.push(at);
  return found;
}
