import type { ErrorCode } from '../contract.ts';

/** What a connection proved to carry. One that ever carried 808 counts as signalling, whatever else it carries. */
export type PeerKind = 'signal' | 'media';

/** One TCP connection of a vehicle. */
export interface Peer {
  /** Never used twice by the acceptors that share a `PeerQuota`. */
  readonly id: number;
  readonly transport: 'tcp';
  /** Remote `address:port`. */
  readonly remote: string;
  /** IPv4 in dotted form also on a dual-stack socket; so is `localAddress`. */
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly localPort: number;
  /**
   * Queues bytes, which must not change afterwards. False when the connection is gone, or is closed now because
   * `maxWriteBuffer` was already waiting for a peer that does not read.
   */
  send(bytes: Uint8Array): boolean;
  /** Bytes that wait in our own buffer for the peer to read. */
  readonly unsent: number;
  /** It is wanted although it says nothing: the idle limit counts from now. A peer that is gone TCP finds out by itself. */
  keep(): void;
  /** Nothing is delivered any more; `PeerHandler.closed` follows in a later turn with this code. Idempotent. */
  close(code: ErrorCode): void;
  /** ms since the last byte arrived, or since the connection opened. */
  quiet(): number;
  /**
   * To be called for every good message (`signal`) or packet (`media`), from within `PeerHandler.data`: the idle limit
   * counts from the last call, so that a peer cannot stay by sending what means nothing. Costs two assignments.
   */
  recognised(kind: PeerKind): void;
}

export interface PeerHandler {
  /** `chunk` is a view that is only valid during the call. */
  data(chunk: Buffer): void;
  /** Exactly once, the last call. */
  closed(code: ErrorCode): void;
}
