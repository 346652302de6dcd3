import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../fuzz/random.ts';
import { handMadeClip } from './clip.ts';
import { expectExactly, placesOf, until } from './exactness.ts';
import { frame } from './foreign-frame.ts';
import { ForeignCamera, packetsOf } from './foreign-packet.ts';
import { ForeignTerminal, mediaOverTcp, mediaOverUdp } from './foreign-terminal.ts';
import { ServerProcess } from './server-process.ts';
import { VideoViewer } from './video-viewer.ts';

let server: ServerProcess;
let viewer: VideoViewer;
beforeAll(async () => {
  server = await ServerProcess.start({ settings: { graceMs: 0, openTimeoutMs: 1500, commandTimeoutMs: 1000 } });
  viewer = await VideoViewer.open(server.door, '?format=binary');
}, 60_000);
afterAll(async () => {
  await viewer?.close();
  await server?.stop();
});

async function watched(phone: string, answers?: ForeignTerminal['answers']): Promise<ForeignTerminal> {
  const dialect = phone.length === 20 ? '2019' : '2013';
  const terminal = new ForeignTerminal({ port: server.signalPort, dialect, phone });
  if (answers) terminal.answers = answers;
  await terminal.enrol();
  expect(await viewer.subscribe(phone, 1)).toMatchObject({ type: 'subscribed' });
  return terminal;
}

async function entry(phone: string) {
  return (await server.stats())[`${phone}_1`];
}

describe('both protocols on every port', () => {
  for (const phone of ['013980000001', '00000000013980000002'])
    it(`takes media that is pushed on the signalling connection, with heartbeats between: ${phone}`, async () => {
      const units = handMadeClip({ frames: 40, seed: 801, gop: 10 });
      const terminal = await watched(phone);
      await terminal.nextLiveOrder(1);
      const camera = new ForeignCamera({ sim: phone, channel: 1 });
      for (const [index, unit] of units.entries()) {
        for (const packet of camera.picture(unit)) terminal.write(packet);
        if (index % 7 === 0) expect(await terminal.ask(0x0002)).toBe(0);
      }
      expectExactly(await viewer.some(phone, 1, units.length), units);
      await terminal.end();
    });

  it('takes 0x0102 and 0x0002 on the media connection, before and between packets', async () => {
    const phone = '013980000003';
    const units = handMadeClip({ frames: 30, seed: 803, gop: 10 });
    const terminal = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone });
    const code = await terminal.enrol();
    await viewer.subscribe(phone, 1);
    const order = await terminal.nextLiveOrder(1);
    const media = new ForeignTerminal({ port: order.tcpPort, dialect: '2013', phone });
    await media.connect();
    expect(await media.tryCode(code)).toBe(0);
    expect(await media.ask(0x0002)).toBe(0);
    const camera = new ForeignCamera({ sim: phone, channel: 1 });
    for (const [index, unit] of units.entries()) {
      for (const packet of camera.picture(unit)) media.write(packet);
      if (index % 10 === 5) expect(await media.ask(0x0002)).toBe(0);
    }
    expectExactly(await viewer.some(phone, 1, units.length), units);
    // The signalling connection is still the one that is spoken to.
    expect(terminal.isClosed).toBe(false);
    await viewer.subscribe(phone, 2);
    await terminal.nextLiveOrder(2);
    expect(media.waiting(0x9101)).toBe(0);
    await media.end();
    await terminal.end();
  });

  it('takes a terminal that lives on the media port altogether', async () => {
    const phone = '013980000004';
    const units = handMadeClip({ frames: 20, seed: 804, gop: 10 });
    const terminal = new ForeignTerminal({ port: server.mediaPort, dialect: '2013', phone });
    await terminal.enrol();
    await viewer.subscribe(phone, 1);
    await terminal.nextLiveOrder(1);
    terminal.write(Buffer.concat(packetsOf(new ForeignCamera({ sim: phone, channel: 1 }), units)));
    expectExactly(await viewer.some(phone, 1, units.length), units);
    await terminal.end();
  });
});

