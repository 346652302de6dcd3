import type { Clock } from '../clock.ts';
import type { MediaSource } from '../frames/media-source.ts';
import type { Tally } from '../tally.ts';
import type { QueueLimits } from './feed-subscription.ts';
import type { PlaybackDoor, PlaybackOrder } from './playback-door.ts';
import type { Subscriber } from './subscriber.ts';

export interface PlaybackSettings extends QueueLimits {
  readonly openTimeoutMs: number;
  readonly stalledAfterMs: number;
  readonly playbackSilenceMs: number;
  readonly playbackAheadMs: number;
}

export interface PlaybackFeedParts {
  readonly order: PlaybackOrder;
  readonly door: PlaybackDoor;
  readonly subscriber: Subscriber;
  /** Holds back what comes before its time; else it is handed on as it comes. */
  readonly isPaced: boolean;
  /** Sources that were told to end, with the monotonic time: what still comes from there is of no other playback. */
  readonly former: WeakMap<MediaSource, number>;
  readonly settings: PlaybackSettings;
  readonly clock: Clock;
  readonly tally: Tally;
  /** Phase, mode or place changed. */
  changed(): void;
  /** Once; nothing is told afterwards. */
  over(): void;
}
