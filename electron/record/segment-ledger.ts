import type { CameraKey, CoverageGap, FragmentRow, SegmentRow } from '../contract.ts';

/** A segment as it is when its first fragment has reached the disk. */
export interface OpenedSegment extends CameraKey {
  /** As the terminal's header carries it. */
  readonly headerId: string;
  /** The plate at that time; empty when none is known. */
  readonly plate: string;
  /** Arrival of the first frame, ms since 1970. */
  readonly from: number;
  readonly codec: SegmentRow['codec'];
  /** Pixels, 0 when not known. */
  readonly width: number;
  readonly height: number;
  readonly hasAudio: boolean;
  /** Path below the recordings folder, with `/`, while it is written: it carries the mark of segment-name.ts. */
  readonly file: string;
  /** Bytes before the first fragment (`ftyp` and `moov`). */
  readonly initBytes: number;
  /** For `MediaSource.addSourceBuffer`, with the codecs of every track. */
  readonly mime: string;
}

export interface SegmentEnd {
  /** End of the last frame on disk, ms since 1970. */
  readonly to: number;
  /** The whole file. */
  readonly bytes: number;
  readonly frames: number;
  /** Path below the recordings folder now; the marked name still when renaming failed. */
  readonly file: string;
  /** `mended` when the disk failed within it: what is listed is playable, a cut fragment may follow. */
  readonly state: 'complete' | 'mended';
}

/**
 * Where the recorder says what is on disk. Called only for bytes that were written, in the order of one camera:
 * `opened`, at once its first `fragment`, further ones, `closed`. Calls return at once and never throw; whoever keeps the
 * ledger does its own work later, and a ledger that cannot keep anything still gives out numbers, so that recording goes on.
 */
export interface SegmentLedger {
  /** @returns the number of the segment, never given before in this folder */
  opened(segment: OpenedSegment): number;
  /**
   * A run of `moof` and `mdat` that begins with a key frame. Groups of pictures longer than two seconds reach the disk in
   * parts: the same `offset` again replaces the row with a longer one.
   */
  fragment(segmentId: number, row: FragmentRow): void;
  closed(segmentId: number, end: SegmentEnd): void;
  /** Wanted, but not recorded. The same `from` again replaces the gap, which is how a lasting one grows. */
  gap(camera: CameraKey, gap: CoverageGap): void;
}
