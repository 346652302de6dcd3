import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../electron/clock.ts';
import { silentLog } from '../../electron/log.ts';
import { Fleet } from '../../electron/simulator/fleet.ts';
import { eventually } from '../accept/eventually.ts';
import { DeskServer } from './desk-server.ts';

let desk: DeskServer;
let fleet: Fleet;
beforeEach(async () => {
  desk = await DeskServer.start();
  const signalPort = desk.server.ports.signal;
  fleet = new Fleet({ vehicles: 1, host: '127.0.0.1', signalPort, clock: systemClock, log: silentLog });
  await fleet.start();
  await eventually('the vehicle', () => desk.server.desk.vehicle(id())?.position !== undefined);
});
afterEach(async () => {
  await fleet.stop();
  await desk.stop();
});

const id = () => fleet.terminal(0).identity.phone.replace(/^0+/, '');
const rows = () => desk.server.desk.snapshot().services;

test('a simulated vehicle raises alarms of every kind, and ends an emergency that is confirmed', async () => {
  const terminal = fleet.terminal(0);
  terminal.raise('sos', 600);
  terminal.raise('fatigue', 600);
  terminal.raise('occlusion', 600, 3);
  terminal.raise('signalLoss', 600, 4);
  terminal.raise('overspeed', 600);
  await eventually('every alarm', () => rows().alarms?.length === 6);
  expect(
    rows()
      .alarms?.map(row => `${row.kind}/${row.channel}`)
      .sort(),
  ).toEqual(['alarm.0/0', 'alarm.1/0', 'alarm.2/0', 'driving.0/0', 'videoAlarm.0/4', 'videoAlarm.1/3'].sort());
  const emergency = rows().alarms?.find(row => row.kind === 'alarm.0');
  const answer = await desk.server.desk.calls['alarm.confirm']({ id: emergency?.id ?? '' });
  expect(answer).toMatchObject({ ok: true, value: { told: true } });
  await eventually('its end', () => (rows().alarms?.find(row => row.kind === 'alarm.0')?.end ?? 0) > 0, 12_000);
});

test('a simulated vehicle sends pictures, each whole, and refuses a camera that it lacks', async () => {
  const take = desk.server.desk.calls['picture.take'];
  expect(await take({ vehicleId: id(), channel: 2, count: 2 })).toEqual({ ok: true, value: null });
  await eventually('both', () => rows().pictures?.length === 2);
  expect(rows().pictures?.every(row => row.channel === 2 && row.bytes > 10_000 && row.latitude !== undefined)).toBe(
    true,
  );
  expect(await take({ vehicleId: id(), channel: 9 })).toMatchObject({ ok: false, code: 'commandUnsupported' });
  fleet.setFaults({ partsReversed: true });
  expect(await take({ vehicleId: id(), channel: 1 })).toMatchObject({ ok: true });
  await eventually('the third, last part first', () => rows().pictures?.length === 3);
});

test('a simulated vehicle tells where it was while the server was away', async () => {
  const port = desk.server.ports.signal;
  await eventually('commands', () => desk.server.desk.vehicle(id())?.state === 'online');
  const value = { parameters: [{ id: 0x0029, value: 1 }] };
  expect(await desk.server.desk.calls['terminal.send']({ vehicleId: id(), messageId: '0x8103', value })).toMatchObject({
    ok: true,
  });
  await desk.stop(true);
  const from = Date.now() + 500;
  await sleep(5000);
  const to = Date.now();
  desk = await DeskServer.start({ signalPort: port }, desk.dataDir);
  await eventually('it to be back', () => desk.server.desk.vehicle(id())?.state === 'online', 30_000);
  const track = () => desk.server.desk.calls['archive.track']({ vehicleId: id(), from, to });
  await eventually('its way', () => {
    const answer = track() as Exclude<ReturnType<typeof track>, Promise<unknown>>;
    return answer.ok && answer.value.length > 0;
  });
}, 60_000);
