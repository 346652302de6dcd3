import { afterEach, expect, test } from 'vitest';
import type { Settings } from '../../electron/config.ts';
import { eventually } from '../accept/eventually.ts';
import { Station } from './station.ts';
import { plateText, positionBody, registrationBody } from './wire.ts';

const phone = '013912345678';
const id = '13912345678';
const phone2019 = '00000000013912345678';

let station: Station;
async function open(settings: Partial<Settings> = {}): Promise<Station> {
  station = await Station.open(settings);
  return station;
}
afterEach(() => station.close());

test('a 2013 terminal registers, authenticates, beats and reports', async () => {
  await open();
  const terminal = await station.dial(phone);
  const { result, code } = await terminal.register();
  expect(result).toBe(0);
  expect(code.length).toBeGreaterThanOrEqual(8);
  expect(station.terminals.get(id)).toMatchObject({ id, headerId: phone, state: 'offline', plate: plateText });
  expect(await terminal.authenticate(code)).toBe(0);
  expect(station.events).toEqual([`online ${id}`]);
  expect(station.terminals.get(id)).toMatchObject({
    state: 'online',
    plate: plateText,
    plateColor: 1,
    maker: 'ACME',
    model: 'MDVR-9',
    version: '2013',
    onlineSince: station.clock.now(),
    channels: [{ channel: 1 }, { channel: 2 }, { channel: 3 }, { channel: 4 }],
  });
  expect(await terminal.ask(0x0002)).toBe(0);
  expect(await terminal.ask(0x0200, positionBody({ time: '261123120000' }))).toBe(0);
  expect(station.terminals.get(id)?.position).toMatchObject({
    latitude: 31.230416,
    longitude: 121.473701,
    altitude: 12,
    speed: 45.6,
    direction: 270,
    fixed: true,
    ignition: true,
    deviceTime: Date.UTC(2026, 10, 23, 4, 0, 0),
    receivedAt: station.clock.now(),
  });
});

test('replies carry the header version and the raw phone of the message they answer', async () => {
  await open();
  const older = await station.dial('0000aebc2a00');
  older.send(0x0100, registrationBody('2011'));
  const reply = await older.take(0x8100);
  expect(reply).toMatchObject({ is2019: false, phone: '0000aebc2a00' });
  expect(station.terminals.get('aebc2a00')).toMatchObject({
    id: 'AEBC2A00',
    headerId: '0000AEBC2A00',
    version: '2011',
  });
  const newer = await station.dial('00000000001399999999');
  const code = await newer.enter();
  expect(code.length).toBeGreaterThan(0);
  newer.send(0x0002);
  expect(await newer.take(0x8001)).toMatchObject({ is2019: true, phone: '00000000001399999999' });
  expect(station.terminals.get('1399999999')?.version).toBe('2019');
});

test('serials of the platform count up on each connection', async () => {
  await open();
  const terminal = await station.dial(phone);
  await terminal.enter();
  const serials: number[] = [];
  for (let n = 0; n < 5; n++) {
    terminal.send(0x0002);
    serials.push((await terminal.take(0x8001)).serial);
  }
  expect(serials).toEqual([2, 3, 4, 5, 6]);
});

test('a wrong code is refused with 1 and the right one is taken afterwards', async () => {
  await open();
  const terminal = await station.dial(phone);
  const { code } = await terminal.register();
  const wrong = Buffer.from(code);
  wrong[0] = (wrong[0] as number) ^ 1;
  expect(await terminal.authenticate(wrong)).toBe(1);
  expect(await terminal.authenticate(code.subarray(0, -1))).toBe(1);
  expect(await terminal.authenticate(Buffer.of())).toBe(1);
  expect(station.terminals.isOnline(id)).toBe(false);
  expect(station.tally.get('device.wrongCode')).toBe(3);
  expect(await terminal.authenticate(code)).toBe(0);
  expect(station.terminals.isOnline(id)).toBe(true);
});

test('a code of another terminal opens nothing', async () => {
  await open();
  const one = await station.dial(phone);
  const other = await station.dial('013900000002');
  const { code } = await one.register();
  await other.register();
  expect(await other.authenticate(code)).toBe(1);
});

test('a terminal whose code came from another platform is refused, then registers anew', async () => {
  await open();
  const terminal = await station.dial(phone);
  expect(await terminal.authenticate(Buffer.from('abc123'))).toBe(1);
  expect(station.terminals.get(id)).toBeUndefined();
  expect(station.tally.get('device.unknownCode')).toBe(1);
  await terminal.enter();
  expect(station.terminals.isOnline(id)).toBe(true);
});

test('one that was here before authenticates straight away on a new connection', async () => {
  await open();
  const first = await station.dial(phone);
  const code = await first.enter();
  first.socket.destroy();
  await eventually('offline', () => station.events.includes(`offline ${id}`));
  const second = await station.dial(phone);
  expect(await second.authenticate(code)).toBe(0);
  expect(station.events).toEqual([`online ${id}`, `offline ${id}`, `online ${id}`]);
});

