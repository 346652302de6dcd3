import { afterEach, describe, expect, it } from 'vitest';
import type { Settings } from '../../electron/config.ts';
import type { MediaDown } from '../../electron/contract.ts';
import { decodeMedia } from '../../electron/web/media-message.ts';
import { eventually } from '../accept/eventually.ts';
import { audioPacket, deltaFrame, keyFrame, pps, spsCif } from '../hub/hand-made.ts';
import { busId } from '../ipc/small-desk.ts';
import { type Client, DoorBench, type Said } from './door-bench.ts';

const benches: DoorBench[] = [];

async function open(settings: Partial<Settings> = {}) {
  const bench = await DoorBench.open(settings);
  benches.push(bench);
  const client = await bench.connect('/ws/console');
  return { bench, client };
}

afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.close();
});

const openStream = (id: number, args: object = {}) => ({
  type: 'call',
  id,
  method: 'stream.open',
  args: { vehicleId: busId, channel: 1, stream: 'main', credits: 100, ...args },
});
const credit = (subscription: number, frames: number) => ({
  type: 'media',
  subscription,
  message: { type: 'credit', frames },
});
const media = (client: Client, subscription: number): MediaDown[] =>
  client.texts
    .filter(text => text.type === 'media' && text.subscription === subscription)
    .map(text => text.message as MediaDown);
const find = async (client: Client, type: string): Promise<Said> => {
  await eventually(`a ${type}`, () => client.texts.some(text => text.type === type));
  return client.texts.find(text => text.type === type)!;
};

