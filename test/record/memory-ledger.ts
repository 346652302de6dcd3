import type { CameraKey, CoverageGap, FragmentRow } from '../../electron/contract.ts';
import type { OpenedSegment, SegmentEnd, SegmentLedger } from '../../electron/record/segment-ledger.ts';

export interface LedgerEntry {
  readonly segment: OpenedSegment;
  readonly fragments: FragmentRow[];
  end: SegmentEnd | undefined;
}

/** Keeps what the recorder says, as a catalogue would. */
export class MemoryLedger implements SegmentLedger {
  readonly segments: LedgerEntry[] = [];
  gaps: CoverageGap[] = [];

  opened(segment: OpenedSegment): number {
    return this.segments.push({ segment, fragments: [], end: undefined });
  }

  fragment(segmentId: number, row: FragmentRow): void {
    const { fragments } = this.segments[segmentId - 1]!;
    if (fragments.at(-1)?.offset === row.offset) fragments.pop();
    fragments.push(row);
  }

  closed(segmentId: number, end: SegmentEnd): void {
    this.segments[segmentId - 1]!.end = end;
  }

  gap(_camera: CameraKey, gap: CoverageGap): void {
    this.gaps = [...this.gaps.filter(known => known.from !== gap.from), gap];
  }
}
