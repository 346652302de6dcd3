import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HandTerminal } from './hand-terminal.ts';
import { Station } from './station.ts';
import { positionBody, word } from './wire.ts';

const phone = '013912345678';
const id = '13912345678';

let station: Station;
let terminal: HandTerminal;
beforeEach(async () => {
  station = await Station.open({ partsTimeoutMs: 2000, partsRetries: 2 });
  terminal = await station.dial(phone);
  await terminal.enter();
});
afterEach(() => station.close());

const batch = (kind: number, ...positions: Buffer[]) =>
  Buffer.concat([word(positions.length), Buffer.of(kind), ...positions.flatMap(body => [word(body.length), body])]);
const latitude = () => station.terminals.get(id)?.position?.latitude;

test('a position that repeats itself is no change, one that moved is', async () => {
  await terminal.ask(0x0200, positionBody({ time: '261123120000' }));
  const changes = station.changed.length;
  await terminal.ask(0x0200, positionBody({ time: '261123120000' }));
  await terminal.ask(0x0002);
  expect(station.changed.length).toBe(changes);
  await terminal.ask(0x0200, positionBody({ time: '261123120010', latitude: 31_230_500 }));
  expect(station.changed.length).toBe(changes + 1);
});

test('south and west are negative', async () => {
  await terminal.ask(0x0200, positionBody({ time: '261123120000', status: 0x0e }));
  expect(station.terminals.get(id)?.position).toMatchObject({
    latitude: -31.230416,
    longitude: -121.473701,
    fixed: true,
    ignition: false,
  });
});

test('stored positions do not replace a newer one, newer ones do', async () => {
  await terminal.ask(0x0200, positionBody({ time: '261123120000', latitude: 1_000_000 }));
  const older = positionBody({ time: '261123110000', latitude: 2_000_000 });
  const newer = positionBody({ time: '261123120500', latitude: 3_000_000 });
  expect(await terminal.ask(0x0704, batch(1, older, older))).toBe(0);
  expect(latitude()).toBe(1);
  expect(await terminal.ask(0x0704, batch(0, newer, older))).toBe(0);
  expect(latitude()).toBe(3);
});

test('a message in parts is acknowledged part by part and read once it is whole', async () => {
  const body = batch(
    1,
    ...Array.from({ length: 60 }, (_, n) =>
      positionBody({ time: `2611231201${String(n).padStart(2, '0')}`, latitude: n }),
    ),
  );
  const cut = (index: number) => body.subarray((index - 1) * 900, index * 900);
  expect(await terminal.ask(0x0704, cut(2), { serial: 101, part: [3, 2] })).toBe(0);
  expect(await terminal.ask(0x0704, cut(1), { serial: 100, part: [3, 1] })).toBe(0);
  expect(latitude()).toBeUndefined();
  expect(body.length).toBeLessThan(2700);
  expect(await terminal.ask(0x0704, cut(3), { serial: 102, part: [3, 3] })).toBe(0);
  expect(latitude()).toBeCloseTo(0.000059, 9);
  await terminal.settle();
  expect(terminal.received).toEqual([]);
});

test('parts that stay away are asked for with 0x8003', async () => {
  const body = batch(1, ...Array.from({ length: 40 }, () => positionBody({ time: '261123120100' })));
  await terminal.ask(0x0704, body.subarray(0, 500), { serial: 500, part: [4, 1] });
  await terminal.ask(0x0704, body.subarray(1000, 1200), { serial: 502, part: [4, 3] });
  station.clock.pass(3000);
  const request = await terminal.take(0x8003);
  expect(request.body).toEqual(Buffer.concat([word(500), Buffer.of(2), word(2), word(4)]));
  await terminal.ask(0x0704, body.subarray(500, 1000), { serial: 501, part: [4, 2] });
  await terminal.ask(0x0704, body.subarray(1200), { serial: 503, part: [4, 4] });
  expect(station.terminals.get(id)?.position?.deviceTime).toBe(Date.UTC(2026, 10, 23, 4, 1, 0));
});

test('an unknown message is answered 3, counted each time and logged once', async () => {
  for (let n = 0; n < 3; n++) expect(await terminal.ask(0x0f01, Buffer.of(1, 2, 3))).toBe(3);
  expect(await terminal.ask(0x0f02)).toBe(3);
  expect(station.terminals.unknownMessages()).toEqual([
    { id: '0x0F01', count: 3 },
    { id: '0x0F02', count: 1 },
  ]);
  const logged = station.logged.filter(line => line.text.includes('not supported'));
  expect(logged.map(line => line.fields)).toEqual([
    { terminal: id, message: '0x0F01' },
    { terminal: id, message: '0x0F02' },
  ]);
});

test('a message of the standard that nothing reads is unknown too: no recorder takes its waybill for kept', async () => {
  const ids = [0x0004, 0x0301, 0x0701, 0x0702, 0x0802, 0x0900, 0x0a00];
  for (const unread of ids) expect(await terminal.ask(unread, Buffer.alloc(12))).toBe(3);
  expect(
    station.terminals
      .unknownMessages()
      .map(row => Number(row.id))
      .toSorted((a, b) => a - b),
  ).toEqual(ids);
  expect(station.tally.get('device.unknownMessage')).toBe(ids.length);
});

