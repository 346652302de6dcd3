import type { StartInfo } from '../hub/subscriber.ts';
import type { FragmentCutter } from './fragment-cutter.ts';
import type { SegmentWriter } from './segment-writer.ts';

/** Where a segment begins, and what waits to get into its file. */
export interface SegmentStart {
  readonly cutter: FragmentCutter;
  readonly start: StartInfo;
  /** Arrival of its first frame, ms since 1970. */
  readonly from: number;
  readonly basePtsMs: number;
}

/** A segment and its open file. */
export interface OpenSegment extends SegmentStart {
  readonly writer: SegmentWriter;
  readonly hasAudio: boolean;
  /** A fragment was handed to the disk. */
  isBegun: boolean;
  /** Of its file, as of the last fragment. */
  bytes: number;
  isFailed: boolean;
}
