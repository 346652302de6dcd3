import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { Tally } from '../tally.ts';

export interface SocketSettings {
  readonly webBufferBytes: number;
  readonly webMessageBytes: number;
}

/** A client that leaves this many times `webBufferBytes` unread and still asks for more is let go. */
const hopeless = 8;

/** Pings that may go unanswered. */
const missedPings = 2;

/** A message up to this many times `webMessageBytes` is read so that it can be answered with an error; beyond it, 1009. */
export const oversizeFactor = 16;

export interface ClientSocketParts {
  readonly socket: WebSocket;
  /** The connection below it: what is sent in one turn of the loop leaves in one write. */
  readonly connection: Duplex;
  readonly settings: SocketSettings;
  readonly tally: Tally;
}

/** What a door's protocol hears from its client. */
export interface ClientHandler {
  /** @param oversized longer than `webMessageBytes`; `text` is empty then */
  text(text: string, oversized: boolean): void;
  closed(): void;
}

/** A WebSocket client with an end to what is kept for it, and to how long it may be silent. */
export class ClientSocket {
  readonly #parts: ClientSocketParts;
  readonly #socket: WebSocket;
  #drains: (() => void)[] = [];
  #blocked = false;
  #corked = false;
  #missed = 0;

  constructor(parts: ClientSocketParts) {
    this.#parts = parts;
    this.#socket = parts.socket;
    parts.socket.on('pong', () => {
      this.#missed = 0;
    });
    parts.socket.on('error', () => parts.tally.add('web.socketError'));
  }

  listen(handler: ClientHandler): void {
    this.#socket.on('message', (data, isBinary) => this.#received(data, isBinary, handler));
    this.#socket.on('close', () => {
      this.#drains = [];
      handler.closed();
    });
  }

  /** More is unsent than is good: what can wait should. */
  full(): boolean {
    const full = this.#socket.bufferedAmount > this.#parts.settings.webBufferBytes;
    if (full) this.#blocked = true;
    return full;
  }

  /** Runs `run` whenever there is room again after `full` was true. Returns what ends that. */
  onDrain(run: () => void): () => void {
    this.#drains.push(run);
    return () => {
      this.#drains = this.#drains.filter(other => other !== run);
    };
  }

  send(message: string | Buffer): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#cork();
    this.#socket.send(message, this.#sent);
  }

  /** Asks for a sign of life. @returns false when the client has given none for too long and was dropped */
  ping(): boolean {
    if (this.#missed++ < missedPings) {
      if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
      return true;
    }
    this.#parts.tally.add('web.deadClient');
    this.#socket.terminate();
    return false;
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #received(data: RawData, isBinary: boolean, handler: ClientHandler): void {
    this.#missed = 0;
    const { settings, tally } = this.#parts;
    if (this.#socket.bufferedAmount > hopeless * settings.webBufferBytes) {
      tally.add('web.hopelessClient');
      this.#socket.close(1013, 'too slow');
      return;
    }
    if (isBinary) {
      tally.add('web.binaryMessage');
      handler.text('', false);
      return;
    }
    const bytes = data as Buffer;
    const oversized = bytes.byteLength > settings.webMessageBytes;
    if (oversized) tally.add('web.oversizedMessage');
    handler.text(oversized ? '' : bytes.toString('utf8'), oversized);
  }

  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#parts.connection.cork();
    setImmediate(this.#uncork);
  }

  readonly #uncork = () => {
    this.#corked = false;
    this.#parts.connection.uncork();
  };

  readonly #sent = () => {
    if (!this.#blocked || this.#socket.bufferedAmount > this.#parts.settings.webBufferBytes / 2) return;
    this.#blocked = false;
    const first = this.#drains.shift();
    if (first) this.#drains.push(first);
    for (const drain of this.#drains) drain();
  };
}
