import { Allowance } from './allowance.ts';

/**
 * Beyond so many remembered addresses a new one is refused until a sweep has forgotten those that are quiet. Only an
 * address that completed a TCP handshake gets here, so it takes that many real hosts.
 */
const maxAddresses = 65_536;

/** How often each address may do something. */
export class AddressRate {
  readonly #addresses = new Map<string, Allowance>();
  readonly #perSeconds: number;

  /** @param perSeconds the period a rate is given for: 1 for per second, 60 for per minute; a burst may use all of it */
  constructor(perSeconds: number) {
    this.#perSeconds = perSeconds;
  }

  /**
   * @param rate per period
   * @param now monotonic ms
   */
  take(address: string, rate: number, now: number): boolean {
    let allowance = this.#addresses.get(address);
    if (!allowance) {
      if (this.#addresses.size >= maxAddresses) return false;
      allowance = new Allowance(now);
      this.#addresses.set(address, allowance);
    }
    return allowance.take(1, rate / this.#perSeconds, rate, now);
  }

  /** Forgets addresses that have their whole allowance back. */
  sweep(rate: number, now: number): void {
    for (const [address, allowance] of this.#addresses)
      if (allowance.owed(rate / this.#perSeconds, now) === 0) this.#addresses.delete(address);
  }

  get size(): number {
    return this.#addresses.size;
  }
}