describe('packets without their magic', () => {
  for (const [phone, way] of [
    ['013980000011', 'tcp'],
    ['00000000013980000012', 'tcp'],
    ['013980000013', 'udp'],
  ] as const)
    it(`are taken, ${way}, SIM of ${phone.length / 2} bytes`, async () => {
      const units = handMadeClip({ frames: 30, seed: 811, gop: 10 });
      const terminal = await watched(phone);
      await terminal.nextLiveOrder(1);
      const path = await (way === 'tcp' ? mediaOverTcp : mediaOverUdp)(server.mediaPort);
      const camera = new ForeignCamera({ sim: phone, channel: 1, withoutMagic: true });
      for (const packet of packetsOf(camera, units)) await path.send(packet);
      expectExactly(await viewer.some(phone, 1, units.length), units);
      path.cut();
      await terminal.end();
    });
});

describe('payloads that look like something else', () => {
  for (const way of ['tcp', 'udp'] as const)
    it(`are taken as they are, ${way}`, async () => {
      const phone = way === 'tcp' ? '013980000021' : '013980000022';
      const random = new Random(821);
      const magic = Buffer.from('30316364', 'hex');
      const foreign = packetsOf(
        new ForeignCamera({ sim: '099912349876', channel: 3 }),
        handMadeClip({ frames: 1, seed: 1 }),
      )[0]!;
      const message = frame({ dialect: '2013', id: 0x0002, phone: '099912349876', serial: 7 }, Buffer.alloc(0));
      const units = handMadeClip({ frames: 60, seed: 822, gop: 12, keyBytes: 4000, pBytes: 1500 });
      for (const { data } of units) {
        const strange = [magic, Buffer.concat([magic, Buffer.from([0x81])]), foreign.subarray(0, 60), message][
          random.below(4)
        ]!;
        strange.copy(data, 200 + random.below(data.length - 300 - strange.length));
      }
      const terminal = await watched(phone);
      await terminal.nextLiveOrder(1);
      const path = await (way === 'tcp' ? mediaOverTcp : mediaOverUdp)(server.mediaPort);
      for (const packet of packetsOf(new ForeignCamera({ sim: phone, channel: 1 }), units)) {
        if (way === 'udp') await path.send(packet);
        else for (let at = 0; at < packet.length; at += 333) await path.send(packet.subarray(at, at + 333));
      }
      expectExactly(await viewer.some(phone, 1, units.length), units);
      path.cut();
      await terminal.end();
    });
});

describe('the answer to 0x9101', () => {
  it('may come after the media', async () => {
    const phone = '013980000031';
    const units = handMadeClip({ frames: 20, seed: 831, gop: 10 });
    const terminal = await watched(phone, () => undefined);
    const order = await terminal.nextLiveOrder(1);
    const path = await mediaOverTcp(order.tcpPort);
    for (const packet of packetsOf(new ForeignCamera({ sim: phone, channel: 1 }), units)) await path.send(packet);
    expectExactly(await viewer.some(phone, 1, units.length), units);
    const { serial, id } = order.message;
    terminal.send(0x0001, Buffer.from([serial >> 8, serial & 255, id >> 8, id & 255, 0]));
    await until('it is acknowledged', async () =>
      (await entry(phone))?.status.steps.some(({ step }) => step === 'acknowledged'),
    );
    expect((await entry(phone))?.status.phase).toBe('live');
    path.cut();
    await terminal.end();
  });

  it('may never come, when the media does', async () => {
    const phone = '013980000032';
    const units = handMadeClip({ frames: 60, seed: 832, gop: 10 });
    const terminal = await watched(phone, () => undefined);
    const order = await terminal.nextLiveOrder(1);
    const path = await mediaOverTcp(order.tcpPort);
    const camera = new ForeignCamera({ sim: phone, channel: 1 });
    for (const unit of units) {
      for (const packet of camera.picture(unit)) await path.send(packet);
      await sleep(40);
    }
    expectExactly(await viewer.some(phone, 1, units.length), units);
    expect((await entry(phone))?.status).toMatchObject({ phase: 'live' });
    expect((await entry(phone))?.status.error).toBeUndefined();
    path.cut();
    await terminal.end();
  });

  it('may come without media: it is asked for again, and the status says why', async () => {
    const phone = '013980000033';
    const terminal = await watched(phone);
    await terminal.nextLiveOrder(1);
    await terminal.nextLiveOrder(1);
    expect((await entry(phone))?.status.error).toMatchObject({ code: 'mediaNotArriving' });
    await terminal.end();
  });

  for (const [result, code] of [
    [1, 'commandFailed'],
    [3, 'commandUnsupported'],
  ] as const)
    it(`may be a no (${result}): viewers are told, and it is asked again`, async () => {
      const phone = `01398000004${result}`;
      let refusals = 0;
      const terminal = await watched(phone, message => (message.id === 0x9101 && refusals++ === 0 ? result : 0));
      const said = await viewer.text(text => text.type === 'error' && text.vehicleId === phone);
      expect(said).toMatchObject({ code, channel: 1 });
      expect(said.message).toMatch(/./);
      await terminal.nextLiveOrder(1);
      await terminal.nextLiveOrder(1);
      const units = handMadeClip({ frames: 10, seed: 840, gop: 5 });
      const path = await mediaOverTcp(server.mediaPort);
      for (const packet of packetsOf(new ForeignCamera({ sim: phone, channel: 1 }), units)) await path.send(packet);
      expectExactly(await viewer.some(phone, 1, units.length), units);
      expect((await entry(phone))?.status).toMatchObject({ phase: 'live' });
      expect((await entry(phone))?.status.error).toBeUndefined();
      path.cut();
      await terminal.end();
    });

  it('says refused in the status while it is a no', async () => {
    const phone = '013980000049';
    const terminal = await watched(phone, message => (message.id === 0x9101 ? 3 : 0));
    const status = await until('it is refused', async () => {
      const { status } = (await entry(phone)) ?? {};
      return status?.phase === 'refused' && status;
    });
    expect(status.error).toMatchObject({ code: 'commandUnsupported' });
    await viewer.unsubscribe(phone, 1);
    await terminal.end();
  });
});

