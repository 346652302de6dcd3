/** A connection or UDP source, as far as a tap names it. The same object for as long as it is the same peer. */
export interface TappedPeer {
  readonly transport: 'tcp' | 'udp';
  /** Remote `address:port`. */
  readonly remote: string;
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly localPort: number;
}

/** Looks at what crosses the vehicle ports, while somebody wants it to. Bytes are only valid during a call. */
export interface TrafficTap {
  /** While it is false nothing else of the tap is called: a tap that is not used costs one branch a message. */
  readonly isOn: boolean;
  /** Handed to the socket. */
  sent(peer: TappedPeer, bytes: Uint8Array): void;
}
