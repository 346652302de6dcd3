import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Settings } from '../../electron/config.ts';
import { decodeMedia } from '../../electron/web/media-message.ts';
import { eventually } from '../accept/eventually.ts';
import { bareKeyFrame, deltaFrame, keyFrame, parameterUnit } from '../hub/hand-made.ts';
import { busHeaderId, busId } from '../ipc/small-desk.ts';
import { DoorBench } from './door-bench.ts';

const benches: DoorBench[] = [];

async function open(settings: Partial<Settings> = {}, path = '/ws/video') {
  const bench = await DoorBench.open(settings);
  benches.push(bench);
  const client = await bench.connect(path);
  return { bench, client };
}

afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.close();
});

const subscribe = { type: 'subscribe', vehicleId: busHeaderId, channel: 1 };
const watchers = (bench: DoorBench) => bench.small.hub.rows()[0]?.subscribers ?? 0;

describe('/ws/video: asking', () => {
  it('answers subscribe and unsubscribe, the id echoed as it was asked', async () => {
    const { client } = await open();
    expect(await client.ask(subscribe)).toEqual({ type: 'subscribed', vehicleId: busHeaderId, channel: 1 });
    expect(await client.ask({ ...subscribe, type: 'unsubscribe' })).toEqual({
      type: 'unsubscribed',
      vehicleId: busHeaderId,
      channel: 1,
    });
    expect(await client.ask({ ...subscribe, vehicleId: busId, channel: 2 })).toEqual({
      type: 'subscribed',
      vehicleId: busId,
      channel: 2,
    });
  });

  it('sends frames exactly as the vehicle did, and nothing but what is agreed', async () => {
    const { bench, client } = await open();
    await client.ask(subscribe);
    const key = keyFrame({ receivedAt: 1_795_156_328_120 });
    const delta = deltaFrame({ receivedAt: 1_795_156_328_160 });
    bench.small.feed([key, delta]);
    expect(await client.hear()).toEqual({
      type: 'frame',
      vehicleId: busHeaderId,
      channel: 1,
      data: Buffer.from(key.data).toString('base64'),
      size: key.data.byteLength,
      isIFrame: true,
      timestamp: 1_795_156_328_120,
    });
    expect(await client.hear()).toMatchObject({ isIFrame: false, size: delta.data.byteLength });
  });

  it('asks for the main stream unless told, and echoes the stream where it was given', async () => {
    const { bench, client } = await open();
    await client.ask(subscribe);
    expect(await client.ask({ ...subscribe, stream: 'sub' })).toEqual({
      type: 'subscribed',
      vehicleId: busHeaderId,
      channel: 1,
      stream: 'sub',
    });
    bench.small.feed([keyFrame()], `${busId}_1_sub`);
    expect(await client.hear()).toMatchObject({ type: 'frame', stream: 'sub' });
    bench.small.feed([keyFrame()]);
    expect(await client.hear()).not.toHaveProperty('stream');
  });

  it('subscribes a vehicle that is offline; its frames come when it is back', async () => {
    const { bench, client } = await open();
    const vehicleId = '013900000002';
    expect(await client.ask({ ...subscribe, vehicleId })).toMatchObject({ type: 'subscribed', vehicleId });
    bench.small.side.online.add('13900000002');
    bench.small.hub.terminalOnline('13900000002');
    bench.small.feed([keyFrame()], '13900000002_1_main');
    expect(await client.hear()).toMatchObject({ type: 'frame', vehicleId });
  });

  it('gives a second client the picture at once', async () => {
    const { bench, client } = await open();
    await client.ask(subscribe);
    bench.small.feed([keyFrame(), deltaFrame()]);
    const second = await bench.connect('/ws/video');
    expect(await second.ask({ ...subscribe, vehicleId: busId })).toMatchObject({ type: 'subscribed' });
    expect(await second.hear()).toMatchObject({ type: 'frame', vehicleId: busId, isIFrame: true });
    expect(await second.hear()).toMatchObject({ type: 'frame', isIFrame: false });
  });

  it('sends parameter sets that come as a unit of their own', async () => {
    const { bench, client } = await open();
    await client.ask(subscribe);
    bench.small.feed([parameterUnit(), bareKeyFrame()]);
    expect(await client.hear()).toMatchObject({ isIFrame: false, size: parameterUnit().data.byteLength });
    expect(await client.hear()).toMatchObject({ isIFrame: true });
  });

  it('sends nothing after unsubscribe', async () => {
    const { bench, client } = await open();
    await client.ask(subscribe);
    await client.ask({ ...subscribe, type: 'unsubscribe', vehicleId: busId });
    expect(watchers(bench)).toBe(0);
    bench.small.feed([keyFrame()]);
    expect(await client.ask('x')).toMatchObject({ type: 'error' });
  });

  it('ends the subscriptions of a client that leaves', async () => {
    const { bench, client } = await open();
    await client.ask(subscribe);
    expect(watchers(bench)).toBe(1);
    client.socket.close();
    await eventually('nobody watches', () => watchers(bench) === 0);
    expect(bench.door.clients).toBe(0);
  });
});