describe('media that begins before anybody asked', () => {
  it('is counted, and shown from the next key frame once it is asked for', async () => {
    const phone = '013980000051';
    const units = handMadeClip({ frames: 40, seed: 851, gop: 10 });
    const terminal = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone });
    await terminal.enrol();
    const path = await mediaOverTcp(server.mediaPort);
    const camera = new ForeignCamera({ sim: phone, channel: 1 });
    const before = (await server.tallies())['intake.unwanted'] ?? 0;
    let packets = 0;
    for (const unit of units.slice(0, 15))
      for (const packet of camera.picture(unit)) {
        await path.send(packet);
        packets++;
      }
    await until(
      'they were counted',
      async () => ((await server.tallies())['intake.unwanted'] ?? 0) === before + packets,
    );
    await viewer.subscribe(phone, 1);
    await terminal.nextLiveOrder(1);
    for (const unit of units.slice(15)) for (const packet of camera.picture(unit)) await path.send(packet);
    const frames = await viewer.some(phone, 1, 20);
    expect(placesOf(frames, units)).toEqual(Array.from({ length: 20 }, (_, index) => 20 + index));
    path.cut();
    await terminal.end();
  });
});

describe('a recording that is played over and over on one connection', () => {
  for (const way of ['tcp', 'udp'] as const)
    it(`is a moving picture after the first round, ${way}`, async () => {
      const phone = way === 'tcp' ? '013980000061' : '013980000062';
      const units = handMadeClip({ frames: 60, seed: 861, gop: 20 });
      const terminal = await watched(phone);
      await terminal.nextLiveOrder(1);
      const path = await (way === 'tcp' ? mediaOverTcp : mediaOverUdp)(server.mediaPort);
      const packets = packetsOf(new ForeignCamera({ sim: phone, channel: 1 }), units);
      const isEnough = () => viewer.frames(phone, 1).length > 4 * units.length;
      const end = performance.now() + 15_000;
      for (let at = 0; performance.now() < end && !isEnough(); at++) {
        await path.send(packets[at % packets.length]!);
        if (at % 8 === 0) await sleep(10);
      }
      expect(isEnough()).toBe(true);
      const places = placesOf(viewer.frames(phone, 1), units);
      expect(places.slice(0, 60)).toEqual(units.map((_, index) => index));
      places.forEach((place, at) => {
        expect(place).toBeGreaterThanOrEqual(0);
        if (place !== (places[at - 1] ?? -1) + 1) expect(units[place]?.key).toBe(true);
      });
      path.cut();
      await terminal.end();
    });
});
