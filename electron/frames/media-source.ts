/** Where media comes from: one TCP connection, or one UDP `address:port`. Compared by identity. */
export interface MediaSource {
  readonly id: string;
  readonly transport: 'tcp' | 'udp';
  /** `address:port`. */
  readonly remote: string;
  readonly localAddress: string;
}
