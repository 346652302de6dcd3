import { beforeEach, describe, expect, it } from 'vitest';
import { Pane, reopenPauses, switchTimeoutMs } from '../../../renderer/wall/pane.ts';
import { FakeOpener, FakeStage, HandClock, settle } from './fake-player.ts';

let clock: HandClock;
let opener: FakeOpener;
let stage: FakeStage;
let told: number;
let pane: Pane;

beforeEach(() => {
  clock = new HandClock();
  opener = new FakeOpener();
  stage = new FakeStage();
  told = 0;
  pane = new Pane({
    camera: { vehicleId: '77', channel: 2 },
    stage,
    clock,
    open: opener.open,
    createPlayer: opener.createPlayer,
    changed: () => told++,
  });
});

async function live(stream: 'main' | 'sub'): Promise<void> {
  pane.want(stream);
  await settle();
  opener.players.at(-1)!.become({ kind: 'live' });
}

describe('opening', () => {
  it('says opening until the first picture, then live', async () => {
    expect(pane.state().kind).toBe('paused');
    pane.want('sub');
    expect(pane.state()).toMatchObject({ kind: 'opening', stream: 'sub', hasPicture: false, since: clock.now() });
    await settle();
    expect(opener.asked).toEqual([{ vehicleId: '77', channel: 2, stream: 'sub' }]);
    opener.players[0]!.become({ kind: 'live' });
    expect(pane.state()).toMatchObject({ kind: 'live', hasPicture: true });
    expect(stage.front).toBe(opener.players[0]!.element);
  });

  it('closes a port that comes after it was no longer wanted', async () => {
    pane.want('sub');
    pane.want(null);
    await settle();
    expect(opener.players).toHaveLength(0);
    expect(pane.state().kind).toBe('paused');
    expect(stage.all.size).toBe(0);
  });

  it('tells what the player tells', async () => {
    await live('sub');
    opener.players[0]!.become({ kind: 'stalled', ageMs: 7000 });
    expect(pane.state()).toMatchObject({ kind: 'stalled', hasPicture: true });
    opener.players[0]!.become({ kind: 'undecodable', codec: 'svac', payloadType: 101, reason: 'codec' });
    expect(pane.state()).toMatchObject({ kind: 'undecodable', codec: 'svac', payloadType: 101, reason: 'codec' });
  });
});

describe('exchanging sub for main', () => {
  it('keeps the sub picture until main has its first, then closes sub at once', async () => {
    await live('sub');
    const [sub] = opener.players;
    pane.want('main');
    await settle();
    const main = opener.players[1]!;
    expect(pane.streams).toEqual(['sub', 'main']);
    expect(pane.state()).toMatchObject({ kind: 'live', stream: 'sub', next: 'main' });
    expect(stage.front).toBe(sub!.element);
    expect(stage.all.has(main.element)).toBe(true);
    main.become({ kind: 'live' });
    expect(sub!.closed).toBe(true);
    expect(stage.front).toBe(main.element);
    expect(pane.streams).toEqual(['main']);
    expect(pane.state()).toMatchObject({ kind: 'live', stream: 'main' });
    expect(pane.state().next).toBeUndefined();
  });

  it('breaks first when there is no picture to keep', async () => {
    pane.want('sub');
    await settle();
    pane.want('main');
    expect(opener.players[0]!.closed).toBe(true);
    await settle();
    expect(pane.streams).toEqual(['main']);
  });

  it('goes back without a trace when the operator does', async () => {
    await live('sub');
    pane.want('main');
    await settle();
    pane.want('sub');
    expect(opener.players[1]!.closed).toBe(true);
    expect(opener.players[0]!.closed).toBe(false);
    expect(opener.asked).toHaveLength(2);
    expect(pane.state()).toMatchObject({ kind: 'live', stream: 'sub' });
  });

  it('stays with sub and says why when main does not come in time', async () => {
    await live('sub');
    pane.want('main');
    await settle();
    clock.pass(switchTimeoutMs - 1);
    expect(pane.streams).toEqual(['sub', 'main']);
    clock.pass(1);
    expect(opener.players[1]!.closed).toBe(true);
    expect(pane.state()).toMatchObject({ kind: 'live', stream: 'sub', fallback: 'mediaNotArriving' });
  });

  it.each([
    [{ kind: 'refused', code: 'commandUnsupported', message: '' } as const, 'commandUnsupported'],
    [{ kind: 'undecodable', codec: 'h265', reason: 'h265' } as const, 'undecodable'],
    [{ kind: 'ended', code: 'slowConsumer', message: '' } as const, 'slowConsumer'],
  ])('stays with sub at once when main is %o', async (state, why) => {
    await live('sub');
    pane.want('main');
    await settle();
    opener.players[1]!.become(state);
    expect(pane.streams).toEqual(['sub']);
    expect(pane.state().fallback).toBe(why);
  });

  it('stays with sub when the server does not open main', async () => {
    await live('sub');
    opener.answer = () => ({ ok: false, code: 'tooManySubscriptions', message: '' });
    pane.want('main');
    await settle();
    expect(pane.state()).toMatchObject({ kind: 'live', stream: 'sub', fallback: 'tooManySubscriptions' });
  });

  it('never holds more than two', async () => {
    await live('sub');
    for (const stream of ['main', 'sub', 'main', 'sub', 'main'] as const) {
      pane.want(stream);
      await settle();
      expect(opener.running.length).toBeLessThanOrEqual(2);
    }
  });
});