test('2019 authentication is read with its length byte, and without when a device leaves it out', async () => {
  await open();
  const terminal = await station.dial(phone2019);
  const { code } = await terminal.register();
  expect(await terminal.ask(0x0102, code)).toBe(0);
  expect(await terminal.authenticate(code)).toBe(0);
});

test('registering again keeps the code', async () => {
  await open();
  const terminal = await station.dial(phone);
  const first = await terminal.register();
  const second = await terminal.register();
  expect(second.result).toBe(0);
  expect(second.code.equals(first.code)).toBe(true);
});

test('two header forms of one phone are one terminal', async () => {
  await open();
  const older = await station.dial(phone);
  const code = await older.enter();
  const newer = await station.dial(phone2019);
  expect(await newer.authenticate(code)).toBe(0);
  expect(station.terminals.list()).toHaveLength(1);
  expect(station.terminals.get('0013912345678')).toMatchObject({ id, headerId: phone2019, version: '2019' });
  newer.send(0x0002);
  expect((await newer.take(0x8001)).phone).toBe(phone2019);
});

test('before authentication other messages are refused with 1 and counted, and change nothing', async () => {
  await open();
  const terminal = await station.dial(phone);
  expect(await terminal.ask(0x0200, positionBody({ time: '261123120000' }))).toBe(1);
  expect(await terminal.ask(0x0002)).toBe(0);
  expect(await terminal.ask(0x0f01)).toBe(1);
  terminal.send(0x0001, Buffer.of(0, 1, 0x91, 1, 0));
  await terminal.settle();
  expect(terminal.received).toEqual([]);
  expect(station.tally.get('device.notAuthenticated')).toBe(3);
  expect(station.terminals.list()).toEqual([]);
});

test('a position of a known terminal on a connection that did not authenticate moves nothing', async () => {
  await open();
  const known = await station.dial(phone);
  await known.enter();
  await known.ask(0x0200, positionBody({ time: '261123120000' }));
  const before = station.terminals.get(id);
  const changes = station.changed.length;
  const stranger = await station.dial(phone);
  expect(await stranger.ask(0x0200, positionBody({ time: '261123130000', latitude: 1 }))).toBe(1);
  expect(await stranger.ask(0x0002)).toBe(0);
  stranger.socket.destroy();
  await eventually('gone', () => station.connections === 1);
  expect(station.terminals.get(id)).toEqual(before);
  expect(station.changed.length).toBe(changes);
  expect(station.events).toEqual([`online ${id}`]);
});

test('logout is acknowledged, goes offline and makes the code void', async () => {
  await open();
  const terminal = await station.dial(phone);
  const code = await terminal.enter();
  expect(await terminal.ask(0x0003)).toBe(0);
  expect(station.events).toEqual([`online ${id}`, `offline ${id}`]);
  expect(station.terminals.get(id)?.state).toBe('offline');
  expect(await terminal.ask(0x0200, positionBody({ time: '261123120000' }))).toBe(1);
  expect(await terminal.authenticate(code)).toBe(1);
  await terminal.enter();
  expect(station.terminals.isOnline(id)).toBe(true);
});

test('with a list, unknown terminals wait as pending until they are admitted', async () => {
  await open({ registration: 'list' });
  const terminal = await station.dial(phone);
  expect((await terminal.register()).result).toBe(4);
  expect(station.terminals.get(id)).toMatchObject({ state: 'pending', plate: plateText });
  expect(station.terminals.isKnown(id)).toBe(false);
  expect(await terminal.authenticate(Buffer.from('guess'))).toBe(1);
  expect(await station.terminals.command(id, 0x8104, null)).toMatchObject({ ok: false, code: 'terminalPending' });
  expect(station.terminals.admit(`0${id}`)).toMatchObject({ ok: true, value: { state: 'offline' } });
  await terminal.enter();
  expect(station.terminals.get(id)?.state).toBe('online');

  const straight = await station.dial('013900000009');
  expect(await straight.authenticate(Buffer.from('other'))).toBe(1);
  expect(station.terminals.get('13900000009')?.state).toBe('pending');
});

test('registrations from one address are limited by the minute', async () => {
  await open({ registrationsPerMinutePerAddress: 3 });
  const terminal = await station.dial(phone);
  for (let n = 0; n < 3; n++) expect((await terminal.register()).result).toBe(0);
  terminal.send(0x0100, registrationBody('2013'));
  await terminal.settle();
  expect(terminal.received).toEqual([]);
  expect(station.tally.get('device.registrationRate')).toBe(1);
  station.clock.pass(20_000);
  expect((await terminal.register()).result).toBe(0);
});

test('a registration too short to be one is answered 2', async () => {
  await open();
  const terminal = await station.dial(phone);
  expect(await terminal.ask(0x0100, Buffer.alloc(20))).toBe(2);
  expect(station.terminals.list()).toEqual([]);
});