test('a body that ends within a field is answered 2, an enciphered one 3', async () => {
  expect(await terminal.ask(0x0200, Buffer.alloc(20))).toBe(2);
  expect(station.tally.get('device.badBody')).toBe(1);
  expect(await terminal.ask(0x0200, positionBody({ time: '261123120000' }), { encryption: 1 })).toBe(3);
  expect(station.tally.get('device.encrypted')).toBe(1);
  expect(latitude()).toBeUndefined();
});

test('what only a platform says is not answered, so that an echo ends', async () => {
  terminal.send(0x8001, Buffer.of(0, 1, 0, 2, 0));
  terminal.send(0x9003);
  await terminal.settle();
  expect(terminal.received).toEqual([]);
  expect(station.tally.get('device.wrongDirection')).toBe(2);
});

test('terminal properties fill what registration left open', async () => {
  const bare = await station.dial('013900000005');
  const serial = bare.send(0x0100, Buffer.concat([Buffer.alloc(36), Buffer.of(0)]));
  const reply = await bare.take(0x8100, message => message.body.readUInt16BE(0) === serial);
  await bare.authenticate(reply.body.subarray(3));
  const asked = station.terminals.command('13900000005', 0x8107, null, { replyId: 0x0107 });
  await bare.take(0x8107);
  const text = (value: string, length: number) =>
    Buffer.concat([Buffer.from(value), Buffer.alloc(length)]).subarray(0, length);
  bare.send(
    0x0107,
    Buffer.concat([
      word(0x41),
      text('ACME', 5),
      text('MDVR-7', 20),
      text('1234567', 7),
      Buffer.alloc(10, 0x11),
      Buffer.of(2),
      text('H1', 2),
      Buffer.of(2),
      text('F2', 2),
      Buffer.of(3, 32),
    ]),
  );
  expect(await asked).toMatchObject({ ok: true, value: { maker: 'ACME', model: 'MDVR-7' } });
  expect(station.terminals.get('13900000005')).toMatchObject({ maker: 'ACME', model: 'MDVR-7' });
});

test('the last part to come is answered with what became of the whole', async () => {
  const parts = async (messageId: number, serial: number, first: Buffer, second: Buffer) => [
    await terminal.ask(messageId, second, { serial: serial + 1, part: [2, 2] }),
    await terminal.ask(messageId, first, { serial, part: [2, 1] }),
  ];
  expect(await parts(0x0900, 200, Buffer.alloc(500), Buffer.alloc(20))).toEqual([0, 3]);
  expect(await terminal.ask(0x0900, Buffer.alloc(20), { serial: 201, part: [2, 2] })).toBe(3);
  expect(await parts(0x0200, 300, Buffer.alloc(10), Buffer.alloc(10))).toEqual([0, 2]);
  expect(await parts(0x0002, 400, Buffer.of(), Buffer.of())).toEqual([0, 0]);
  expect(station.terminals.unknownMessages()).toEqual([{ id: '0x0900', count: 1 }]);
});

test('a part that is not taken is answered 1, parts of answers and of a platform are not answered', async () => {
  expect(await terminal.ask(0x0704, Buffer.alloc(5), { part: [2, 3] })).toBe(1);
  for (const unanswered of [0x0001, 0x8001, 0x9003, 0xf001]) {
    terminal.send(unanswered, Buffer.of(0, 1), { serial: 600, part: [2, 1] });
    terminal.send(unanswered, Buffer.of(0, 2, 0), { serial: 601, part: [2, 2] });
    terminal.send(unanswered, Buffer.of(0, 2, 0), { serial: 601, part: [2, 7] });
  }
  await terminal.settle();
  expect(terminal.received).toEqual([]);
});

test('a batch that counts more positions than it holds, or is cut short, keeps the whole ones', async () => {
  const one = positionBody({ time: '261123120000', latitude: 1_000_000 });
  const two = positionBody({ time: '261123120100', latitude: 2_000_000 });
  const body = batch(1, one, two);
  body.writeUInt16BE(9, 0);
  expect(await terminal.ask(0x0704, body)).toBe(0);
  expect(latitude()).toBe(2);
  const three = positionBody({ time: '261123120200', latitude: 3_000_000 });
  const four = positionBody({ time: '261123120300', latitude: 4_000_000 });
  const cut = batch(1, three, four);
  expect(await terminal.ask(0x0704, cut.subarray(0, cut.length - 5))).toBe(0);
  expect(latitude()).toBe(3);
  expect(await terminal.ask(0x0704, Buffer.concat([batch(1, four), Buffer.alloc(7)]))).toBe(0);
  expect(latitude()).toBe(4);
  expect(await terminal.ask(0x0704, batch(1, four).subarray(0, 20))).toBe(2);
  expect(await terminal.ask(0x0704, Buffer.of(0, 3, 1))).toBe(2);
  expect(station.tally.get('device.badBody')).toBe(2);
});

test('a loss report that is never answered is counted apart from commands', async () => {
  station.terminals.reportLoss({ terminal: id, channel: 1, stream: 'main' }, 0.1);
  await terminal.take(0x9105);
  const before = station.tally.get('device.commandTimeout');
  station.clock.pass(station.settings.commandTimeoutMs + 1);
  await terminal.settle();
  expect(station.tally.get('device.noticeTimeout')).toBe(1);
  expect(station.tally.get('device.noticeRefused')).toBe(0);
  expect(station.tally.get('device.commandTimeout')).toBe(before);
});
