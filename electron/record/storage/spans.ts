import type { CoverageLane } from '../../contract.ts';

/** A stretch of wall clock, ms since 1970; `to` is not part of it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Files that follow each other within this long hold everything between, ms. */
const seamMs = 1500;

/** What a lane has pictures of within a stretch, oldest first. */
export function heldSpans({ segments, gaps }: Pick<CoverageLane, 'segments' | 'gaps'>, within: Span): Span[] {
  const files = segments.filter(({ state }) => state !== 'missing');
  return clipped(without(joined(files, seamMs), gaps), within);
}

/** Overlapping and neighbouring ones made one. @param seam ms between two that count as none */
export function joined(spans: readonly Span[], seam = 0): Span[] {
  const found: { from: number; to: number }[] = [];
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = found.at(-1);
    if (last && from - last.to <= seam) last.to = Math.max(last.to, to);
    else if (to > from) found.push({ from, to });
  }
  return found;
}

/** What is left of `spans` outside of `others`. */
export function without(spans: readonly Span[], others: readonly Span[]): Span[] {
  let left = [...spans];
  for (const other of others)
    left = left.flatMap(span => {
      if (other.to <= span.from || other.from >= span.to) return [span];
      const parts = [
        { from: span.from, to: other.from },
        { from: other.to, to: span.to },
      ];
      return parts.filter(part => part.to > part.from);
    });
  return left;
}

/** What of `spans` lies within one. */
export function clipped(spans: readonly Span[], within: Span): Span[] {
  return spans
    .map(({ from, to }) => ({ from: Math.max(from, within.from), to: Math.min(to, within.to) }))
    .filter(({ from, to }) => to > from);
}

/** What both have. */
export function common(a: readonly Span[], b: readonly Span[]): Span[] {
  return b.flatMap(span => clipped(a, span));
}

export function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0);
}
