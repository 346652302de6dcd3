import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handMadeClip } from './clip.ts';
import { expectExactly, placesOf } from './exactness.ts';
import { ForeignCamera, type Unit } from './foreign-packet.ts';
import { ForeignTerminal, type MediaPath, mediaOverTcp } from './foreign-terminal.ts';
import { ServerProcess } from './server-process.ts';
import { VideoViewer } from './video-viewer.ts';

let server: ServerProcess;
let terminal: ForeignTerminal;
let path: MediaPath;
let camera: ForeignCamera;
let phone = '';
let opened: VideoViewer[] = [];
let count = 0;

beforeAll(async () => {
  // One that reads nothing answers no ping: it must not be taken for gone while it is only slow.
  server = await ServerProcess.start({ settings: { graceMs: 0, webPingMs: 60_000 } });
}, 60_000);
afterAll(() => server?.stop());

beforeEach(async () => {
  phone = `01370000000${++count}`;
  terminal = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone });
  await terminal.enrol();
  path = await mediaOverTcp(server.mediaPort);
  camera = new ForeignCamera({ sim: phone, channel: 1 });
});
afterEach(async () => {
  await Promise.all(opened.map(viewer => viewer.close()));
  opened = [];
  path.cut();
  await terminal.end();
});

async function viewing(query = '?format=binary'): Promise<VideoViewer> {
  const viewer = await VideoViewer.open(server.door, query);
  opened.push(viewer);
  expect(await viewer.subscribe(phone, 1)).toMatchObject({ type: 'subscribed' });
  return viewer;
}

async function send(units: readonly Unit[]): Promise<void> {
  for (const unit of units) for (const packet of camera.picture(unit)) await path.send(packet);
}

