import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ErrorCode, Result, Rpc, TalkPhase, TalkRow, TalkUp } from '../../../electron/contract.ts';
import type { Voice, VoiceListener } from '../../../renderer/sound/sound-host.ts';
import { createTalkingStore } from '../../../renderer/store/talking.ts';
import { bestPhase, idleMs, type OpenedTalk, Talking, wordsMs } from '../../../renderer/talk/talking.ts';

const camera = { vehicleId: '1', channel: 2 };
const arrive = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 20));
const ends: MessagePort[] = [];

afterEach(() => {
  for (const port of ends.splice(0)) port.close();
  vi.unstubAllGlobals();
});

function row(change: Partial<TalkRow> = {}): TalkRow {
  return {
    ...{ id: '7_1', talk: 7, vehicleId: '1', channel: 2, mode: 'talk', phase: 'opening' as TalkPhase },
    ...{ since: 0, payloadType: 0, bytesOut: 0, bytesIn: 0 },
    ...change,
  };
}

/** A console whose server and loudspeaker are played by hand. There is no microphone. */
function bench(refusal?: ErrorCode) {
  vi.stubGlobal('navigator', {});
  const store = createTalkingStore();
  const ups: TalkUp[] = [];
  const asked: Rpc['talk.open']['args'][] = [];
  const timers = new Map<number, { ms: number; run: () => void }>();
  const played: unknown[] = [];
  let voices = 0;
  let server: MessagePort | undefined;
  let timer = 0;
  const talking = new Talking({
    store,
    loudspeaker: {
      open: (_facts, _listener: VoiceListener) => {
        voices++;
        return {
          listen: (port: MessagePort) => {
            port.onmessage = event => played.push(event.data);
          },
          close: () => {
            voices--;
          },
        } as Partial<Voice> as Voice;
      },
      setLevel: () => undefined,
    },
    open: async (args): Promise<Result<OpenedTalk>> => {
      asked.push(args);
      if (refusal) return { ok: false, code: refusal, message: '' };
      const { port1, port2 } = new MessageChannel();
      server = port1;
      ends.push(port1, port2);
      port1.onmessage = event => ups.push(event.data as TalkUp);
      return { ok: true, value: { answer: { talk: 7, subscription: 1, rows: [row()] }, port: port2 } };
    },
    facts: () => ({}),
    isHeard: () => false,
    after: (ms, run) => {
      const id = ++timer;
      timers.set(id, { ms, run });
      return () => timers.delete(id);
    },
  });
  return {
    ...{ talking, store, ups, asked, played },
    state: () => store.getState(),
    voices: () => voices,
    down: (message: unknown) => server?.postMessage(message),
    fire: (ms: number) => {
      for (const [id, each] of [...timers]) if (each.ms === ms && timers.delete(id)) each.run();
    },
    waits: () => [...timers.values()].map(each => each.ms),
  };
}

describe('a talk of this console', () => {
  it('opens while the key is held, speaks, and rests when it is let go', async () => {
    const console1 = bench();
    const opened = console1.talking.open('talk', ['1'], 2, camera);
    console1.talking.speak(true);
    expect(console1.state()).toMatchObject({ speaking: true, talk: { phase: 'opening', number: 0 } });
    await opened;
    expect(console1.asked).toMatchObject([{ vehicleIds: ['1'], channel: 2, mode: 'talk' }]);
    console1.talking.rows({ talks: [row({ phase: 'talking' }), row({ id: '8_1', talk: 8, phase: 'closed' })] });
    expect(console1.state().talk).toMatchObject({ phase: 'talking', number: 7 });
    expect(console1.waits()).toEqual([]);
    console1.talking.speak(false);
    expect(console1.waits()).toEqual([idleMs]);
    console1.fire(idleMs);
    await arrive();
    expect(console1.ups).toEqual([{ type: 'speak', on: true }, { type: 'speak', on: false }, { type: 'close' }]);
    expect(console1.state()).toMatchObject({ talk: null, speaking: false });
    expect(console1.voices()).toBe(0);
  });

  it('plays the cab as the sound of a camera, and grants more', async () => {
    const console1 = bench();
    await console1.talking.open('monitor', ['1'], 2, camera);
    expect(console1.voices()).toBe(1);
    const sound = { type: 'sound', payloadType: 6, ptsMs: 1, receivedAt: 2, data: new Uint8Array(2) };
    for (let seq = 0; seq < 250; seq++) console1.down({ ...sound, seq });
    await arrive();
    await arrive();
    expect(console1.played).toHaveLength(250);
    expect(console1.played[0]).toEqual({ ...sound, type: 'audio', seq: 0 });
    expect(console1.ups).toEqual([{ type: 'credit', frames: 250 }]);
    console1.talking.speak(true);
    expect(console1.state().speaking).toBe(false);
    console1.talking.close();
  });

  it.each([
    ['talkBusy', 'busy'],
    ['terminalOffline', 'closed'],
  ] as const)('says why when it cannot begin: %s', async (code, phase) => {
    const console1 = bench(code);
    await console1.talking.open('talk', ['1'], 2, camera);
    expect(console1.state().talk).toMatchObject({ phase, code });
    console1.fire(wordsMs);
    expect(console1.state().talk).toBeNull();
  });

  it.each([
    ['commandFailed', 'refused'],
    ['talkNotConnected', 'closed'],
    ['closedByPeer', 'closed'],
  ] as const)('says why it ended: %s', async (code, phase) => {
    const console1 = bench();
    await console1.talking.open('talk', ['1'], 2, camera);
    console1.talking.speak(true, true);
    console1.down({ type: 'end', code, message: '' });
    await arrive();
    expect(console1.state()).toMatchObject({ talk: { phase, code }, speaking: false, latched: false });
    expect(console1.voices()).toBe(0);
    expect(console1.waits()).toEqual([wordsMs]);
  });

  it('says so when the way to the server is lost', async () => {
    const console1 = bench();
    await console1.talking.open('talk', ['1'], 2, camera);
    console1.talking.linkLost();
    expect(console1.state().talk).toMatchObject({ phase: 'closed', code: 'socketError' });
  });

  it('gives way to the next one, also while the server has not answered', async () => {
    const console1 = bench();
    const first = console1.talking.open('talk', ['1'], 2, camera);
    await console1.talking.open('broadcast', ['1', '2'], 1, null);
    await first;
    await arrive();
    expect(console1.ups).toEqual([{ type: 'close' }]);
    expect(console1.state().talk).toMatchObject({ mode: 'broadcast', camera: null, number: 7 });
    console1.talking.endBroadcast();
    expect(console1.state().talk).toBeNull();
  });

  it('is heard by nobody where the page is given no microphone, and says that', async () => {
    const console1 = bench();
    await console1.talking.open('talk', ['1'], 2, camera);
    expect(console1.state().microphone).toBe('insecure');
  });
});

it('stands for a broadcast by the best of its terminals', () => {
  const phases = (...each: TalkPhase[]) => bestPhase(each.map(phase => row({ phase })));
  expect(phases('refused', 'opening', 'closed')).toBe('opening');
  expect(phases('ready', 'talking')).toBe('talking');
  expect(phases()).toBeUndefined();
});
