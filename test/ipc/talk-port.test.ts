import { afterEach, describe, expect, it } from 'vitest';
import type { TalkDown } from '../../electron/contract.ts';
import { fail } from '../../electron/errors.ts';
import type { TalkAsk, TalkListener } from '../../electron/hub/talk/talks.ts';
import { eventually } from '../accept/eventually.ts';
import { ConsoleBench } from './console-bench.ts';
import { busId } from './small-desk.ts';

const benches: ConsoleBench[] = [];
afterEach(() => {
  for (const bench of benches.splice(0)) bench.close();
});

/** A console whose talks are played by hand. */
function bench(hindrance?: 'talkBusy') {
  const desk = new ConsoleBench();
  benches.push(desk);
  const played = {
    asks: [] as TalkAsk[],
    done: [] as string[],
    pushed: 0,
    listener: undefined as TalkListener | undefined,
  };
  Object.assign(desk.small.desk, {
    openTalk: (ask: TalkAsk, listener: TalkListener) => {
      if (hindrance) return fail(hindrance);
      played.asks.push(ask);
      played.listener = listener;
      const hold = {
        talk: 4,
        rows: [],
        speak: (on: boolean) => played.done.push(`speak ${on}`),
        push: (samples: Int16Array) => {
          played.pushed += samples.length;
        },
        close: () => played.done.push('close'),
      };
      return { ok: true, value: hold };
    },
  });
  return { desk, played };
}

const ask = { vehicleIds: [busId], channel: 1, mode: 'talk', credits: 1 };
const sound = { payloadType: 6, ptsMs: 1, receivedAt: 2, data: new Uint8Array(160) };

async function opened() {
  const { desk, played } = bench();
  expect(await desk.call('talk.open', ask)).toEqual({ ok: true, value: { talk: 4, subscription: 1, rows: [] } });
  await eventually('the port', () => desk.media.has(1));
  return { desk, played, end: desk.media.get(1)! };
}

describe('the port of a talk', () => {
  it('carries the microphone up as the samples it is, and speak', async () => {
    const { end, played } = await opened();
    end.send({ type: 'speak', on: true });
    end.send({ type: 'sound', data: new Int16Array(160) });
    end.send({ type: 'speak', on: false });
    await eventually('all of it', () => played.done.length === 2);
    expect(played.done).toEqual(['speak true', 'speak false']);
    expect(played.pushed).toBe(160);
    expect(played.asks).toEqual([{ vehicleIds: [busId], channel: 1, mode: 'talk' }]);
  });

  it('carries the cab down, as much as it was given credits for', async () => {
    const { desk, end, played } = await opened();
    const received = end.received as unknown as TalkDown[];
    played.listener?.sound(sound);
    played.listener?.sound(sound);
    await eventually('the first', () => received.length === 1);
    end.send({ type: 'credit', frames: 5 });
    await desk.call('app.info');
    await desk.call('app.info');
    played.listener?.sound(sound);
    await eventually('another', () => received.length === 2);
    expect(received.map(message => message.type === 'sound' && message.seq)).toEqual([0, 1]);
    expect(desk.small.tally.get('ipc.soundWithheld')).toBe(1);
  });

  it('ends with a reason from the server, and without one from the console, once', async () => {
    const first = await opened();
    first.played.listener?.ended('closedByPeer', 'gone');
    await eventually('the end', () => first.end.closed);
    expect(first.end.received).toEqual([{ type: 'end', code: 'closedByPeer', message: 'gone' }]);
    expect(first.desk.link.streams).toBe(0);
    const second = await opened();
    second.end.send({ type: 'close' });
    await eventually('the close', () => second.played.done.includes('close'));
    second.desk.link.close();
    expect(second.played.done).toEqual(['close']);
  });

  it('counts and drops what does not fit', async () => {
    const { desk, end, played } = await opened();
    for (const message of [
      { type: 'sound', data: new Int16Array(0) },
      { type: 'sound', data: new Int16Array(8001) },
      { type: 'sound', data: new Uint8Array(4) },
      { type: 'sound', data: 'AAAA' },
      { type: 'speak' },
      { type: 'credit', frames: -1 },
      null,
    ])
      end.port.postMessage(message);
    await eventually('seven', () => desk.small.tally.get('ipc.badTalkMessage') === 7);
    expect(played.pushed).toBe(0);
  });

  it('is none when the talk is refused, or asked for wrongly', async () => {
    const { desk } = bench('talkBusy');
    expect(await desk.call('talk.open', ask)).toMatchObject({ ok: false, code: 'talkBusy' });
    for (const wrong of [{ vehicleIds: [] }, { mode: 'shout' }, { channel: 0 }, { credits: 1e9 }])
      expect(await desk.call('talk.open', { ...ask, ...wrong })).toMatchObject({ ok: false, code: 'badRequest' });
    expect(desk.media.size).toBe(0);
  });
});
