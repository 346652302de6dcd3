import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../fuzz/random.ts';
import { handMadeClip } from './clip.ts';
import { expectExactly, placesOf, until } from './exactness.ts';
import { frame } from './foreign-frame.ts';
import { Counter, ForeignCamera, packetsOf, type Unit } from './foreign-packet.ts';
import { ForeignTerminal, type MediaPath, mediaOverTcp, mediaOverUdp } from './foreign-terminal.ts';
import { ServerProcess } from './server-process.ts';
import { VideoViewer } from './video-viewer.ts';

/** What the process may grow by while it is attacked. */
const maxGrowth = 150e6;
/** A picture of each good stream every so many ms. */
const stepMs = 20;

interface GoodStream {
  readonly phone: string;
  readonly terminal: ForeignTerminal;
  readonly path: MediaPath;
  readonly camera: ForeignCamera;
  readonly sent: Unit[];
}

let server: ServerProcess;
let viewer: VideoViewer;
let good: GoodStream[];
let isSending = false;
let sending: Promise<unknown>;
let memory = 0;
let round = 0;
let sockets: Socket[] = [];

beforeAll(async () => {
  server = await ServerProcess.start({ settings: { graceMs: 0 } });
}, 60_000);
afterAll(() => server?.stop());

/** Two vehicles stream, one over TCP and one over UDP, while each test does its worst. */
beforeEach(async () => {
  round++;
  viewer = await VideoViewer.open(server.door, '?format=binary');
  good = await Promise.all(
    [mediaOverTcp, mediaOverUdp].map(async (media, index) => {
      const phone = `01380000${String(round).padStart(2, '0')}0${index}`;
      const terminal = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone });
      await terminal.enrol();
      await viewer.subscribe(phone, 1);
      await terminal.nextLiveOrder(1);
      const path = await media(server.mediaPort);
      return { phone, terminal, path, camera: new ForeignCamera({ sim: phone, channel: 1, stepMs }), sent: [] };
    }),
  );
  memory = server.memory();
  isSending = true;
  sending = Promise.all(good.map(keepSending));
  for (const { phone } of good) await viewer.some(phone, 1, 3);
});

afterEach(async () => {
  isSending = false;
  await sending;
  for (const { path, terminal } of good) {
    path.cut();
    terminal.cut();
  }
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await viewer.close();
});

async function keepSending({ phone, path, camera, sent }: GoodStream, index: number): Promise<void> {
  const units = handMadeClip({ frames: 2000, seed: 1100 + index + Number(phone.slice(-4)), gop: 20 });
  for (const unit of units) {
    if (!isSending) return;
    for (const packet of camera.picture(unit)) await path.send(packet);
    sent.push(unit);
    await sleep(stepMs);
  }
}

/** The good streams lost nothing, the server answers, and it has not grown. */
async function expectUnharmed(): Promise<void> {
  for (const { terminal } of good) expect(await terminal.ask(0x0002)).toBe(0);
  isSending = false;
  await sending;
  for (const { phone, sent } of good) {
    expect(sent.length).toBeGreaterThan(3);
    expectExactly(await viewer.some(phone, 1, sent.length), sent);
  }
  expect(server.isRunning).toBe(true);
  expect(server.memory() - memory).toBeLessThan(maxGrowth);
}

async function connection(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  socket.on('data', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

async function pour(socket: Socket, bytes: Uint8Array): Promise<void> {
  if (socket.destroyed || socket.write(bytes)) return;
  // The server may hang up on what it is sent here.
  await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined);
}

async function enrolled(phone: string): Promise<ForeignTerminal> {
  const terminal = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone });
  await terminal.enrol();
  return terminal;
}

