import { describe, expect, it } from 'vitest';
import type { CameraKey, Result, StreamKind } from '../../../electron/contract.ts';
import { fail } from '../../../electron/errors.ts';
import type { ShownPicture } from '../../../renderer/player/engine.ts';
import { Listening } from '../../../renderer/sound/listening.ts';
import type { SoundFacts } from '../../../renderer/sound/packet-decoder.ts';
import { createHearingStore } from '../../../renderer/store/hearing.ts';
import { FakeClock } from '../../player/fake-clock.ts';
import { FakeHost } from './fake-host.ts';

const front = { vehicleId: '13900000001', channel: 1 };
const cab = { vehicleId: '13900000001', channel: 2 };
const rear = { vehicleId: '13900000001', channel: 3 };
const nameOf = (camera: typeof front) => `${camera.vehicleId}/${camera.channel}`;

function bench() {
  const clock = new FakeClock();
  const host = new FakeHost();
  const store = createHearingStore();
  const asked: CameraKey[] = [];
  const held: number[] = [];
  const state: {
    answer: Result<MessagePort> | undefined;
    picture: { stream: StreamKind; shown?: ShownPicture } | undefined;
    facts: SoundFacts;
    rests: boolean;
  } = { answer: undefined, picture: { stream: 'sub' }, facts: {}, rests: false };
  const listening = new Listening({
    store,
    clock,
    host,
    open: key => {
      asked.push(key);
      return Promise.resolve(state.answer ?? { ok: true, value: new MessageChannel().port1 });
    },
    facts: () => state.facts,
    picture: () => state.picture,
    rests: () => state.rests,
    hold: (_camera, ms) => held.push(ms),
    codecName: payloadType => `PT${payloadType}`,
  });
  listening.linkBack();
  const settled = () => new Promise<void>(done => setImmediate(done));
  const ears = () => [...store.getState().ears.keys()];
  const kindOf = (camera: typeof front) => store.getState().ears.get(nameOf(camera))?.kind;
  return { clock, host, store, asked, held, state, listening, settled, ears, kindOf };
}

describe('Listening', () => {
  it('hears one camera at a time, and none when it is asked again', async () => {
    const { host, listening, ears, settled } = bench();
    listening.toggle(front);
    listening.toggle(cab);
    await settled();
    expect(ears()).toEqual([nameOf(cab)]);
    expect(host.heard).toHaveLength(1);
    listening.toggle(cab);
    expect(ears()).toEqual([]);
    expect(host.heard).toHaveLength(0);
  });

  it('keeps those that are pinned', () => {
    const { listening, store, ears } = bench();
    listening.toggle(front);
    listening.togglePinned(front);
    listening.togglePinned(cab);
    listening.toggle(rear);
    expect(ears()).toEqual([nameOf(front), nameOf(cab), nameOf(rear)]);
    listening.toggle(front);
    listening.togglePinned(cab);
    expect(ears()).toEqual([nameOf(rear)]);
    expect(store.getState().ears.get(nameOf(rear))?.pinned).toBe(false);
  });

  it('forgets cameras that leave the wall', () => {
    const { listening, host, ears } = bench();
    listening.togglePinned(front);
    listening.togglePinned(cab);
    listening.keepOnly([null, cab]);
    expect(ears()).toEqual([nameOf(cab)]);
    expect(host.heard).toHaveLength(1);
  });

  it('mutes without letting go, and comes back as loud as it was set', () => {
    const { listening, host, ears } = bench();
    listening.setVolume(0.6);
    listening.toggle(front);
    expect(listening.toggleMuted()).toBe(true);
    expect(host.level).toBe(0);
    listening.setVolume(0.4);
    expect(host.level).toBe(0);
    expect(listening.toggleMuted()).toBe(false);
    expect(host.level).toBe(0.4);
    expect(ears()).toHaveLength(1);
  });
});

