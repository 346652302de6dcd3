import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handMadeClip } from './clip.ts';
import { expectExactly, placesOf, until } from './exactness.ts';
import { ForeignCamera, packetsOf, type Unit } from './foreign-packet.ts';
import { ForeignTerminal, locationBody, type MediaPath, mediaOverTcp, mediaOverUdp } from './foreign-terminal.ts';
import { ServerProcess } from './server-process.ts';
import { VideoViewer } from './video-viewer.ts';

/** The code is kept as text, whatever the file is called. */
function isOnDisk(folder: string, code: string): boolean {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isFile());
  return entries.some(({ name }) => readFileSync(join(folder, name)).includes(code));
}

async function sendAll(path: MediaPath, camera: ForeignCamera, units: readonly Unit[]): Promise<void> {
  for (const packet of packetsOf(camera, units)) await path.send(packet);
}

describe('a terminal that is cut off', () => {
  let server: ServerProcess;
  let viewer: VideoViewer;
  beforeAll(async () => {
    server = await ServerProcess.start({ settings: { graceMs: 300 } });
    viewer = await VideoViewer.open(server.door, '?format=binary');
  }, 60_000);
  afterAll(async () => {
    await viewer?.close();
    await server?.stop();
  });

  const stateOf = async (phone: string) => (await server.vehicles()).find(({ headerId }) => headerId === phone)?.state;

  for (const way of ['tcp', 'udp'] as const)
    it(`in mid-picture and returns after 2 s gets its stream again by itself, ${way}`, async () => {
      const phone = way === 'tcp' ? '013990000001' : '013990000002';
      const before = handMadeClip({ frames: 25, seed: 901, gop: 10, keyBytes: 6000 });
      const after = handMadeClip({ frames: 30, seed: 902, gop: 10, leadingP: 3 });
      const terminal = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone });
      const code = await terminal.enrol();
      await viewer.subscribe(phone, 1);
      const order = await terminal.nextLiveOrder(1);
      const path = await (way === 'tcp' ? mediaOverTcp(order.tcpPort) : mediaOverUdp(order.udpPort));
      const camera = new ForeignCamera({ sim: phone, channel: 1 });
      await sendAll(path, camera, before);
      const broken = camera.picture(before[0]!).slice(0, 3);
      for (const packet of broken) await path.send(packet);
      await viewer.some(phone, 1, before.length);
      path.cut();
      terminal.cut();
      await until('it is offline', async () => (await stateOf(phone)) === 'offline');
      await sleep(2000);

      const returned = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone });
      await returned.connect();
      await returned.authenticate(code);
      const again = await returned.nextLiveOrder(1);
      const second = await (way === 'tcp' ? mediaOverTcp(again.tcpPort) : mediaOverUdp(again.udpPort));
      // A device that was switched off counts from 0 again, at another time.
      await sendAll(second, new ForeignCamera({ sim: phone, channel: 1, firstMs: 5000 }), after);
      const shown = [...before, ...after.slice(3)];
      expectExactly(await viewer.some(phone, 1, shown.length), shown);
      expect(viewer.texts.filter(text => text.type === 'error')).toEqual([]);
      expect(viewer.texts.filter(text => text.type === 'subscribed' && text.vehicleId === phone)).toHaveLength(1);
      second.cut();
      await returned.end();
    });

  it('on its media connection only is asked for the stream again', async () => {
    const phone = '013990000003';
    const units = handMadeClip({ frames: 20, seed: 903, gop: 10 });
    const terminal = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone });
    await terminal.enrol();
    await viewer.subscribe(phone, 1);
    const camera = new ForeignCamera({ sim: phone, channel: 1 });
    const first = await mediaOverTcp((await terminal.nextLiveOrder(1)).tcpPort);
    await sendAll(first, camera, units.slice(0, 10));
    await viewer.some(phone, 1, 10);
    first.cut();
    const second = await mediaOverTcp((await terminal.nextLiveOrder(1)).tcpPort);
    await sendAll(second, camera, units.slice(10));
    expectExactly(await viewer.some(phone, 1, 20), units);
    second.cut();
    await terminal.end();
  });

  it('without the platform noticing is taken over by its next connection', async () => {
    const phone = '013990000004';
    const units = handMadeClip({ frames: 30, seed: 904, gop: 10 });
    const first = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone });
    const code = await first.enrol();
    await viewer.subscribe(phone, 1);
    const order = await first.nextLiveOrder(1);
    const oldPath = await mediaOverTcp(order.tcpPort);
    await sendAll(oldPath, new ForeignCamera({ sim: phone, channel: 1 }), units.slice(0, 10));
    await viewer.some(phone, 1, 10);

    const second = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone });
    await second.connect();
    await second.authenticate(code);
    await until('the old connection is closed', () => first.isClosed);
    expect(await stateOf(phone)).toBe('online');
    const again = await second.nextLiveOrder(1);
    const newPath = await mediaOverTcp(again.tcpPort);
    await sendAll(newPath, new ForeignCamera({ sim: phone, channel: 1, firstMs: 1000 }), units.slice(10));
    expectExactly(await viewer.some(phone, 1, 30), units);
    oldPath.cut();
    newPath.cut();
    await second.end();
  });

  it('does not mind a second source of the same stream while the first one runs', async () => {
    const phone = '013990000005';
    const units = handMadeClip({ frames: 40, seed: 905, gop: 10 });
    const foreign = handMadeClip({ frames: 40, seed: 906, gop: 10 });
    const terminal = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone });
    await terminal.enrol();
    await viewer.subscribe(phone, 1);
    const order = await terminal.nextLiveOrder(1);
    const paths = [
      await mediaOverTcp(order.tcpPort),
      await mediaOverTcp(order.tcpPort),
      await mediaOverUdp(order.udpPort),
    ];
    const cameras = paths.map(() => new ForeignCamera({ sim: phone, channel: 1 }));
    await sendAll(paths[0]!, cameras[0]!, units.slice(0, 1));
    await viewer.some(phone, 1, 1);
    for (let at = 1; at < units.length; at++) {
      await sendAll(paths[0]!, cameras[0]!, [units[at]!]);
      await sendAll(paths[1]!, cameras[1]!, [foreign[at]!]);
      await sendAll(paths[2]!, cameras[2]!, [foreign[at]!]);
    }
    expectExactly(await viewer.some(phone, 1, units.length), units);
    expect((await server.tallies())['intake.otherSource']).toBeGreaterThan(0);
    for (const path of paths) path.cut();
    await terminal.end();
  });
});

