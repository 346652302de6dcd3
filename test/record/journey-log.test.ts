import { afterEach, describe, expect, it } from 'vitest';
import type { Vehicle, VehiclePosition } from '../../electron/contract.ts';
import { JourneyLog } from '../../electron/record/journey-log.ts';
import { vehicle } from '../ipc/small-desk.ts';
import { bus, CatalogueBench } from './catalogue-bench.ts';

const benches: CatalogueBench[] = [];
afterEach(() => {
  for (const bench of benches.splice(0)) bench.close();
});

function open() {
  const bench = new CatalogueBench();
  benches.push(bench);
  const { catalogue, tally, clock } = bench;
  return { bench, journey: new JourneyLog({ catalogue, tally, now: () => clock.now() }) };
}

const at = (receivedAt: number, change: Partial<VehiclePosition> = {}): Vehicle => ({
  ...vehicle(bus.vehicleId),
  position: {
    ...{ latitude: 31.2, longitude: 121.4, altitude: 4, speed: 36, direction: 90, deviceTime: 0, receivedAt },
    ...{ fixed: true, ignition: true, alarms: 0, videoAlarms: 0, signalLost: [], occluded: [] },
    ...change,
  },
});

describe('JourneyLog', () => {
  it('keeps a point every five seconds, none without a fix', () => {
    const { journey } = open();
    for (let second = 10; second < 22; second++) journey.vehicleChanged(at(second * 1000, { speed: second }));
    journey.vehicleChanged(at(40_000, { fixed: false }));
    expect(journey.track(bus.vehicleId, 0, 99_000)).toEqual(
      [10, 15, 20].map(second => ({
        at: second * 1000,
        latitude: 31.2,
        longitude: 121.4,
        speed: second,
        direction: 90,
      })),
    );
    expect(journey.track(bus.vehicleId, 15_000, 20_000)).toHaveLength(1);
    expect(journey.track('999', 0, 99_000)).toEqual([]);
  });

  it('thins a long time', () => {
    const { journey } = open();
    for (let n = 1; n <= 9000; n++) journey.vehicleChanged(at(n * 5000));
    const points = journey.track(bus.vehicleId, 0, 45_000_000);
    expect(points.length).toBeGreaterThan(2000);
    expect(points.length).toBeLessThanOrEqual(4001);
    expect(points.map(point => point.at)).toEqual(points.map(point => point.at).sort((a, b) => a - b));
  });

  it('notes when alarms begin, once, and when a vehicle comes and goes', () => {
    const { bench, journey } = open();
    journey.vehicleChanged(at(1000));
    journey.vehicleChanged(at(2000, { alarms: 0b101 }));
    bench.clock.pass(1000);
    journey.vehicleChanged(at(3000, { alarms: 0b111, videoAlarms: 1 }));
    journey.vehicleChanged({ ...at(3000, { alarms: 0b111, videoAlarms: 1 }), state: 'offline' });
    const began = bench.clock.now() - 1000;
    const events = journey.events([bus.vehicleId], 0, began + 99_000);
    expect(events.map(event => [event.at - began, event.kind, event.level])).toEqual([
      [0, 'alarm.0', 'error'],
      [0, 'alarm.2', 'error'],
      [1000, 'alarm.1', 'warning'],
      [1000, 'videoAlarm.0', 'warning'],
      [1000, 'offline', 'info'],
    ]);
    expect(events[0]).toMatchObject({ vehicleId: bus.vehicleId, channel: 0 });
    expect(journey.events(['999'], 0, began + 99_000)).toEqual([]);
  });

  it('does not take what it finds at first for news', () => {
    const { journey, bench } = open();
    journey.vehicleChanged(at(1000, { alarms: 0b11 }));
    expect(journey.events([bus.vehicleId], 0, bench.clock.now() + 1000)).toEqual([]);
  });
});
