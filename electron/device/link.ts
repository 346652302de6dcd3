import type { ErrorCode } from '../contract.ts';

/** A connection that carries 808, as a terminal's session sees it: TCP, or a UDP source (808-2013 §4.2 allows both). */
export interface Link {
  readonly id: number | string;
  /** Remote `address:port`. */
  readonly remote: string;
  readonly remoteAddress: string;
  /** The address the terminal reached us at; `::ffff:` in front of an IPv4 address is tolerated. */
  readonly localAddress: string;
  readonly localPort: number;
  /** False when the connection is gone. */
  send(bytes: Uint8Array): boolean;
  close(code: ErrorCode): void;
  /** ms since anything arrived, media too; where it is absent only 808 is known of. */
  quiet?(): number;
}