describe('what a terminal says of itself', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await ServerProcess.start();
  }, 60_000);
  afterAll(() => server?.stop());

  for (const dialect of ['2013', '2019'] as const)
    it(`is shown: position, speed, and offline after it logged out, ${dialect}`, async () => {
      const phone = dialect === '2013' ? '013990000021' : '00000000013990000022';
      const terminal = new ForeignTerminal({ port: server.signalPort, dialect, phone });
      await terminal.enrol();
      const vehicle = async () => (await server.vehicles()).find(({ headerId }) => headerId === phone)!;
      expect(await terminal.ask(0x0002)).toBe(0);
      const position = { latitude: 22.547_123, longitude: 114.085_947, altitude: 31, speed: 56.7, direction: 278 };
      const body = locationBody({ ...position, status: 3, time: '261120143208' });
      expect(await terminal.ask(0x0200, body)).toBe(0);
      expect((await vehicle()).position).toMatchObject({
        ...position,
        fixed: true,
        ignition: true,
        alarms: 0,
        deviceTime: Date.UTC(2026, 10, 20, 6, 32, 8),
      });
      // Bits 2 and 3: south and west.
      const south = { latitude: 33.4, longitude: 70.6, altitude: 0, speed: 0, direction: 0 };
      expect(await terminal.ask(0x0200, locationBody({ ...south, status: 14, time: '261120143209' }))).toBe(0);
      expect((await vehicle()).position).toMatchObject({ latitude: -33.4, longitude: -70.6, ignition: false });
      expect((await vehicle()).state).toBe('online');
      expect(await terminal.ask(0x0003)).toBe(0);
      expect((await vehicle()).state).toBe('offline');
      await terminal.end();
    });

  it('by an id that no table has is answered: not supported', async () => {
    const terminal = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone: '013990000031' });
    await terminal.enrol();
    expect(await terminal.ask(0x0f7e, Buffer.from([0x7e, 0x7d, 1, 2]))).toBe(3);
    const unknown = await server.get<{ unknownMessages: { id: string; count: number }[] }>('/api/diagnostics');
    expect(unknown.unknownMessages).toContainEqual({ id: '0x0F7E', count: 1 });
    await terminal.end();
  });

  it('is not believed before it has authenticated, nor with a wrong code', async () => {
    const phone = '013990000032';
    const terminal = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone });
    await terminal.connect();
    const body = locationBody({
      ...{ status: 3, latitude: 1, longitude: 1, altitude: 1, speed: 1, direction: 1 },
      time: '261120143208',
    });
    expect(await terminal.ask(0x0200, body)).toBe(1);
    const code = await terminal.register();
    expect(await terminal.tryCode(`${code}x`)).toBe(1);
    expect(await terminal.tryCode('')).toBe(1);
    expect((await server.vehicles()).find(({ headerId }) => headerId === phone)).toMatchObject({ state: 'offline' });
    expect(await terminal.tryCode(code)).toBe(0);
    expect((await server.vehicles()).find(({ headerId }) => headerId === phone)).toMatchObject({ state: 'online' });
    await terminal.end();
  });
});

