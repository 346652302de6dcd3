import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../fuzz/random.ts';
import { handMadeClip, recordedClip } from './clip.ts';
import { expectExactly, placesOf, until } from './exactness.ts';
import { Counter, ForeignCamera, type Unit } from './foreign-packet.ts';
import { ForeignTerminal, mediaOverTcp, mediaOverUdp } from './foreign-terminal.ts';
import { ServerProcess } from './server-process.ts';
import { VideoViewer } from './video-viewer.ts';

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

async function enrolled(dialect: '2013' | '2019', phone: string): Promise<ForeignTerminal> {
  const terminal = new ForeignTerminal({ port: server.signalPort, dialect, phone });
  await terminal.enrol();
  return terminal;
}

/** In pieces of any length: TCP keeps no boundaries. */
function shredded(bytes: Buffer, seed: number, longest = 1500): Buffer[] {
  const random = new Random(seed);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const to = at + 1 + random.below(longest);
    pieces.push(bytes.subarray(at, to));
    at = to;
  }
  return pieces;
}

describe('a terminal of 2019 that streams over TCP', () => {
  it('with a SIM of 10 bytes and sound in between that shares the counter', async () => {
    const phone = '00000000013900001901';
    const units = recordedClip(60);
    const terminal = await enrolled('2019', phone);
    const [vehicle] = await server.vehicles();
    expect(vehicle).toMatchObject({ id: '13900001901', headerId: phone, version: '2019', state: 'online' });
    expect(await viewer.subscribe(phone, 2)).toMatchObject({ type: 'subscribed' });
    expect(await viewer.subscribe('13900001901', 2)).toMatchObject({ type: 'error', code: 'alreadySubscribed' });
    const other = await VideoViewer.open(server.door);
    expect(await other.subscribe('13900001901', 2)).toMatchObject({ type: 'subscribed', vehicleId: '13900001901' });

    const order = await terminal.nextLiveOrder();
    expect(order).toMatchObject({ address: '127.0.0.1', tcpPort: server.mediaPort, channel: 2, stream: 0 });
    const camera = new ForeignCamera({ sim: phone, channel: 2, counter: new Counter(65_500) });
    const random = new Random(19);
    const wire = units.flatMap(unit => {
      const packets = camera.picture(unit);
      const sound = () => camera.sound(Buffer.from(random.bytes(320)));
      return [...packets, sound(), sound()];
    });
    const path = await mediaOverTcp(order.tcpPort);
    for (const piece of shredded(Buffer.concat(wire), 1)) await path.send(piece);
    expectExactly(await viewer.some(phone, 2, units.length), units);
    expectExactly(await other.some('13900001901', 2, units.length), units);
    const stats = await server.stats();
    expect(Object.keys(stats)).toEqual([`${phone}_2`]);
    expect(stats[`${phone}_2`]).toMatchObject({ subscribers: 2, packetsLost: 0, framesDropped: 0 });
    expect(stats[`${phone}_2`]?.status).toMatchObject({ transport: 'tcp', width: 352, height: 288 });
    await other.close();
    await viewer.unsubscribe('13900001901', 2);
    expect([...(await terminal.next(0x9102)).body]).toEqual([2, 0, 0, 0]);
    path.cut();
    await terminal.end();
  });

  it('with sound between the packets of one picture', async () => {
    const phone = '00000000013900001902';
    const units = handMadeClip({ frames: 40, seed: 2, gop: 8 });
    const terminal = await enrolled('2019', phone);
    await viewer.subscribe(phone, 1);
    const order = await terminal.nextLiveOrder();
    const camera = new ForeignCamera({ sim: phone, channel: 1 });
    const counter = new Counter();
    const random = new Random(20);
    const path = await mediaOverTcp(order.tcpPort);
    for (const unit of units) {
      // A camera numbers what it sends in the order in which it sends it.
      const packets = camera.picture(unit).flatMap(packet => [packet, camera.sound(Buffer.from(random.bytes(160)))]);
      for (const packet of packets) packet.writeUInt16BE(counter.take(), 6);
      await path.send(Buffer.concat(packets));
    }
    expectExactly(await viewer.some(phone, 1, units.length), units);
    path.cut();
    await terminal.end();
  });

  it('with every byte in a segment of its own', async () => {
    const phone = '00000000013900001903';
    const units = handMadeClip({ frames: 4, seed: 3, gop: 2, keyBytes: 1500, pBytes: 300 });
    const terminal = await enrolled('2019', phone);
    await viewer.subscribe(phone, 1);
    const order = await terminal.nextLiveOrder();
    const camera = new ForeignCamera({ sim: phone, channel: 1 });
    const path = await mediaOverTcp(order.tcpPort);
    for (const byte of Buffer.concat(units.flatMap(unit => camera.picture(unit)))) await path.send(Buffer.from([byte]));
    expectExactly(await viewer.some(phone, 1, units.length), units);
    path.cut();
    await terminal.end();
  });
});

