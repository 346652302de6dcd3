import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Unit } from './foreign-packet.ts';
import type { SeenFrame } from './video-viewer.ts';

/** Every unit, in order, byte for byte, and nothing else. */
export function expectExactly(frames: readonly SeenFrame[], units: readonly Unit[]): void {
  const places = placesOf(frames, units);
  const wrongAt = places.findIndex((place, index) => place !== index);
  const first = wrongAt < 0 ? 'none' : `number ${wrongAt} is unit ${places[wrongAt]}`;
  expect({ count: places.length, wrong: first }).toEqual({ count: units.length, wrong: 'none' });
  expect(frames.map(frame => frame.key)).toEqual(units.map(unit => unit.key));
}

/** For each frame the place of the unit it equals byte for byte, or -1. */
export function placesOf(frames: readonly { data: Buffer }[], units: readonly Unit[]): number[] {
  const places = new Map(units.map((unit, index) => [unit.data.toString('latin1'), index]));
  return frames.map(frame => places.get(frame.data.toString('latin1')) ?? -1);
}

/** Waits until `holds` gives something. */
export async function until<T>(
  what: string,
  holds: () => T | Promise<T>,
  withinMs = 20_000,
): Promise<NonNullable<Exclude<T, false>>> {
  const end = performance.now() + withinMs;
  for (;;) {
    const value = await holds();
    if (value) return value as NonNullable<Exclude<T, false>>;
    if (performance.now() > end) throw new Error(`never came true: ${what}`);
    await sleep(20);
  }
}