test('a full roster makes room by those that never authenticated, never by vehicles', async () => {
  await open({ maxTerminals: 2 });
  const vehicle = await station.dial(phone);
  await vehicle.enter();
  station.clock.pass(10);
  const made = await station.dial('013900000001');
  expect((await made.register()).result).toBe(0);
  station.clock.pass(10);
  const another = await station.dial('013900000002');
  await another.enter();
  expect(station.events).toContain('removed 13900000001');
  expect(station.terminals.list().map(row => row.id)).toEqual([id, '13900000002']);
  const third = await station.dial('013900000003');
  expect((await third.register()).result).toBe(4);
  expect(station.tally.get('device.rosterFull')).toBe(1);
});

test('two hundred terminals behind one address', async () => {
  await open();
  const all = await Promise.all(
    Array.from({ length: 200 }, (_, n) => station.dial(String(13_900_000_000 + n).padStart(12, '0'))),
  );
  await Promise.all(all.map(terminal => terminal.enter()));
  expect(station.terminals.list().filter(row => row.state === 'online')).toHaveLength(200);
  expect(await Promise.all(all.map(terminal => terminal.ask(0x0002)))).toEqual(all.map(() => 0));
});

test('a gateway may carry many terminals on one connection, up to the ceiling', async () => {
  await open({ maxTerminalsPerConnection: 2 });
  const gateway = await station.dial('013900000001');
  await gateway.enter();
  const serial = gateway.send(0x0100, registrationBody('2013'), { phone: '013900000002' });
  const { body } = await gateway.take(0x8100, message => message.phone === '013900000002');
  expect(body.readUInt16BE(0)).toBe(serial);
  expect(await gateway.ask(0x0102, body.subarray(3), { phone: '013900000002' })).toBe(0);
  gateway.send(0x0100, registrationBody('2013'), { phone: '013900000003' });
  await gateway.settle();
  expect(station.tally.get('device.tooManyTerminalsOnLink')).toBe(1);
  expect(station.events).toEqual(['online 13900000001', 'online 13900000002']);
  gateway.socket.destroy();
  await eventually('both offline', () => station.events.length === 4);
  expect(station.terminals.list().map(row => row.state)).toEqual(['offline', 'offline']);
});

test('registration and authentication in parts, in any order, and once more when the answer was lost', async () => {
  await open();
  const terminal = await station.dial(phone);
  const body = registrationBody('2013');
  expect(await terminal.ask(0x0100, body.subarray(20), { serial: 11, part: [2, 2] })).toBe(0);
  const codes: Buffer[] = [];
  for (const round of [1, 2]) {
    if (round === 2) await terminal.ask(0x0100, body.subarray(20), { serial: 11, part: [2, 2] });
    terminal.send(0x0100, body.subarray(0, 20), { serial: 10, part: [2, 1] });
    const reply = await terminal.take(0x8100);
    expect(reply.body.subarray(0, 3)).toEqual(Buffer.of(0, 10, 0));
    codes.push(reply.body.subarray(3));
  }
  expect(codes[0]).toEqual(codes[1]);
  expect(station.terminals.get(phone)?.plate).toBe('京A12345');
  const code = codes[0] as Buffer;
  expect(await terminal.ask(0x0102, code.subarray(0, 3), { serial: 20, part: [2, 1] })).toBe(0);
  expect(station.terminals.isOnline(phone)).toBe(false);
  expect(await terminal.ask(0x0102, code.subarray(3), { serial: 21, part: [2, 2] })).toBe(0);
  expect(station.terminals.isOnline(phone)).toBe(true);
});

test('a stranger keeps little: parts beyond a registration are refused, other messages are not joined', async () => {
  await open();
  const stranger = await station.dial(phone);
  expect(await stranger.ask(0x0100, Buffer.alloc(10), { serial: 10, part: [17, 1] })).toBe(1);
  for (let index = 1; index <= 4; index++)
    expect(await stranger.ask(0x0100, Buffer.alloc(1000), { serial: 100 + index, part: [8, index] })).toBe(0);
  expect(await stranger.ask(0x0100, Buffer.alloc(1000), { serial: 105, part: [8, 5] })).toBe(1);
  expect(await stranger.ask(0x0704, Buffer.alloc(1000), { serial: 200, part: [2, 1] })).toBe(1);
  expect(station.tally.get('device.notAuthenticated')).toBe(1);
});

test('a registration from elsewhere while the terminal is connected is counted, and told once', async () => {
  await open();
  const terminal = await station.dial(phone);
  await terminal.enter();
  const sameNetwork = await station.dial(phone);
  await sameNetwork.register();
  expect(station.tally.get('device.registeredElsewhere')).toBe(0);
  const other = await station.dial(phone, 'signal', '127.0.0.2');
  for (let n = 0; n < 3; n++) expect((await other.register()).result).toBe(0);
  expect(station.tally.get('device.registeredElsewhere')).toBe(3);
  expect(station.notices).toEqual(['warning registeredElsewhere']);
});