describe('Ear', () => {
  it('follows the encoding that its tile shows', async () => {
    const { listening, asked, state, host, settled } = bench();
    listening.toggle(front);
    await settled();
    state.picture = { stream: 'main' };
    listening.follow();
    listening.follow();
    await settled();
    expect(asked.map(key => key.stream)).toEqual(['sub', 'main']);
    expect(host.voices[0]?.ports).toHaveLength(2);
    // Hidden behind an enlarged tile: heard on.
    state.picture = undefined;
    listening.follow();
    await settled();
    expect(asked).toHaveLength(2);
  });

  it('comes back after the way to the server was lost', async () => {
    const { listening, asked, kindOf, settled } = bench();
    listening.toggle(front);
    await settled();
    listening.linkLost();
    expect(kindOf(front)).toBe('disconnected');
    listening.follow();
    await settled();
    expect(asked).toHaveLength(1);
    listening.linkBack();
    await settled();
    expect(asked).toHaveLength(2);
    expect(kindOf(front)).toBe('opening');
  });

  it('says what the server refused, and asks again after pauses that grow', async () => {
    const { listening, asked, state, clock, store, kindOf, settled, host } = bench();
    state.answer = fail('tooManySubscriptions');
    listening.toggle(front);
    await settled();
    expect(store.getState().ears.get(nameOf(front))).toMatchObject({ kind: 'refused', code: 'tooManySubscriptions' });
    host.voices[0]?.report({});
    await settled();
    expect(asked).toHaveLength(1);
    clock.advance(2000);
    await settled();
    clock.advance(2000);
    await settled();
    expect(asked).toHaveLength(2);
    state.answer = undefined;
    clock.advance(2000);
    await settled();
    expect(asked).toHaveLength(3);
    expect(kindOf(front)).toBe('opening');
  });

  it('asks again when its stream ends', async () => {
    const { listening, asked, clock, host, settled } = bench();
    listening.toggle(front);
    await settled();
    host.voices[0]?.end();
    clock.advance(2000);
    await settled();
    expect(asked).toHaveLength(2);
    expect(host.voices[0]?.ports).toHaveLength(2);
  });

  it('closes a port that comes when nobody wants it any more', async () => {
    const { listening, state, host, settled } = bench();
    const { port1, port2 } = new MessageChannel();
    const told = new Promise(done => {
      port2.onmessage = event => done(event.data);
    });
    state.answer = { ok: true, value: port1 };
    listening.toggle(front);
    listening.toggle(front);
    await settled();
    expect(await told).toEqual({ type: 'close' });
    expect(host.voices[0]?.ports).toEqual([]);
    port2.close();
  });

  it('says what it hears, and why it hears nothing', async () => {
    const { listening, clock, host, kindOf, store, settled } = bench();
    listening.toggle(front);
    await settled();
    const voice = host.voices[0]!;
    expect(kindOf(front)).toBe('opening');
    voice.report({ packets: 5, payloadType: 6, phase: 'live' });
    expect(kindOf(front)).toBe('heard');
    voice.played(0.2);
    expect(listening.ear(front)?.level).toBe(0.2);
    clock.advance(400);
    expect(listening.ear(front)?.level).toBe(0);
    clock.advance(3000);
    voice.report({ packets: 5, payloadType: 6, phase: 'live' });
    expect(kindOf(front)).toBe('silent');
    voice.report({ packets: 5, payloadType: 6, phase: 'offline' });
    expect(kindOf(front)).toBe('away');
    voice.unsupported(5);
    voice.report({ packets: 9, payloadType: 5, phase: 'live' });
    expect(store.getState().ears.get(nameOf(front))).toMatchObject({ kind: 'unsupported', codec: 'PT5' });
    voice.report({ packets: 3, payloadType: 19, broken: 3, phase: 'live' });
    expect(kindOf(front)).toBe('broken');
    voice.deaf();
    expect(kindOf(front)).toBe('deaf');
  });

  it('rests while its tile shows a recording', async () => {
    const { listening, state, host, kindOf, settled } = bench();
    listening.toggle(front);
    await settled();
    state.rests = true;
    listening.follow();
    expect([kindOf(front), host.voices[0]?.quiet]).toEqual(['resting', true]);
    state.rests = false;
    listening.follow();
    expect([kindOf(front), host.voices[0]?.quiet]).toEqual(['opening', false]);
  });

  it('tells its decoder what an operator or the vehicle says of the sound', async () => {
    const { listening, state, host, settled } = bench();
    listening.toggle(front);
    await settled();
    state.facts = { options: { law: 'mu' } };
    host.voices[0]?.report({});
    expect(host.voices[0]?.facts).toEqual({ options: { law: 'mu' } });
  });

  it('keeps to the picture of the same encoding, holds it back, and lets it go at the end', async () => {
    const { listening, state, host, held, settled } = bench();
    listening.toggle(front);
    await settled();
    const voice = host.voices[0]!;
    state.picture = { stream: 'sub', shown: { at: 5000, ptsMs: 1000, receivedAt: 4900 } };
    voice.played(0.1, 100);
    voice.report({ packets: 1, payloadType: 6, stampLagMs: 3900 });
    expect(voice.steered).toEqual([4000]);
    expect(held).toEqual([70]);
    state.picture = { stream: 'main', shown: { at: 5000, ptsMs: 1000, receivedAt: 4900 } };
    listening.follow();
    await settled();
    voice.report({ packets: 2, payloadType: 6, stampLagMs: 3900 });
    expect(held).toEqual([70]);
    listening.toggle(front);
    expect(held).toEqual([70, 0]);
  });
});
