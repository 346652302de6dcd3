import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../fuzz/random.ts';
import { accessUnits, handMadeHevc } from './clip.ts';
import { expectExactly } from './exactness.ts';
import { ForeignCamera, packetsIn, payloadTypes } from './foreign-packet.ts';
import { ForeignTerminal, mediaOverTcp, mediaOverUdp } from './foreign-terminal.ts';
import { ServerProcess } from './server-process.ts';
import { VideoViewer } from './video-viewer.ts';

/** Recordings of real devices; they lie beside the repository on machines that have them. */
const folder = new URL('../../../shared/vectors/', import.meta.url);
const captures = [
  { name: 'smallchi-jt1078_1', sim: '012345678999', channel: 1 },
  { name: 'smallchi-jt1078_2', sim: '012345678999', channel: 1 },
  { name: 'xtream-sim6-h264-adpcma', sim: '013800138999', channel: 2 },
] as const;

let server: ServerProcess;
let viewer: VideoViewer;
beforeAll(async () => {
  server = await ServerProcess.start({ settings: { graceMs: 0 } });
  viewer = await VideoViewer.open(server.door, '?format=binary');
}, 60_000);
afterAll(async () => {
  await viewer?.close();
  await server?.stop();
});

describe('a recording of a real device, sent by a terminal with its SIM', () => {
  for (const { name, sim, channel } of captures)
    for (const way of ['tcp', 'udp'] as const) {
      const file = new URL(`${name}.bin`, folder);
      it.skipIf(!existsSync(file))(`${name} over ${way}`, async () => {
        const bytes = readFileSync(file);
        const whole = readFileSync(new URL(`${name}.h264`, folder));
        const units = accessUnits(whole);
        const firstKey = units.findIndex(unit => unit.key);
        const expected = units.slice(firstKey);
        const terminal = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone: sim });
        await terminal.enrol();
        const fresh = await VideoViewer.open(server.door);
        await fresh.subscribe(sim, channel);
        await terminal.nextLiveOrder(channel);
        const path = await (way === 'tcp' ? mediaOverTcp : mediaOverUdp)(server.mediaPort);
        const random = new Random(71);
        if (way === 'udp') for (const packet of packetsIn(bytes)) await path.send(packet);
        else
          for (let at = 0; at < bytes.length; ) {
            const to = at + 1 + random.below(1800);
            await path.send(bytes.subarray(at, to));
            at = to;
          }
        const frames = await fresh.some(sim, channel, expected.length);
        expectExactly(frames, expected);
        const tail = whole.subarray(units.slice(0, firstKey).reduce((sum, unit) => sum + unit.data.length, 0));
        expect(Buffer.concat(frames.map(frame => frame.data)).equals(tail)).toBe(true);
        await fresh.close();
        await terminal.next(0x9102);
        path.cut();
        await terminal.end();
      });
    }
});

describe('a device whose id is no BCD and whose pictures are H.265', () => {
  for (const way of ['tcp', 'udp'] as const)
    it(`streams over ${way}`, async () => {
      const phone = '000056AEBC2A';
      const units = handMadeHevc(40, 75);
      const terminal = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone });
      await terminal.enrol();
      expect((await server.vehicles()).find(({ headerId }) => headerId === phone)).toMatchObject({ id: '56AEBC2A' });
      const asked = way === 'tcp' ? '0056AEBC2A' : '56aebc2a';
      expect(await viewer.subscribe(asked, 1)).toMatchObject({ type: 'subscribed', vehicleId: asked });
      const order = await terminal.nextLiveOrder(1);
      const camera = new ForeignCamera({ sim: phone, channel: 1, payloadType: payloadTypes.h265 });
      const path = await (way === 'tcp' ? mediaOverTcp(order.tcpPort) : mediaOverUdp(order.udpPort));
      for (const unit of units) for (const packet of camera.picture(unit)) await path.send(packet);
      const frames = await viewer.some(asked, 1, units.length);
      expectExactly(frames, units);
      expect(new Set(frames.map(frame => frame.payloadType))).toEqual(new Set([99]));
      expect((await server.stats())[`${phone}_1`]?.status).toMatchObject({ codec: 'h265' });
      await viewer.unsubscribe(asked, 1);
      await terminal.next(0x9102);
      path.cut();
      await terminal.end();
    });
});
