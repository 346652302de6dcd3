import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AlarmRow, PictureRow, Result } from '../../electron/contract.ts';
import { eventually } from '../accept/eventually.ts';
import { HandTerminal } from '../device/hand-terminal.ts';
import { positionBody, word } from '../device/wire.ts';
import { DeskServer } from './desk-server.ts';

const phone = '013912345678';
const id = '13912345678';

let desk: DeskServer;
let terminal: HandTerminal;
beforeEach(async () => {
  desk = await DeskServer.start();
  terminal = await HandTerminal.dial(desk.server.ports.signal, phone);
  await terminal.enter();
});
afterEach(async () => {
  terminal.socket.destroy();
  await desk.stop();
});

const calls = () => desk.server.desk.calls;
const alarmRows = (): AlarmRow[] => desk.server.desk.snapshot().services.alarms ?? [];
const pictureRows = (): PictureRow[] => desk.server.desk.snapshot().services.pictures ?? [];
const alarm = (kind: string): AlarmRow | undefined => alarmRows().find(row => row.kind === kind);

async function value<T>(answer: Result<T> | Promise<Result<T>>): Promise<T> {
  const result = await answer;
  if (!result.ok) throw new Error(result.code);
  return result.value;
}

/** ms since 1970 → BCD in GMT+8. */
function stamp(ms: number): string {
  return new Date(ms + 8 * 3_600_000).toISOString().replace(/\D/g, '').slice(2, 14);
}
const now = Math.floor(Date.now() / 1000) * 1000;
const report = (alarms: number, items = '', time = now) =>
  terminal.ask(0x0200, positionBody({ time: stamp(time), alarms, items: Buffer.from(items, 'hex') }));

test('an alarm is there from the report it begins in to the one it is gone from, and is confirmed by 0x8203', async () => {
  const serial = terminal.send(0x0200, positionBody({ time: stamp(now), alarms: 1, speed: 456 }));
  await terminal.result(serial, 0x0200);
  const row = alarm('alarm.0') as AlarmRow;
  expect(row).toMatchObject({ vehicleId: id, channel: 0, level: 'error', end: 0, speed: 45.6, latitude: 31.230416 });
  expect(row).toMatchObject({ confirmedAt: 0, told: false });

  const confirming = calls()['alarm.confirm']({ id: row.id, by: 'Li' });
  const order = await terminal.take(0x8203);
  expect(order.body).toEqual(Buffer.concat([word(serial), Buffer.from('00000001', 'hex')]));
  terminal.acknowledge(order);
  expect(await value(confirming)).toMatchObject({ confirmedBy: 'Li', told: true });

  await report(0);
  expect(alarm('alarm.0')?.end).toBeGreaterThan(0);
  const kept = await value(calls()['alarm.list']({ from: 0, to: Date.now() + 1000, vehicleId: `0${id}`, limit: 10 }));
  expect(kept).toHaveLength(1);
  expect(kept[0]).toMatchObject({ id: row.id, kind: 'alarm.0', confirmedBy: 'Li', told: true });
});

test('an 808-2011 terminal is told by 0x8001 with result 4, one that is away is not', async () => {
  const old = await HandTerminal.dial(desk.server.ports.signal, '013912345679');
  const { code } = await old.register('2011');
  await old.authenticate(code);
  const serial = old.send(0x0200, positionBody({ time: stamp(now), alarms: 1 }));
  await old.result(serial, 0x0200);
  const [row] = alarmRows() as [AlarmRow];
  expect(await value(calls()['alarm.confirm']({ id: row.id }))).toMatchObject({ told: true });
  expect(await old.result(serial, 0x0200)).toBe(4);
  old.socket.destroy();

  await report(1 << 3);
  terminal.socket.destroy();
  await eventually('offline', () => desk.server.desk.vehicle(id)?.state === 'offline');
  const danger = alarm('alarm.3') as AlarmRow;
  const confirmed = await value(calls()['alarm.confirm']({ id: danger.id }));
  expect(confirmed).toMatchObject({ told: false });
  expect(confirmed.confirmedAt).toBeGreaterThan(0);
  expect(await calls()['alarm.confirm']({ id: 'a999' })).toMatchObject({ ok: false, code: 'unknownAlarm' });
});

test('video alarms name their camera, driving its behaviour, at both lengths; other lengths mean something else', async () => {
  await report(0, '140400000023 150400000002 160400000001 18030005 50'.replaceAll(' ', ''));
  expect(alarmRows().map(row => [row.kind, row.channel, row.fatigue])).toEqual([
    ['videoAlarm.0', 2, undefined],
    ['videoAlarm.1', 1, undefined],
    ['driving.0', 0, 80],
    ['driving.2', 0, undefined],
  ]);
  await report(0, '18020002');
  expect(
    alarmRows()
      .filter(row => row.end === 0)
      .map(row => row.kind),
  ).toEqual(['driving.1']);
  await report(0, '180400000001 170101 16020001'.replaceAll(' ', ''));
  expect(alarmRows().filter(row => row.end === 0)).toEqual([]);
  await report(0, '17021001');
  expect(
    alarmRows()
      .filter(row => row.end === 0)
      .map(row => row.kind),
  ).toEqual(['storage.0', 'storage.12']);
});

test('an alarm that comes back at once goes on', async () => {
  for (const word of [1, 0, 1, 0, 1]) await report(word);
  expect(alarmRows()).toHaveLength(1);
  expect(alarm('alarm.0')?.end).toBe(0);
});