describe('a lost connection', () => {
  it('keeps the last picture, marked, and opens behind it when the way is back', async () => {
    await live('sub');
    pane.linkLost();
    expect(pane.state()).toMatchObject({ kind: 'disconnected', hasPicture: true, since: clock.now() });
    expect(opener.players[0]!.closed).toBe(false);
    clock.pass(5000);
    pane.linkBack();
    expect(pane.state()).toMatchObject({ kind: 'opening', hasPicture: true });
    await settle();
    expect(stage.front).toBe(opener.players[0]!.element);
    opener.players[1]!.become({ kind: 'live' });
    expect(opener.players[0]!.closed).toBe(true);
    expect(pane.state().kind).toBe('live');
  });

  it('gives the old picture up as soon as there is something definite to say', async () => {
    await live('sub');
    pane.linkLost();
    pane.linkBack();
    await settle();
    opener.players[1]!.become({ kind: 'offline' });
    expect(opener.players[0]!.closed).toBe(true);
    expect(pane.state()).toMatchObject({ kind: 'offline', hasPicture: false });
  });

  it('does not let a dead player speak', async () => {
    await live('sub');
    pane.linkLost();
    opener.players[0]!.become({ kind: 'live' });
    expect(pane.state().kind).toBe('disconnected');
  });

  it('opens nothing while there is no way', async () => {
    pane.linkLost();
    pane.want('sub');
    await settle();
    expect(opener.asked).toEqual([]);
    pane.linkBack();
    await settle();
    expect(opener.asked).toHaveLength(1);
  });
});

describe('a server that says no', () => {
  it('is asked again after growing pauses', async () => {
    opener.answer = () => ({ ok: false, code: 'unknownTerminal', message: '' });
    pane.want('sub');
    await settle();
    expect(pane.state()).toMatchObject({ kind: 'refused', code: 'unknownTerminal' });
    for (const [i, pause] of reopenPauses.entries()) {
      clock.pass(pause - 1);
      expect(opener.asked).toHaveLength(i + 1);
      clock.pass(1);
      expect(opener.asked).toHaveLength(i + 2);
      await settle();
    }
    opener.answer = () => undefined;
    clock.pass(reopenPauses.at(-1)!);
    await settle();
    opener.players[0]!.become({ kind: 'live' });
    expect(pane.state().kind).toBe('live');
  });

  it('that ends a stream is asked again behind its last picture', async () => {
    await live('sub');
    opener.players[0]!.become({ kind: 'ended', code: 'slowConsumer', message: '' });
    expect(pane.state()).toMatchObject({ kind: 'ended', code: 'slowConsumer' });
    clock.pass(reopenPauses[0]);
    await settle();
    opener.players[1]!.become({ kind: 'live' });
    expect(opener.players[0]!.closed).toBe(true);
    expect(pane.state().kind).toBe('live');
  });
});

it('is made anew behind its picture for another engine', async () => {
  await live('sub');
  pane.renew();
  await settle();
  expect(stage.front).toBe(opener.players[0]!.element);
  expect(pane.state()).toMatchObject({ kind: 'live', stream: 'sub' });
  opener.players[1]!.become({ kind: 'live' });
  expect(stage.front).toBe(opener.players[1]!.element);
  expect(opener.running).toHaveLength(1);
  expect(pane.state().fallback).toBeUndefined();
});

it('leaves nothing behind when it is closed', async () => {
  await live('sub');
  pane.want('main');
  await settle();
  pane.close();
  expect(opener.running).toEqual([]);
  expect(stage.all.size).toBe(0);
  const before = told;
  clock.pass(600_000);
  expect(told).toBe(before);
});
