import { afterEach, describe, expect, it } from 'vitest';
import { ConvoyError } from '../../electron/errors.ts';
import { eventually } from '../accept/eventually.ts';
import { deltaFrame, keyFrame } from '../hub/hand-made.ts';
import { ConsoleBench } from './console-bench.ts';
import { busId, vehicle } from './small-desk.ts';

const benches: ConsoleBench[] = [];

function open(...settings: ConstructorParameters<typeof ConsoleBench>): ConsoleBench {
  const bench = new ConsoleBench(...settings);
  benches.push(bench);
  return bench;
}

afterEach(() => {
  for (const bench of benches.splice(0)) bench.close();
});

describe('ConsoleLink: calls', () => {
  it('answers with the desk’s value', async () => {
    const bench = open();
    const result = await bench.call('fleet.list');
    expect(result).toMatchObject({ ok: true, value: [{ id: busId }, { state: 'offline' }, { state: 'pending' }] });
  });

  it('answers with the desk’s refusal', async () => {
    expect(await open().call('fleet.admit', { vehicleId: '999' })).toMatchObject({
      ok: false,
      code: 'unknownTerminal',
    });
  });

  it('turns what a desk throws into a result', async () => {
    const bench = open();
    bench.small.settingFault = new ConvoyError('settingInvalid', 'no such setting');
    const result = await bench.call('settings.set', { key: 'nonsense', value: 1 });
    expect(result).toMatchObject({ ok: false, code: 'settingInvalid' });
  });

  it.each([
    ['fleet.admit', {}],
    ['fleet.admit', { vehicleId: '' }],
    ['fleet.admit', { vehicleId: 'x'.repeat(41) }],
    ['fleet.update', { vehicleId: busId, transport: 'pigeon' }],
    ['sound.setOverride', { vehicleId: busId, law: 'b' }],
    ['sound.setOverride', { vehicleId: busId, g726Rate: 20 }],
    ['fleet.update', { vehicleId: busId, channelNames: { front: 'x' } }],
    ['fleet.update', { vehicleId: busId, group: undefined }],
    ['stream.open', { vehicleId: busId, channel: 0, stream: 'main', credits: 1 }],
    ['stream.open', { vehicleId: busId, channel: 256, stream: 'main', credits: 1 }],
    ['stream.open', { vehicleId: busId, channel: 1, stream: 'other', credits: 1 }],
    ['stream.open', { vehicleId: busId, channel: 1, stream: 'main', credits: -1 }],
    ['stream.open', { vehicleId: busId, channel: 1, stream: 'main', credits: 1e9 }],
    ['stream.open', { vehicleId: busId, channel: 1, stream: 'main' }],
    ['settings.set', { key: 'graceMs', value: {} }],
    ['simulator.start', { vehicles: 1e6 }],
    ['app.info', null],
  ])('refuses %s with %j', async (method, args) => {
    const bench = open();
    expect(await bench.call(method, args)).toMatchObject({ ok: false, code: 'badRequest' });
    expect(bench.small.tally.get('ipc.badRequest')).toBe(1);
  });

  it.each(['nothing', 'constructor', '__proto__', 'toString'])('knows no method %s', async method => {
    expect(await open().call(method)).toMatchObject({ ok: false, code: 'unknownMethod' });
  });

  it('answers a call that is no call when it can tell which', async () => {
    const bench = open();
    bench.control.postMessage({ type: 'call', id: 77, method: 5 });
    expect(await bench.replyTo(77)).toMatchObject({ ok: false, code: 'badRequest' });
  });

  it('ignores and counts what it does not know, and goes on', async () => {
    const bench = open();
    const strange = [
      null,
      1,
      'text',
      [],
      {},
      { type: 'call' },
      { type: 'dance' },
      new Uint8Array(3),
      new Map(),
      { type: 'call', id: 'x' },
    ];
    for (const message of strange) bench.control.postMessage(message);
    expect(await bench.call('app.info')).toMatchObject({ ok: true, value: { host: 'electron' } });
    expect(bench.small.tally.get('ipc.unknownMessage')).toBe(strange.length);
  });
});

