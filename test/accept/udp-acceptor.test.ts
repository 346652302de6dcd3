import { createSocket, type Socket } from 'node:dgram';
import { afterEach, expect, test } from 'vitest';
import type { DatagramSource } from '../../electron/accept/datagram-source.ts';
import { UdpAcceptor } from '../../electron/accept/udp-acceptor.ts';
import { defaultSettings, type Settings } from '../../electron/config.ts';
import { type Log, silentLog } from '../../electron/log.ts';
import { Tally } from '../../electron/tally.ts';
import { eventually } from './eventually.ts';
import { ManualClock } from './manual-clock.ts';

const opened: { acceptors: UdpAcceptor[]; sockets: Socket[] } = { acceptors: [], sockets: [] };
afterEach(async () => {
  for (const socket of opened.sockets.splice(0)) socket.close();
  for (const acceptor of opened.acceptors.splice(0)) await acceptor.close();
});

async function open(settings: Partial<Settings> = {}, host = '127.0.0.1', port = 0) {
  const clock = new ManualClock();
  const tally = new Tally();
  const got: { source: DatagramSource; text: string }[] = [];
  const closed: DatagramSource[] = [];
  const warnings: { fields: object; text: string }[] = [];
  const log: Log = { ...silentLog, warn: (fields, text) => warnings.push({ fields, text }) };
  const acceptor = new UdpAcceptor({
    host,
    port,
    settings: { ...defaultSettings(), ...settings },
    clock,
    tally,
    log,
    datagram(source, bytes) {
      if (bytes.toString() === 'throw') throw new Error('asked to');
      got.push({ source, text: bytes.toString() });
    },
    sourceClosed: source => closed.push(source),
  });
  const bound = await acceptor.listen();
  opened.acceptors.push(acceptor);
  const sender = () => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    opened.sockets.push(socket);
    return (text: string | Uint8Array) =>
      new Promise<void>((resolve, reject) =>
        socket.send(text, bound.port, host, error => (error ? reject(error) : resolve())),
      );
  };
  return { acceptor, clock, tally, got, closed, warnings, bound, sender };
}

test('a source is the same object for every datagram of one address and port', async () => {
  const { got, sender, acceptor } = await open();
  const [one, two] = [sender(), sender()];
  await one('a');
  await two('b');
  await one('c');
  await eventually('arrival', () => got.length === 3);
  const of = (text: string) => got.find(entry => entry.text === text)?.source;
  expect(of('a')).toBe(of('c'));
  expect(of('a')).not.toBe(of('b'));
  expect(of('a')).toMatchObject({ transport: 'udp', localAddress: '127.0.0.1' });
  expect(of('a')?.id).not.toBe(of('b')?.id);
  expect(acceptor.count).toBe(2);
});

test('a silent source ends, and returns as another object', async () => {
  const { got, closed, sender, clock } = await open({ idleMediaMs: 10_000 });
  const send = sender();
  await send('a');
  await eventually('arrival', () => got.length === 1);
  clock.pass(9000);
  expect(closed).toEqual([]);
  clock.pass(3000);
  expect(closed).toEqual([got[0]?.source]);
  await send('b');
  await eventually('arrival', () => got.length === 2);
  expect(got[1]?.source).not.toBe(got[0]?.source);
  expect(got[1]?.source.remote).toBe(got[0]?.source.remote);
});

test('the table of sources is bounded; the one in use stays', async () => {
  const { got, closed, sender, acceptor, tally } = await open({ maxUdpSources: 16 });
  const vehicle = sender();
  await vehicle('vehicle');
  for (let n = 0; n < 40; n++) {
    await sender()(`stranger ${n}`);
    await vehicle('vehicle');
  }
  await eventually('arrival', () => got.length === 81);
  expect(acceptor.count).toBe(16);
  expect(tally.get('accept.udpSourceEvicted')).toBe(25);
  expect(closed).toHaveLength(25);
  const vehicles = new Set(got.filter(entry => entry.text === 'vehicle').map(entry => entry.source));
  expect(vehicles.size).toBe(1);
});

test('the surplus of one source is dropped, another is unharmed', async () => {
  const { got, sender, tally, clock } = await open({ maxBytesPerSecondPerPeer: 10_000 });
  const [flood, calm] = [sender(), sender()];
  for (let n = 0; n < 15; n++) await flood(Buffer.alloc(10_000, 'f'));
  await calm('calm');
  await eventually('arrival', () => got.some(entry => entry.text === 'calm'));
  expect(got.filter(entry => entry.text !== 'calm')).toHaveLength(10);
  expect(tally.get('accept.udpOverRate')).toBe(5);
  clock.pass(1000);
  await flood(Buffer.alloc(10_000, 'f'));
  await eventually('flows back', () => got.length === 12);
});

test('an owner that throws is counted and the next datagram is delivered', async () => {
  const { got, sender, tally } = await open();
  const send = sender();
  await send('throw');
  await send('after');
  await eventually('arrival', () => got.length === 1);
  expect(tally.get('accept.handlerFailed')).toBe(1);
});

test('a source can be answered', async () => {
  const { got, bound, acceptor } = await open();
  const socket = createSocket('udp4');
  opened.sockets.push(socket);
  const answers: string[] = [];
  socket.on('message', bytes => answers.push(bytes.toString()));
  socket.send('ask', bound.port, '127.0.0.1');
  await eventually('arrival', () => got.length === 1);
  expect(got[0]?.source).toMatchObject({ remoteAddress: '127.0.0.1', localPort: bound.port });
  expect(got[0]?.source.send(Buffer.from('answer'))).toBe(true);
  await eventually('answer', () => answers.length === 1);
  expect(answers).toEqual(['answer']);
  await acceptor.close();
  expect(got[0]?.source.send(Buffer.from('late'))).toBe(false);
});

test('an empty datagram is a datagram', async () => {
  const { got, sender } = await open();
  await sender()('');
  await eventually('arrival', () => got.length === 1);
});

test('less buffer than asked is said in words and counted; enough is not', async () => {
  const small = await open({ udpReceiveBuffer: 65_536 });
  expect(small.warnings).toEqual([]);
  expect(small.tally.get('accept.udpBufferSmall')).toBe(0);
  expect(small.acceptor.receiveBuffer).toBeGreaterThanOrEqual(65_536);
  const huge = await open({ udpReceiveBuffer: 268_435_456 });
  expect(huge.acceptor.receiveBuffer).toBeGreaterThan(0);
  expect(huge.acceptor.receiveBuffer).toBeLessThan(268_435_456);
  expect(huge.tally.get('accept.udpBufferSmall')).toBe(1);
  expect(huge.warnings).toHaveLength(1);
  expect(huge.warnings[0]?.text).toContain('receive buffer');
  expect(huge.warnings[0]?.fields).toEqual({ asked: 268_435_456, granted: huge.acceptor.receiveBuffer });
});

test('a port that is taken is portInUse, an address that is not ours is listenFailed', async () => {
  const { bound } = await open();
  await expect(open({}, '127.0.0.1', bound.port)).rejects.toMatchObject({ code: 'portInUse' });
  await expect(open({}, '192.0.2.1')).rejects.toMatchObject({ code: 'listenFailed' });
});

test('closing ends every source and leaves no timer', async () => {
  const { acceptor, got, closed, sender, clock } = await open();
  await sender()('a');
  await sender()('b');
  await eventually('arrival', () => got.length === 2);
  await acceptor.close();
  expect(closed).toHaveLength(2);
  expect(clock.timers).toBe(0);
  await acceptor.close();
});
