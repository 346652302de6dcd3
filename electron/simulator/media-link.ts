import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect, isIPv6, type Socket as TcpSocket } from 'node:net';
import type { Clock } from '../clock.ts';
import type { Faults } from './faults.ts';
import type { Random } from './random.ts';
import { garbage } from './signal-link.ts';
import { Timer, type TimerHeap } from './timer-heap.ts';

export interface MediaLinkOptions {
  readonly transport: 'udp' | 'tcp';
  readonly address: string;
  readonly port: number;
  readonly clock: Clock;
  readonly timers: TimerHeap;
  readonly faults: Readonly<Faults>;
  readonly random: Random;
  /** The connection can carry packets; never called from within the constructor. */
  opened(): void;
  /** What comes back: the platform speaks. */
  received?(bytes: Uint8Array): void;
  /** The connection broke or could not be made; not called after close(). */
  failed(): void;
}

/** TCP bytes not yet taken by the network at which a terminal gives up pictures. */
const congestedAt = 512 * 1024;
/** Packets that jitter may hold back; beyond it they go out early. */
const maxHeld = 4000;

/** Sends stream packets to where 0x9101 pointed, and does to them what the faults say. */
export class MediaLink {
  readonly transport: 'udp' | 'tcp';
  readonly address: string;
  readonly port: number;
  readonly #options: MediaLinkOptions;
  readonly #udp: UdpSocket | undefined;
  readonly #tcp: TcpSocket | undefined;
  readonly #held: { readonly bytes: Uint8Array; readonly at: number }[] = [];
  readonly #release: Timer;
  #late: Uint8Array | undefined;
  #dueAt = 0;
  #open = false;
  #closed = false;

  constructor(options: MediaLinkOptions) {
    this.transport = options.transport;
    this.address = options.address;
    this.port = options.port;
    this.#options = options;
    this.#release = new Timer(() => this.#sendHeld());
    if (options.transport === 'udp') {
      this.#udp = createSocket(isIPv6(options.address) ? 'udp6' : 'udp4');
      this.#udp.on('error', () => this.#fail());
      this.#udp.once('connect', () => this.#opened());
      this.#udp.on('message', bytes => options.received?.(bytes));
      this.#udp.connect(options.port, options.address);
    } else {
      this.#tcp = connect({ host: options.address, port: options.port, noDelay: true });
      this.#tcp.once('connect', () => this.#opened());
      this.#tcp.on('error', () => undefined);
      this.#tcp.on('close', () => this.#fail());
      // Read whether or not anybody hears it: a platform must not be left with what it cannot send.
      this.#tcp.on('data', bytes => options.received?.(bytes));
    }
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** The network does not keep up: pictures should be left out until the next key frame. */
  get isCongested(): boolean {
    return this.#tcp !== undefined && this.#tcp.writableLength > congestedAt;
  }

  /** Packets until the next call belong together: they share one random delay, never shorter than an earlier one's. */
  beginFrame(): void {
    const { clock, faults, random } = this.#options;
    const delay = faults.jitterMs > 0 ? random() * faults.jitterMs : 0;
    this.#dueAt = Math.max(this.#dueAt, clock.monotonic() + delay);
    this.#tcp?.cork();
  }

  endFrame(): void {
    this.#tcp?.uncork();
  }

  send(packet: Uint8Array): void {
    const { faults, random } = this.#options;
    if (!this.#open || chance(faults.lossPercent, random)) return;
    if (chance(faults.mediaGarbagePercent, random)) this.#pass(garbage(random));
    const late = this.#late;
    this.#late = undefined;
    if (!late && chance(faults.reorderPercent, random)) {
      this.#late = packet;
      return;
    }
    this.#pass(packet);
    if (late) this.#pass(late);
    if (chance(faults.duplicatePercent, random)) this.#pass(packet);
  }

  /** Closes when what was sent has left; packets that a fault holds back are lost. */
  end(): void {
    if (this.#tcp) this.#tcp.end();
    else this.close();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#open = false;
    this.#options.timers.disarm(this.#release);
    this.#held.length = 0;
    this.#udp?.close();
    this.#tcp?.destroy();
  }

  #opened(): void {
    if (this.#closed) return;
    this.#open = true;
    this.#options.opened();
  }

  #fail(): void {
    if (this.#closed) return;
    this.close();
    this.#options.failed();
  }

  #pass(bytes: Uint8Array): void {
    const { clock, timers } = this.#options;
    const isLate = this.#dueAt > clock.monotonic();
    if ((!isLate && this.#held.length === 0) || this.#held.length >= maxHeld) {
      this.#write(bytes);
      return;
    }
    this.#held.push({ bytes, at: this.#dueAt });
    if (this.#held.length === 1) timers.armAt(this.#release, this.#dueAt);
  }

  #sendHeld(): void {
    const now = this.#options.clock.monotonic() + 1;
    let count = 0;
    for (const { bytes, at } of this.#held) {
      if (at > now) break;
      this.#write(bytes);
      count++;
    }
    this.#held.splice(0, count);
    const next = this.#held[0];
    if (next) this.#options.timers.armAt(this.#release, next.at);
  }

  #write(bytes: Uint8Array): void {
    if (this.#udp) this.#udp.send(bytes);
    else this.#tcp?.write(bytes);
  }
}

function chance(percent: number, random: Random): boolean {
  return percent > 0 && random() * 100 < percent;
}