describe('ConsoleLink: streams', () => {
  it('opens a media port and sends start, frames and status over it', async () => {
    const bench = open();
    const { result, media } = await bench.open({ vehicleId: `0${busId}` });
    expect(result).toEqual({ ok: true, value: { subscription: 1 } });
    bench.small.feed([keyFrame({ receivedAt: 5 }), deltaFrame({ receivedAt: 45 })]);
    await eventually('two frames', () => media.of('frame').length === 2);
    expect(media.of('start')).toMatchObject([{ codec: 'h264', width: 352, height: 288 }]);
    expect(media.of('frame')).toEqual([
      { type: 'frame', seq: 0, key: true, cached: false, ptsMs: 5, receivedAt: 5, data: keyFrame().data },
      { type: 'frame', seq: 1, key: false, cached: false, ptsMs: 45, receivedAt: 45, data: deltaFrame().data },
    ]);
    expect(media.of('status')[0]).toMatchObject({ status: { phase: 'opening' } });
    expect(media.of('status').at(-1)).toMatchObject({ status: { phase: 'live' } });
    const answer = bench.received.findIndex(message => message.type === 'reply');
    expect(bench.received.findIndex(message => message.type === 'port')).toBeGreaterThan(answer);
  });

  it.each([
    [{ vehicleId: '999' }, 'unknownTerminal'],
    [{ vehicleId: '13900000003' }, 'terminalPending'],
  ])('refuses %j with %s', async (args, code) => {
    const bench = open();
    const { result } = await bench.open(args);
    expect(result).toMatchObject({ ok: false, code });
    expect(bench.link.streams).toBe(0);
  });

  it('has a ceiling on open streams, and room again when one was closed', async () => {
    const bench = open({ maxSubscriptions: 2 });
    const { media } = await bench.open({ vehicleId: busId });
    await bench.open({ vehicleId: busId, channel: 2 });
    const { result } = await bench.open({ vehicleId: busId, channel: 3 });
    expect(result).toMatchObject({ ok: false, code: 'tooManySubscriptions' });
    media.send({ type: 'close' });
    await eventually('one stream left', () => bench.link.streams === 1);
    expect((await bench.open({ vehicleId: busId, channel: 3 })).result.ok).toBe(true);
  });

  it.each(['close message', 'closed port'])('ends the subscription on a %s', async how => {
    const bench = open();
    const { media } = await bench.open({ vehicleId: busId });
    expect(bench.small.hub.rows()[0]?.subscribers).toBe(1);
    if (how === 'close message') media.send({ type: 'close' });
    else media.port.close();
    await eventually('nobody watches', () => bench.small.hub.rows()[0]?.subscribers === 0);
    expect(bench.link.streams).toBe(0);
  });

  it('ends everything when the control port closes', async () => {
    const bench = open();
    const { media } = await bench.open({ vehicleId: busId });
    bench.control.close();
    await eventually('the link is closed', () => bench.linkClosed === 1);
    await eventually('the media port is closed', () => media.closed);
    expect(bench.small.hub.rows()[0]?.subscribers).toBe(0);
    const timers = bench.clock.timers;
    bench.small.desk.vehicleChanged(busId);
    expect(bench.clock.timers).toBe(timers);
  });

  it('tells players why when the server stops', async () => {
    const bench = open();
    const { media } = await bench.open({ vehicleId: busId });
    bench.link.end('shuttingDown');
    await eventually('the port is closed', () => media.closed);
    expect(media.of('end')).toEqual([{ type: 'end', code: 'shuttingDown', message: 'the server stops' }]);
  });

  it('passes the feed’s own end on', async () => {
    const bench = open();
    const { media } = await bench.open({ vehicleId: busId });
    bench.small.hub.terminalForgotten(busId);
    await eventually('the end', () => media.of('end').length === 1);
    expect(media.of('end')[0]?.code).toBe('unknownTerminal');
    expect(bench.link.streams).toBe(0);
  });
});

describe('ConsoleLink: deltas', () => {
  it('begins with everything', async () => {
    const bench = open();
    await eventually('the first delta', () => bench.deltas.length === 1);
    expect(bench.deltas[0]?.vehicles?.length).toBe(3);
    expect(bench.deltas[0]).toMatchObject({ streams: [], notices: [], health: { vehiclesKnown: 2 } });
  });

  it('gathers changes and tells the latest of each once', async () => {
    const bench = open();
    for (let turn = 0; turn < 50; turn++) {
      bench.small.vehicles.set(busId, { ...vehicle(busId), lastSeenAt: 100 + turn });
      bench.small.desk.vehicleChanged(busId);
    }
    bench.small.desk.vehicleRemoved('13900000002');
    bench.clock.pass(249);
    bench.clock.pass(1);
    await eventually('the second delta', () => bench.deltas.length === 2);
    expect(bench.deltas[1]).toEqual({ vehicles: [{ ...vehicle(busId), lastSeenAt: 149 }], removed: ['13900000002'] });
    bench.clock.pass(10_000);
    await bench.call('app.info');
    expect(bench.deltas.length).toBe(2);
  });

  it('tells of streams, health and notices', async () => {
    const bench = open();
    await bench.open({ vehicleId: busId });
    const notice = { id: 1, at: 2, level: 'warning', text: 'noDisk', params: {} } as const;
    bench.small.desk.noticeGiven(notice);
    bench.clock.pass(250);
    await eventually('the second delta', () => bench.deltas.length === 2);
    expect(bench.deltas[1]).toMatchObject({ streams: [{ vehicleId: busId, subscribers: 1 }], notices: [notice] });
  });

  it('forgets a removal when the vehicle is back', async () => {
    const bench = open();
    bench.small.desk.vehicleRemoved(busId);
    bench.small.desk.vehicleChanged(busId);
    bench.clock.pass(250);
    await eventually('the second delta', () => bench.deltas.length === 2);
    expect(bench.deltas[1]?.removed).toBeUndefined();
    expect(bench.deltas[1]?.vehicles?.length).toBe(1);
  });

  it('passes a menu command on', async () => {
    const bench = open();
    bench.link.command('layout9');
    await eventually('the command', () => bench.received.some(message => message.type === 'command'));
  });
});
