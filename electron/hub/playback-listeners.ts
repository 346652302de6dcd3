import type { ErrorCode, StreamStatus } from '../contract.ts';
import type { AudioPacket } from '../frames/frame.ts';
import type { Tally } from '../tally.ts';
import { FeedSubscription, type QueueLimits } from './feed-subscription.ts';
import type { Subscriber, Subscription } from './subscriber.ts';

/** Those who hear what a vehicle plays, beside whoever looks at it. */
export class PlaybackListeners {
  readonly #limits: QueueLimits;
  readonly #tally: Tally;
  readonly #subscriptions = new Set<FeedSubscription>();

  constructor(limits: QueueLimits, tally: Tally) {
    this.#limits = limits;
    this.#tally = tally;
  }

  add(subscriber: Subscriber): Subscription {
    const subscription = new FeedSubscription(subscriber, this.#limits, this.#tally, left =>
      this.#subscriptions.delete(left),
    );
    this.#subscriptions.add(subscription);
    return subscription;
  }

  status(status: StreamStatus): void {
    for (const subscription of this.#subscriptions) subscription.status(status);
  }

  audio(packet: AudioPacket): void {
    for (const subscription of this.#subscriptions) subscription.audio(packet);
  }

  /** What was sent and is not heard yet belongs to another place of the footage. */
  restart(): void {
    for (const subscription of this.#subscriptions) subscription.gap(0, 'restart');
  }

  end(code: ErrorCode, message: string): void {
    for (const subscription of [...this.#subscriptions]) subscription.end(code, message);
    this.#subscriptions.clear();
  }
}
