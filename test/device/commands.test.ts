import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../accept/eventually.ts';
import type { HandTerminal } from './hand-terminal.ts';
import { Station } from './station.ts';
import { dword, type WireMessage, word } from './wire.ts';

const phone = '013912345678';
const id = '13912345678';
const stream = { terminal: id, channel: 2, stream: 'sub' } as const;

let station: Station;
let terminal: HandTerminal;
beforeEach(async () => {
  station = await Station.open({ commandTimeoutMs: 5000, maxPendingCommands: 3 });
  terminal = await station.dial(phone);
  await terminal.enter();
});
afterEach(() => station.close());

test('0x9101 names address, ports, channel and stream, and resolves when it is acknowledged', async () => {
  const opened = station.terminals.openStream(stream);
  const command = await terminal.take(0x9101);
  const { media } = station.ports;
  expect(command.body).toEqual(
    Buffer.concat([Buffer.of(9), Buffer.from('127.0.0.1'), word(media), word(media), Buffer.of(2, 0, 1)]),
  );
  terminal.acknowledge(command);
  expect(await opened).toEqual({ ok: true, value: { target: `127.0.0.1 UDP ${media} / TCP ${media}` } });
});

test('a channel that has sound only is asked for with data type 3', async () => {
  // 0x0104: one channel of sound and picture, one of sound alone.
  const table = [1, 1, 0, /**/ 1, 2, 0, 0, /**/ 2, 9, 1, 0];
  terminal.send(0x0104, Buffer.of(0, 0, 1, 0, 0, 0, 0x76, table.length, ...table));
  await eventually('the table', () => station.terminals.isSoundOnly(id, 9));
  expect(station.terminals.isSoundOnly(id, 2)).toBe(false);
  const opened = station.terminals.openStream({ ...stream, channel: 9, stream: 'main' });
  const command = await terminal.take(0x9101);
  expect([...command.body.subarray(-3)]).toEqual([9, 3, 0]);
  terminal.acknowledge(command);
  expect(await opened).toMatchObject({ ok: true });
});

test('only the offered transport has a port, and address and port may be settings', async () => {
  station.settings.mediaAddress = 'fleet.example.org';
  station.settings.mediaPortPublic = 20_000;
  station.settings.transport = 'udp';
  const first = station.terminals.openStream(stream);
  const udp = await terminal.take(0x9101);
  expect(udp.body.toString('latin1', 1, 18)).toBe('fleet.example.org');
  expect(udp.body.subarray(18)).toEqual(Buffer.concat([word(0), word(20_000), Buffer.of(2, 0, 1)]));
  terminal.acknowledge(udp);
  expect(await first).toEqual({ ok: true, value: { target: 'fleet.example.org UDP 20000' } });

  expect(station.terminals.update(id, { transport: 'tcp' })).toMatchObject({ ok: true, value: { transport: 'tcp' } });
  const second = station.terminals.openStream({ ...stream, stream: 'main' });
  const tcp = await terminal.take(0x9101);
  expect(tcp.body.subarray(18)).toEqual(Buffer.concat([word(20_000), word(0), Buffer.of(2, 0, 0)]));
  terminal.acknowledge(tcp);
  expect(await second).toEqual({ ok: true, value: { target: 'fleet.example.org TCP 20000' } });
});

test.each([
  [1, 'commandFailed'],
  [2, 'commandBadMessage'],
  [3, 'commandUnsupported'],
  [9, 'commandFailed'],
])('result %i is %s', async (result, code) => {
  const opened = station.terminals.openStream(stream);
  terminal.acknowledge(await terminal.take(0x9101), result);
  expect(await opened).toMatchObject({ ok: false, code });
});

test('no answer is commandTimeout; one that comes late is counted', async () => {
  const opened = station.terminals.openStream(stream);
  const command = await terminal.take(0x9101);
  station.clock.pass(4999);
  station.clock.pass(1);
  expect(await opened).toMatchObject({ ok: false, code: 'commandTimeout' });
  terminal.acknowledge(command);
  await terminal.settle();
  expect(station.tally.get('device.unmatchedReply')).toBe(1);
});

test('an answer with another serial or another id is none; a second answer is counted', async () => {
  const opened = station.terminals.openStream(stream);
  const command = await terminal.take(0x9101);
  terminal.acknowledge({ ...command, serial: (command.serial + 1) & 0xffff }, 1);
  terminal.acknowledge({ ...command, id: 0x9102 }, 1);
  terminal.acknowledge(command);
  terminal.acknowledge(command, 1);
  expect(await opened).toMatchObject({ ok: true });
  await terminal.settle();
  expect(station.tally.get('device.unmatchedReply')).toBe(3);
});

test('answers may come in any order', async () => {
  const asked = [1, 2, 3].map(channel => station.terminals.openStream({ ...stream, channel }));
  const commands: WireMessage[] = [];
  for (let n = 0; n < 3; n++) commands.push(await terminal.take(0x9101));
  terminal.acknowledge(commands[2] as WireMessage);
  terminal.acknowledge(commands[0] as WireMessage, 1);
  terminal.acknowledge(commands[1] as WireMessage);
  expect((await Promise.all(asked)).map(result => result.ok)).toEqual([false, true, true]);
});

test('more unanswered commands than the ceiling are refused', async () => {
  const asked = [1, 2, 3].map(channel => station.terminals.openStream({ ...stream, channel }));
  expect(await station.terminals.openStream(stream)).toMatchObject({ ok: false, code: 'tooManyCommands' });
  station.clock.pass(5000);
  expect((await Promise.all(asked)).map(result => !result.ok && result.code)).toEqual(Array(3).fill('commandTimeout'));
});

