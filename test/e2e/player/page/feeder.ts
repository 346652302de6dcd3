/// <reference lib="webworker" />
import { Feed, type FeedClip } from './feed.ts';
import type { FeederDown, FeederUp } from './feeder-messages.ts';
import { SoundFeed } from './sound-feed.ts';

/** All cameras, in a thread of their own: a busy page must not slow the vehicles down. */
const clips = new Map<string, FeedClip>();
const feeds = new Map<number, Feed>();
const sounds = new Set<SoundFeed>();

self.onmessage = (event: MessageEvent<FeederUp>) => {
  const message = event.data;
  const now = performance.now();
  if (message.type === 'clip') {
    clips.set(message.name, { ...message, units: unpack(message.packed) });
  } else if (message.type === 'open') {
    feeds.set(message.id, new Feed(message.port, message.options, clips.get(message.options.clip)!, now));
  } else if (message.type === 'counts') {
    const counts = [...feeds].map(([id, { sent, keys, starved, closed }]) => ({ id, sent, keys, starved, closed }));
    self.postMessage({ ask: message.ask, counts } satisfies FeederDown);
  } else {
    const feed = feeds.get(message.id)!;
    if (message.type === 'listen') sounds.add(new SoundFeed(message.port, feed, message.options, now));
    else if (message.type === 'change') feed.change(clips.get(message.clip)!);
    else if (message.type === 'lose') feed.lose(message.frames, message.honest);
    else if (message.type === 'corrupt') feed.corrupt(message.frames);
    else if (message.type === 'pause') feed.pause(message.ms, now);
    else feed.end();
  }
};

setInterval(() => {
  const now = performance.now();
  for (const feed of feeds.values()) feed.tick(now);
  for (const sound of sounds) {
    sound.tick(now);
    if (sound.closed) sounds.delete(sound);
  }
}, 4);

function unpack(packed: ArrayBuffer): FeedClip['units'] {
  const view = new DataView(packed);
  const units: FeedClip['units'] = [];
  for (let at = 0; at < packed.byteLength; ) {
    const length = view.getUint32(at);
    units.push({ key: view.getUint8(at + 4) === 1, data: new Uint8Array(packed, at + 5, length) });
    at += 5 + length;
  }
  return units;
}
