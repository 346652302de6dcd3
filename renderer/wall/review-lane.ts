import type { CoverageLane, SegmentRow } from '../../electron/contract.ts';

type Lane = Pick<CoverageLane, 'segments' | 'gaps'>;

/**
 * What a tile can be rewound into: the memory as far as it reaches, and what is on disk before it. Memory goes first where
 * both have a moment, since it reaches up to now. `recorded`: the camera's encodings on disk, the better one first.
 */
export function reviewLane(memory: readonly SegmentRow[], recorded: readonly Lane[]): Lane {
  const from = memory[0]?.from ?? Number.POSITIVE_INFINITY;
  const newest = (lane: Lane): number => lane.segments.at(-1)?.to ?? 0;
  // An encoding that was recorded last counts; the first one when both were.
  const lane = recorded.reduce<Lane | undefined>(
    (best, each) => (best === undefined || newest(each) > newest(best) + 10_000 ? each : best),
    undefined,
  );
  const before = (lane?.segments ?? [])
    .filter(row => row.state !== 'missing' && row.from < from)
    .map(row => ({ ...row, to: Math.min(row.to, from) }));
  const gaps = (lane?.gaps ?? []).filter(gap => gap.from < from).map(gap => ({ ...gap, to: Math.min(gap.to, from) }));
  return { segments: [...before, ...memory], gaps };
}