describe('/ws/video: errors', () => {
  it.each([
    ['not JSON', '{"type":', 'badRequest'],
    ['no object', '"subscribe"', 'badRequest'],
    ['null', 'null', 'badRequest'],
    ['an array', '[]', 'badRequest'],
    ['no type', { vehicleId: busId, channel: 1 }, 'badRequest'],
    ['unknown type', { type: 'dance' }, 'badRequest'],
    ['no vehicle', { type: 'subscribe', channel: 1 }, 'badRequest'],
    ['vehicle of wrong type', { ...subscribe, vehicleId: 13912345678 }, 'badRequest'],
    ['empty vehicle', { ...subscribe, vehicleId: '' }, 'badRequest'],
    ['channel of wrong type', { ...subscribe, channel: '1' }, 'badRequest'],
    ['channel in parts', { ...subscribe, channel: 1.5 }, 'badRequest'],
    ['channel 0', { ...subscribe, channel: 0 }, 'unknownChannel'],
    ['channel 256', { ...subscribe, channel: 256 }, 'unknownChannel'],
    ['negative channel', { ...subscribe, channel: -1 }, 'unknownChannel'],
    ['unknown stream', { ...subscribe, stream: 'third' }, 'badRequest'],
    ['unknown format', { ...subscribe, format: 'xml' }, 'badRequest'],
    ['unknown vehicle', { ...subscribe, vehicleId: '999' }, 'unknownTerminal'],
    ['pending vehicle', { ...subscribe, vehicleId: '13900000003' }, 'terminalPending'],
    ['not subscribed', { ...subscribe, type: 'unsubscribe' }, 'notSubscribed'],
    ['own property names', { type: 'subscribe', vehicleId: '__proto__', channel: 1 }, 'unknownTerminal'],
  ])('answers %s, and the connection lives on', async (_, message, code) => {
    const { client } = await open();
    const error = await client.ask(message);
    expect(error).toMatchObject({ type: 'error', code });
    expect(error.message).toEqual(expect.stringMatching(/./));
    const vehicleId = typeof message === 'object' && 'vehicleId' in message ? message.vehicleId : undefined;
    expect(error.vehicleId).toBe(typeof vehicleId === 'string' && vehicleId !== '' ? vehicleId : undefined);
    expect(await client.ask(subscribe)).toMatchObject({ type: 'subscribed' });
  });

  it('names the field that is wrong, and none when it is the message', async () => {
    const { client } = await open();
    const said = async (message: unknown) => (await client.ask(message as object)).message;
    expect(await said({ ...subscribe, channel: '1' })).toMatch(/^the request does not fit the contract: channel: \S/);
    expect(await said('"subscribe"')).toMatch(/^the request does not fit the contract: Invalid/);
    expect(await said({ ...subscribe, channel: 256 })).toBe('channels are numbered 1 to 255: 256');
  });

  it('answers the same subscription twice, in any spelling of the id', async () => {
    const { bench, client } = await open();
    await client.ask(subscribe);
    for (const vehicleId of [busHeaderId, busId, `00000000${busHeaderId}`])
      expect(await client.ask({ ...subscribe, vehicleId })).toMatchObject({
        type: 'error',
        code: 'alreadySubscribed',
        vehicleId,
        channel: 1,
      });
    expect(watchers(bench)).toBe(1);
  });

  it('has a ceiling on subscriptions', async () => {
    const { client } = await open({ maxSubscriptions: 2 });
    await client.ask(subscribe);
    await client.ask({ ...subscribe, channel: 2 });
    expect(await client.ask({ ...subscribe, channel: 3 })).toMatchObject({
      type: 'error',
      code: 'tooManySubscriptions',
    });
  });

  it('answers a message that is too long, and one that is binary', async () => {
    const { bench, client } = await open();
    expect(await client.ask('x'.repeat(70_000))).toMatchObject({ type: 'error', code: 'badRequest' });
    client.socket.send(Buffer.from(JSON.stringify(subscribe)));
    expect(await client.hear()).toMatchObject({ type: 'error', code: 'badRequest' });
    expect(await client.ask(subscribe)).toMatchObject({ type: 'subscribed' });
    expect(bench.small.tally.get('web.oversizedMessage')).toBe(1);
  });

  it('closes with 1009 only far beyond that', async () => {
    const { client } = await open();
    client.say('x'.repeat(2_000_000));
    await eventually('the close', () => client.closeCode !== 0);
    expect(client.closeCode).toBe(1009);
  });

  it('lives through a hundred messages of garbage', async () => {
    const { bench, client } = await open();
    for (let turn = 0; turn < 100; turn++) client.say(randomBytes(1 + turn * 7).toString('latin1'));
    await eventually('a hundred errors', () => client.texts.length === 100);
    expect(client.texts.every(text => text.type === 'error' && text.code === 'badRequest')).toBe(true);
    client.texts.length = 0;
    expect(await client.ask(subscribe)).toMatchObject({ type: 'subscribed' });
    expect(bench.door.clients).toBe(1);
  });

  it('tells subscribers once when the terminal refuses, and goes on asking', async () => {
    const { bench, client } = await open();
    await client.ask(subscribe);
    await bench.small.side.refuse('commandFailed');
    expect(await client.hear()).toMatchObject({
      type: 'error',
      code: 'commandFailed',
      vehicleId: busHeaderId,
      channel: 1,
    });
    bench.clock.pass(1100);
    await bench.small.side.refuse('commandFailed');
    bench.clock.pass(2100);
    await bench.small.side.answer();
    bench.small.feed([keyFrame()]);
    expect(await client.hear()).toMatchObject({ type: 'frame' });
  });

  it('tells subscribers of a vehicle that was removed', async () => {
    const { bench, client } = await open();
    await client.ask(subscribe);
    bench.small.hub.terminalForgotten(busId);
    expect(await client.hear()).toMatchObject({ type: 'error', code: 'unknownTerminal', vehicleId: busHeaderId });
    expect(await client.ask({ ...subscribe, type: 'unsubscribe' })).toMatchObject({ code: 'notSubscribed' });
  });
});

