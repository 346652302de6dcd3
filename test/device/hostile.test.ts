import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import type { Settings } from '../../electron/config.ts';
import { eventually } from '../accept/eventually.ts';
import { Station } from './station.ts';
import { positionBody, wireFrame } from './wire.ts';

const phone = '013912345678';
const id = '13912345678';

let station: Station;
async function open(settings: Partial<Settings> = {}): Promise<Station> {
  station = await Station.open(settings);
  return station;
}
afterEach(() => station.close());

test('garbage is closed at the junk ceiling, another vehicle is unharmed', async () => {
  await open({ maxJunkBytes: 4096 });
  const vehicle = await station.dial(phone);
  await vehicle.enter();
  const garbage = await station.dial('000000000000');
  garbage.socket.write(Buffer.alloc(20_000, 'GET / HTTP/1.1\r\n'));
  await eventually('closed', () => garbage.isClosed);
  expect(await vehicle.ask(0x0002)).toBe(0);
  expect(station.terminals.list()).toHaveLength(1);
});

test('a slow loris is closed although it never stops sending', async () => {
  await open({ firstByteMs: 10_000 });
  const vehicle = await station.dial(phone);
  await vehicle.enter();
  const loris = await station.dial('000000000000');
  const frame = wireFrame({ id: 0x0100, phone: '013900000001', serial: 1 }, Buffer.alloc(900));
  for (let n = 0; n < 12; n++) {
    loris.socket.write(frame.subarray(n, n + 1));
    station.clock.pass(1000);
  }
  await eventually('closed', () => loris.isClosed);
  expect(station.tally.get('accept.neverRecognised')).toBe(1);
  expect(await vehicle.ask(0x0002)).toBe(0);
});

test('a flood of good messages is closed at the rate limit while another vehicle is served', async () => {
  await open({ maxBytesPerSecondPerPeer: 20_000 });
  const vehicle = await station.dial(phone);
  await vehicle.enter();
  const flood = await station.dial('013900000001');
  await flood.enter();
  const report = positionBody({ time: '261123120000' });
  for (let n = 0; n < 8000; n++) flood.send(0x0200, report);
  await eventually('closed', () => flood.isClosed);
  expect(station.tally.get('accept.overRate')).toBe(1);
  expect(station.events).toContain('offline 13900000001');
  expect(await vehicle.ask(0x0200, report)).toBe(0);
  expect(station.terminals.isOnline(id)).toBe(true);
});

test('unknown ids and phones without end leave bounded traces', async () => {
  await open({ maxTerminals: 50, maxTerminalsPerConnection: 20 });
  const vehicle = await station.dial(phone);
  await vehicle.enter();
  for (let n = 0; n < 1000; n++) vehicle.send(0x2000 + n);
  await vehicle.result(vehicle.send(0x7fff), 0x7fff);
  expect(station.terminals.unknownMessages().length).toBeLessThanOrEqual(513);
  expect(station.terminals.unknownMessages().reduce((sum, row) => sum + row.count, 0)).toBe(1001);
  expect(station.logged.filter(line => line.text.includes('not supported')).length).toBeLessThanOrEqual(64);

  for (let n = 0; n < 200; n++) {
    const stranger = await station.dial(String(14_000_000_000 + n).padStart(12, '0'));
    await stranger.register();
    stranger.socket.destroy();
  }
  expect(station.terminals.list().length).toBe(50);
  expect(station.terminals.isOnline(id)).toBe(true);
});

test('made-up phones on one connection push each other out, not those that authenticated', async () => {
  await open();
  const vehicle = await station.dial(phone);
  await vehicle.enter();
  for (let n = 0; n < 500; n++)
    vehicle.send(0x0002, Buffer.of(), { phone: String(15_000_000_000 + n).padStart(12, '0') });
  await vehicle.settle();
  expect(station.tally.get('device.tooManyTerminalsOnLink')).toBe(0);
  expect(await vehicle.ask(0x0200, positionBody({ time: '261123120000' }))).toBe(0);
  expect(station.events).toEqual([`online ${id}`]);
});

test('no message of an authenticated terminal, however mangled, closes its connection or goes unanswered for long', async () => {
  await open();
  const vehicle = await station.dial(phone);
  await vehicle.enter();
  const ids = [0x0001, 0x0005, 0x0100, 0x0104, 0x0107, 0x0200, 0x0704, 0x0801, 0x1003, 0x1205, 0x8001, 0x9101];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...ids),
      fc.uint8Array({ maxLength: 300 }),
      fc.option(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 })), { nil: undefined }),
      fc.constantFrom(0, 0, 0, 1, 7),
      async (messageId, body, part, encryption) => {
        vehicle.send(messageId, body, { encryption, ...(part ? { part } : {}) });
        await vehicle.settle();
        vehicle.received.length = 0;
      },
    ),
    { numRuns: 300 },
  );
  expect(vehicle.isClosed).toBe(false);
  expect(station.tally.get('accept.handlerFailed')).toBe(0);
  expect(station.terminals.isOnline(id)).toBe(true);
});

test('nor does anything a stranger sends before it authenticated', async () => {
  await open();
  const stranger = await station.dial('013900000001');
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(0x0001, 0x0003, 0x0100, 0x0102, 0x0200, 0x0704, 0x1003, 0x8001, 0x0f01),
      fc.uint8Array({ maxLength: 200 }),
      async (messageId, body) => {
        stranger.send(messageId, body);
        await stranger.settle();
        stranger.received.length = 0;
      },
    ),
    { numRuns: 200 },
  );
  expect(station.events.filter(event => event.startsWith('online'))).toEqual([]);
  expect(station.tally.get('accept.handlerFailed')).toBe(0);
});
