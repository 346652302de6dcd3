/**
 * One end of a channel between the server and a console: an Electron MessagePortMain, a node MessagePort, or a
 * subscription's share of a WebSocket. Messages are structured-cloned; order is kept.
 */
export interface Port {
  /** Sends. Dropped without a word once either end is closed. `ports` are moved to the other side and are of this port's own kind. */
  post(message: unknown, ports?: Port[]): void;
  /** Begins to deliver; what arrived before is kept until then. One listener. Everything that arrives is untrusted. */
  onMessage(run: (message: unknown) => void): void;
  /** The other end closed, or its process ended. Called once; not called for one's own `close()`. */
  onClose(run: () => void): void;
  close(): void;
  /**
   * True while more waits to be sent than is good: a media port then withholds frames until `onDrain` runs. Ports that
   * cannot tell (MessagePorts) have neither; there, credits alone are the brake.
   */
  full?(): boolean;
  onDrain?(run: () => void): void;
}

/** Both ends of a new channel: `near` stays, `far` goes to the console. */
export interface Channel {
  near: Port;
  far: Port;
}
