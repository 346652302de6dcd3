import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Random } from '../fuzz/random.ts';
import { handMadeClip } from './clip.ts';
import { expectExactly, placesOf } from './exactness.ts';
import { Counter, ForeignCamera, type Unit } from './foreign-packet.ts';
import { ForeignTerminal, mediaOverUdp } from './foreign-terminal.ts';
import { ServerProcess } from './server-process.ts';
import { type SeenFrame, VideoViewer } from './video-viewer.ts';

/** One packet on its way, and what it is a part of: `unit` of `clip`, or sound (-1). */
interface Travelling {
  readonly packet: Buffer;
  readonly clip: number;
  readonly unit: number;
  readonly isLost: boolean;
}

let server: ServerProcess;
let viewer: VideoViewer;
beforeAll(async () => {
  // The default of 80 ms is shorter than a busy machine may hold up the sender.
  server = await ServerProcess.start({ settings: { graceMs: 300, reorderMs: 2000 } });
  viewer = await VideoViewer.open(server.door, '?format=binary');
}, 60_000);
afterAll(async () => {
  await viewer?.close();
  await server?.stop();
});

/** No packet is overtaken by one that was sent more than three after it. */
function reordered<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item, index) => ({ item, at: index + random.below(4) + random.below(1000) / 1001 }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function travelling(
  clips: readonly (readonly Unit[])[],
  cameras: readonly ForeignCamera[],
  random: Random,
  { lossPercent = 0, sound = false },
): Travelling[] {
  const all: Travelling[] = [];
  const add = (packet: Buffer, clip: number, unit: number) =>
    all.push({ packet, clip, unit, isLost: random.chance(lossPercent) });
  const longest = Math.max(...clips.map(clip => clip.length));
  for (let unit = 0; unit < longest; unit++)
    clips.forEach((units, clip) => {
      const picture = units[unit];
      if (!picture) return;
      for (const packet of cameras[clip]!.picture(picture)) add(packet, clip, unit);
      if (sound) add(cameras[clip]!.sound(Buffer.from(random.bytes(160))), clip, -1);
    });
  return all;
}

/**
 * The units that can be shown after such a loss: whole ones that follow a key frame without a packet missing between,
 * whatever that carried, since nobody can know. `sees`: the packets that count together with this clip's.
 */
function showable(packets: readonly Travelling[], clip: number, units: readonly Unit[], shared: boolean): number[] {
  const shown: number[] = [];
  const damaged = new Set(packets.filter(({ isLost }) => isLost).map(({ clip: of, unit }) => `${of}_${unit}`));
  let isWaiting = true;
  packets.forEach((one, index) => {
    if (one.clip !== clip && !shared) return;
    if (one.isLost) isWaiting = true;
    const next = packets.slice(index + 1).find(other => other.clip === clip && other.unit >= 0);
    const isLast = one.clip === clip && one.unit >= 0 && next?.unit !== one.unit;
    if (!isLast) return;
    if (damaged.has(`${clip}_${one.unit}`) || lossWithin(packets, clip, one.unit, shared)) isWaiting = true;
    else if (units[one.unit]!.key) isWaiting = false;
    if (!isWaiting) shown.push(one.unit);
  });
  return shown;
}

function lossWithin(packets: readonly Travelling[], clip: number, unit: number, shared: boolean): boolean {
  const places = packets.flatMap((one, index) => (one.clip === clip && one.unit === unit ? [index] : []));
  const within = packets.slice(places[0], places.at(-1)! + 1);
  return within.some(one => one.isLost && (shared || one.clip === clip));
}

/** Whole units of the original, in its order; where some are missing, a key frame comes next. */
function expectSound(frames: readonly SeenFrame[], units: readonly Unit[]): void {
  const places = placesOf(frames, units);
  expect(places).not.toContain(-1);
  let last = -2;
  for (const place of places) {
    expect(place).toBeGreaterThan(last);
    if (place !== last + 1) expect(units[place]!.key).toBe(true);
    last = place;
  }
}

async function streaming(phone: string, channels: number[]) {
  const dialect = phone.length === 20 ? '2019' : '2013';
  const terminal = new ForeignTerminal({ port: server.signalPort, dialect, phone });
  await terminal.enrol();
  for (const channel of channels) await viewer.subscribe(phone, channel);
  for (const channel of channels) await terminal.nextLiveOrder(channel);
  const path = await mediaOverUdp(server.mediaPort);
  return { terminal, path };
}

describe('over UDP', () => {
  it('reordering within four packets, and duplicates, lose nothing', async () => {
    const phone = '013950000001';
    const random = new Random(501);
    const units = handMadeClip({ frames: 150, seed: 501, gop: 25 });
    const { terminal, path } = await streaming(phone, [1]);
    const camera = new ForeignCamera({ sim: phone, channel: 1, counter: new Counter(65_400) });
    const packets = travelling([units], [camera], random, { sound: true });
    for (const { packet } of reordered(packets, random)) {
      await path.send(packet);
      if (random.chance(3)) await path.send(packet);
    }
    expectExactly(await viewer.some(phone, 1, units.length), units);
    expect((await server.stats())[`${phone}_1`]).toMatchObject({ packetsLost: 0, framesDropped: 0 });
    path.cut();
    await terminal.end();
  });

  for (const [name, phone, gop, sound] of [
    ['long groups of pictures', '013950000002', 25, false],
    ['short groups of pictures', '013950000003', 6, false],
    ['sound in between', '013950000004', 8, true],
    ['a SIM of 10 bytes', '00000000013950000005', 8, true],
  ] as const)
    it(`loss of 5 % with reordering shows all that can be shown: ${name}`, async () => {
      const random = new Random(Number(phone.slice(-4)));
      const units = handMadeClip({ frames: 300, seed: Number(phone.slice(-4)), gop });
      const { terminal, path } = await streaming(phone, [1]);
      const camera = new ForeignCamera({ sim: phone, channel: 1 });
      const packets = travelling([units], [camera], random, { lossPercent: 5, sound });
      const arriving = reordered(packets, random).filter(({ isLost }) => !isLost);
      for (const { packet } of arriving) await path.send(packet);
      const ideal = showable(packets, 0, units, true);
      expect(ideal.length).toBeGreaterThan(10);
      const frames = await viewer.some(phone, 1, ideal.length);
      expectSound(frames, units);
      expect(placesOf(frames, units)).toEqual(ideal);
      const lost = packets.filter(({ isLost }) => isLost).length;
      const stats = (await server.stats())[`${phone}_1`];
      expect(stats?.packetsLost).toBeGreaterThan(lost * 0.9);
      expect(stats?.packetsLost).toBeLessThanOrEqual(lost);
      path.cut();
      await terminal.end();
    });

  for (const shared of [true, false])
    it(`two channels of one source, reordered, ${shared ? 'one counter' : 'a counter each'}`, async () => {
      const phone = shared ? '013950000011' : '013950000012';
      const random = new Random(511);
      const clips = [handMadeClip({ frames: 80, seed: 511 }), handMadeClip({ frames: 80, seed: 512 })];
      const { terminal, path } = await streaming(phone, [1, 2]);
      const counter = new Counter();
      const cameras = [1, 2].map(
        channel => new ForeignCamera({ sim: phone, channel, counter: shared ? counter : new Counter() }),
      );
      const packets = reordered(travelling(clips, cameras, random, {}), random);
      for (const { packet } of packets) await path.send(packet);
      expectExactly(await viewer.some(phone, 1, 80), clips[0]!);
      expectExactly(await viewer.some(phone, 2, 80), clips[1]!);
      path.cut();
      await terminal.end();
    });

  for (const shared of [true, false])
    it(`two channels of one source with 5 % loss, ${shared ? 'one counter' : 'a counter each'}`, async () => {
      const phone = shared ? '013950000021' : '013950000022';
      const random = new Random(521);
      const clips = [1, 2].map(seed => handMadeClip({ frames: 200, seed: 520 + seed, gop: 8 }));
      const { terminal, path } = await streaming(phone, [1, 2]);
      const counter = new Counter();
      const cameras = [1, 2].map(
        channel => new ForeignCamera({ sim: phone, channel, counter: shared ? counter : new Counter(9 * channel) }),
      );
      const packets = travelling(clips, cameras, random, { lossPercent: 5 });
      for (const { packet, isLost } of reordered(packets, random)) if (!isLost) await path.send(packet);
      for (const clip of [0, 1]) {
        const ideal = showable(packets, clip, clips[clip]!, true).length;
        const frames = await viewer.some(phone, clip + 1, Math.floor(ideal * 0.9));
        expectSound(frames, clips[clip]!);
      }
      path.cut();
      await terminal.end();
    });
});

describe('a process that is held up for longer than it waits for a packet', () => {
  it.skipIf(process.platform === 'win32')('reads what came meanwhile before it takes anything for lost', async () => {
    const busy = await ServerProcess.start({ settings: { reorderMs: 500 } });
    onTestFinished(() => busy.stop());
    const watcher = await VideoViewer.open(busy.door, '?format=binary');
    const phone = '013950000031';
    const terminal = new ForeignTerminal({ port: busy.signalPort, dialect: '2013', phone });
    await terminal.enrol();
    await watcher.subscribe(phone, 1);
    await terminal.nextLiveOrder(1);
    const path = await mediaOverUdp(busy.mediaPort);
    const units = handMadeClip({ frames: 28, seed: 531, gop: 20 });
    const camera = new ForeignCamera({ sim: phone, channel: 1 });
    for (const unit of units.slice(0, 20)) for (const packet of camera.picture(unit)) await path.send(packet);
    await watcher.some(phone, 1, 20);
    for (let at = 20; at < 28; at += 2) {
      const [first, second] = [units[at]!, units[at + 1]!].map(unit => camera.picture(unit));
      // One is on its way when the process stands still, the one before it comes while it does.
      for (const packet of second!) await path.send(packet);
      await sleep(15);
      busy.freeze();
      for (const packet of first!) await path.send(packet);
      await sleep(700);
      busy.thaw();
      await watcher.some(phone, 1, at + 2);
      // The held-up tick is over: the next may be late in its turn.
      await sleep(100);
    }
    expectExactly(watcher.frames(phone, 1), units);
    path.cut();
    await terminal.end();
    await watcher.close();
  });
});
