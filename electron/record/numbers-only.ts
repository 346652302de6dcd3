import type { Clock } from '../clock.ts';
import type { SegmentLedger } from './segment-ledger.ts';

/** Numbers for segments where no catalogue can keep them: the files are written all the same. */
export class NumbersOnly implements SegmentLedger {
  #next: number;

  constructor(clock: Clock) {
    this.#next = Math.floor(clock.now() / 1000);
  }

  opened(): number {
    return this.#next++;
  }

  fragment(): void {}

  closed(): void {}

  gap(): void {}
}
