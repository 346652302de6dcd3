import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordedClip } from './clip.ts';
import { expectExactly, until } from './exactness.ts';
import { ForeignCamera } from './foreign-packet.ts';
import { ForeignTerminal, mediaOverUdp } from './foreign-terminal.ts';
import { ServerProcess } from './server-process.ts';
import { VideoViewer } from './video-viewer.ts';

const phone = '013912345678';
/** 粤B12345 */
const plate = Buffer.from('d4c1423132333435', 'hex');

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start();
}, 60_000);
afterAll(() => server?.stop());

describe('a terminal of 2013 that streams over UDP', () => {
  it('says on one line where it listens', () => {
    expect(server.stdout.trim().split('\n')).toHaveLength(1);
  });

  it('goes from registration to pictures and back', async () => {
    const units = recordedClip(75);
    const terminal = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone, plate });
    const code = await terminal.enrol();
    expect(code).toMatch(/^[\x21-\x7e]+$/);
    const [vehicle] = await server.vehicles();
    expect(vehicle).toMatchObject({ id: '13912345678', headerId: phone, state: 'online', plate: '粤B12345' });
    expect(vehicle?.version).toBe('2013');

    const zeros = await VideoViewer.open(server.door);
    const plain = await VideoViewer.open(server.door, '?format=binary');
    expect(await zeros.subscribe(phone, 1)).toEqual({ type: 'subscribed', vehicleId: phone, channel: 1 });
    expect(await plain.subscribe('13912345678', 1)).toMatchObject({ type: 'subscribed', vehicleId: '13912345678' });

    const order = await terminal.nextLiveOrder();
    expect(order).toMatchObject({ address: '127.0.0.1', udpPort: server.mediaPort, channel: 1 });
    expect(order).toMatchObject({ tcpPort: server.mediaPort, dataType: 0, stream: 0 });

    const before = Date.now();
    const path = await mediaOverUdp(order.udpPort);
    const camera = new ForeignCamera({ sim: phone, channel: 1, firstMs: 1_566_919_211_506 });
    for (const unit of units) {
      for (const packet of camera.picture(unit)) await path.send(packet);
      await sleep(10);
    }
    expectExactly(await zeros.some(phone, 1, units.length), units);
    expectExactly(await plain.some('13912345678', 1, units.length), units);
    const after = Date.now();

    const json = zeros.frames(phone, 1);
    expect(json[0]?.key).toBe(true);
    const arrivals = json.map(frame => frame.timestamp);
    expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b));
    expect(arrivals[0]).toBeGreaterThanOrEqual(before);
    expect(arrivals.at(-1)).toBeLessThanOrEqual(after);
    const binary = plain.frames('13912345678', 1);
    expect(binary.map(frame => frame.number)).toEqual(units.map((_, index) => index));
    expect(binary.map(frame => frame.deviceMs)).toEqual(units.map((_, index) => 1_566_919_211_506 + 67 * index));
    expect(new Set(binary.map(frame => frame.payloadType))).toEqual(new Set([98]));

    const stats = (await server.stats())[`${phone}_1`];
    expect(stats).toMatchObject({ subscribers: 2, frames: 75, keyFrames: 3, packetsLost: 0 });
    expect(stats?.status).toMatchObject({ phase: 'live', codec: 'h264', width: 352, height: 288, transport: 'udp' });
    expect(new Date(stats?.lastFrame ?? '').toISOString()).toBe(stats?.lastFrame);
    expect(Date.parse(stats?.lastFrame ?? '')).toBe(arrivals.at(-1));

    expect(await zeros.unsubscribe(phone, 1)).toEqual({ type: 'unsubscribed', vehicleId: phone, channel: 1 });
    await until('one viewer is left', async () => (await server.stats())[`${phone}_1`]?.subscribers === 1);
    await plain.unsubscribe('13912345678', 1);
    const close = await terminal.next(0x9102);
    expect([...close.body]).toEqual([1, 0, 0, 0]);
    await until('the stream is closed', async () => Object.keys(await server.stats()).length === 0);
    expect(terminal.waiting(0x9101)).toBe(0);
    path.cut();
    await terminal.end();
    await Promise.all([zeros.close(), plain.close()]);
  });

  it('is asked for the sub stream by its own command, and closed by its own', async () => {
    const terminal = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone: '013900000002' });
    await terminal.enrol();
    const viewer = await VideoViewer.open(server.door);
    const answer = await viewer.subscribe('13900000002', 3, { stream: 'sub' });
    expect(answer).toEqual({ type: 'subscribed', vehicleId: '13900000002', channel: 3, stream: 'sub' });
    const order = await terminal.nextLiveOrder();
    expect(order).toMatchObject({ channel: 3, dataType: 0, stream: 1 });
    const units = recordedClip(30);
    const camera = new ForeignCamera({ sim: '013900000002', channel: 3 });
    const path = await mediaOverUdp(order.udpPort);
    for (const unit of units) for (const packet of camera.picture(unit)) await path.send(packet);
    await until('all frames', () => viewer.frames('13900000002', 3, 'sub').length >= units.length);
    expectExactly(viewer.frames('13900000002', 3, 'sub'), units);
    expect(Object.keys(await server.stats())).toContain('013900000002_3_sub');
    await viewer.close();
    expect([...(await terminal.next(0x9102)).body]).toEqual([3, 0, 0, 1]);
    path.cut();
    await terminal.end();
  });
});
