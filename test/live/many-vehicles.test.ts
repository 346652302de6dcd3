import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handMadeClip } from './clip.ts';
import { expectExactly, until } from './exactness.ts';
import { ForeignCamera, packetsOf, type Unit } from './foreign-packet.ts';
import { ForeignTerminal, type MediaPath, mediaOverTcp, mediaOverUdp } from './foreign-terminal.ts';
import { ServerProcess } from './server-process.ts';
import { VideoViewer } from './video-viewer.ts';

interface Vehicle {
  readonly terminal: ForeignTerminal;
  readonly viewer: VideoViewer;
  readonly units: Unit[];
  readonly packets: Buffer[];
  path?: MediaPath;
}

const perViewer = 50;

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start();
}, 60_000);
afterAll(() => server?.stop());

/** Registered, authenticated, watched and asked for its stream, all of them at once. */
async function fleet(count: number, prefix: string, frames: number): Promise<Vehicle[]> {
  const viewers = await Promise.all(
    Array.from({ length: Math.ceil(count / perViewer) }, () => VideoViewer.open(server.door, '?format=binary')),
  );
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const dialect = index % 3 === 2 ? '2019' : '2013';
      const phone = `${prefix}${String(index).padStart(4, '0')}`.padStart(dialect === '2019' ? 20 : 12, '0');
      const terminal = new ForeignTerminal({ port: server.signalPort, dialect, phone });
      const viewer = viewers[Math.floor(index / perViewer)]!;
      await terminal.enrol();
      expect(await viewer.subscribe(phone, 1)).toMatchObject({ type: 'subscribed' });
      await terminal.nextLiveOrder(1);
      const units = handMadeClip({ frames, seed: 6000 + index, gop: 10, keyBytes: 3000, pBytes: 900 });
      const packets = packetsOf(new ForeignCamera({ sim: phone, channel: 1 }), units);
      return { terminal, viewer, units, packets };
    }),
  );
}

/** A packet of each in turn, as many cameras send at once. */
async function streamAll(vehicles: readonly Vehicle[]): Promise<void> {
  const longest = Math.max(...vehicles.map(({ packets }) => packets.length));
  for (let at = 0; at < longest; at++)
    for (const { packets, path } of vehicles) {
      const packet = packets[at];
      if (packet) await path?.send(packet);
    }
}

async function expectEveryStream(vehicles: readonly Vehicle[]): Promise<void> {
  for (const { terminal, viewer, units } of vehicles)
    expectExactly(await viewer.some(terminal.phone, 1, units.length), units);
}

async function dismiss(vehicles: readonly Vehicle[]): Promise<void> {
  for (const { terminal, path } of vehicles) {
    path?.cut();
    terminal.cut();
  }
  await Promise.all([...new Set(vehicles.map(({ viewer }) => viewer))].map(viewer => viewer.close()));
}

describe('behind one address', () => {
  it('two hundred vehicles stream at once, half over UDP, half over TCP', async () => {
    const vehicles = await fleet(200, '1396', 20);
    await Promise.all(
      vehicles.map(async (vehicle, index) => {
        vehicle.path = await (index % 2 ? mediaOverTcp : mediaOverUdp)(server.mediaPort);
      }),
    );
    await streamAll(vehicles);
    await expectEveryStream(vehicles);
    const stats = await server.stats();
    expect(Object.keys(stats).sort()).toEqual(vehicles.map(({ terminal }) => `${terminal.phone}_1`).sort());
    expect(Object.values(stats).filter(entry => entry.subscribers !== 1 || entry.packetsLost !== 0)).toEqual([]);
    expect((await server.vehicles()).filter(vehicle => vehicle.state === 'online')).toHaveLength(200);
    await dismiss(vehicles);
    await until('all are offline', async () => (await server.vehicles()).every(({ state }) => state === 'offline'));
  }, 60_000);

  it('fifty vehicles stream from one UDP port, as through a gateway', async () => {
    const vehicles = await fleet(50, '1397', 20);
    const path = await mediaOverUdp(server.mediaPort);
    for (const vehicle of vehicles) vehicle.path = path;
    await streamAll(vehicles);
    await expectEveryStream(vehicles);
    await dismiss(vehicles);
  }, 60_000);

  it('fifty vehicles stream over one TCP connection, as through a gateway', async () => {
    const vehicles = await fleet(50, '1398', 20);
    const path = await mediaOverTcp(server.mediaPort);
    for (const vehicle of vehicles) vehicle.path = path;
    await streamAll(vehicles);
    await expectEveryStream(vehicles);
    await dismiss(vehicles);
  }, 60_000);
});
