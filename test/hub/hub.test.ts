import { describe, expect, it } from 'vitest';
import { audioPacket, bareKeyFrame, deltaFrame, keyFrame, parameterUnit, spsD1 } from './hand-made.ts';
import { asksAgain, camera, name, openHub, openLive, terminal } from './hub-bench.ts';
import { udpSource } from './vehicle-side.ts';
import { Viewer } from './viewer.ts';

describe('Hub: opening', () => {
  it('lets media in before it sends the command, since media may be faster than the answer', () => {
    const { side, watch } = openHub();
    const { viewer } = watch();
    expect(side.news()).toEqual([`expect ${name}`, `open ${name}`]);
    expect(viewer.last.phase).toBe('opening');
    expect(viewer.last.steps.map(step => step.step)).toEqual(['commandSent']);
  });

  it('tells every step to the first picture, with its time', async () => {
    const { clock, side, watch } = openHub();
    const { viewer } = watch();
    const began = clock.now();
    clock.pass(140);
    await side.answer();
    clock.pass(60);
    side.sink(name).sourceOpened(udpSource, new Uint8Array(6));
    clock.pass(5);
    side.sink(name).packet(900, 0);
    clock.pass(300);
    side.sink(name).frame(keyFrame({ receivedAt: clock.now() }));
    expect(viewer.last.steps).toEqual([
      { step: 'commandSent', at: began },
      { step: 'acknowledged', at: began + 140 },
      { step: 'mediaConnected', at: began + 200 },
      { step: 'firstPacket', at: began + 205 },
      { step: 'firstKeyFrame', at: began + 505 },
    ]);
    expect(viewer.last).toMatchObject({
      phase: 'live',
      attempts: 0,
      codec: 'h264',
      payloadType: 98,
      width: 352,
      height: 288,
      lastFrameAt: began + 505,
      transport: 'udp',
      source: '10.0.0.9:5000',
      target: '10.0.0.1 UDP 6611',
    });
    expect(viewer.phases).toEqual(['opening', 'live']);
  });

  it('is live before the answer when media is faster', async () => {
    const { side, watch } = openHub();
    const { viewer } = watch();
    side.sink(name).packet(900, 0);
    side.sink(name).frame(keyFrame());
    expect(viewer.last.phase).toBe('live');
    await side.answer();
    expect(viewer.last.steps.map(step => step.step)).toEqual([
      'commandSent',
      'firstPacket',
      'firstKeyFrame',
      'acknowledged',
    ]);
  });

  it('does not show a stream that begins with P frames before its key frame', () => {
    const { side, tally, watch } = openHub();
    const { viewer } = watch();
    for (let frame = 0; frame < 3; frame++) {
      side.sink(name).packet(900, 0);
      side.sink(name).frame(deltaFrame());
    }
    expect(viewer.last.phase).toBe('opening');
    side.sink(name).frame(keyFrame());
    expect(viewer.story).toEqual(['start', 'key']);
    expect(tally.get('hub.noKeyFrame')).toBe(3);
  });

  it('asks again, with doubling pauses, while the terminal acknowledges but sends nothing', async () => {
    const { clock, side, watch } = openHub();
    const { viewer } = watch();
    const asked: number[] = [];
    for (let ms = 0; ms < 80_000; ms += 100) {
      if (side.unanswered > 0) {
        asked.push(ms);
        await side.answer();
      }
      clock.pass(100);
    }
    const pauses = asked.slice(1).map((at, index) => at - asked[index]! - 8000);
    expect(pauses.slice(0, 5).map(pause => Math.round(pause / 1000))).toEqual([1, 2, 4, 8, 16]);
    expect(viewer.last).toMatchObject({ phase: 'opening', error: { code: 'mediaNotArriving' } });
    expect(viewer.last.attempts).toBe(asked.length);
  });

  it('says refused with the terminal’s answer, and asks later', async () => {
    const { clock, side, watch } = openHub();
    const { viewer } = watch();
    await side.refuse('commandFailed');
    expect(viewer.last).toMatchObject({ phase: 'refused', error: { code: 'commandFailed' } });
    side.news();
    clock.pass(1000);
    expect(side.news()).toEqual(asksAgain);
    expect(viewer.last.phase).toBe('refused');
    await side.answer();
    expect(viewer.last.phase).toBe('opening');
    expect(viewer.last.error).toBeUndefined();
  });

  it('goes on opening when the terminal does not answer in time', async () => {
    const { clock, side, watch } = openHub();
    const { viewer } = watch();
    await side.refuse('commandTimeout');
    expect(viewer.last).toMatchObject({ phase: 'opening', error: { code: 'commandTimeout' } });
    side.news();
    clock.pass(1000);
    expect(side.news()).toEqual(asksAgain);
  });

  it('takes a picture for an answer: a refusal does not stop what arrives', async () => {
    const { side, watch } = openHub();
    const { viewer } = watch();
    side.sink(name).packet(900, 0);
    side.sink(name).frame(keyFrame());
    await side.refuse('commandFailed');
    expect(viewer.last.phase).toBe('live');
    expect(viewer.last.error).toBeUndefined();
  });

  it('recovers when asking itself throws', async () => {
    const { clock, side, hub } = openHub();
    side.openStream = () => Promise.reject(new Error('broken'));
    const viewer = new Viewer();
    hub.subscribe(camera, viewer);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    expect(viewer.last).toMatchObject({ phase: 'refused', error: { code: 'internal' } });
    clock.pass(1000);
    expect(viewer.last.attempts).toBe(2);
  });
});

