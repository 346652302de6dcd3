import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ResourceList } from '../../electron/codec/jt808/body/resource-list.ts';
import { eventually } from '../accept/eventually.ts';
import type { HandTerminal } from './hand-terminal.ts';
import { Station } from './station.ts';
import { dword, type WireMessage, word } from './wire.ts';

const phone = '013912345678';
const id = '13912345678';

let station: Station;
let terminal: HandTerminal;
beforeEach(async () => {
  station = await Station.open({ partsTimeoutMs: 2000, partsRetries: 2, commandTimeoutMs: 12_000 });
  terminal = await station.dial(phone);
  await terminal.enter();
});
afterEach(() => station.close());

const query = { channel: 1, start: 0, end: 0, alarms: 0, videoAlarms: 0, media: 0, stream: 0, storage: 0 };
const search = () => station.terminals.command(id, 0x9205, query, { replyId: 0x1205 });

function record(bytes: number): Buffer {
  return Buffer.concat([
    Buffer.from('01261123130000261123130500', 'hex'),
    Buffer.alloc(8),
    Buffer.of(0, 1, 1),
    dword(bytes),
  ]);
}

function list(replySerial: number, count: number, announced = count): Buffer {
  const records = Array.from({ length: count }, (_, at) => record(at));
  return Buffer.concat([word(replySerial), dword(announced), ...records]);
}

/** Parts of 900 bytes, numbered on from `serial`. */
function parts(body: Buffer, serial: number): { body: Buffer; more: { serial: number; part: [number, number] } }[] {
  const total = Math.ceil(body.length / 900);
  return Array.from({ length: total }, (_, at) => ({
    body: body.subarray(at * 900, (at + 1) * 900),
    more: { serial: (serial + at) & 0xffff, part: [total, at + 1] },
  }));
}

test('a list of thousands, parts out of order and twice, each answered: it answers the search', async () => {
  const found = search();
  const asked = await terminal.take(0x9205);
  const cut = parts(list(asked.serial, 3000), 65_500);
  expect(cut.length).toBe(94);
  for (const part of [...cut.slice(40), ...cut.slice(30, 50), ...cut.slice(0, 40)])
    expect(await terminal.ask(0x1205, part.body, part.more)).toBe(0);
  const result = await found;
  expect(result).toMatchObject({ ok: true });
  const { resources, announced } = (result as { value: ResourceList }).value;
  expect([resources.length, announced]).toEqual([3000, undefined]);
  expect(resources.map(each => each.bytes)).toEqual(Array.from({ length: 3000 }, (_, at) => at));
  expect(station.received.map(each => [each.vehicleId, each.reading.id, each.serial])).toEqual([[id, 0x1205, 65_500]]);
  expect(station.tally.get('parts.duplicate')).toBe(20);
});

test('a list that never ends is asked for, given up, and the search says so', async () => {
  const found = search();
  const asked = await terminal.take(0x9205);
  const cut = parts(list(asked.serial, 100), 200);
  for (const part of cut.slice(0, -1)) expect(await terminal.ask(0x1205, part.body, part.more)).toBe(0);
  for (let round = 0; round < 2; round++) {
    station.clock.pass(3000);
    const { body } = await terminal.take(0x8003);
    expect(body).toEqual(Buffer.concat([word(200), Buffer.of(1), word(cut.length)]));
  }
  station.clock.pass(3000);
  await terminal.settle();
  expect(station.tally.get('parts.abandoned')).toBe(1);
  station.clock.pass(4000);
  expect(await found).toMatchObject({ ok: false, code: 'answerIncomplete' });
  expect(station.received).toEqual([]);
});

test('65,535 records or parts that are only claimed take no room', async () => {
  const found = search();
  const asked = await terminal.take(0x9205);
  expect(await terminal.ask(0x1205, record(1), { serial: 1, part: [65_535, 1] })).toBe(1);
  expect(station.tally.get('parts.tooMany')).toBe(1);
  terminal.send(0x1205, list(asked.serial, 2, 65_535));
  expect(await found).toMatchObject({
    ok: true,
    value: { announced: 65_535, resources: [{ bytes: 0 }, { bytes: 1 }] },
  });
});

test('a list with another serial answers nothing, yet is answered and handed on', async () => {
  const found = search();
  const asked = await terminal.take(0x9205);
  expect(await terminal.ask(0x1205, list(asked.serial + 7, 1))).toBe(0);
  expect(station.tally.get('device.unmatchedReply')).toBe(1);
  expect(station.received).toHaveLength(1);
  terminal.send(0x1205, list(asked.serial, 0));
  expect(await found).toMatchObject({ ok: true, value: { resources: [] } });
  expect(await terminal.ask(0x1205, list(asked.serial, 0))).toBe(0);
});