describe('while two vehicles stream', () => {
  it('2 MB of noise on each port', async () => {
    const random = new Random(1101);
    const noise = Array.from({ length: 64 }, () => random.bytes(32_768));
    const udp = await mediaOverUdp(server.mediaPort);
    for (const port of [server.signalPort, server.mediaPort]) {
      let socket = await connection(port);
      for (const piece of noise) {
        if (socket.destroyed) socket = await connection(port);
        await pour(socket, piece);
      }
    }
    for (const piece of noise)
      for (let at = 0; at < piece.length; at += 1400) await udp.send(Buffer.from(piece.subarray(at, at + 1400)));
    udp.cut();
    const tallies = await server.tallies();
    expect(tallies['delimit.junkBytes']).toBeGreaterThan(65_536);
    expect(tallies['datagram.junkBytes']).toBeGreaterThan(1e6);
    await expectUnharmed();
  });

  it('noise that is nearly right: packets and messages with bytes changed, left out and put in', async () => {
    const random = new Random(1102);
    const phone = '013810000002';
    const terminal = await enrolled(phone);
    await viewer.subscribe(phone, 1);
    await terminal.nextLiveOrder(1);
    const units = handMadeClip({ frames: 400, seed: 1102, gop: 10, keyBytes: 2000, pBytes: 700 });
    const camera = new ForeignCamera({ sim: phone, channel: 1 });
    const udp = await mediaOverUdp(server.mediaPort);
    let tcp = await connection(server.mediaPort);
    for (const [index, packet] of packetsOf(camera, units).entries()) {
      let bytes: Buffer = Buffer.from(packet);
      const where = random.below(index % 2 ? bytes.length : 32);
      const how = random.below(6);
      if (how === 0) bytes[where] = random.below(256);
      else if (how === 1) bytes = bytes.subarray(0, where);
      else if (how === 2)
        bytes = Buffer.concat([bytes.subarray(0, where), bytes.subarray(where + 1 + random.below(9))]);
      else if (how === 3)
        bytes = Buffer.concat([bytes.subarray(0, where), random.bytes(1 + random.below(40)), bytes.subarray(where)]);
      if (tcp.destroyed) tcp = await connection(server.mediaPort);
      await pour(tcp, bytes);
      await udp.send(bytes);
      const message = frame(
        { dialect: '2013', id: random.below(0x1100), phone, serial: index },
        random.bytes(random.below(60)),
      );
      message[random.below(message.length)] = random.below(256);
      await pour(tcp, message);
    }
    udp.cut();
    terminal.cut();
    await expectUnharmed();
  });

  it('packets of the very vehicles that stream, from elsewhere', async () => {
    const udp = await mediaOverUdp(server.mediaPort);
    const tcp = await mediaOverTcp(server.mediaPort);
    const forged = handMadeClip({ frames: 60, seed: 1103, gop: 5 });
    const before = (await server.tallies())['intake.otherSource'] ?? 0;
    for (const { phone } of good)
      for (const packet of packetsOf(new ForeignCamera({ sim: phone, channel: 1 }), forged)) {
        await udp.send(packet);
        await tcp.send(packet);
      }
    await until('they are counted', async () => ((await server.tallies())['intake.otherSource'] ?? 0) > before + 500);
    for (const { phone } of good)
      expect(placesOf(viewer.frames(phone, 1), forged).every(place => place === -1)).toBe(true);
    udp.cut();
    tcp.cut();
    await expectUnharmed();
  });

  it('packets cut short, and headers that promise 65,535 bytes', async () => {
    const phone = '013810000004';
    const terminal = await enrolled(phone);
    await viewer.subscribe(phone, 1);
    await terminal.nextLiveOrder(1);
    const units = handMadeClip({ frames: 60, seed: 1104, gop: 6 });
    const counter = new Counter();
    const camera = new ForeignCamera({ sim: phone, channel: 1, counter });
    const tcp = await mediaOverTcp(server.mediaPort);
    const udp = await mediaOverUdp(server.mediaPort);
    const whole: number[] = [];
    for (const [index, unit] of units.entries()) {
      const packets = camera.picture(unit);
      const last = packets.at(-1)!;
      if (index % 12 === 6) {
        last.writeUInt16BE(0xffff, 28);
        await udp.send(last);
      } else if (index % 12 === 8) packets[packets.length - 1] = last.subarray(0, 20 + (index % 7));
      else whole.push(index);
      for (const packet of packets) await tcp.send(packet);
    }
    // Whole ones only; after each damage from a key frame on.
    const ideal = whole.filter(index => index % 12 < 6);
    const frames = await viewer.some(phone, 1, ideal.length - 6);
    const places = placesOf(frames, units);
    expect(places).not.toContain(-1);
    expect(places.filter(place => !whole.includes(place))).toEqual([]);
    places.forEach((place, at) => {
      if (place !== (places[at - 1] ?? -2) + 1) expect(units[place]?.key).toBe(true);
    });
    const liar = await connection(server.mediaPort);
    const promise = new ForeignCamera({ sim: phone, channel: 2 }).picture(units[0]!)[0]!;
    promise.writeUInt16BE(0xffff, 28);
    for (let at = 0; at < 200; at++) await pour(liar, promise);
    tcp.cut();
    udp.cut();
    terminal.cut();
    await expectUnharmed();
  });

  it('five hundred connections that say little or nothing', async () => {
    const said = ['', '30', '7e', '303163', '3031636481', `7e0100${'00'.repeat(20)}`];
    for (let at = 0; at < 500; at += 50)
      await Promise.all(
        Array.from({ length: 50 }, async (_, index) => {
          const socket = await connection(index % 2 ? server.signalPort : server.mediaPort);
          socket.write(Buffer.from(said[index % said.length]!, 'hex'));
        }),
      );
    expect(sockets.filter(socket => socket.destroyed)).toEqual([]);
    const late = await enrolled('013810000005');
    expect(await late.ask(0x0002)).toBe(0);
    late.cut();
    await expectUnharmed();
  });

  it('one byte at a time, never to an end', async () => {
    const slow = await Promise.all([server.signalPort, server.mediaPort].map(connection));
    const message = frame({ dialect: '2013', id: 0x0200, phone: '013810000006', serial: 1 }, Buffer.alloc(900, 7));
    const packet = new ForeignCamera({ sim: '013810000006', channel: 1 }).picture(
      handMadeClip({ frames: 1, seed: 1 })[0]!,
    )[0]!;
    for (let at = 0; at < 60; at++) {
      slow[0]!.write(message.subarray(at, at + 1));
      slow[1]!.write(packet.subarray(at, at + 1));
      await sleep(15);
    }
    await expectUnharmed();
  });

  for (const way of ['tcp', 'udp'] as const)
    for (const frames of [40, 400])
      it(`a whole stream of ${frames} pictures sent twice, ${way}: each is shown once`, async () => {
        const phone = `0138100001${way === 'tcp' ? 1 : 2}${frames === 40 ? 1 : 2}`;
        const terminal = await enrolled(phone);
        await viewer.subscribe(phone, 1);
        await terminal.nextLiveOrder(1);
        const units = handMadeClip({ frames, seed: 1107, gop: 10, keyBytes: 3000, pBytes: 900 });
        const packets = packetsOf(new ForeignCamera({ sim: phone, channel: 1 }), units);
        const path = await (way === 'tcp' ? mediaOverTcp : mediaOverUdp)(server.mediaPort);
        for (const packet of packets) await path.send(packet);
        expectExactly(await viewer.some(phone, 1, units.length), units);
        for (const packet of packets) await path.send(packet);
        await terminal.ask(0x0002);
        await sleep(300);
        expectExactly(viewer.frames(phone, 1), units);
        path.cut();
        terminal.cut();
        await expectUnharmed();
      });

  it('messages by the ten thousand', async () => {
    const known = await enrolled('013810000008');
    const heartbeats = Array.from({ length: 10_000 }, (_, serial) =>
      frame(
        { dialect: '2013', id: serial % 2 ? 0x0002 : 0x0900 + (serial % 50), phone: known.phone, serial },
        Buffer.alloc(0),
      ),
    );
    known.write(Buffer.concat(heartbeats));
    const stranger = await connection(server.signalPort);
    const forms = (serial: number) =>
      frame({ dialect: '2013', id: 0x0200, phone: `0138${serial}`, serial }, Buffer.alloc(28));
    for (let at = 0; at < 10_000; at += 500)
      await pour(stranger, Buffer.concat(Array.from({ length: 500 }, (_, index) => forms(at + index))));
    const parts = await connection(server.signalPort);
    for (let serial = 0; serial < 2000; serial++) {
      const part = Buffer.from('7e07042400013810000009', 'hex');
      await pour(parts, Buffer.concat([part, Buffer.from([serial >> 8, serial & 255, 255, 255, 0, 1, 7, 0x7e])]));
    }
    await until('the terminal was answered to its last', async () => known.waiting(0x8001) >= 10_000, 30_000);
    known.cut();
    expect((await server.get<{ unknownMessages: unknown[] }>('/api/diagnostics')).unknownMessages.length).toBeLessThan(
      300,
    );
    await expectUnharmed();
  });

  it('media that nobody asked for is counted and not shown', async () => {
    const phone = '013810000009';
    const terminal = await enrolled(phone);
    await viewer.subscribe(phone, 1);
    await terminal.nextLiveOrder(1);
    const before = await server.tallies();
    const units = handMadeClip({ frames: 20, seed: 1109, gop: 10 });
    const path = await mediaOverTcp(server.mediaPort);
    const stranger = packetsOf(new ForeignCamera({ sim: '013810009999', channel: 1 }), units);
    const otherChannel = packetsOf(new ForeignCamera({ sim: phone, channel: 7 }), units);
    for (const packet of [...stranger, ...otherChannel]) await path.send(packet);
    const grown = async (name: string) => ((await server.tallies())[name] ?? 0) - (before[name] ?? 0);
    await until('they are counted', async () => (await grown('intake.unwanted')) === stranger.length);
    await until('they are counted', async () => (await grown('intake.unwantedChannel')) === otherChannel.length);
    expect(viewer.frames(phone, 1)).toEqual([]);
    expect(Object.keys(await server.stats())).not.toContain(`${phone}_7`);
    path.cut();
    terminal.cut();
    await expectUnharmed();
  });
});
