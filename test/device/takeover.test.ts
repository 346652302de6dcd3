import { afterEach, expect, test } from 'vitest';
import type { Settings } from '../../electron/config.ts';
import { eventually } from '../accept/eventually.ts';
import { Station } from './station.ts';
import { positionBody } from './wire.ts';

const phone = '013912345678';
const id = '13912345678';
const position = positionBody({ time: '261123120000' });

let station: Station;
async function open(settings: Partial<Settings> = {}): Promise<Station> {
  station = await Station.open(settings);
  return station;
}
afterEach(() => station.close());

test('a terminal that connects again takes over: the old connection is closed and what it was asked fails', async () => {
  await open();
  const old = await station.dial(phone);
  const code = await old.enter();
  const pending = station.terminals.command(id, 0x8104, null, { replyId: 0x0104 });
  await old.take(0x8104);
  const next = await station.dial(phone);
  expect(await next.authenticate(code)).toBe(0);
  expect(await pending).toMatchObject({ ok: false, code: 'terminalGone' });
  await eventually('old closed', () => old.isClosed);
  expect(station.events).toEqual([`online ${id}`, `online ${id}`]);
  expect(station.terminals.get(id)?.remote).toBe(`127.0.0.1:${next.socket.localPort}`);
  expect(station.tally.get('device.takenOver')).toBe(1);
  await eventually('one left', () => station.connections === 1);
  expect(station.terminals.isOnline(id)).toBe(true);
  expect(await next.ask(0x0200, position)).toBe(0);
});

test('authenticating twice on one connection is no takeover', async () => {
  await open();
  const terminal = await station.dial(phone);
  const code = await terminal.enter();
  expect(await terminal.authenticate(code)).toBe(0);
  expect(station.events).toEqual([`online ${id}`]);
});

test('registering without authenticating takes nothing over', async () => {
  await open();
  const genuine = await station.dial(phone);
  await genuine.enter();
  const other = await station.dial(phone);
  expect((await other.register()).result).toBe(0);
  other.socket.destroy();
  await eventually('gone', () => station.connections === 1);
  expect(await genuine.ask(0x0200, position)).toBe(0);
  expect(station.events).toEqual([`online ${id}`]);
});

test('0x0102 and 0x0002 on the media connection are answered and move nothing', async () => {
  await open();
  const signal = await station.dial(phone);
  const code = await signal.enter();
  const media = await station.dial(phone, 'media');
  expect(await media.authenticate(code)).toBe(0);
  expect(await media.ask(0x0002)).toBe(0);
  expect(station.events).toEqual([`online ${id}`]);
  expect(station.tally.get('device.authenticatedAside')).toBe(1);
  void station.terminals.openStream({ terminal: id, channel: 1, stream: 'main' });
  await signal.take(0x9101);
  await media.settle();
  expect(media.received).toEqual([]);
  media.socket.destroy();
  await eventually('gone', () => station.connections === 1);
  expect(station.terminals.isOnline(id)).toBe(true);
});

test('even a report on the media connection does not move a session that lives on the signal port', async () => {
  await open();
  const signal = await station.dial(phone);
  const code = await signal.enter();
  const media = await station.dial(phone, 'media');
  await media.authenticate(code);
  expect(await media.ask(0x0200, position)).toBe(0);
  expect(station.events).toEqual([`online ${id}`]);
  expect(await signal.ask(0x0002)).toBe(0);
});

test('an authenticated media connection stands in when the signalling one is gone, and carries on when it returns', async () => {
  await open();
  const signal = await station.dial(phone);
  const code = await signal.enter();
  const media = await station.dial(phone, 'media');
  await media.authenticate(code);
  signal.socket.destroy();
  await eventually('offline', () => station.events.length === 2);
  expect(await media.ask(0x0002)).toBe(0);
  expect(station.events).toEqual([`online ${id}`, `offline ${id}`, `online ${id}`]);
  const again = await station.dial(phone);
  expect(await again.authenticate(code)).toBe(0);
  expect(station.events).toHaveLength(4);
  expect(await media.ask(0x0002)).toBe(0);
  expect(station.events).toHaveLength(4);
  expect(media.isClosed).toBe(false);
  expect(station.terminals.get(id)?.remote).toBe(`127.0.0.1:${again.socket.localPort}`);
});