describe('/ws/video: binary form', () => {
  it('sends the header of the document and the bytes of the frame', async () => {
    const { bench, client } = await open({}, '/ws/video?format=binary');
    expect(await client.ask(subscribe)).toEqual({
      type: 'subscribed',
      vehicleId: busHeaderId,
      channel: 1,
      subscription: 1,
    });
    const key = keyFrame({ receivedAt: 1_795_156_328_120 });
    bench.small.feed([key, deltaFrame()]);
    await eventually('two frames', () => client.binaries.length === 2);
    const message = client.binaries[0]!;
    expect(message.subarray(0, 16).toString('hex')).toBe('01010162000000010000000000000000');
    expect(message.readDoubleBE(24)).toBe(1_795_156_328_120);
    expect(message.subarray(32)).toEqual(Buffer.from(key.data));
    expect(decodeMedia(client.binaries[1]!)).toMatchObject({ key: false, cached: false, subscription: 1, seq: 1 });
  });

  it('may be asked for by subscription, and marks cached frames', async () => {
    const { bench, client } = await open();
    await client.ask(subscribe);
    bench.small.feed([keyFrame(), deltaFrame()]);
    const second = await bench.connect('/ws/video');
    expect(await second.ask({ ...subscribe, format: 'binary' })).toMatchObject({ subscription: 1 });
    await eventually('two frames', () => second.binaries.length === 2);
    expect(second.binaries.map(message => decodeMedia(message)?.cached)).toEqual([true, true]);
    expect(await second.ask({ ...subscribe, channel: 2 })).not.toHaveProperty('subscription');
  });
});

