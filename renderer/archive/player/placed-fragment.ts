import type { FragmentRow } from '../../../electron/contract.ts';

/** A fragment with its place on the wall clock. */
export interface PlacedFragment extends FragmentRow {
  /** Wall clock at which its pictures are shown, ms since 1970. */
  from: number;
  to: number;
  /** Wall clock of media time 0 for this fragment, ms. */
  offsetMs: number;
}

/**
 * Wall clock and media time of one file may differ by this much (ms) before the file is placed anew: arrival jitters by
 * tens of ms, and a place that followed it would tear small holes between fragments.
 */
const jitterMs = 600;

/** Places fragments so that those that follow each other in media time do so on the wall clock too. */
export function placed(fragments: readonly FragmentRow[]): PlacedFragment[] {
  const result: PlacedFragment[] = [];
  let offsetMs = Number.NaN;
  for (const row of fragments) {
    const own = row.at - row.mediaMs;
    if (!(Math.abs(own - offsetMs) <= jitterMs)) offsetMs = own;
    const from = row.mediaMs + offsetMs;
    result.push({ ...row, from, to: from + row.durationMs, offsetMs });
  }
  return result;
}

/** Index of the fragment that shows `at`: the last that began; -1 before the first. */
export function fragmentAt(fragments: readonly PlacedFragment[], at: number): number {
  let low = 0;
  let high = fragments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fragments[middle]!.from <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
