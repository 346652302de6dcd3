import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import type { Settings } from '../config.ts';
import type { ErrorCode } from '../contract.ts';
import type { Log } from '../log.ts';
import type { Tally } from '../tally.ts';
import { endpoint, plainAddress } from './address.ts';
import { Allowance } from './allowance.ts';
import type { Peer, PeerHandler, PeerKind } from './peer.ts';
import type { TrafficTap } from './traffic-tap.ts';

/** `maxBytesPerSecondPerPeer` holds over so long: a terminal that reconnects may send what it stored meanwhile. */
export const rateWindowSeconds = 10;

export interface TcpPeerParts {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly tally: Tally;
  readonly log: Log;
  readonly tap?: TrafficTap;
}

/** A `Peer` on a Node socket. The acceptor gives it its handler and sweeps it. */
export class TcpPeer implements Peer {
  readonly id: number;
  readonly transport = 'tcp' as const;
  readonly remote: string;
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly #socket: Socket;
  readonly #parts: TcpPeerParts;
  readonly #rate: Allowance;
  #handler: PeerHandler | undefined;
  #code: ErrorCode | undefined;
  #kind: PeerKind | undefined;
  /** Monotonic ms; `#unitAt` is the arrival of the chunk that held the last good unit. */
  #byteAt: number;
  #unitAt: number;

  /** @param socket connected: its addresses are known */
  constructor(id: number, socket: Socket, parts: TcpPeerParts) {
    this.id = id;
    this.#socket = socket;
    this.#parts = parts;
    this.remoteAddress = plainAddress(socket.remoteAddress ?? '');
    this.remote = endpoint(this.remoteAddress, socket.remotePort ?? 0);
    this.localAddress = plainAddress(socket.localAddress ?? '');
    this.localPort = socket.localPort ?? 0;
    const now = parts.clock.monotonic();
    this.#rate = new Allowance(now);
    this.#byteAt = now;
    this.#unitAt = now;
  }

  /** Begins delivery. `gone` is called once, after the handler's `closed`. */
  start(handler: PeerHandler, gone: () => void): void {
    this.#handler = handler;
    const socket = this.#socket;
    socket.on('data', (chunk: Buffer) => this.#data(chunk));
    socket.on('end', () => {
      this.#code ??= 'closedByPeer';
    });
    socket.on('error', (error: Error) => {
      if (this.#code) return;
      this.#code = 'socketError';
      this.#parts.tally.add('accept.socketError');
      this.#parts.log.debug({ peer: this.remote, error: error.message }, 'connection broke');
    });
    socket.on('close', () => {
      try {
        handler.closed(this.#code ?? 'closedByPeer');
      } catch (error) {
        this.#failed(error);
      }
      gone();
    });
  }

  send(bytes: Uint8Array): boolean {
    const socket = this.#socket;
    if (this.#code || !socket.writable) return false;
    if (socket.writableLength + bytes.length > this.#parts.settings.maxWriteBuffer) {
      this.#parts.tally.add('accept.writeOverflow');
      this.close('slowConsumer');
      return false;
    }
    socket.write(bytes);
    const { tap } = this.#parts;
    if (tap?.isOn) tap.sent(this, bytes);
    return true;
  }

  get unsent(): number {
    return this.#socket.writableLength;
  }

  keep(): void {
    this.#unitAt = this.#parts.clock.monotonic();
  }

  close(code: ErrorCode): void {
    if (!this.#code) {
      this.#code = code;
      this.#parts.log.debug({ peer: this.remote, code }, 'connection closed');
    }
    this.#socket.destroy();
  }

  quiet(): number {
    return this.#parts.clock.monotonic() - this.#byteAt;
  }

  recognised(kind: PeerKind): void {
    this.#unitAt = this.#byteAt;
    if (this.#kind !== 'signal') this.#kind = kind;
  }

  /** Closes the peer when it has been without a good unit for too long. @param now monotonic ms */
  sweep(now: number): void {
    const { settings, tally } = this.#parts;
    if (this.#code && this.#code !== 'closedByPeer') return;
    const silence = now - this.#unitAt;
    if (!this.#kind) {
      if (silence < settings.firstByteMs) return;
      tally.add('accept.neverRecognised');
    } else {
      if (silence < (this.#kind === 'signal' ? settings.idleSignalMs : settings.idleMediaMs)) return;
      tally.add('accept.idle');
    }
    this.close('peerIdle');
  }

  #data(chunk: Buffer): void {
    if (this.#code) return;
    const { clock, settings, tally, log } = this.#parts;
    const now = clock.monotonic();
    this.#byteAt = now;
    const perSecond = settings.maxBytesPerSecondPerPeer;
    if (!this.#rate.take(chunk.length, perSecond, perSecond * rateWindowSeconds, now)) {
      tally.add('accept.overRate');
      log.warn({ peer: this.remote, bytesPerSecond: perSecond }, 'peer sends more than one peer may, closed');
      this.close('peerOverLimit');
      return;
    }
    try {
      this.#handler?.data(chunk);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** A handler's defect costs its own connection, not the program. */
  #failed(error: unknown): void {
    this.#parts.tally.add('accept.handlerFailed');
    this.#parts.log.error({ peer: this.remote, error: String((error as Error)?.stack ?? error) }, 'handler failed');
    this.close('internal');
  }
}
