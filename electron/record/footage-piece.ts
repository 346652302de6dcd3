import type { FragmentRow, SegmentRow } from '../contract.ts';

/** One segment with its fragments in the order of the file. */
export interface Footage {
  readonly segment: SegmentRow;
  readonly fragments: readonly FragmentRow[];
}

/** A moment of the file and the wall clock there. */
export interface ClockMark {
  readonly mediaMs: number;
  /** Ms since 1970. */
  readonly at: number;
}

/** An unbroken stretch of one segment. `fromMs` and `toMs` are media time in its file, milliseconds. */
export interface FootagePiece {
  readonly segment: SegmentRow;
  readonly fromMs: number;
  /** The first moment that does not belong to it any more. */
  readonly toMs: number;
  /** Wall clock at `fromMs` and at `toMs`. */
  readonly at: number;
  readonly until: number;
  /** Bytes of the fragments it touches. */
  readonly bytes: number;
  /** One per fragment it touches, the first of which may lie before `fromMs`. */
  readonly marks: readonly ClockMark[];
  /** Nothing was recorded for longer than `longestPauseMs` before it, or nothing at all. */
  readonly afterGap: boolean;
  /** Otherwise: milliseconds between the end of the piece before it and its first frame. */
  readonly pauseMs: number;
}

/** A longer hole is a gap: what follows it goes into a file of its own, so that no picture stands in for what is missing. */
export const longestPauseMs = 2000;
/** Arrival jitters; a smaller difference between two segments is none. */
const jitterMs = 250;

/**
 * Cuts footage of one camera, oldest first, to `from` ≤ wall clock < `to`. The wall clock of a frame is that of its fragment
 * plus the media time since the fragment began.
 */
export function cutPieces(footage: readonly Footage[], from: number, to: number): FootagePiece[] {
  const pieces: FootagePiece[] = [];
  for (const { segment, fragments } of footage)
    for (const run of unbrokenRuns(fragments)) {
      const touched = run.filter(({ at, durationMs }) => at < to && at + durationMs > from);
      const piece = cut(segment, touched, { from, to }, pieces.at(-1));
      if (piece) pieces.push(piece);
    }
  return pieces;
}

function cut(
  segment: SegmentRow,
  touched: readonly FragmentRow[],
  { from, to }: { from: number; to: number },
  before: FootagePiece | undefined,
): FootagePiece | undefined {
  const first = touched[0];
  const last = touched.at(-1);
  if (!first || !last) return undefined;
  const fromMs = first.mediaMs + Math.max(0, from - first.at);
  const toMs = last.mediaMs + Math.min(last.durationMs, to - last.at);
  if (toMs <= fromMs) return undefined;
  const at = Math.max(from, first.at);
  const hole = before ? at - before.until : Number.POSITIVE_INFINITY;
  return {
    segment,
    fromMs,
    toMs,
    at,
    until: Math.min(to, last.at + last.durationMs),
    bytes: touched.reduce((sum, { bytes }) => sum + bytes, 0),
    marks: touched.map(({ mediaMs, at: wall }) => ({ mediaMs, at: wall })),
    afterGap: hole > longestPauseMs,
    pauseMs: hole > jitterMs && hole <= longestPauseMs ? hole : 0,
  };
}

/** By media time: frames that arrive late after a stall of the network are no gap. */
function unbrokenRuns(fragments: readonly FragmentRow[]): FragmentRow[][] {
  const runs: FragmentRow[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const fragment of fragments) {
    const run = runs.at(-1);
    if (run && fragment.mediaMs - end <= longestPauseMs) run.push(fragment);
    else runs.push([fragment]);
    end = fragment.mediaMs + fragment.durationMs;
  }
  return runs;
}
