import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import type { Settings } from '../config.ts';
import { ConvoyError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Tally } from '../tally.ts';
import { endpoint, plainAddress } from './address.ts';
import type { Peer, PeerHandler } from './peer.ts';
import { PeerQuota } from './peer-quota.ts';
import { TcpPeer } from './tcp-peer.ts';
import type { TrafficTap } from './traffic-tap.ts';

/** A fleet of some hundreds comes back at once after an outage; the kernel caps this at its own somaxconn. */
const backlog = 2048;
const sweepMs = 1000;

export interface TcpAcceptorOptions {
  readonly host: string;
  /** 0 picks one. */
  readonly port: number;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  /** Shared by the acceptors whose connections count together; its own when absent. */
  readonly quota?: PeerQuota;
  readonly tap?: TrafficTap;
  accept(peer: Peer): PeerHandler;
  /** A limit kept a connection out. */
  refused?(peer: { address: string; port: number; localPort: number }, why: string): void;
}

/** One listening TCP port. Knows nothing of what is spoken on it. */
export class TcpAcceptor {
  readonly #options: TcpAcceptorOptions;
  readonly #quota: PeerQuota;
  readonly #peers = new Set<TcpPeer>();
  #server: Server | undefined;
  #stopSweep: (() => void) | undefined;
  #lastGone: (() => void) | undefined;

  constructor(options: TcpAcceptorOptions) {
    this.#options = options;
    this.#quota = options.quota ?? new PeerQuota(options.settings);
  }

  /** Connections held now. */
  get count(): number {
    return this.#peers.size;
  }

  /** @throws ConvoyError portInUse or listenFailed */
  async listen(): Promise<{ address: string; port: number }> {
    const { host, port, settings, clock, log, tally } = this.#options;
    const server = createServer(
      { noDelay: true, keepAlive: true, keepAliveInitialDelay: settings.keepAliveMs },
      socket => this.#take(socket),
    );
    await new Promise<void>((resolve, reject) => {
      server.once('error', error => reject(listenError(error, host, port)));
      server.listen({ host, port, backlog }, resolve);
    });
    server.removeAllListeners('error');
    server.on('error', error => {
      tally.add('accept.acceptError');
      log.error({ error: error.message }, 'a connection could not be accepted');
    });
    this.#server = server;
    this.#stopSweep = clock.every(sweepMs, () => this.#sweep());
    const bound = server.address();
    if (!bound || typeof bound === 'string') throw new ConvoyError('listenFailed', 'no address');
    return { address: bound.address, port: bound.port };
  }

  /** Closes every connection with `shuttingDown` and resolves when all are gone. */
  async close(): Promise<void> {
    this.#stopSweep?.();
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise<void>(resolve => server.close(() => resolve()));
    const gone = new Promise<void>(resolve => {
      this.#lastGone = resolve;
    });
    for (const peer of this.#peers) peer.close('shuttingDown');
    if (this.#peers.size > 0) await gone;
    await closed;
  }

  #take(socket: Socket): void {
    const { clock, tally, log, accept } = this.#options;
    socket.on('error', () => undefined);
    // Reset between the handshake and here: the socket has no remote address any more.
    if (!socket.remoteAddress) {
      tally.add('accept.goneAtOnce');
      socket.destroy();
      return;
    }
    const address = plainAddress(socket.remoteAddress);
    const refusal = this.#server ? this.#quota.take(address, clock.monotonic()) : undefined;
    if (refusal || !this.#server) {
      if (refusal) {
        tally.add(`accept.${refusal}`);
        this.#options.refused?.({ address, port: socket.remotePort ?? 0, localPort: socket.localPort ?? 0 }, refusal);
      }
      log.debug({ peer: endpoint(address, socket.remotePort ?? 0), refusal }, 'connection refused');
      socket.resetAndDestroy();
      return;
    }
    const peer = new TcpPeer(this.#quota.nextId(), socket, this.#options);
    this.#peers.add(peer);
    const gone = () => {
      this.#peers.delete(peer);
      this.#quota.release(address);
      if (this.#peers.size === 0) this.#lastGone?.();
    };
    try {
      peer.start(accept(peer), gone);
    } catch (error) {
      tally.add('accept.handlerFailed');
      log.error({ peer: peer.remote, error: String((error as Error)?.stack ?? error) }, 'handler failed');
      socket.destroy();
      gone();
    }
  }

  #sweep(): void {
    const now = this.#options.clock.monotonic();
    this.#quota.sweep(now);
    for (const peer of this.#peers) peer.sweep(now);
  }
}

/** What the operating system said about a port, as a code of ours. */
export function listenError(error: NodeJS.ErrnoException, host: string, port: number): ConvoyError {
  const code = error.code === 'EADDRINUSE' ? 'portInUse' : 'listenFailed';
  return new ConvoyError(code, `${endpoint(host, port)} (${error.code ?? error.message})`);
}
