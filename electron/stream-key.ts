import type { StreamKind } from './contract.ts';

/**
 * What media of a channel is for. Nothing in a packet tells one from another: a source is known by when it came and by what
 * had been asked for.
 */
export type StreamUse = StreamKind | 'talk' | 'playback';

/** What media is let in for. */
export interface MediaKey {
  /** Terminal phone without leading zeros. */
  readonly terminal: string;
  readonly channel: number;
  readonly stream: StreamUse;
}

/** Identity of a feed: one camera of one terminal in one of its two encodings. */
export interface StreamKey extends MediaKey {
  readonly stream: StreamKind;
}

export function streamName(key: MediaKey): string {
  return `${key.terminal}_${key.channel}_${key.stream}`;
}
