import { endpoint, plainAddress } from './address.ts';
import { Allowance } from './allowance.ts';
import type { DatagramSource, KnownSource } from './datagram-source.ts';
import { isWildcard, localAddressTo } from './local-address.ts';

/** Local addresses looked for at once, each with a socket for a moment; further sources wait for their next message. */
const maxLookups = 16;

/** The socket that sources are sources of. */
export interface SourcePort {
  readonly localAddress: string;
  readonly localPort: number;
  send(bytes: Uint8Array, to: KnownSource): boolean;
  /** Told of every source that leaves, once. */
  forgotten(source: DatagramSource): void;
}

/**
 * Sources of datagrams by address and port, with the least recently used at hand. Under a flood of forged addresses
 * it is those that fall out: a vehicle that streams is used a hundred times a second. A lookup allocates nothing.
 */
export class SourceTable {
  readonly #ports = new Map<string, Map<number, KnownSource>>();
  readonly #port: SourcePort;
  #newest: KnownSource | undefined;
  #oldest: KnownSource | undefined;
  #size = 0;
  readonly #lookups = new Set<KnownSource>();

  constructor(port: SourcePort) {
    this.#port = port;
  }

  get size(): number {
    return this.#size;
  }

  /** The source as it is known, now the most recently used; undefined when it is new. @param now monotonic ms */
  find(address: string, port: number, now: number): KnownSource | undefined {
    const newest = this.#newest;
    const source =
      newest && newest.port === port && newest.address === address ? newest : this.#ports.get(address)?.get(port);
    if (!source) return undefined;
    source.lastAt = now;
    if (source !== newest) {
      this.#unlink(source);
      this.#link(source);
    }
    return source;
  }

  /** Remembers a source that `find` does not know. */
  add(address: string, port: number, now: number): KnownSource {
    const remoteAddress = plainAddress(address);
    const remote = endpoint(remoteAddress, port);
    const { localAddress, localPort } = this.#port;
    const source: KnownSource = {
      id: `udp:${remote}`,
      transport: 'udp',
      remote,
      remoteAddress,
      localAddress,
      localPort,
      send: bytes => !source.isForgotten && this.#port.send(bytes, source),
      close: () => this.#drop(source),
      recognised: kind => {
        if (kind !== 'signal') return;
        source.isSignalling = true;
        if (isWildcard(source.localAddress)) void this.#findLocal(source);
      },
      address,
      port,
      rate: new Allowance(now),
      isSignalling: false,
      isForgotten: false,
      lastAt: now,
      newer: undefined,
      older: undefined,
    };
    let ports = this.#ports.get(address);
    if (!ports) {
      ports = new Map();
      this.#ports.set(address, ports);
    }
    ports.set(port, source);
    this.#link(source);
    this.#size++;
    return source;
  }

  /** Forgets the least recently used; false when there is none. */
  dropOldest(): boolean {
    if (!this.#oldest) return false;
    this.#drop(this.#oldest);
    return true;
  }

  /** Forgets what was last used before these monotonic ms. */
  dropIdle(mediaBefore: number, signalBefore: number): void {
    for (let source = this.#oldest; source && source.lastAt < mediaBefore; ) {
      const { newer } = source;
      if (!source.isSignalling || source.lastAt < signalBefore) this.#drop(source);
      source = newer;
    }
  }

  async #findLocal(source: KnownSource): Promise<void> {
    if (this.#lookups.size >= maxLookups || this.#lookups.has(source)) return;
    this.#lookups.add(source);
    source.localAddress = (await localAddressTo(plainAddress(source.address), source.port)) ?? source.localAddress;
    this.#lookups.delete(source);
  }

  #drop(source: KnownSource): void {
    if (source.isForgotten) return;
    source.isForgotten = true;
    this.#unlink(source);
    const ports = this.#ports.get(source.address);
    ports?.delete(source.port);
    if (ports?.size === 0) this.#ports.delete(source.address);
    this.#size--;
    this.#port.forgotten(source);
  }

  #link(source: KnownSource): void {
    source.older = this.#newest;
    source.newer = undefined;
    if (this.#newest) this.#newest.newer = source;
    else this.#oldest = source;
    this.#newest = source;
  }

  #unlink(source: KnownSource): void {
    if (source.newer) source.newer.older = source.older;
    else this.#newest = source.older;
    if (source.older) source.older.newer = source.newer;
    else this.#oldest = source.newer;
    source.newer = undefined;
    source.older = undefined;
  }
}
