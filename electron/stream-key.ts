import type { StreamKind } from './contract.ts';

/** Identity of a feed: one camera of one terminal in one of its two encodings. */
export interface StreamKey {
  /** Terminal phone without leading zeros. */
  readonly terminal: string;
  readonly channel: number;
  readonly stream: StreamKind;
}

export function streamName(key: StreamKey): string {
  return `${key.terminal}_${key.channel}_${key.stream}`;
}
