import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HandTerminal } from './hand-terminal.ts';
import { Station } from './station.ts';
import { dword, positionBody } from './wire.ts';

const phone = '013912345678';
const id = '13912345678';
/** G.711A, mono, 8 kHz, 16 bits, frames of 320 bytes, output, H.264, 2 audio and n video channels. */
const properties = (videoChannels: number) => Buffer.of(6, 1, 0, 1, 1, 0x40, 1, 98, 2, videoChannels);

let station: Station;
let terminal: HandTerminal;
beforeEach(async () => {
  station = await Station.open({ commandTimeoutMs: 5000 });
  terminal = await station.dial(phone);
  await terminal.enter();
});
afterEach(() => station.close());

const channels = () => station.terminals.get(id)?.channels.map(row => row.channel);

test('0x9003 follows a moment after authentication and 0x1003 tells what the terminal can', async () => {
  await terminal.settle();
  expect(terminal.received).toEqual([]);
  station.clock.pass(300);
  expect((await terminal.take(0x9003)).body).toHaveLength(0);
  terminal.send(0x1003, properties(8));
  await terminal.settle();
  expect(station.terminals.get(id)?.capabilities).toEqual({
    audioPayloadType: 6,
    audioChannels: 1,
    audioSampleRate: 8000,
    audioBits: 16,
    audioFrameLength: 320,
    audioOutput: true,
    videoPayloadType: 98,
    maxAudioChannels: 2,
    maxVideoChannels: 8,
  });
  expect(channels()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect([...(await terminal.take(0x8106)).body]).toEqual([1, 0, 0, 0, 0x76]);
});

test('the channel table decides which cameras there are, which turn and which are silent', async () => {
  station.clock.pass(300);
  await terminal.take(0x9003);
  terminal.send(0x1003, properties(8));
  const query = await terminal.take(0x8106);
  // One with sound and a head, one that is sound alone, two of pictures alone.
  const table = [1, 1, 2, /**/ 1, 3, 0, 1, /**/ 2, 9, 1, 0, /**/ 3, 1, 2, 0, /**/ 4, 12, 2, 1];
  const parameter = [0, 0, 0, 0x76, table.length, ...table];
  terminal.send(0x0104, Buffer.of(query.serial >> 8, query.serial & 255, 1, ...parameter));
  await terminal.settle();
  expect(station.terminals.get(id)?.channels).toEqual([
    { channel: 1, silent: true },
    { channel: 3, panTilt: true },
    { channel: 9, soundOnly: true },
    { channel: 12, panTilt: true, silent: true },
  ]);
  station.terminals.sawChannel(id, 5);
  expect(channels()).toEqual([1, 3, 5, 9, 12]);
  expect(terminal.received).toEqual([]);
});

test('an empty channel table changes nothing', async () => {
  await terminal.ask(0x1003, properties(2));
  terminal.send(0x0104, Buffer.of(0, 0, 1, 0, 0, 0, 0x76, 3, 0, 0, 0));
  await terminal.settle();
  expect(channels()).toEqual([1, 2]);
});

test('a terminal that does not answer is asked once more', async () => {
  station.clock.pass(300);
  await terminal.take(0x9003);
  station.clock.pass(5000);
  await terminal.take(0x9003);
  station.clock.pass(5000);
  await terminal.take(0x8106);
  station.clock.pass(5000);
  await terminal.take(0x8106);
  station.clock.pass(20_000);
  await terminal.settle();
  expect(terminal.received).toEqual([]);
  expect(channels()).toEqual([1, 2, 3, 4]);
});

test('one that says unsupported is not asked again on this connection', async () => {
  station.clock.pass(300);
  terminal.acknowledge(await terminal.take(0x9003), 3);
  terminal.acknowledge(await terminal.take(0x8106), 3);
  await terminal.settle();
  station.clock.pass(20_000);
  await terminal.settle();
  expect(terminal.received).toEqual([]);
});

test('0x1003 that nobody asked for is taken and acknowledged', async () => {
  expect(await terminal.ask(0x1003, properties(2))).toBe(0);
  expect(channels()).toEqual([1, 2]);
});

test('a number of channels that cannot be leaves the default', async () => {
  expect(await terminal.ask(0x1003, properties(0))).toBe(0);
  expect(channels()).toEqual([1, 2, 3, 4]);
  expect(await terminal.ask(0x1003, properties(255))).toBe(0);
  expect(channels()).toEqual([1, 2, 3, 4]);
});

test('media and video alarms show channels beyond those', async () => {
  station.terminals.sawChannel(id, 6);
  station.terminals.sawChannel(id, 6);
  station.terminals.sawChannel(id, 0);
  station.terminals.sawChannel(id, 256);
  expect(channels()).toEqual([1, 2, 3, 4, 6]);
  const items = Buffer.concat([
    Buffer.of(0x14, 4),
    dword(0b11),
    Buffer.of(0x15, 4),
    dword(0b1000_0001),
    Buffer.of(0x16, 4),
    dword(0b10),
  ]);
  await terminal.ask(0x0200, positionBody({ time: '261123120000', items }));
  expect(channels()).toEqual([1, 2, 3, 4, 6, 8]);
  expect(station.terminals.get(id)?.position).toMatchObject({ videoAlarms: 3, signalLost: [1, 8], occluded: [2] });
});

test('alarm bits of channels that 0x1003 does not count add none', async () => {
  await terminal.ask(0x1003, properties(4));
  const items = Buffer.concat([Buffer.of(0x15, 4), dword(0xfffffff0)]);
  await terminal.ask(0x0200, positionBody({ time: '261123120000', items }));
  expect(channels()).toEqual([1, 2, 3, 4]);
});

test('names are the operator’s and survive a shrinking list', () => {
  expect(
    station.terminals.update(`0${id}`, { group: ' North ', channelNames: { 1: 'Road', 2: 'Cabin', 9: 'Rear' } }),
  ).toMatchObject({ ok: true, value: { group: 'North' } });
  expect(station.terminals.get(id)?.channels.slice(0, 2)).toEqual([
    { channel: 1, name: 'Road' },
    { channel: 2, name: 'Cabin' },
  ]);
  station.terminals.sawChannel(id, 9);
  expect(station.terminals.get(id)?.channels.at(-1)).toEqual({ channel: 9, name: 'Rear' });
  station.terminals.update(id, { channelNames: { 1: '' } });
  expect(station.terminals.get(id)?.channels[0]).toEqual({ channel: 1 });
  expect(station.terminals.update(id, { channelNames: { 0: 'x' } })).toMatchObject({ ok: false, code: 'badRequest' });
  expect(station.terminals.update('nobody', {})).toMatchObject({ ok: false, code: 'unknownTerminal' });
});
