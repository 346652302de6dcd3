/// <reference lib="webworker" />
import type { DecodeDown, DecodeUp } from './decode-messages.ts';
import { DecodeTile } from './decode-tile.ts';
import { pageClock } from './page-clock.ts';

/** The one worker that decodes for every tile of a page: a busy page cannot hold a picture back. */
const reportEvery = 250;
const tiles = new Map<number, DecodeTile>();

function post(message: DecodeDown): void {
  self.postMessage(message);
}

self.onmessage = (event: MessageEvent<DecodeUp>) => {
  const message = event.data;
  if (message.type === 'open') {
    tiles.set(message.tile, new DecodeTile({ ...message, clock: pageClock, post }));
    return;
  }
  const tile = tiles.get(message.tile);
  if (message.type === 'hide') {
    tile?.setHidden(message.hidden);
  } else if (message.type === 'hold') {
    tile?.setHold(message.ms);
  } else {
    tiles.delete(message.tile);
    tile?.close();
  }
};

pageClock.every(reportEvery, () => {
  if (tiles.size > 0) post({ type: 'reports', reports: [...tiles.values()].map(tile => tile.report()) });
});
