import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../accept/eventually.ts';
import { audioPacket, deltaFrame, keyFrame } from '../hub/hand-made.ts';
import { ConsoleBench } from './console-bench.ts';
import { busId } from './small-desk.ts';

const benches: ConsoleBench[] = [];

async function open(args: object = {}, settings: ConstructorParameters<typeof ConsoleBench>[0] = {}) {
  const bench = new ConsoleBench(settings);
  benches.push(bench);
  const { media } = await bench.open({ vehicleId: busId, ...args });
  return { bench, media, sink: bench.small.side.sink(`${busId}_1_main`) };
}

/** Everything posted so far has arrived once this has. */
async function settle(bench: ConsoleBench): Promise<void> {
  await bench.call('app.info');
  await bench.call('app.info');
}

afterEach(() => {
  for (const bench of benches.splice(0)) bench.close();
});

describe('MediaPort', () => {
  it('sends as many frames as it has credits for, and the rest when it is given more', async () => {
    const { bench, media } = await open({ credits: 2 });
    bench.small.feed([keyFrame(), deltaFrame(), deltaFrame(), deltaFrame()]);
    await settle(bench);
    expect(media.of('frame').map(frame => frame.seq)).toEqual([0, 1]);
    media.send({ type: 'credit', frames: 1 });
    await eventually('the third', () => media.of('frame').length === 3);
    media.send({ type: 'credit', frames: 5 });
    await eventually('the fourth', () => media.of('frame').length === 4);
    expect(media.of('frame').map(frame => frame.seq)).toEqual([0, 1, 2, 3]);
  });

  it('drops to the next key frame when its console takes nothing; seq jumps by what was dropped', async () => {
    const { bench, media } = await open({ credits: 1 }, { queueFrames: 2 });
    bench.small.feed([keyFrame(), deltaFrame(), deltaFrame(), deltaFrame(), deltaFrame()]);
    media.send({ type: 'credit', frames: 10 });
    await settle(bench);
    bench.small.feed([keyFrame()]);
    await eventually('the key frame', () => media.of('frame').length === 2);
    expect(media.of('gap').map(gap => gap.reason)).toEqual(['slowConsumer', 'slowConsumer']);
    expect(media.of('gap').reduce((sum, gap) => sum + gap.frames, 0)).toBe(4);
    expect(media.of('frame').map(frame => [frame.seq, frame.key])).toEqual([
      [0, true],
      [5, true],
    ]);
  });

  it('opens with the cached picture when credits come later', async () => {
    const { bench } = await open();
    bench.small.feed([keyFrame(), deltaFrame(), deltaFrame()]);
    const { media } = await bench.open({ vehicleId: busId, credits: 0 });
    await settle(bench);
    expect(media.of('frame')).toEqual([]);
    media.send({ type: 'credit', frames: 3 });
    await eventually('the picture', () => media.of('frame').length === 3);
    expect(media.of('frame').map(frame => frame.cached)).toEqual([true, true, true]);
  });

  it('sends bytes in buffers of exactly their size, and never a Buffer', async () => {
    const { bench, media, sink } = await open({ audio: true });
    const pool = Buffer.from(Buffer.alloc(100_000, 7).buffer, 4096, 5000);
    sink.frame(keyFrame());
    sink.frame({ ...deltaFrame(), data: pool });
    sink.audio({ ...audioPacket(), data: pool.subarray(0, 160) });
    await eventually('all', () => media.of('frame').length === 2 && media.of('audio').length === 1);
    for (const { data } of [...media.of('frame'), ...media.of('audio')]) {
      expect(data.byteLength).toBe(data.buffer.byteLength);
      expect(Object.getPrototypeOf(data)).toBe(Uint8Array.prototype);
    }
    for (const set of media.of('start')[0]!.parameterSets) expect(set.byteLength).toBe(set.buffer.byteLength);
    expect(media.of('frame')[1]?.data.byteLength).toBe(5000);
    expect(bench.small.tally.get('ipc.copied')).toBe(2);
  });

  it('copies nothing that has its exact size already', async () => {
    const { bench, media } = await open();
    bench.small.feed([keyFrame(), deltaFrame()]);
    await eventually('two frames', () => media.of('frame').length === 2);
    expect(bench.small.tally.get('ipc.copied')).toBe(0);
  });

  it('sends audio only to those who asked', async () => {
    const { bench, media, sink } = await open();
    const other = await bench.open({ vehicleId: busId, audio: true });
    sink.audio(audioPacket(7));
    await eventually('audio', () => other.media.of('audio').length === 1);
    expect(other.media.of('audio')[0]).toMatchObject({ seq: 0, payloadType: 6, receivedAt: 7 });
    await settle(bench);
    expect(media.of('audio')).toEqual([]);
  });

  it('sends the sound alone where no picture is wanted, whatever its credits', async () => {
    const { bench } = await open();
    bench.small.feed([keyFrame(), deltaFrame()]);
    const { media } = await bench.open({ vehicleId: busId, credits: 0, audio: true, video: false });
    bench.small.feed([deltaFrame()]);
    const sink = bench.small.side.sink(`${busId}_1_main`);
    for (let turn = 0; turn < 50; turn++) bench.small.feed([deltaFrame()]);
    sink.gap(1, 'loss');
    sink.audio(audioPacket(7));
    await eventually('audio', () => media.of('audio').length === 1);
    await settle(bench);
    expect([media.of('start'), media.of('frame'), media.of('gap')]).toEqual([[], [], []]);
    expect(media.of('status').length).toBeGreaterThan(0);
    expect(bench.small.tally.get('hub.audioBehind')).toBe(0);
    expect(bench.small.tally.get('hub.slowConsumer')).toBe(0);
  });

  it('tells a change of phase at once and mere figures a few times a second at most', async () => {
    const { bench, media, sink } = await open();
    sink.frame(keyFrame());
    sink.gap(1, 'loss');
    sink.frame(keyFrame());
    await eventually('four statuses', () => media.of('status').length === 4);
    expect(media.of('status').map(({ status }) => status.phase)).toEqual(['opening', 'live', 'waiting', 'live']);
    const before = media.of('status').length;
    for (let turn = 0; turn < 100; turn++) {
      bench.clock.pass(40);
      bench.small.feed([deltaFrame({ receivedAt: bench.clock.now() })]);
    }
    await settle(bench);
    expect(media.of('status').length - before).toBeLessThanOrEqual(13);
    expect(media.of('status').length - before).toBeGreaterThanOrEqual(3);
  });

  it('ignores and counts what it does not know', async () => {
    const { bench, media } = await open({ credits: 1 });
    const strange = [
      null,
      5,
      'credit',
      {},
      { type: 'credit' },
      { type: 'credit', frames: 0 },
      { type: 'credit', frames: -5 },
      { type: 'credit', frames: 1.5 },
      { type: 'credit', frames: Number.POSITIVE_INFINITY },
      { type: 'credit', frames: 1e9 },
      { type: 'frames' },
    ];
    for (const message of strange) media.port.postMessage(message);
    await eventually('all counted', () => bench.small.tally.get('ipc.badMediaMessage') === strange.length);
    bench.small.feed([keyFrame(), deltaFrame()]);
    await settle(bench);
    expect(media.of('frame').length).toBe(1);
  });
});
