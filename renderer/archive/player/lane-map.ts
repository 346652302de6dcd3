import type { CoverageLane, GapCause, SegmentRow } from '../../../electron/contract.ts';

/** A stretch of wall clock, ms since 1970; `to` is not part of it. */
export interface Span {
  from: number;
  to: number;
}

/** A stretch without pictures: why, as far as anybody noted it. */
export interface Nothing extends Span {
  cause: GapCause | 'notRecorded';
}

/** Files that follow each other within this long (ms) are one stretch: the frame between them is no gap. */
const seamMs = 700;
/** A gap shorter than this (ms) is not worth a word: two frames at ten a second. */
const shortestGapMs = 400;

/** What exists of one camera, as a player and a timeline ask for it. */
export class LaneMap {
  readonly segments: readonly SegmentRow[];
  /** Oldest first, gaps cut out, seams closed. */
  readonly spans: readonly Span[];
  readonly gaps: CoverageLane['gaps'];

  constructor(lane: Pick<CoverageLane, 'segments' | 'gaps'>) {
    this.segments = lane.segments.filter(row => row.state !== 'missing').sort((a, b) => a.from - b.from);
    this.gaps = [...lane.gaps].filter(gap => gap.to > gap.from).sort((a, b) => a.from - b.from);
    this.spans = spansOf(this.segments, this.gaps);
  }

  spanAt(at: number): Span | undefined {
    return this.spans.find(span => at >= span.from && at < span.to);
  }

  /** The newest file that has this moment: at a seam both do, and the later one begins with a key frame there. */
  segmentAt(at: number): SegmentRow | undefined {
    return this.segments.findLast(row => at >= row.from && at < row.to) ?? this.#atSeam(at);
  }

  /** The next file that begins after this one did. */
  segmentAfter(row: SegmentRow): SegmentRow | undefined {
    return this.segments.find(each => each.from > row.from);
  }

  /** The stretch without pictures around `at`, as far as the pictures on both sides, within `bounds`. */
  nothingAt(at: number, bounds: Span): Nothing {
    const from = this.spans.findLast(span => span.to <= at)?.to ?? bounds.from;
    const to = this.spans.find(span => span.from > at)?.from ?? bounds.to;
    const gap =
      this.gaps.find(each => at >= each.from && at < each.to) ?? this.gaps.find(each => meets(each, from, to));
    return { from, to, cause: gap?.cause ?? 'notRecorded' };
  }

  /** Start of the next pictures after `at`. */
  nextStart(at: number): number | undefined {
    return this.spans.find(span => span.from > at)?.from;
  }

  /** Edges of what exists, where an operator may want to jump to. */
  edges(): number[] {
    return this.spans.flatMap(span => [span.from, span.to]);
  }

  #atSeam(at: number): SegmentRow | undefined {
    return this.spanAt(at) && this.segments.findLast(row => row.from <= at);
  }
}

function meets(gap: Span, from: number, to: number): boolean {
  return gap.to > from && gap.from < to;
}

function spansOf(segments: readonly SegmentRow[], gaps: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const { from, to } of segments) {
    const last = joined.at(-1);
    if (last && from - last.to <= seamMs) last.to = Math.max(last.to, to);
    else if (to > from) joined.push({ from, to });
  }
  let spans = joined;
  for (const gap of gaps) if (gap.to - gap.from >= shortestGapMs) spans = spans.flatMap(span => without(span, gap));
  return spans;
}

function without(span: Span, gap: Span): Span[] {
  if (gap.to <= span.from || gap.from >= span.to) return [span];
  const left = { from: span.from, to: gap.from };
  const right = { from: gap.to, to: span.to };
  return [left, right].filter(part => part.to > part.from);
}
