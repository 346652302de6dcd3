import type { Clock } from '../clock.ts';
import { RateWindow } from './rate-window.ts';

/** Frames and bits per second are over 5 s, loss over 30 s, which is also the usual interval of 0x9105. */
const rateBucketMs = 500;
const rateBuckets = 10;
const lossBucketMs = 1000;
const lossBuckets = 30;

/** Counts of one feed, since it was opened and over the last seconds. */
export class StreamStats {
  readonly #clock: Clock;
  readonly #frameRate: RateWindow;
  readonly #bitRate: RateWindow;
  readonly #received: RateWindow;
  readonly #missing: RateWindow;
  #receivedAtReport = 0;
  #lostAtReport = 0;
  #packets = 0;

  frames = 0;
  /** Payload bytes of every packet, lost frames' packets included. */
  bytes = 0;
  keyFrames = 0;
  packetsLost = 0;
  framesDropped = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    const now = clock.monotonic();
    this.#frameRate = new RateWindow(rateBucketMs, rateBuckets, now);
    this.#bitRate = new RateWindow(rateBucketMs, rateBuckets, now);
    this.#received = new RateWindow(lossBucketMs, lossBuckets, now);
    this.#missing = new RateWindow(lossBucketMs, lossBuckets, now);
  }

  packet(bytes: number, lost: number): void {
    this.#packets++;
    this.bytes += bytes;
    this.#bitRate.add(bytes * 8);
    this.#received.add(1);
    if (lost > 0) {
      this.packetsLost += lost;
      this.#missing.add(lost);
    }
  }

  frame(key: boolean): void {
    this.frames++;
    if (key) this.keyFrames++;
    this.#frameRate.add(1);
  }

  /** The first picture's rate must not be diluted by the seconds it took to come. */
  restartRates(): void {
    const now = this.#clock.monotonic();
    this.#frameRate.restart(now);
    this.#bitRate.restart(now);
  }

  advance(): void {
    const now = this.#clock.monotonic();
    this.#frameRate.advance(now);
    this.#bitRate.advance(now);
    this.#received.advance(now);
    this.#missing.advance(now);
  }

  get fps(): number {
    return Math.round(this.#frameRate.perSecond(this.#clock.monotonic()) * 10) / 10;
  }

  get bitsPerSecond(): number {
    return Math.round(this.#bitRate.perSecond(this.#clock.monotonic()));
  }

  /** Packets lost of packets sent over the last 30 s, 0 to 1. */
  get lossRatio(): number {
    return ratio(this.#missing.total, this.#received.total);
  }

  /** Loss since the last report, 0 to 1; undefined when no packet came, since there is nothing to report then. */
  takeLossReport(): number | undefined {
    const received = this.#packets - this.#receivedAtReport;
    const lost = this.packetsLost - this.#lostAtReport;
    this.#receivedAtReport = this.#packets;
    this.#lostAtReport = this.packetsLost;
    return received === 0 ? undefined : ratio(lost, received);
  }
}

function ratio(lost: number, received: number): number {
  return lost === 0 ? 0 : lost / (lost + received);
}
