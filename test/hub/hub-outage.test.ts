import { describe, expect, it } from 'vitest';
import { deltaFrame, keyFrame } from './hand-made.ts';
import { asksAgain, camera, name, openHub, openLive, terminal } from './hub-bench.ts';
import { udpSource } from './vehicle-side.ts';
import { Viewer } from './viewer.ts';

describe('Hub: silence', () => {
  it('says stalled, then lost, and asks again with doubling pauses', async () => {
    const { clock, side, viewer } = await openLive();
    clock.pass(1900);
    expect(viewer.last.phase).toBe('live');
    clock.pass(200);
    expect(viewer.last.phase).toBe('stalled');
    expect(side.news()).toEqual([]);
    clock.pass(8000);
    expect(viewer.last.phase).toBe('lost');
    expect(side.news()).toEqual(asksAgain);
    await side.answer();
    clock.pass(8000 + 800);
    expect(side.news()).toEqual([]);
    clock.pass(300);
    expect(side.news()).toEqual(asksAgain);
    expect(viewer.last).toMatchObject({ phase: 'lost', attempts: 2 });
    side.sink(name).packet(900, 0);
    expect(viewer.last.phase).toBe('waiting');
    side.sink(name).frame(deltaFrame());
    side.sink(name).frame(keyFrame());
    expect(viewer.last).toMatchObject({ phase: 'live', attempts: 0 });
    expect(viewer.story.slice(-2)).toEqual(['gap 0 restart', 'key']);
  });

  it('goes on when a stalled stream comes back by itself', async () => {
    const { clock, side, viewer, stream } = await openLive();
    clock.pass(5000);
    stream(400);
    expect(viewer.phases).toEqual(['opening', 'live', 'stalled', 'live']);
    expect(side.news()).toEqual([]);
  });

  it('says lost at once when the media connection closes', async () => {
    const { clock, side, viewer, watch } = await openLive();
    side.sink(name).sourceClosed();
    expect(viewer.last.phase).toBe('lost');
    expect(viewer.last.source).toBeUndefined();
    expect(watch().viewer.frames).toEqual([]);
    clock.pass(1000);
    expect(side.news()).toEqual(asksAgain);
  });

  it('asks again when packets come but never a key frame', async () => {
    const { clock, side, viewer } = await openLive();
    side.sink(name).gap(1, 'loss');
    for (let ms = 0; ms < 11_000; ms += 40) {
      clock.pass(40);
      side.sink(name).packet(900, 0);
      side.sink(name).frame(deltaFrame());
    }
    expect(viewer.last.phase).toBe('waiting');
    expect(side.news()).toEqual(asksAgain);
  });

  it('does not ask for what nobody wants', async () => {
    const { clock, side, subscription } = await openLive({ graceMs: 60_000 });
    subscription.close();
    clock.pass(50_000);
    expect(side.news().filter(call => call.startsWith('open'))).toEqual([]);
  });
});