describe('two channels on one connection', () => {
  const random = new Random(31);
  /** Packets of two cameras as they would come: a picture of one, a picture of the other, at times two in a row. */
  function woven(cameras: [ForeignCamera, ForeignCamera], clips: [Unit[], Unit[]]): Buffer[] {
    const packets: Buffer[] = [];
    const at = [0, 0];
    while (at[0]! < clips[0].length || at[1]! < clips[1].length) {
      const side = at[0]! >= clips[0].length ? 1 : at[1]! >= clips[1].length ? 0 : random.below(2);
      packets.push(...cameras[side as 0 | 1].picture(clips[side as 0 | 1][at[side]!++]!));
    }
    return packets;
  }

  for (const [way, dialect] of [
    ['tcp', '2013'],
    ['tcp', '2019'],
    ['udp', '2013'],
    ['udp', '2019'],
  ] as const)
    for (const shared of [false, true])
      it(`with ${shared ? 'one counter' : 'a counter each'}, ${way}, ${dialect}`, async () => {
        const number = `1391${Number(shared)}${Number(way === 'udp')}${dialect}1`;
        const phone = number.padStart(dialect === '2019' ? 20 : 12, '0');
        const clips: [Unit[], Unit[]] = [
          handMadeClip({ frames: 60, seed: 41, gop: 10 }),
          handMadeClip({ frames: 50, seed: 42, gop: 12 }),
        ];
        const terminal = await enrolled(dialect, phone);
        await viewer.subscribe(phone, 1);
        await viewer.subscribe(phone, 2);
        const first = await terminal.nextLiveOrder(1);
        await terminal.nextLiveOrder(2);
        const counter = shared ? new Counter(7) : undefined;
        const cameras: [ForeignCamera, ForeignCamera] = [
          new ForeignCamera({ sim: phone, channel: 1, counter: counter ?? new Counter(100) }),
          new ForeignCamera({ sim: phone, channel: 2, counter: counter ?? new Counter(65_530) }),
        ];
        const path = way === 'tcp' ? await mediaOverTcp(first.tcpPort) : await mediaOverUdp(first.udpPort);
        for (const packet of woven(cameras, clips)) await path.send(packet);
        expectExactly(await viewer.some(phone, 1, clips[0].length), clips[0]);
        expectExactly(await viewer.some(phone, 2, clips[1].length), clips[1]);
        path.cut();
        await terminal.end();
      });
});

