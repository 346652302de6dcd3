import type { CoverageLane, SegmentRow } from '../../electron/contract.ts';

type Lane = Pick<CoverageLane, 'segments' | 'gaps'>;

/**
 * The encoding on disk that a tile is rewound into and heard from: the one that was recorded last, the first one when both
 * were. `recorded`: the better one first.
 */
export function recordedLane(recorded: readonly Lane[]): Lane {
  const newest = (lane: Lane): number => lane.segments.at(-1)?.to ?? 0;
  const lane = recorded.reduce<Lane | undefined>(
    (best, each) => (best === undefined || newest(each) > newest(best) + 10_000 ? each : best),
    undefined,
  );
  return lane ?? { segments: [], gaps: [] };
}

/**
 * What a tile can be rewound into: the memory as far as it reaches, and what is on disk before it. Memory goes first where
 * both have a moment, since it reaches up to now.
 */
export function reviewLane(memory: readonly SegmentRow[], { segments, gaps }: Lane): Lane {
  const from = memory[0]?.from ?? Number.POSITIVE_INFINITY;
  const before = segments
    .filter(row => row.state !== 'missing' && row.from < from)
    .map(row => ({ ...row, to: Math.min(row.to, from) }));
  const known = gaps.filter(gap => gap.from < from).map(gap => ({ ...gap, to: Math.min(gap.to, from) }));
  return { segments: [...before, ...memory], gaps: known };
}
