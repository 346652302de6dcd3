import { beforeEach, expect, it } from 'vitest';
import { type ControlDown, type ControlUp, contractVersion, type Delta } from '../../electron/contract.ts';
import { Link, retryPauses, silenceMs, type Way } from '../../renderer/link.ts';
import { HandClock } from './wall/fake-player.ts';

/** The server's end of one connection. */
interface End {
  port: MessagePort;
  calls: Extract<ControlUp, { type: 'call' }>[];
  lost(): void;
  closed: boolean;
}

let clock: HandClock;
let ends: End[];
let reachable: boolean;
let version: number;
let heard: string[];
let deltas: [Delta, boolean][];
let link: Link;

/** Lets posted messages arrive. */
const arrive = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 15));

function open(lost: () => void): Promise<Way> {
  if (!reachable) return Promise.reject(new Error('nobody there'));
  const { port1, port2 } = new MessageChannel();
  const end: End = { port: port1, calls: [], lost, closed: false };
  ends.push(end);
  port1.onmessage = event => {
    const call = event.data as Extract<ControlUp, { type: 'call' }>;
    end.calls.push(call);
    if (call.method === 'app.info') answer(end, call.id, { contractVersion: version });
  };
  const close = (): void => {
    end.closed = true;
    port1.close();
  };
  return Promise.resolve({ port: port2, close });
}

const say = (end: End, message: ControlDown, ports: MessagePort[] = []): void => end.port.postMessage(message, ports);
const answer = (end: End, id: number, value: unknown): void =>
  say(end, { type: 'reply', id, result: { ok: true, value } });

beforeEach(() => {
  clock = new HandClock();
  ends = [];
  reachable = true;
  version = contractVersion;
  heard = [];
  deltas = [];
  link = new Link({
    open,
    timer: clock,
    listener: {
      delta: (delta, whole) => deltas.push([delta, whole]),
      command: command => heard.push(`command ${command}`),
      connected: () => heard.push('connected'),
      lost: attempt => heard.push(`lost ${attempt}`),
      mismatch: other => heard.push(`mismatch ${other}`),
    },
  });
  return () => {
    link.close();
    for (const end of ends) end.port.close();
  };
});

it('greets, and hands deltas and commands on', async () => {
  link.start();
  await arrive();
  say(ends[0]!, { type: 'delta', delta: { removed: ['1'] } });
  say(ends[0]!, { type: 'delta', delta: { removed: ['2'] } });
  say(ends[0]!, { type: 'command', command: 'layout9' });
  await arrive();
  expect(heard).toEqual(['connected', 'command layout9']);
  expect(deltas).toEqual([
    [{ removed: ['1'] }, true],
    [{ removed: ['2'] }, false],
  ]);
});

it('matches replies with calls in any order', async () => {
  link.start();
  await arrive();
  const first = link.call('fleet.list', {});
  const second = link.call('stream.list', {});
  await arrive();
  const [, one, two] = ends[0]!.calls;
  answer(ends[0]!, two!.id, ['streams']);
  answer(ends[0]!, one!.id, ['vehicles']);
  expect(await first).toEqual({ ok: true, value: ['vehicles'] });
  expect(await second).toEqual({ ok: true, value: ['streams'] });
});

it.each([true, false])('gives a stream its port, whichever comes first (port first: %s)', async portFirst => {
  link.start();
  await arrive();
  const opened = link.openStream({ vehicleId: '77', channel: 1, stream: 'sub' }, 9);
  await arrive();
  const call = ends[0]!.calls.at(-1)!;
  expect(call).toMatchObject({
    method: 'stream.open',
    args: { vehicleId: '77', channel: 1, stream: 'sub', credits: 9 },
  });
  const { port1, port2 } = new MessageChannel();
  const post = () => say(ends[0]!, { type: 'port', subscription: 5 }, [port2]);
  if (portFirst) post();
  answer(ends[0]!, call.id, { subscription: 5 });
  await arrive();
  if (!portFirst) post();
  const result = await opened;
  expect(result.ok).toBe(true);
  const got = new Promise(resolve => {
    port1.onmessage = event => resolve(event.data);
  });
  if (result.ok) result.value.postMessage({ type: 'close' });
  expect(await got).toEqual({ type: 'close' });
  port1.close();
});

it('comes back after a loss with growing pauses, and its first delta is whole again', async () => {
  link.start();
  await arrive();
  say(ends[0]!, { type: 'delta', delta: {} });
  await arrive();
  reachable = false;
  ends[0]!.lost();
  expect(heard).toEqual(['connected', 'lost 1']);
  for (const [i, pause] of retryPauses.slice(0, 3).entries()) {
    clock.pass(pause);
    await arrive();
    expect(heard.at(-1)).toBe(`lost ${i + 2}`);
  }
  reachable = true;
  clock.pass(retryPauses[3]);
  await arrive();
  expect(heard.at(-1)).toBe('connected');
  say(ends[1]!, { type: 'delta', delta: { removed: ['9'] } });
  await arrive();
  expect(deltas.at(-1)).toEqual([{ removed: ['9'] }, true]);
});

it('fails the calls that were under way', async () => {
  link.start();
  await arrive();
  const pending = link.call('fleet.list', {});
  ends[0]!.lost();
  expect(await pending).toMatchObject({ ok: false, code: 'socketError' });
  expect(await link.call('fleet.list', {})).toMatchObject({ ok: false, code: 'socketError' });
});

it('asks when nothing is heard, and gives the connection up when that stays without an answer', async () => {
  link.start();
  await arrive();
  ends[0]!.port.onmessage = event => ends[0]!.calls.push(event.data);
  const before = ends[0]!.calls.length;
  clock.pass(silenceMs);
  await arrive();
  expect(ends[0]!.calls).toHaveLength(before + 1);
  expect(heard).toEqual(['connected']);
  clock.pass(silenceMs);
  expect(heard).toEqual(['connected', 'lost 1']);
  expect(ends[0]!.closed).toBe(true);
});

it('stays when the question is answered', async () => {
  link.start();
  await arrive();
  for (let i = 0; i < 4; i++) {
    clock.pass(silenceMs);
    await arrive();
  }
  expect(heard).toEqual(['connected']);
});

it('says so when the server speaks another version', async () => {
  version = contractVersion + 1;
  link.start();
  await arrive();
  expect(heard).toEqual([`mismatch ${contractVersion + 1}`]);
});

it('stops for good when it is closed', async () => {
  reachable = false;
  link.start();
  await arrive();
  link.close();
  reachable = true;
  clock.pass(60_000);
  await arrive();
  expect(ends).toHaveLength(0);
});