describe('a stream that begins with P frames', () => {
  for (const way of ['tcp', 'udp'] as const)
    it(`is shown from its first key frame on, ${way}`, async () => {
      const phone = way === 'tcp' ? '013900004001' : '013900004002';
      const units = handMadeClip({ frames: 40, seed: 51, gop: 15, leadingP: 9 });
      const terminal = await enrolled('2013', phone);
      await viewer.subscribe(phone, 1);
      const order = await terminal.nextLiveOrder();
      const camera = new ForeignCamera({ sim: phone, channel: 1, counter: new Counter(300) });
      const path = way === 'tcp' ? await mediaOverTcp(order.tcpPort) : await mediaOverUdp(order.udpPort);
      for (const unit of units) for (const packet of camera.picture(unit)) await path.send(packet);
      expectExactly(await viewer.some(phone, 1, 31), units.slice(9));
      path.cut();
      await terminal.end();
    });

  it('in the middle of a picture, its first packets missing', async () => {
    const phone = '013900004003';
    const units = handMadeClip({ frames: 30, seed: 52, gop: 10, keyBytes: 6000 });
    const terminal = await enrolled('2013', phone);
    await viewer.subscribe(phone, 1);
    const order = await terminal.nextLiveOrder();
    const camera = new ForeignCamera({ sim: phone, channel: 1 });
    const packets = units.flatMap(unit => camera.picture(unit)).slice(2);
    const path = await mediaOverTcp(order.tcpPort);
    for (const packet of packets) await path.send(packet);
    const frames = await viewer.some(phone, 1, 20);
    await until('all of it was taken in', async () => (await server.stats())[`${phone}_1`]?.frames === 20);
    expect(placesOf(frames, units)).toEqual(units.slice(10).map((_, index) => index + 10));
    expect(frames[0]?.key).toBe(true);
    path.cut();
    await terminal.end();
  });
});

describe('sound with numbers of its own, as RTP would have it', () => {
  for (const [at, way] of ['tcp', 'udp'].entries())
    for (const [index, [name, firstSound, soundsBefore, bytes]] of (
      [
        ['from 0, after the first picture', 0, 0, 1200],
        ['from 0, before the first picture', 0, 3, 1200],
        ['from far away', 40_000, 0, 1200],
        ['from far away, before the first picture', 40_000, 3, 1200],
        ['side by side, a packet each', 0, 0, 400],
      ] as const
    ).entries())
      it(`costs no picture: ${name}, ${way}`, async () => {
        const phone = `0139000050${at}${index}`;
        const units = handMadeClip({ frames: 80, seed: 61 + index, gop: 20, keyBytes: bytes, pBytes: bytes });
        const terminal = await enrolled('2013', phone);
        await viewer.subscribe(phone, 1);
        await terminal.nextLiveOrder(1);
        const camera = new ForeignCamera({ sim: phone, channel: 1 });
        const microphone = new ForeignCamera({ sim: phone, channel: 1, counter: new Counter(firstSound) });
        const random = new Random(61);
        const path = await (way === 'tcp' ? mediaOverTcp : mediaOverUdp)(server.mediaPort);
        const speak = () => path.send(microphone.sound(Buffer.from(random.bytes(160))));
        for (let count = 0; count < soundsBefore; count++) await speak();
        for (const unit of units) {
          for (const packet of camera.picture(unit)) await path.send(packet);
          await speak();
        }
        expectExactly(await viewer.some(phone, 1, units.length), units);
        expect((await server.stats())[`${phone}_1`]).toMatchObject({ packetsLost: 0, framesDropped: 0 });
        path.cut();
        await terminal.end();
      });
});

describe('a SIM field that is not of the terminal’s generation', () => {
  for (const [at, way] of ['tcp', 'udp'].entries())
    for (const [dialect, width] of [
      ['2019', 12],
      ['2013', 20],
    ] as const)
      it(`of ${width / 2} bytes from a terminal of ${dialect}, ${way}`, async () => {
        const number = `1390000${width}6${at}`;
        const phone = number.padStart(dialect === '2019' ? 20 : 12, '0');
        const units = handMadeClip({ frames: 30, seed: 71, gop: 10 });
        const terminal = await enrolled(dialect, phone);
        await viewer.subscribe(number, 1);
        await terminal.nextLiveOrder(1);
        const camera = new ForeignCamera({ sim: number.padStart(width, '0'), channel: 1 });
        const path = await (way === 'tcp' ? mediaOverTcp : mediaOverUdp)(server.mediaPort);
        for (const unit of units) {
          for (const packet of camera.picture(unit)) await path.send(packet);
          await path.send(camera.sound(Buffer.alloc(160, 0x55)));
        }
        expectExactly(await viewer.some(number, 1, units.length), units);
        expect(Object.keys(await server.stats())).toContain(`${phone}_1`);
        path.cut();
        await terminal.end();
      });
});