test('a terminal may signal on the media port, and connect again there', async () => {
  await open();
  const first = await station.dial(phone, 'media');
  const code = await first.enter();
  expect(await first.ask(0x0200, position)).toBe(0);
  const media = await station.dial(phone, 'media');
  await media.authenticate(code);
  await media.ask(0x0002);
  expect(station.events).toEqual([`online ${id}`]);
  const second = await station.dial(phone, 'media');
  await second.authenticate(code);
  expect(await second.ask(0x0200, position)).toBe(0);
  await eventually('first closed', () => first.isClosed);
  expect(station.events).toEqual([`online ${id}`, `online ${id}`]);
});

test('silence beyond the heartbeat limit is offline, and the connection is closed', async () => {
  await open({ heartbeatTimeoutMs: 60_000 });
  const terminal = await station.dial(phone);
  await terminal.enter();
  station.clock.pass(55_000);
  expect(await terminal.ask(0x0002)).toBe(0);
  station.clock.pass(55_000);
  expect(station.terminals.isOnline(id)).toBe(true);
  station.clock.pass(10_000);
  expect(station.events).toEqual([`online ${id}`, `offline ${id}`]);
  await eventually('closed', () => terminal.isClosed);
  expect(station.tally.get('device.silent')).toBe(1);
});

test('a media connection that authenticated once and only streams is not closed for its silence', async () => {
  await open({ heartbeatTimeoutMs: 60_000 });
  const signal = await station.dial(phone);
  const code = await signal.enter();
  const media = await station.dial(phone, 'media');
  await media.authenticate(code);
  for (let n = 0; n < 3; n++) {
    station.clock.pass(50_000);
    await signal.settle();
  }
  expect(media.isClosed).toBe(false);
  expect(station.terminals.isOnline(id)).toBe(true);
});

test('a reset in the middle of a message is offline and harms nobody else', async () => {
  await open();
  const other = await station.dial('013900000001');
  await other.enter();
  const terminal = await station.dial(phone);
  await terminal.enter();
  const pending = station.terminals.command(id, 0x8104, null, { replyId: 0x0104 });
  await terminal.take(0x8104);
  terminal.socket.write(Buffer.from('7e02000026', 'hex'));
  terminal.socket.resetAndDestroy();
  expect(await pending).toMatchObject({ ok: false, code: 'terminalGone' });
  expect(station.events.at(-1)).toBe(`offline ${id}`);
  expect(await other.ask(0x0002)).toBe(0);
});

test('a forgotten terminal is closed and begins anew', async () => {
  await open();
  const terminal = await station.dial(phone);
  const code = await terminal.enter();
  expect(station.terminals.forget(phone)).toEqual({ ok: true, value: null });
  await eventually('closed', () => terminal.isClosed);
  expect(station.events).toEqual([`online ${id}`, `offline ${id}`, `removed ${id}`]);
  expect(station.terminals.get(id)).toBeUndefined();
  const again = await station.dial(phone);
  expect(await again.authenticate(code)).toBe(1);
  expect((await again.enter()).equals(code)).toBe(false);
  expect(station.terminals.forget('nobody')).toMatchObject({ ok: false, code: 'unknownTerminal' });
});

test('a half-open connection on the media port gives way to one that only authenticates and beats', async () => {
  await open({ heartbeatTimeoutMs: 180_000 });
  const dead = await station.dial(phone, 'media');
  const code = await dead.enter();
  station.clock.pass(10_000);
  const next = await station.dial(phone, 'media');
  await next.authenticate(code);
  station.clock.pass(50_000);
  expect(await next.ask(0x0002)).toBe(0);
  expect(station.events).toEqual([`online ${id}`]);
  station.clock.pass(15_000);
  expect(await next.authenticate(code)).toBe(0);
  expect(station.events).toEqual([`online ${id}`, `online ${id}`]);
  expect(station.terminals.get(id)?.remote).toBe(`127.0.0.1:${next.socket.localPort}`);
  await eventually('old closed', () => dead.isClosed);
});

test('a connection on the media port that still carries something does not give way', async () => {
  await open({ heartbeatTimeoutMs: 180_000 });
  const alive = await station.dial(phone, 'media');
  const code = await alive.enter();
  station.clock.pass(10_000);
  const media = await station.dial(phone, 'media');
  await media.authenticate(code);
  station.clock.pass(50_000);
  await alive.settle();
  station.clock.pass(50_000);
  expect(await media.authenticate(code)).toBe(0);
  expect(await media.ask(0x0002)).toBe(0);
  expect(station.events).toEqual([`online ${id}`]);
});
