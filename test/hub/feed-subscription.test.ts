import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../electron/frames/frame.ts';
import { FeedSubscription, type QueueLimits } from '../../electron/hub/feed-subscription.ts';
import type { StartInfo } from '../../electron/hub/subscriber.ts';
import { Tally } from '../../electron/tally.ts';
import { audioPacket, deltaFrame, keyFrame, parameterUnit } from './hand-made.ts';
import { Viewer } from './viewer.ts';

const start: StartInfo = { codec: 'h264', parameterSets: [], width: 352, height: 288 };

function open(limits: Partial<QueueLimits> = {}) {
  const viewer = new Viewer();
  const tally = new Tally();
  const left: FeedSubscription[] = [];
  const subscription = new FeedSubscription(viewer, { queueFrames: 4, queueBytes: 10_000, ...limits }, tally, one =>
    left.push(one),
  );
  const offer = (...frames: Frame[]) => {
    for (const frame of frames) subscription.offer(frame, [], start);
  };
  return { viewer, tally, left, subscription, offer };
}

describe('FeedSubscription', () => {
  it('begins with a key frame', () => {
    const { viewer, offer } = open();
    offer(deltaFrame(), deltaFrame(), keyFrame(), deltaFrame());
    expect(viewer.story).toEqual(['start', 'key', 'delta']);
  });

  it('hands over the cached group marked, then goes on live', () => {
    const { viewer, subscription, offer } = open();
    subscription.begin([parameterUnit(), keyFrame(), deltaFrame()], start, true);
    offer(deltaFrame());
    expect(viewer.story).toEqual(['start', 'delta*', 'key*', 'delta*', 'delta']);
  });

  it('waits for a key frame after a cached group that leads nowhere', () => {
    const { viewer, subscription, offer } = open();
    subscription.begin([keyFrame()], start, false);
    offer(deltaFrame(), keyFrame());
    expect(viewer.story).toEqual(['start', 'key*', 'key']);
  });

  it('waits for a key frame after a gap, and says so first', () => {
    const { viewer, subscription, offer } = open();
    offer(keyFrame());
    subscription.gap(2, 'loss');
    offer(deltaFrame(), keyFrame());
    expect(viewer.story).toEqual(['start', 'key', 'gap 2 loss', 'key']);
  });

  it('keeps what cannot be taken, in order, gaps and new starts included', () => {
    const { viewer, subscription, offer } = open({ queueFrames: 10 });
    viewer.room = 1;
    offer(keyFrame(), deltaFrame());
    subscription.gap(1, 'loss');
    const other = { ...start, width: 704 };
    subscription.offer(keyFrame(), [parameterUnit()], other);
    expect(viewer.story).toEqual(['start', 'key']);
    viewer.room = 2;
    subscription.drain();
    expect(viewer.story).toEqual(['start', 'key', 'delta', 'gap 1 loss', 'start', 'delta']);
    viewer.room = 9;
    subscription.drain();
    expect(viewer.story.slice(6)).toEqual(['key']);
    expect(subscription.waiting).toBe(0);
  });

  it('drops to the next key frame when its queue is full, counts, and tells how many', () => {
    const { viewer, tally, subscription, offer } = open({ queueFrames: 3 });
    viewer.room = 1;
    offer(keyFrame(), deltaFrame(), deltaFrame(), deltaFrame(), deltaFrame());
    expect(viewer.story).toEqual(['start', 'key', 'gap 4 slowConsumer']);
    offer(deltaFrame(), deltaFrame());
    viewer.room = 5;
    offer(keyFrame(), deltaFrame());
    expect(viewer.story.slice(3)).toEqual(['gap 2 slowConsumer', 'key', 'delta']);
    expect(tally.get('hub.slowConsumer')).toBe(1);
    expect(tally.get('hub.slowConsumerFrames')).toBe(6);
    expect(subscription.waiting).toBe(0);
  });

  it('begins its queue again with a key frame that finds it full', () => {
    const { viewer, subscription, offer } = open({ queueFrames: 2 });
    viewer.room = 0;
    offer(keyFrame(), deltaFrame());
    offer(keyFrame(), deltaFrame());
    viewer.room = 9;
    subscription.drain();
    expect(viewer.story).toEqual(['start', 'gap 2 slowConsumer', 'key', 'delta']);
  });

  it('counts bytes as well as frames', () => {
    const { viewer, offer } = open({ queueFrames: 100, queueBytes: 1000 });
    viewer.room = 1;
    offer(keyFrame(), deltaFrame({ bytes: 400 }), deltaFrame({ bytes: 400 }), deltaFrame({ bytes: 400 }));
    expect(viewer.story.at(-1)).toBe('gap 3 slowConsumer');
  });

  it('does not count the cached group against the queue', () => {
    const { viewer, subscription, offer } = open({ queueFrames: 2 });
    viewer.room = 0;
    subscription.begin([keyFrame(), ...Array.from({ length: 50 }, () => deltaFrame())], start, true);
    offer(deltaFrame(), deltaFrame());
    viewer.room = 100;
    subscription.drain();
    expect(viewer.frames.length).toBe(53);
  });

  it('gives no audio to one who is behind', () => {
    const { viewer, tally, subscription, offer } = open();
    offer(keyFrame());
    subscription.audio(audioPacket());
    viewer.room = 0;
    offer(deltaFrame());
    subscription.audio(audioPacket());
    expect(viewer.story).toEqual(['start', 'key', 'audio']);
    expect(tally.get('hub.audioBehind')).toBe(1);
  });

  it('calls nobody after it was closed, not even from within a call', () => {
    const { viewer, left, subscription, offer } = open();
    viewer.start = info => {
      viewer.events.push({ what: 'start', info });
      subscription.close();
    };
    offer(keyFrame(), deltaFrame());
    subscription.gap(1, 'loss');
    subscription.end('shuttingDown', '');
    subscription.close();
    expect(viewer.story).toEqual(['start']);
    expect(left).toEqual([subscription]);
  });

  it('bears being drained from within a frame', () => {
    const { viewer, subscription } = open();
    const take = viewer.frame.bind(viewer);
    viewer.frame = (frame, cached) => {
      subscription.drain();
      return take(frame, cached);
    };
    subscription.begin([keyFrame(), deltaFrame(), deltaFrame()], start, true);
    expect(viewer.story).toEqual(['start', 'key*', 'delta*', 'delta*']);
  });

  it('never gives a frame whose predecessor is missing, whatever the reader does; the queue stays bounded', () => {
    const step = fc.oneof(
      { weight: 2, arbitrary: fc.constant('key' as const) },
      { weight: 8, arbitrary: fc.constant('delta' as const) },
      { weight: 1, arbitrary: fc.constant('gap' as const) },
      { weight: 3, arbitrary: fc.record({ room: fc.nat(5) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), steps => {
        const { viewer, subscription, offer } = open({ queueFrames: 3 });
        viewer.room = 0;
        const numbers = new Map<Frame, number>();
        let offered = 0;
        for (const what of steps) {
          if (typeof what === 'object') {
            viewer.room = what.room;
            subscription.drain();
          } else if (what === 'gap') subscription.gap(1, 'loss');
          else {
            const frame = what === 'key' ? keyFrame() : deltaFrame();
            numbers.set(frame, offered++);
            offer(frame);
          }
          expect(subscription.waiting).toBeLessThanOrEqual(3 + 3);
        }
        let last = -2;
        let broken = true;
        for (const event of viewer.events) {
          if (event.what === 'gap') broken = true;
          if (event.what !== 'frame') continue;
          const number = numbers.get(event.frame)!;
          expect(number).toBeGreaterThan(last);
          if (broken) expect(event.frame.key).toBe(true);
          else expect(number).toBe(last + 1);
          broken = false;
          last = number;
        }
      }),
    );
  });
});
