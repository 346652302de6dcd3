import type { Allowance } from './allowance.ts';

/** A remote address and port that sends datagrams: the same object for as long as it is remembered. */
export interface DatagramSource {
  readonly id: string;
  readonly transport: 'udp';
  /** Remote `address:port`. */
  readonly remote: string;
  /** Address the socket is bound to; a wildcard stays a wildcard. */
  readonly localAddress: string;
}

/** A remembered source, a node of the list that `SourceTable` keeps in order of last use. */
export interface KnownSource extends DatagramSource {
  readonly address: string;
  readonly port: number;
  readonly rate: Allowance;
  /** Monotonic ms of the last datagram. */
  lastAt: number;
  newer: KnownSource | undefined;
  older: KnownSource | undefined;
}