test('unknown and offline terminals, and what is no command, have codes of their own', async () => {
  expect(await station.terminals.command('13900000000', 0x8104, null)).toMatchObject({ code: 'unknownTerminal' });
  expect(await station.terminals.command(id, 0x0200, null)).toMatchObject({ code: 'badRequest' });
  expect(await station.terminals.command(id, 0x8fff, null)).toMatchObject({ code: 'badRequest' });
  expect(await station.terminals.command(id, 0x9105, { channel: 999, lossPercent: 0 })).toMatchObject({
    code: 'badRequest',
  });
  terminal.socket.destroy();
  await eventually('offline', () => !station.terminals.isOnline(id));
  expect(await station.terminals.openStream(stream)).toMatchObject({ code: 'terminalOffline' });
  station.terminals.closeStream(stream);
  station.terminals.reportLoss(stream, 0.5);
});

test('a query resolves with its own reply, matched by the serial in it', async () => {
  const asked = station.terminals.command(id, 0x8104, null, { replyId: 0x0104 });
  const { serial } = await terminal.take(0x8104);
  const heartbeatEvery60s = Buffer.concat([Buffer.of(1), dword(1), Buffer.of(4), dword(60)]);
  const reply = (to: number) => terminal.send(0x0104, Buffer.concat([word(to), heartbeatEvery60s]));
  const stray = reply(serial + 7);
  expect(await terminal.result(stray, 0x0104)).toBe(0);
  reply(serial);
  expect(await asked).toEqual({
    ok: true,
    value: { replySerial: serial, parameters: [{ id: 1, value: 60 }] },
  });
});

test('an answer without a serial is for all that wait for its kind, those included that were let lie', async () => {
  const properties = Buffer.of(6, 1, 0, 1, 1, 64, 1, 98, 1, 4);
  const asked = [0, 1].map(() => station.terminals.command(id, 0x9003, null, { replyId: 0x1003 }));
  terminal.acknowledge(await terminal.take(0x9003));
  await terminal.take(0x9003);
  terminal.send(0x1003, properties);
  for (const answer of asked) expect(await answer).toMatchObject({ ok: true, value: { audioFrameLength: 320 } });
});

test('0x9102 and 0x9105 are sent without waiting; a refusal is only counted', async () => {
  station.terminals.closeStream(stream);
  const close = await terminal.take(0x9102);
  expect(close.body).toEqual(Buffer.of(2, 0, 0, 1));
  terminal.acknowledge(close, 1);
  await terminal.settle();
  expect(station.tally.get('device.noticeRefused')).toBe(1);
  expect(station.tally.get('device.unmatchedReply')).toBe(0);
  for (const [ratio, percent] of [
    [0, 0],
    [0.29, 29],
    [0.999, 99],
    [1, 100],
    [7, 100],
  ] as const) {
    station.terminals.reportLoss(stream, ratio);
    expect((await terminal.take(0x9105)).body).toEqual(Buffer.of(2, percent));
  }
});

test('a terminal that does not know 0x9105 is not told again on this connection', async () => {
  station.terminals.reportLoss(stream, 0);
  terminal.acknowledge(await terminal.take(0x9105), 3);
  await terminal.settle();
  station.terminals.reportLoss(stream, 0);
  await terminal.settle();
  expect(terminal.received).toEqual([]);
});

test('many closes at once do not use up the places of commands', async () => {
  for (let channel = 1; channel <= 100; channel++) station.terminals.closeStream({ ...stream, channel });
  const opened = station.terminals.openStream(stream);
  terminal.acknowledge(await terminal.take(0x9101));
  expect(await opened).toMatchObject({ ok: true });
  expect(terminal.received.filter(message => message.id === 0x9102)).toHaveLength(100);
});

test('a command in parts is answered by its last part, and lost parts are sent again', async () => {
  const text = 'x'.repeat(200);
  const parameters = Array.from({ length: 12 }, (_, n) => ({ id: 0x0010 + (n % 4), value: text }));
  const asked = station.terminals.command(id, 0x8103, { parameters });
  const parts = [await terminal.take(0x8103), await terminal.take(0x8103), await terminal.take(0x8103)];
  expect(parts.map(part => part.part)).toEqual([
    [3, 1],
    [3, 2],
    [3, 3],
  ]);
  expect(Buffer.concat(parts.map(part => part.body))).toHaveLength(1 + 12 * 205);
  const [first, second, last] = parts as [WireMessage, WireMessage, WireMessage];
  terminal.send(0x0005, Buffer.concat([word(first.serial), Buffer.of(1), word(2)]));
  expect(await terminal.take(0x8103)).toEqual(second);
  terminal.acknowledge(first);
  let isSettled = false;
  void asked.then(() => {
    isSettled = true;
  });
  await terminal.settle();
  expect(isSettled).toBe(false);
  terminal.acknowledge(last);
  expect(await asked).toEqual({ ok: true, value: null });
});

test('a terminal that acknowledges only the first part took the whole', async () => {
  const parameters = Array.from({ length: 8 }, () => ({ id: 0x0010, value: 'y'.repeat(200) }));
  const asked = station.terminals.command(id, 0x8103, { parameters });
  terminal.acknowledge(await terminal.take(0x8103));
  await terminal.settle();
  station.clock.pass(5000);
  expect(await asked).toEqual({ ok: true, value: null });
});

test('stopping fails what waits', async () => {
  const opened = station.terminals.openStream(stream);
  await terminal.take(0x9101);
  await station.terminals.close();
  expect(await opened).toMatchObject({ ok: false, code: 'shuttingDown' });
});
