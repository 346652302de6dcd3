/** Of many small fractions flowing back. */
const roundingError = 1e-9;

/**
 * A token bucket in two numbers. The rate and the depth come with each call, so that a changed setting holds at once
 * and a bucket costs nothing while nobody sends.
 */
export class Allowance {
  /** What was taken and has not flowed back yet. */
  #owed = 0;
  #at: number;

  /** @param now monotonic ms */
  constructor(now: number) {
    this.#at = now;
  }

  /**
   * Takes `amount` when it fits; a refused amount is not taken.
   * @param perSecond flows back
   * @param depth may be taken at once
   * @param now monotonic ms
   */
  take(amount: number, perSecond: number, depth: number, now: number): boolean {
    const owed = this.owed(perSecond, now) + amount;
    if (owed > depth * (1 + roundingError)) return false;
    this.#owed = owed;
    return true;
  }

  /** What has not flowed back by `now`; 0 for one that is as new. */
  owed(perSecond: number, now: number): number {
    if (now > this.#at) {
      this.#owed = Math.max(0, this.#owed - ((now - this.#at) * perSecond) / 1000);
      this.#at = now;
    }
    return this.#owed;
  }
}
