import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Clock } from '../clock.ts';
import type { Settings } from '../config.ts';
import type { Log } from '../log.ts';
import type { Tally } from '../tally.ts';
import type { DatagramSource, KnownSource } from './datagram-source.ts';
import { SourceTable } from './source-table.ts';
import { listenError } from './tcp-acceptor.ts';
import { rateWindowSeconds } from './tcp-peer.ts';
import type { TrafficTap } from './traffic-tap.ts';

const sweepMs = 1000;

export interface UdpAcceptorOptions {
  readonly host: string;
  /** 0 picks one. */
  readonly port: number;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  readonly tap?: TrafficTap;
  /** `bytes` is only valid during the call. */
  datagram(source: DatagramSource, bytes: Buffer): void;
  /** A source that was not known sent this, which `datagram` is given next. */
  opened?(source: DatagramSource, bytes: Buffer): void;
  /** The source was silent for too long, fell out of the full table or was closed, or the port closes. */
  sourceClosed(source: DatagramSource): void;
}

/** One UDP port. Knows nothing of what is spoken on it. */
export class UdpAcceptor {
  readonly #options: UdpAcceptorOptions;
  #socket: Socket | undefined;
  #sources: SourceTable | undefined;
  #stopSweep: (() => void) | undefined;
  #receiveBuffer = 0;

  constructor(options: UdpAcceptorOptions) {
    this.#options = options;
  }

  /** Bytes of payload the kernel granted, in the unit of the setting `udpReceiveBuffer`; 0 before `listen`. */
  get receiveBuffer(): number {
    return this.#receiveBuffer;
  }

  /** Sources remembered now. */
  get count(): number {
    return this.#sources?.size ?? 0;
  }

  /** @throws ConvoyError portInUse or listenFailed */
  async listen(): Promise<{ address: string; port: number }> {
    const { host, port, clock, tally, log } = this.#options;
    const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4' });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', error => {
        socket.close();
        reject(listenError(error, host, port));
      });
      socket.bind({ address: host, port, exclusive: true }, resolve);
    });
    socket.removeAllListeners('error');
    socket.on('error', error => {
      tally.add('accept.udpError');
      log.error({ error: error.message }, 'UDP port reported an error');
    });
    this.#askForBuffer(socket);
    const bound = socket.address();
    const sources = new SourceTable({
      localAddress: bound.address,
      localPort: bound.port,
      send: (bytes, to) => this.#send(bytes, to),
      forgotten: source => this.#forgotten(source),
    });
    this.#sources = sources;
    this.#socket = socket;
    socket.on('message', (bytes, from) => this.#message(sources, bytes, from));
    this.#stopSweep = clock.every(sweepMs, () => {
      const now = clock.monotonic();
      const { idleMediaMs, idleSignalMs } = this.#options.settings;
      sources.dropIdle(now - idleMediaMs, now - idleSignalMs);
    });
    return { address: bound.address, port: bound.port };
  }

  async close(): Promise<void> {
    this.#stopSweep?.();
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    await new Promise<void>(resolve => socket.close(() => resolve()));
    while (this.#sources?.dropOldest());
  }

  #message(sources: SourceTable, bytes: Buffer, from: RemoteInfo): void {
    const { settings, clock, tally, datagram } = this.#options;
    const now = clock.monotonic();
    let source = sources.find(from.address, from.port, now);
    if (!source) {
      if (sources.size >= settings.maxUdpSources) {
        tally.add('accept.udpSourceEvicted');
        sources.dropOldest();
      }
      source = sources.add(from.address, from.port, now);
      this.#options.opened?.(source, bytes);
    }
    const perSecond = settings.maxBytesPerSecondPerPeer;
    if (!source.rate.take(bytes.length, perSecond, perSecond * rateWindowSeconds, now)) {
      tally.add('accept.udpOverRate');
      return;
    }
    try {
      datagram(source, bytes);
    } catch (error) {
      this.#failed(error, source);
    }
  }

  #send(bytes: Uint8Array, to: KnownSource): boolean {
    const { settings, tally, tap } = this.#options;
    const socket = this.#socket;
    if (!socket) return false;
    if (socket.getSendQueueSize() + bytes.length > settings.maxWriteBuffer) {
      tally.add('accept.udpSendOverflow');
      return false;
    }
    socket.send(bytes, to.port, to.address, error => {
      if (error) tally.add('accept.udpSendError');
    });
    if (tap?.isOn) tap.sent(to, bytes);
    return true;
  }

  #forgotten(source: DatagramSource): void {
    try {
      this.#options.sourceClosed(source);
    } catch (error) {
      this.#failed(error, source);
    }
  }

  #failed(error: unknown, source: DatagramSource): void {
    this.#options.tally.add('accept.handlerFailed');
    this.#options.log.error(
      { peer: source.remote, error: String((error as Error)?.stack ?? error) },
      'datagram handler failed',
    );
  }

  /**
   * Asks for `udpReceiveBuffer`. Linux grants at most net.core.rmem_max, silently, and reports twice what it granted
   * (socket(7), SO_RCVBUF: the other half is its own bookkeeping); other systems refuse with ENOBUFS, so less is asked.
   */
  #askForBuffer(socket: Socket): void {
    const { settings, tally, log } = this.#options;
    const asked = settings.udpReceiveBuffer;
    for (let size = asked; size >= 65_536; size >>>= 1) {
      try {
        socket.setRecvBufferSize(size);
        break;
      } catch {
        tally.add('accept.udpBufferRefused');
      }
    }
    const reported = socket.getRecvBufferSize();
    this.#receiveBuffer = process.platform === 'linux' ? reported >>> 1 : reported;
    if (this.#receiveBuffer >= asked) return;
    tally.add('accept.udpBufferSmall');
    log.warn(
      { asked, granted: this.#receiveBuffer },
      'the kernel grants a smaller UDP receive buffer than asked, bursts of many cameras will lose packets; on Linux raise it with: sysctl -w net.core.rmem_max=' +
        String(asked),
    );
  }
}