describe('/ws/console', () => {
  it('begins with a delta of everything', async () => {
    const { client } = await open();
    expect(await client.hear()).toMatchObject({
      type: 'delta',
      delta: { vehicles: [{ id: busId }, {}, {}], streams: [] },
    });
  });

  it('answers calls, and says that it is the web', async () => {
    const { client } = await open();
    client.say({ type: 'call', id: 7, method: 'app.info', args: {} });
    expect(await find(client, 'reply')).toMatchObject({ id: 7, result: { ok: true, value: { host: 'web' } } });
  });

  it('opens a stream: the answer, the port, then its messages', async () => {
    const { bench, client } = await open();
    client.say(openStream(1));
    await find(client, 'media');
    expect(client.texts.map(text => text.type)).toEqual(['delta', 'reply', 'port', 'media']);
    bench.small.feed([keyFrame({ receivedAt: 5 }), deltaFrame({ receivedAt: 45 })]);
    await eventually('two frames', () => client.binaries.length === 2);
    expect(media(client, 1).find(message => message.type === 'start')).toEqual({
      type: 'start',
      codec: 'h264',
      parameterSets: [Buffer.from(spsCif).toString('base64'), Buffer.from(pps).toString('base64')],
      width: 352,
      height: 288,
    });
    expect(decodeMedia(client.binaries[0]!)).toEqual({
      kind: 1,
      key: true,
      cached: false,
      payloadType: 98,
      subscription: 1,
      seq: 0,
      ptsMs: 5,
      receivedAt: 5,
      data: Buffer.from(keyFrame().data),
    });
  });

  it('begins a second console with the cached picture, after its port', async () => {
    const { bench, client } = await open();
    client.say(openStream(1));
    await find(client, 'port');
    bench.small.feed([keyFrame(), deltaFrame()]);
    const second = await bench.connect('/ws/console');
    const order: string[] = [];
    second.socket.on('message', (data, isBinary) => order.push(isBinary ? 'frame' : JSON.parse(data.toString()).type));
    second.say(openStream(1));
    await eventually('two frames', () => second.binaries.length === 2);
    expect(order.slice(order.indexOf('reply'))).toEqual(['reply', 'port', 'media', 'media', 'frame', 'frame']);
    expect(second.binaries.map(message => decodeMedia(message)?.cached)).toEqual([true, true]);
  });

  it('keeps to its credits', async () => {
    const { bench, client } = await open();
    client.say(openStream(1, { credits: 1 }));
    await find(client, 'port');
    bench.small.feed([keyFrame(), deltaFrame(), deltaFrame()]);
    await eventually('one frame', () => client.binaries.length === 1);
    client.say(credit(1, 1));
    await eventually('two frames', () => client.binaries.length === 2);
    client.say({ type: 'call', id: 2, method: 'app.info', args: {} });
    await eventually('an answer', () => client.texts.some(text => text.id === 2));
    expect(client.binaries.length).toBe(2);
  });

  it('carries audio', async () => {
    const { bench, client } = await open();
    client.say(openStream(1, { audio: true }));
    await find(client, 'port');
    bench.small.side.sink(`${busId}_1_main`).audio(audioPacket(9));
    await eventually('audio', () => client.binaries.length === 1);
    expect(decodeMedia(client.binaries[0]!)).toMatchObject({ kind: 2, payloadType: 6, seq: 0, receivedAt: 9 });
  });

  it('closes a port when asked, and all of them when the WebSocket ends', async () => {
    const { bench, client } = await open();
    client.say(openStream(1));
    client.say(openStream(2, { channel: 2 }));
    await eventually('two streams', () => bench.small.hub.rows().length === 2);
    client.say({ type: 'media', subscription: 1, message: { type: 'close' } });
    await eventually('one stream', () => bench.small.hub.rows().filter(row => row.subscribers > 0).length === 1);
    client.socket.terminate();
    await eventually('no stream', () => bench.small.hub.rows().every(row => row.subscribers === 0));
    expect(bench.door.clients).toBe(0);
  });

  it('tells players why the server stops', async () => {
    const { bench, client } = await open();
    client.say(openStream(1));
    await find(client, 'port');
    await bench.door.close();
    await eventually('the end', () => media(client, 1).some(message => message.type === 'end'));
    expect(media(client, 1).at(-1)).toMatchObject({ type: 'end', code: 'shuttingDown' });
  });

  it('gathers deltas while the client does not read', async () => {
    const { bench, client } = await open({ webBufferBytes: 65_536, webPingMs: 120_000 });
    await find(client, 'delta');
    client.socket.pause();
    for (let turn = 0; turn < 400; turn++) {
      for (const one of bench.small.vehicles.values()) {
        bench.small.vehicles.set(one.id, { ...one, plate: 'x'.repeat(20_000), lastSeenAt: turn });
        bench.small.desk.vehicleChanged(one.id);
      }
      bench.clock.pass(250);
      await new Promise(resolve => setImmediate(resolve));
    }
    client.socket.resume();
    const sawLast = () =>
      client.texts.some(
        text => (text.delta as { vehicles?: { lastSeenAt: number }[] })?.vehicles?.[0]?.lastSeenAt === 399,
      );
    for (let turn = 0; turn < 500 && !sawLast(); turn++) {
      bench.clock.pass(250);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    expect(sawLast()).toBe(true);
    expect(client.texts.filter(text => text.type === 'delta').length).toBeLessThan(400);
  });

  it('ignores and counts garbage, and lives on', async () => {
    const { bench, client } = await open();
    const garbage = [
      'x',
      '{"type":',
      'null',
      '7',
      '[]',
      '{}',
      '{"type":"media"}',
      '{"type":"media","subscription":"1","message":{}}',
      '{"type":"media","subscription":99,"message":{"type":"close"}}',
      '{"type":"dance"}',
    ];
    for (const message of garbage) client.say(message);
    client.socket.send(Buffer.alloc(100));
    client.say('y'.repeat(100_000));
    client.say({ type: 'call', id: 7, method: 'app.info', args: {} });
    expect(await find(client, 'reply')).toMatchObject({ id: 7, result: { ok: true } });
    expect(bench.small.tally.get('web.badConsoleMessage') + bench.small.tally.get('ipc.unknownMessage')).toBe(11);
  });
});