test('positions of a blind area stand at their own time, and alarms within them', async () => {
  await report(0);
  const at = (minutes: number) => now - minutes * 60_000;
  const blind = [
    positionBody({ time: stamp(at(30)), latitude: 30_000_000, alarms: 0 }),
    positionBody({ time: stamp(at(29)), latitude: 30_100_000, alarms: 1 }),
    positionBody({ time: stamp(at(28)), latitude: 30_200_000, alarms: 1 }),
    positionBody({ time: stamp(at(27)), latitude: 30_300_000, alarms: 0 }),
  ];
  const batch = Buffer.concat([word(4), Buffer.of(1), ...blind.flatMap(body => [word(body.length), body])]);
  expect(await terminal.ask(0x0704, batch)).toBe(0);
  expect(desk.server.desk.vehicle(id)?.position?.latitude).toBe(31.230416);
  const track = await value(calls()['archive.track']({ vehicleId: id, from: at(31), to: at(26) }));
  expect(track.map(({ at, latitude }) => [at, latitude])).toEqual([
    [at(30), 30],
    [at(29), 30.1],
    [at(28), 30.2],
    [at(27), 30.3],
  ]);
  expect(alarm('alarm.0')).toMatchObject({ begin: at(29), end: at(27), late: true, latitude: 30.1 });
});

test('passengers are counted once', async () => {
  const count = Buffer.concat([Buffer.from(stamp(now - 60_000) + stamp(now), 'hex'), word(12), word(3)]);
  for (let n = 0; n < 2; n++) expect(await terminal.ask(0x1005, count)).toBe(0);
  expect(await value(calls()['passenger.list']({ from: 0, to: now + 1000, limit: 10 }))).toEqual([
    { vehicleId: id, from: now - 60_000, to: now, on: 12, off: 3 },
  ]);
});

const jpeg = Buffer.concat([Buffer.from('FFD8FFE0', 'hex'), Buffer.alloc(2500, 0x5a), Buffer.from('FFD9', 'hex')]);

test('a picture that was asked for arrives in parts, is confirmed, kept, listed and served', async () => {
  const taking = calls()['picture.take']({ vehicleId: id, channel: 2, count: 1, quality: 1, resolution: 6 });
  const order = await terminal.take(0x8801);
  expect(order.body.toString('hex')).toBe('020001000000060180404080');
  terminal.send(0x0805, Buffer.concat([word(order.serial), Buffer.from('00000100000007', 'hex')]));
  expect(await value(taking)).toBeNull();

  const place = positionBody({ time: stamp(now) });
  const body = Buffer.concat([Buffer.from('0000000700000002', 'hex'), place, jpeg]);
  const parts = [body.subarray(0, 900), body.subarray(900, 1800), body.subarray(1800)];
  for (const at of [2, 0, 1])
    expect(await terminal.ask(0x0801, parts[at] as Buffer, { serial: 500 + at, part: [3, at + 1] })).toBe(0);
  expect((await terminal.take(0x8800)).body.toString('hex')).toBe('00000007');

  const [row] = pictureRows() as [PictureRow];
  expect(row).toMatchObject({ vehicleId: id, channel: 2, at: now, type: 'image', format: 'jpeg', event: 'platform' });
  expect(row.bytes).toBe(jpeg.length);
  const file = await value(desk.server.desk.pictureFile(Number(row.id)));
  expect(readFileSync(file.path)).toEqual(jpeg);
  expect(file.type).toBe('image/jpeg');
  expect(await value(calls()['picture.list']({ from: 0, to: now + 1, vehicleId: id, limit: 5 }))).toEqual([row]);

  for (const at of [0, 1, 2])
    expect(await terminal.ask(0x0801, parts[at] as Buffer, { serial: 900 + at, part: [3, at + 1] })).toBe(0);
  await terminal.take(0x8800);
  expect(pictureRows()).toHaveLength(1);
});

test('pictures beyond their room leave with their files, oldest first', async () => {
  const big = Buffer.alloc(400_000, 0x5a);
  jpeg.copy(big, 0, 0, 4);
  await calls()['settings.set']({ key: 'pictureQuotaMb', value: 1 });
  for (let n = 1; n <= 4; n++) {
    const body = Buffer.concat([
      Buffer.from(`0000000${n}00000002`, 'hex'),
      positionBody({ time: stamp(now + n) }),
      big,
    ]);
    const total = Math.ceil(body.length / 1000);
    for (let at = 0; at < total; at++)
      terminal.send(0x0801, body.subarray(at * 1000, at * 1000 + 1000), {
        serial: n * 1000 + at,
        part: [total, at + 1],
      });
    await terminal.take(0x8800);
  }
  await eventually('room', () => pictureRows().length === 2);
  const files = () => readdirSync(join(desk.dataDir, 'pictures'), { recursive: true, withFileTypes: true });
  await eventually('files', () => files().filter(each => each.isFile()).length === 2);
  expect(desk.server.tally.get('picture.deleted')).toBe(2);
});

test('what lasts over a restart goes on, what is gone by then ends', async () => {
  await report(0b101);
  terminal.socket.destroy();
  await desk.stop(true);
  desk = await DeskServer.start({}, desk.dataDir);
  expect(alarmRows().map(row => [row.kind, row.end])).toEqual([
    ['alarm.0', 0],
    ['alarm.2', 0],
  ]);
  terminal = await HandTerminal.dial(desk.server.ports.signal, phone);
  await terminal.enter();
  await report(0b001, '', now + 1000);
  expect(alarmRows().map(row => [row.kind, row.end === 0])).toEqual([
    ['alarm.0', true],
    ['alarm.2', false],
  ]);
});
