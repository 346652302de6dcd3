import type { MediaDown, MediaUp } from '../../../../electron/contract.ts';
import { aLaw } from '../../../../electron/simulator/murmur.ts';
import type { Feed } from './feed.ts';
import type { SoundFeedOptions } from './feeder-messages.ts';

const packetMs = 20;
const perSecond = 8000;
const clickMs = 30;
const clickHz = 1000;

/** The sound of a simulated camera: a click begins with every picture that begins its clip, by the device's own clock. */
export class SoundFeed {
  closed = false;
  readonly #port: MessagePort;
  readonly #feed: Feed;
  readonly #options: SoundFeedOptions;
  readonly #firstPts: number;
  #sent = 0;
  #lastAt = 0;
  #lateBy: number | undefined;

  constructor(port: MessagePort, feed: Feed, options: SoundFeedOptions, now: number) {
    this.#port = port;
    this.#feed = feed;
    this.#options = options;
    this.#firstPts = Math.ceil(feed.ptsAt(now));
    port.onmessage = event => {
      if ((event.data as MediaUp).type === 'close') this.closed = true;
    };
  }

  /** Sends what was captured by `now` (ms) and has had its delay. */
  tick(now: number): void {
    const { delayMs = 0, jitterMs = 0 } = this.#options;
    while (!this.closed) {
      const pts = this.#firstPts + this.#sent * packetMs;
      this.#lateBy ??= Math.random() * jitterMs;
      if (this.#feed.ptsAt(now) < pts + packetMs + delayMs + this.#lateBy) return;
      this.#lateBy = undefined;
      this.#emit(pts);
    }
  }

  #emit(pts: number): void {
    const { stampedLate = 0, shared = 1 } = this.#options;
    const data = new Uint8Array((perSecond * packetMs) / 1000);
    for (let i = 0; i < data.length; i += 1) data[i] = aLaw(this.#levelAt(pts + (i * 1000) / perSecond));
    const stamp = this.#firstPts + Math.floor(this.#sent / shared) * shared * packetMs;
    this.#lastAt = Math.max(this.#lastAt, performance.timeOrigin + performance.now());
    this.#port.postMessage({
      type: 'audio',
      seq: this.#sent,
      payloadType: 6,
      ptsMs: stamp - stampedLate,
      receivedAt: this.#lastAt,
      data,
    } satisfies MediaDown);
    this.#sent += 1;
  }

  #levelAt(pts: number): number {
    const since = this.#feed.sinceBeginning(pts);
    return since < clickMs ? 0.8 * Math.sin((2 * Math.PI * clickHz * since) / 1000) : 0;
  }
}