describe('Hub: one stream for all who watch', () => {
  it('asks once for two viewers, and closes once, a grace after the last left', async () => {
    const { clock, side, rows, watch, subscription, hub } = await openLive();
    const second = watch();
    expect(side.news()).toEqual([]);
    expect(hub.rows()[0]?.subscribers).toBe(2);
    subscription.close();
    clock.pass(60_000);
    side.news();
    second.subscription.close();
    clock.pass(4900);
    expect(side.news()).toEqual([]);
    clock.pass(200);
    expect(side.news()).toEqual([`forget ${name}`, `close ${name}`]);
    expect(hub.rows()).toEqual([]);
    expect(rows.at(-1)?.status.phase).toBe('closed');
  });

  it('keeps the stream for one who comes back within the grace', async () => {
    const { clock, side, watch, subscription } = await openLive();
    subscription.close();
    clock.pass(1500);
    const again = watch();
    clock.pass(1000);
    expect(side.news()).toEqual([]);
    expect(again.viewer.story[0]).toBe('start');
  });

  it('shows a second viewer the picture at once, cached frames marked', async () => {
    const { side, watch } = await openLive();
    const { viewer } = watch();
    expect(viewer.story[0]).toBe('start');
    expect(viewer.story[1]).toBe('key*');
    expect(viewer.frames.length).toBe(25);
    side.sink(name).frame(deltaFrame());
    expect(viewer.story.at(-1)).toBe('delta');
  });

  it('gives all viewers the same frame object', async () => {
    const { side, viewer, watch } = await openLive();
    const second = watch();
    const frame = deltaFrame();
    side.sink(name).frame(frame);
    expect(viewer.frames.at(-1)).toBe(frame);
    expect(second.viewer.frames.at(-1)).toBe(frame);
  });

  it('treats main and sub stream of one camera as two feeds', () => {
    const { side, watch } = openHub();
    watch();
    watch({ ...camera, stream: 'sub' });
    expect(side.news()).toEqual([
      `expect ${name}`,
      `open ${name}`,
      `expect ${terminal}_1_sub`,
      `open ${terminal}_1_sub`,
    ]);
  });

  it('is not slowed by a viewer that takes nothing', async () => {
    const { viewer, watch, stream, tally } = await openLive({ queueFrames: 10 });
    const slow = watch();
    slow.viewer.room = 0;
    const before = viewer.frames.length;
    stream(4000);
    expect(viewer.frames.length).toBe(before + 100);
    expect(slow.viewer.story.filter(word => word.endsWith('slowConsumer')).length).toBeGreaterThan(0);
    expect(tally.get('hub.slowConsumerFrames')).toBeGreaterThan(50);
    slow.viewer.room = 1000;
    stream(2000);
    slow.subscription.drain();
    expect(slow.viewer.frames.at(-1)).toBe(viewer.frames.at(-1));
  });

  it('passes audio on', async () => {
    const { side, viewer } = await openLive();
    side.sink(name).audio(audioPacket());
    expect(viewer.story.at(-1)).toBe('audio');
  });

  it('bears a viewer that leaves while it is handed a frame', async () => {
    const { side, hub, viewer } = await openLive();
    const leaving = new Viewer();
    const subscription = hub.subscribe(camera, leaving);
    leaving.frame = () => {
      subscription.close();
      return true;
    };
    const frame = deltaFrame();
    side.sink(name).frame(frame);
    side.sink(name).frame(deltaFrame());
    expect(viewer.frames.at(-2)).toBe(frame);
    expect(hub.rows()[0]?.subscribers).toBe(1);
  });
});

describe('Hub: pictures', () => {
  it('says start again when the parameter sets change', async () => {
    const { side, viewer } = await openLive();
    side.sink(name).frame(keyFrame({ sps: spsD1 }));
    expect(viewer.story.slice(-2)).toEqual(['start', 'key']);
    expect(viewer.last).toMatchObject({ width: 704, height: 576 });
  });

  it('keeps parameter sets that come as a unit of their own with the key frame they precede', async () => {
    const { side, viewer, watch } = await openLive();
    const unit = parameterUnit({ sps: spsD1 });
    side.sink(name).frame(unit);
    const key = bareKeyFrame();
    side.sink(name).frame(key);
    expect(viewer.frames.slice(-2)).toEqual([unit, key]);
    const second = watch();
    expect(second.viewer.frames).toEqual([unit, key]);
    expect(second.viewer.events[0]).toMatchObject({ what: 'start', info: { width: 704 } });
  });

  it('waits for a key frame after a loss and says so', async () => {
    const { side, viewer } = await openLive();
    side.sink(name).gap(1, 'loss');
    expect(viewer.last.phase).toBe('waiting');
    side.sink(name).frame(deltaFrame());
    expect(viewer.story.at(-1)).toBe('gap 1 loss');
    side.sink(name).frame(keyFrame());
    expect(viewer.story.at(-1)).toBe('key');
    expect(viewer.last.phase).toBe('live');
  });

  it('shows a newcomer during that wait what there was, and then nothing before the key frame', async () => {
    const { side, watch } = await openLive();
    side.sink(name).gap(1, 'loss');
    const { viewer } = watch();
    expect(viewer.frames.length).toBe(25);
    side.sink(name).frame(deltaFrame());
    expect(viewer.frames.length).toBe(25);
    side.sink(name).frame(keyFrame());
    expect(viewer.story.at(-1)).toBe('key');
  });

  it('gives up a group that is too large for its cache, and a newcomer waits', async () => {
    const { side, tally, watch } = await openLive({ gopFrames: 10 });
    expect(tally.get('hub.gopGivenUp')).toBe(1);
    const { viewer } = watch();
    expect(viewer.frames).toEqual([]);
    side.sink(name).frame(keyFrame());
    expect(viewer.story).toEqual(['start', 'key']);
  });
});