describe('after a restart with the same data folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'convoy-live-kept-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  for (const signal of ['SIGTERM', 'SIGKILL'] as const)
    it(`terminals come back with their old codes, ${signal}`, async () => {
      const phone = signal === 'SIGTERM' ? '013990000011' : '013990000012';
      const plate = Buffer.from('d4c1423132333435', 'hex');
      const first = await ServerProcess.start({ dataDir: folder });
      const terminal = new ForeignTerminal({ port: first.signalPort, dialect: '2013', phone, plate });
      const code = await terminal.enrol();
      const location = { status: 3, latitude: 22.5, longitude: 114.1, altitude: 9, speed: 40, direction: 90 };
      await terminal.ask(0x0200, locationBody({ ...location, time: '261120143208' }));
      // Written behind the messages: a power cut may cost the last few seconds.
      if (signal === 'SIGKILL') await until('it is on disk', () => isOnDisk(folder, code));
      await first.stop(signal);

      const second = await ServerProcess.start({ dataDir: folder });
      const listed = async () => (await second.vehicles()).find(({ headerId }) => headerId === phone);
      expect(await listed()).toMatchObject({ state: 'offline', plate: '粤B12345', id: phone.slice(1) });
      const viewer = await VideoViewer.open(second.door);
      expect(await viewer.subscribe(phone, 1)).toMatchObject({ type: 'subscribed' });
      const returned = new ForeignTerminal({ port: second.signalPort, dialect: '2013', phone });
      await returned.connect();
      await returned.authenticate(code);
      expect(await listed()).toMatchObject({ state: 'online', plate: '粤B12345' });
      const units = handMadeClip({ frames: 10, seed: 911, gop: 5 });
      const path = await mediaOverTcp((await returned.nextLiveOrder(1)).tcpPort);
      await sendAll(path, new ForeignCamera({ sim: phone, channel: 1 }), units);
      expect(placesOf(await viewer.some(phone, 1, 10), units)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      path.cut();
      returned.cut();
      await viewer.close();
      await second.stop();
    });
});