describe('Hub: terminals that come and go', () => {
  it('keeps the wish for an offline vehicle, and asks when it comes', () => {
    const { side, hub, watch } = openHub({ online: false });
    const { viewer } = watch();
    expect(viewer.last.phase).toBe('offline');
    expect(side.news()).toEqual([]);
    side.online.add(terminal);
    hub.terminalOnline(terminal);
    expect(side.news()).toEqual([`expect ${name}`, `open ${name}`]);
    expect(viewer.last.phase).toBe('opening');
  });

  it('stays live while media goes on although the signalling connection dropped', async () => {
    const { side, hub, viewer, stream } = await openLive();
    side.online.delete(terminal);
    hub.terminalOffline(terminal);
    stream(5000);
    expect(viewer.last.phase).toBe('live');
    side.online.add(terminal);
    hub.terminalOnline(terminal);
    stream(5000);
    expect(side.news()).toEqual([]);
    expect(viewer.phases).toEqual(['opening', 'live']);
  });

  it('is offline when media ends as well, and asks by itself when the terminal is back', async () => {
    const { clock, side, hub, viewer } = await openLive();
    side.online.delete(terminal);
    hub.terminalOffline(terminal);
    clock.pass(2100);
    expect(viewer.last.phase).toBe('offline');
    clock.pass(60_000);
    expect(side.news()).toEqual([]);
    side.online.add(terminal);
    hub.terminalOnline(terminal);
    expect(side.news()).toEqual(asksAgain);
    await side.answer();
    side.sink(name).packet(900, 0);
    side.sink(name).frame(keyFrame());
    expect(viewer.phases).toEqual(['opening', 'live', 'offline', 'opening', 'live']);
  });

  it('asks at once when the terminal is back before its media went silent', async () => {
    const { clock, side, hub, viewer } = await openLive();
    side.online.delete(terminal);
    hub.terminalOffline(terminal);
    side.online.add(terminal);
    hub.terminalOnline(terminal);
    expect(side.news()).toEqual([]);
    clock.pass(2100);
    expect(viewer.last.phase).toBe('stalled');
    expect(side.news()).toEqual(asksAgain);
  });

  it('does not let the old connection’s answer spoil the new one’s', async () => {
    const { side, hub, watch } = openHub();
    const { viewer } = watch();
    hub.terminalOffline(terminal);
    hub.terminalOnline(terminal);
    expect(side.unanswered).toBe(2);
    await side.refuse('terminalGone');
    expect(viewer.last.phase).toBe('opening');
    expect(viewer.last.error).toBeUndefined();
    await side.answer();
    expect(viewer.last.steps.map(step => step.step)).toContain('acknowledged');
  });

  it('sends no close to a terminal that is away', async () => {
    const { clock, side, hub, subscription } = await openLive();
    side.online.delete(terminal);
    hub.terminalOffline(terminal);
    subscription.close();
    clock.pass(5100);
    expect(side.news()).toEqual([`forget ${name}`]);
  });

  it('touches only the streams of the terminal it is told of', async () => {
    const { side, hub, viewer } = await openLive();
    hub.terminalOffline('1');
    hub.terminalOnline('1');
    expect(side.news()).toEqual([]);
    expect(viewer.last.phase).toBe('live');
  });

  it('ends the feeds of a forgotten terminal', async () => {
    const { hub, viewer } = await openLive();
    hub.terminalForgotten(terminal);
    expect(viewer.story.at(-1)).toBe('end unknownTerminal');
    expect(hub.rows()).toEqual([]);
  });
});