describe('/ws/video: slow and dead clients', () => {
  it('drops frames of a client that does not read, up to a key frame, and keeps little for it', async () => {
    const { bench, client } = await open({ queueFrames: 20 }, '/ws/video?format=binary');
    await client.ask(subscribe);
    const other = await bench.connect('/ws/video?format=binary');
    await other.ask(subscribe);
    client.socket.pause();
    for (let turn = 1; turn <= 60; turn++) {
      const group = [keyFrame({ bytes: 200_000 }), ...Array.from({ length: 9 }, () => deltaFrame({ bytes: 100_000 }))];
      bench.small.feed(group);
      await eventually('the other got all', () => other.binaries.length === turn * 10);
    }
    expect(bench.small.tally.get('hub.slowConsumerFrames')).toBeGreaterThan(0);
    client.socket.resume();
    bench.small.feed([keyFrame()]);
    await eventually('the slow one is back', () => decodeMedia(client.binaries.at(-1) ?? Buffer.alloc(0))?.seq === 600);
    let previous = -1;
    for (const message of client.binaries) {
      const { seq, key } = decodeMedia(message)!;
      if (seq !== previous + 1) expect(key).toBe(true);
      previous = seq;
    }
    expect(client.binaries.length).toBeLessThan(600);
  });

  it('drops a client that answers no ping, and ends its subscriptions', async () => {
    const { bench, client } = await open();
    const lively = await bench.connect('/ws/video');
    let pings = 0;
    lively.socket.on('ping', () => pings++);
    await client.ask(subscribe);
    client.socket.pause();
    for (let turn = 1; turn <= 3; turn++) {
      bench.clock.pass(15_000);
      if (turn < 3) expect(watchers(bench)).toBe(1);
      if (turn < 3) await eventually('the lively one was asked', () => pings === turn);
      await lively.ask('{}');
    }
    await eventually('the dead one is gone', () => watchers(bench) === 0);
    expect(bench.door.clients).toBe(1);
    expect(bench.small.tally.get('web.deadClient')).toBe(1);
    expect(await lively.ask(subscribe)).toMatchObject({ type: 'subscribed' });
  });

  it('lets go of one that asks on and on and reads nothing', async () => {
    const { bench, client } = await open({ webBufferBytes: 65_536 }, '/ws/video?format=binary');
    await client.ask(subscribe);
    client.socket.pause();
    for (let turn = 0; turn < 60 && bench.small.tally.get('web.hopelessClient') === 0; turn++) {
      for (let message = 0; message < 2000; message++)
        client.say('{"type":"x","vehicleId":"1234567890123456789012345"}');
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    expect(bench.small.tally.get('web.hopelessClient')).toBeGreaterThan(0);
  });
});