test('a refused search says so', async () => {
  const found = search();
  terminal.acknowledge(await terminal.take(0x9205), 3);
  expect(await found).toMatchObject({ ok: false, code: 'commandUnsupported' });
});

test('a request that is answered by 0x1205 or 0x0001 takes whichever comes first', async () => {
  const playback = { ...query, address: '10.0.0.1', tcpPort: 1, udpPort: 0, mode: 0, speed: 0 };
  const play = () => station.terminals.command(id, 0x9201, playback, { replyId: 0x1205, orAcknowledged: true });
  const byList = play();
  terminal.send(0x1205, list((await terminal.take(0x9201)).serial, 1));
  expect(await byList).toMatchObject({ ok: true, value: { resources: [{}] } });
  const byAcknowledgement = play();
  terminal.acknowledge(await terminal.take(0x9201));
  expect(await byAcknowledgement).toEqual({ ok: true, value: null });
});

test('whoever sends a command learns the serial that later messages name it by', async () => {
  const server = { address: '10.0.0.1', port: 21, user: 'u', password: 'p', path: '/', conditions: 7 };
  const serials: number[] = [];
  const upload = station.terminals.command(
    id,
    0x9206,
    { ...query, ...server },
    { sent: serial => serials.push(serial) },
  );
  const asked = await terminal.take(0x9206);
  terminal.acknowledge(asked);
  expect(await upload).toMatchObject({ ok: true });
  expect(serials).toEqual([asked.serial]);
  expect(await terminal.ask(0x1206, Buffer.concat([word(asked.serial), Buffer.of(0)]))).toBe(0);
  expect(station.received.at(-1)?.reading).toMatchObject({
    id: 0x1206,
    value: { replySerial: asked.serial, result: 0 },
  });
});

test('the order of the alarm mask follows its setting, both ways, at once', async () => {
  const masked = async (): Promise<{ asked: WireMessage; alarms: unknown }> => {
    const found = station.terminals.command(id, 0x9205, { ...query, alarms: 1 }, { replyId: 0x1205 });
    const asked = await terminal.take(0x9205);
    const answer = list(asked.serial, 1);
    answer[6 + 13 + 7] = 1;
    terminal.send(0x1205, answer);
    return { asked, alarms: await found };
  };
  const standard = await masked();
  expect(standard.asked.body.subarray(13, 21).toString('hex')).toBe('0000000000000001');
  expect(standard.alarms).toMatchObject({ value: { resources: [{ alarms: 1, videoAlarms: 0 }] } });
  station.settings.alarmMaskOrder = 'wordsSwapped';
  const swapped = await masked();
  expect(swapped.asked.body.subarray(13, 21).toString('hex')).toBe('0000000100000000');
  expect(swapped.alarms).toMatchObject({ value: { resources: [{ alarms: 0, videoAlarms: 1 }] } });
});

const picture = Buffer.concat([
  Buffer.from('0000007B00000001', 'hex'),
  Buffer.alloc(28),
  Buffer.from('FFD8FF', 'hex'),
  Buffer.alloc(2000, 7),
]);

test('a picture that nobody keeps is refused, and may be sent again', async () => {
  const answers = async () => {
    const results: number[] = [];
    for (const part of parts(picture, 700)) results.push(await terminal.ask(0x0801, part.body, part.more));
    return results;
  };
  expect(await answers()).toEqual([0, 0, 1]);
  expect(await answers()).toEqual([0, 0, 1]);
  expect(station.received.map(each => each.reading.id)).toEqual([0x0801, 0x0801]);
});

test('a picture is answered once it is kept', async () => {
  station.keepsPictures = true;
  const cut = parts(picture, 700);
  const [first, second, third] = cut as [(typeof cut)[0], (typeof cut)[0], (typeof cut)[0]];
  expect(await terminal.ask(0x0801, third.body, third.more)).toBe(0);
  expect(await terminal.ask(0x0801, first.body, first.more)).toBe(0);
  const serial = terminal.send(0x0801, second.body, second.more);
  await eventually('the picture', () => station.received.length === 1);
  await terminal.settle();
  expect(terminal.received).toEqual([]);
  const [received] = station.received;
  expect(received?.reading).toMatchObject({ id: 0x0801, value: { mediaId: 123, channel: 1 } });
  received?.answer(0);
  expect(await terminal.result(serial, 0x0801)).toBe(0);
  expect(station.terminals.send(id, 0x8800, { mediaId: 123, missing: [] })).toBe(true);
  expect((await terminal.take(0x8800)).body.toString('hex')).toBe('0000007b');
  expect(await terminal.ask(0x0801, second.body, second.more)).toBe(0);
  expect(station.received).toHaveLength(1);
});