describe('Hub: main and sub stream of one camera', () => {
  const sub = { ...camera, stream: 'sub' } as const;
  const subName = `${terminal}_1_sub`;

  /** The sub stream runs; then the main stream is asked for and runs as well. */
  async function openBoth() {
    const parts = await openLive();
    const main = parts.viewer;
    const second = parts.watch(sub);
    parts.clock.pass(1);
    parts.side.sink(subName).sourceOpened({ ...udpSource, id: 'second' }, new Uint8Array(6));
    await parts.side.answer();
    const both = (ms: number) => {
      for (let passed = 0; passed < ms; passed += 40) {
        parts.clock.pass(40);
        for (const one of [name, subName]) {
          parts.side.sink(one).packet(900, 0);
          parts.side.sink(one).frame(keyFrame());
        }
      }
    };
    both(400);
    parts.side.news();
    return { ...parts, main, sub: second, both };
  }

  it('sends the close of one although it may end the other, which is then asked for as soon as it is silent', async () => {
    const { clock, side, main, sub, stream } = await openBoth();
    sub.subscription.close();
    for (let ms = 0; ms < 5200; ms += 40) {
      clock.pass(40);
      side.sinks.get(subName)?.packet(900, 0);
      side.sink(name).packet(900, 0);
      side.sink(name).frame(keyFrame());
    }
    expect(side.news()).toEqual([`forget ${subName}`, `close ${subName}`]);
    clock.pass(2100);
    expect(main.last.phase).toBe('stalled');
    expect(side.news()).toEqual(asksAgain);
    await side.answer();
    stream(40);
    expect(main.last.phase).toBe('live');
  });

  it('does not send the close of one that has no media, since it would only end the other', async () => {
    const { side, sub, stream } = await openBoth();
    side.sink(subName).sourceClosed();
    sub.subscription.close();
    stream(6000);
    expect(side.news()).toEqual([`forget ${subName}`]);
  });

  it('does not fight over a recorder that sends one at a time', async () => {
    const { clock, side, watch, stream, viewer } = await openLive();
    const other = watch(sub);
    side.news();
    side.sink(name).sourceClosed();
    side.sink(subName).sourceOpened(udpSource, new Uint8Array(6));
    for (let ms = 0; ms < 60_000; ms += 40) {
      clock.pass(40);
      side.sink(subName).packet(900, 0);
      side.sink(subName).frame(keyFrame());
    }
    expect(viewer.last.phase).toBe('lost');
    expect(other.viewer.last.phase).toBe('live');
    expect(side.news().filter(call => call.startsWith('open'))).toEqual([]);
    other.subscription.close();
    clock.pass(7200);
    expect(side.news()).toContain(`open ${name}`);
    side.sink(name).sourceOpened(udpSource, new Uint8Array(6));
    stream(400);
    expect(viewer.last.phase).toBe('live');
  });

  it('asks again for one whose media ended by itself', async () => {
    const { clock, side, both } = await openBoth();
    both(400);
    side.sink(subName).sourceClosed();
    side.news();
    clock.pass(1100);
    expect(side.news()).toEqual([`expect ${subName}`, `open ${subName}`]);
  });
});

describe('Hub: figures', () => {
  it('measures frames, bits, and loss', async () => {
    const { hub, stream } = await openLive();
    stream(9000);
    const row = hub.rows()[0]!;
    expect(row.headerId).toBe('013912345678');
    expect(row.status.fps).toBeGreaterThan(23.5);
    expect(row.status.fps).toBeLessThan(26.5);
    expect(row.status.bitsPerSecond).toBeGreaterThan(900 * 8 * 23);
    expect(row.status.bitsPerSecond).toBeLessThan(900 * 8 * 27);
    expect(row).toMatchObject({ frames: 250, keyFrames: 10, bytes: 250 * 900, packetsLost: 0 });
    expect(row.status.lossRatio).toBe(0);
  });

  it('reports the loss since the last report every 30 s, while media runs', async () => {
    const { clock, side, stream } = await openLive();
    stream(29_200);
    expect(side.news()).toEqual([`loss ${name} 0`]);
    stream(30_000, 1);
    const [report] = side.news();
    expect(Number(report?.replace(`loss ${name} `, ''))).toBeCloseTo(0.5, 1);
    clock.pass(30_000);
    side.news();
    clock.pass(31_000);
    expect(side.news().filter(call => call.startsWith('loss'))).toEqual([]);
  });

  it('tells figures about once a second and changes at once', async () => {
    const { viewer, stream, side } = await openLive();
    const before = viewer.statuses.length;
    stream(10_000);
    expect(viewer.statuses.length - before).toBeGreaterThanOrEqual(9);
    expect(viewer.statuses.length - before).toBeLessThanOrEqual(11);
    side.sink(name).gap(1, 'loss');
    expect(viewer.last.phase).toBe('waiting');
  });

  it('ends everything when it closes, and tells terminals to stop', async () => {
    const { clock, side, hub, viewer } = await openLive();
    hub.close();
    expect(viewer.story.at(-1)).toBe('end shuttingDown');
    expect(side.news()).toEqual([`forget ${name}`, `close ${name}`]);
    expect(clock.timers).toBe(0);
    const late = new Viewer();
    hub.subscribe(camera, late);
    expect(late.story).toEqual(['end shuttingDown']);
  });
});
