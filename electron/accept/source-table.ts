import { endpoint, plainAddress } from './address.ts';
import { Allowance } from './allowance.ts';
import type { KnownSource } from './datagram-source.ts';

/**
 * Sources of datagrams by address and port, with the least recently used at hand. Under a flood of forged addresses
 * it is those that fall out: a vehicle that streams is used a hundred times a second. A lookup allocates nothing.
 */
export class SourceTable {
  readonly #ports = new Map<string, Map<number, KnownSource>>();
  readonly #localAddress: string;
  readonly #forgotten: (source: KnownSource) => void;
  #newest: KnownSource | undefined;
  #oldest: KnownSource | undefined;
  #size = 0;

  /** @param forgotten told of every source that leaves, once */
  constructor(localAddress: string, forgotten: (source: KnownSource) => void) {
    this.#localAddress = localAddress;
    this.#forgotten = forgotten;
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
    const remote = endpoint(plainAddress(address), port);
    const source: KnownSource = {
      id: `udp:${remote}`,
      transport: 'udp',
      remote,
      localAddress: this.#localAddress,
      address,
      port,
      rate: new Allowance(now),
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
    const source = this.#oldest;
    if (!source) return false;
    this.#unlink(source);
    const ports = this.#ports.get(source.address);
    ports?.delete(source.port);
    if (ports?.size === 0) this.#ports.delete(source.address);
    this.#size--;
    this.#forgotten(source);
    return true;
  }

  /** Forgets what was last used before `before`, monotonic ms; returns how many. */
  dropIdle(before: number): number {
    let dropped = 0;
    while (this.#oldest && this.#oldest.lastAt < before && this.dropOldest()) dropped++;
    return dropped;
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
