import type { Settings } from '../config.ts';
import { AddressRate } from './address-rate.ts';

/** Why a connection was not taken; each is a tally under `accept.`. */
export type Refusal = 'tooManyPeers' | 'tooManyPeersPerAddress' | 'connectRate';

/** The ceilings on connections. One instance counts for all TCP ports together. */
export class PeerQuota {
  readonly #settings: Settings;
  readonly #perAddress = new Map<string, number>();
  readonly #rate = new AddressRate(1);
  #count = 0;
  #lastId = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Connections held now. */
  get count(): number {
    return this.#count;
  }

  /**
   * Takes a place, which `release` gives back, or says why not.
   * @param now monotonic ms
   */
  take(address: string, now: number): Refusal | undefined {
    if (!this.#rate.take(address, this.#settings.connectRatePerAddress, now)) return 'connectRate';
    if (this.#count >= this.#settings.maxConnections) return 'tooManyPeers';
    const held = this.#perAddress.get(address) ?? 0;
    if (held >= this.#settings.maxConnectionsPerAddress) return 'tooManyPeersPerAddress';
    this.#count++;
    this.#perAddress.set(address, held + 1);
    return undefined;
  }

  /** Connections are numbered from 1 across all ports that share the quota. */
  nextId(): number {
    return ++this.#lastId;
  }

  release(address: string): void {
    const held = this.#perAddress.get(address);
    if (held === undefined) return;
    this.#count--;
    if (held > 1) this.#perAddress.set(address, held - 1);
    else this.#perAddress.delete(address);
  }

  /** @param now monotonic ms */
  sweep(now: number): void {
    this.#rate.sweep(this.#settings.connectRatePerAddress, now);
  }
}
