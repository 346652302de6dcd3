import { describe, expect, it } from 'vitest';
import type { Delta } from '../../electron/contract.ts';
import { DeltaGatherer } from '../../electron/ipc/delta-gatherer.ts';
import { ManualClock } from '../accept/manual-clock.ts';
import { SmallDesk, vehicle } from './small-desk.ts';

function gather(count: number) {
  const clock = new ManualClock();
  const small = new SmallDesk(clock);
  small.vehicles.clear();
  for (let at = 0; at < count; at++) {
    const id = String(13_900_000_000 + at);
    small.vehicles.set(id, vehicle(id));
  }
  const deltas: Delta[] = [];
  const { desk, tally, settings } = small;
  const link = { ready: true };
  const gatherer = new DeltaGatherer({
    desk,
    clock,
    tally,
    settings,
    ready: () => link.ready,
    send: delta => deltas.push(delta),
  });
  return { deltas, link, gatherer, small, pass: () => clock.pass(settings.deltaMs) };
}

describe('DeltaGatherer with a very large fleet', () => {
  it('tells it in slices, every vehicle once', () => {
    const { deltas, pass } = gather(2500);
    expect(deltas.map(delta => delta.vehicles?.length)).toEqual([1000]);
    for (let turn = 0; turn < 5; turn++) pass();
    expect(deltas.map(delta => delta.vehicles?.length)).toEqual([1000, 1000, 500]);
    expect(new Set(deltas.flatMap(delta => delta.vehicles ?? []).map(({ id }) => id)).size).toBe(2500);
    expect(deltas[1]).not.toHaveProperty('health');
  });

  it('holds the slices back from a console that does not keep up', () => {
    const { deltas, link, pass } = gather(1500);
    link.ready = false;
    pass();
    pass();
    expect(deltas.length).toBe(1);
    link.ready = true;
    pass();
    expect(deltas[1]?.vehicles?.length).toBe(500);
  });

  it('leaves out of a later slice what was forgotten meanwhile', () => {
    const { deltas, gatherer, small, pass } = gather(1002);
    small.vehicles.delete('13900001001');
    gatherer.vehicleRemoved('13900001001');
    pass();
    expect(deltas[1]).toMatchObject({ vehicles: [{ id: '13900001000' }], removed: ['13900001001'] });
  });
});
