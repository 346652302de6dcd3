import type { CameraKey, CoverageGap, FragmentRow } from '../contract.ts';
import type { OpenedSegment, SegmentEnd, SegmentLedger } from './segment-ledger.ts';

export interface FootageLedgerParts {
  readonly ledger: SegmentLedger;
  /** There is footage now from `from` to `to`: gaps that were noted there are none any more. */
  filled(camera: CameraKey, from: number, to: number): void;
}

/**
 * The ledger of footage that comes later than it was taken. What it covers was perhaps noted as a gap when it was live. Gaps
 * of its own are told within it only: before its first picture nothing is known.
 */
export class FootageLedger implements SegmentLedger {
  readonly #parts: FootageLedgerParts;
  readonly #open = new Map<number, OpenedSegment>();
  #gaps: { camera: CameraKey; gap: CoverageGap }[] = [];
  #isBegun = false;

  constructor(parts: FootageLedgerParts) {
    this.#parts = parts;
  }

  opened(segment: OpenedSegment): number {
    this.#isBegun = true;
    const id = this.#parts.ledger.opened(segment);
    this.#open.set(id, segment);
    return id;
  }

  fragment(segmentId: number, row: FragmentRow): void {
    this.#parts.ledger.fragment(segmentId, row);
  }

  closed(segmentId: number, end: SegmentEnd): void {
    const { ledger, filled } = this.#parts;
    ledger.closed(segmentId, end);
    const segment = this.#open.get(segmentId);
    this.#open.delete(segmentId);
    if (segment) filled(segment, segment.from, end.to);
    for (const { camera, gap } of this.#gaps.splice(0)) ledger.gap(camera, gap);
  }

  gap(camera: CameraKey, gap: CoverageGap): void {
    if (this.#isBegun) this.#gaps.push({ camera, gap });
  }
}
