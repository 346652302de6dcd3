import type { ErrorCode } from '../contract.ts';
import type { Allowance } from './allowance.ts';
import type { PeerKind } from './peer.ts';

/** A remote address and port that sends datagrams: the same object for as long as it is remembered. */
export interface DatagramSource {
  readonly id: string;
  readonly transport: 'udp';
  /** Remote `address:port`. */
  readonly remote: string;
  readonly remoteAddress: string;
  /**
   * Address the socket is bound to. Of a wildcard, once the source is known to carry 808, the address of ours by which
   * the remote is reached: 0x9101 names it.
   */
  readonly localAddress: string;
  readonly localPort: number;
  /** Sends one datagram back. False when the port is closed or `maxWriteBuffer` waits in it already. */
  send(bytes: Uint8Array): boolean;
  /** Forgets the source: `sourceClosed` follows within the call, and a later datagram makes another object. */
  close(code: ErrorCode): void;
  /** A source that ever carried 808 (`signal`) is remembered for `idleSignalMs` instead of `idleMediaMs`. */
  recognised(kind: PeerKind): void;
}

/** A remembered source, a node of the list that `SourceTable` keeps in order of last use. */
export interface KnownSource extends DatagramSource {
  readonly address: string;
  readonly port: number;
  localAddress: string;
  readonly rate: Allowance;
  isSignalling: boolean;
  isForgotten: boolean;
  /** Monotonic ms of the last datagram. */
  lastAt: number;
  newer: KnownSource | undefined;
  older: KnownSource | undefined;
}