describe('viewers of one stream', () => {
  it('a second one has the picture at once, from its last key frame', async () => {
    const units = handMadeClip({ frames: 24, seed: 101, gop: 10 });
    const first = await viewing();
    await terminal.nextLiveOrder(1);
    await send(units.slice(0, 17));
    await first.some(phone, 1, 17);
    // Nothing is sent while the others come: what they see can only be kept from before.
    const second = await viewing();
    const third = await viewing('');
    expectExactly(await second.some(phone, 1, 7), units.slice(10, 17));
    expectExactly(await third.some(phone, 1, 7), units.slice(10, 17));
    expect(second.frames(phone, 1).every(frame => frame.cached)).toBe(true);
    expect(second.frames(phone, 1)[0]?.timestamp).toBe(first.frames(phone, 1)[10]?.timestamp);
    await send(units.slice(17));
    expectExactly(await first.some(phone, 1, 24), units);
    expectExactly(await second.some(phone, 1, 14), units.slice(10));
    expectExactly(await third.some(phone, 1, 14), units.slice(10));
    expect(second.frames(phone, 1).at(-1)?.cached).toBe(false);
    expect(terminal.waiting(0x9101)).toBe(0);
  });

  it('sixteen see every byte', async () => {
    const units = handMadeClip({ frames: 120, seed: 102, gop: 15, keyBytes: 20_000, pBytes: 4000 });
    const viewers: VideoViewer[] = [];
    for (let at = 0; at < 16; at++) viewers.push(await viewing(at % 2 ? '' : '?format=binary'));
    await terminal.nextLiveOrder(1);
    expect((await server.stats())[`${phone}_1`]?.subscribers).toBe(16);
    for (let at = 0; at < units.length; at += 20) {
      await send(units.slice(at, at + 20));
      for (const viewer of viewers) await viewer.some(phone, 1, at + 20);
    }
    for (const viewer of viewers) expectExactly(viewer.frames(phone, 1), units);
    expect(terminal.waiting(0x9101)).toBe(0);
  });

  it('one that does not read drops to key frames and harms nobody', async () => {
    const units = handMadeClip({ frames: 500, seed: 103, gop: 25, keyBytes: 120_000, pBytes: 60_000 });
    const good = await viewing();
    const slow = await viewing();
    await terminal.nextLiveOrder(1);
    const before = server.memory();
    slow.pause();
    for (let at = 0; at < units.length; at += 25) {
      await send(units.slice(at, at + 25));
      await good.some(phone, 1, at + 25);
    }
    expectExactly(good.frames(phone, 1), units);
    expect(server.memory() - before).toBeLessThan(150e6);
    expect((await server.tallies())['hub.slowConsumer']).toBeGreaterThan(0);
    slow.resume();
    // A few more groups, as long as it has to read what it was sent: then it is with the others again.
    const all = [...units];
    const seesLast = () => slow.frames(phone, 1).at(-1)?.data.equals(all.at(-1)!.data) ?? false;
    for (let group = 0; group < 20 && !seesLast(); group++) {
      const more = handMadeClip({ frames: 25, seed: 1000 + group, gop: 25 });
      all.push(...more);
      await send(more);
      for (let look = 0; look < 100 && !seesLast(); look++) await sleep(20);
    }
    expect(seesLast()).toBe(true);
    const seen = slow.frames(phone, 1);
    const places = placesOf(seen, all);
    expect(places).not.toContain(-1);
    expect(places.length).toBeLessThan(all.length);
    places.forEach((place, index) => {
      const last = places[index - 1] ?? -1;
      expect(place).toBeGreaterThan(last);
      if (place !== last + 1) expect(all[place]?.key).toBe(true);
      // The number jumps where frames are missing, and only there.
      const step = (seen[index]?.number ?? 0) - (seen[index - 1]?.number ?? -1);
      expect(step > 1).toBe(place !== last + 1);
    });
    expectExactly(await good.some(phone, 1, all.length), all);
  }, 90_000);

  it('may say anything', async () => {
    const viewer = await VideoViewer.open(server.door);
    opened.push(viewer);
    const wrong: [unknown, string][] = [
      ['', 'badRequest'],
      ['{"type":"subscribe"', 'badRequest'],
      ['null', 'badRequest'],
      ['[]', 'badRequest'],
      ['"subscribe"', 'badRequest'],
      [Buffer.from([1, 2, 3]), 'badRequest'],
      [{}, 'badRequest'],
      [{ type: 'constructor' }, 'badRequest'],
      [{ type: 'subscribe' }, 'badRequest'],
      [{ type: 'subscribe', vehicleId: 13_912_345_678, channel: 1 }, 'badRequest'],
      [{ type: 'subscribe', vehicleId: phone, channel: '1' }, 'badRequest'],
      [{ type: 'subscribe', vehicleId: phone, channel: 1.5 }, 'badRequest'],
      [{ type: 'subscribe', vehicleId: phone, channel: 1, stream: 'both' }, 'badRequest'],
      [{ type: 'subscribe', vehicleId: '9'.repeat(10_000), channel: 1 }, 'badRequest'],
      [`{"type":"subscribe","vehicleId":"${'9'.repeat(70_000)}","channel":1}`, 'badRequest'],
      [{ type: 'subscribe', vehicleId: '999', channel: 1 }, 'unknownTerminal'],
      [{ type: 'subscribe', vehicleId: '__proto__', channel: 1 }, 'unknownTerminal'],
      [{ type: 'subscribe', vehicleId: phone, channel: 0 }, 'unknownChannel'],
      [{ type: 'subscribe', vehicleId: phone, channel: 256 }, 'unknownChannel'],
      [{ type: 'unsubscribe', vehicleId: phone, channel: 1 }, 'notSubscribed'],
    ];
    for (const [message, code] of wrong) {
      const from = viewer.texts.length;
      viewer.send(message);
      expect(await viewer.text(text => text.type === 'error', from)).toMatchObject({ code });
    }
    expect(viewer.texts).toHaveLength(wrong.length);
    expect(await viewer.subscribe(phone, 1)).toEqual({ type: 'subscribed', vehicleId: phone, channel: 1 });
    const units = handMadeClip({ frames: 5, seed: 105, gop: 5 });
    await terminal.nextLiveOrder(1);
    await send(units);
    expectExactly(await viewer.some(phone, 1, 5), units);
    expect(viewer.closeCode).toBe(0);
  });
});

describe('where a viewer that is gone is noticed at once', () => {
  let patient: ServerProcess;
  beforeAll(async () => {
    patient = server;
    server = await ServerProcess.start({ settings: { graceMs: 0, webPingMs: 1000 } });
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    server = patient;
  });

  it('one that vanishes without a farewell stops counting', async () => {
    const viewer = await viewing();
    await terminal.nextLiveOrder(1);
    // It reads nothing any more, so it answers no ping either.
    viewer.pause();
    expect([...(await terminal.next(0x9102)).body]).toEqual([1, 0, 0, 0]);
  });
});
