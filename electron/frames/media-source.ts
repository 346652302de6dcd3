/** Where media comes from: one TCP connection, or one UDP `address:port`. Compared by identity. */
export interface MediaSource {
  readonly id: string;
  readonly transport: 'tcp' | 'udp';
  /** `address:port`. */
  readonly remote: string;
  readonly localAddress: string;
  /**
   * Sends sound back to whoever sends media from here. False when it was not taken: nobody is there any more, or more
   * waits unsent than a listener would want to hear later.
   */
  send?(bytes: Uint8Array): boolean;
  /** Somebody wants this source although it may say nothing for long: it is not idle. */
  keep?(): void;
}
