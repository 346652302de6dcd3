import { describe, expect, it } from 'vitest';
import type { SegmentRow } from '../../../electron/contract.ts';
import { recordedLane, reviewLane } from '../../../renderer/wall/review-lane.ts';

const row = (id: number, from: number, to: number, state: SegmentRow['state'] = 'complete'): SegmentRow => ({
  ...{ id, vehicleId: '1', channel: 1, stream: 'main', headerId: '1', plate: '', from, to, bytes: 0, frames: 0, state },
  ...{ codec: 'h264', width: 352, height: 288, hasAudio: true, isProtected: false, file: '' },
});
const spans = (rows: readonly SegmentRow[]) => rows.map(({ id, from, to }) => [id, from, to]);

describe('what a tile is rewound into', () => {
  const disk = {
    segments: [row(1, 0, 50_000), row(2, 50_000, 90_000), row(3, 90_000, 99_000, 'missing')],
    gaps: [{ from: 20_000, to: 85_000, cause: 'loss' as const }],
  };

  it('is memory as far as it reaches, and the disk before it', () => {
    const lane = reviewLane([row(7, 80_000, 100_000)], disk);
    expect(spans(lane.segments)).toEqual([
      [1, 0, 50_000],
      [2, 50_000, 80_000],
      [7, 80_000, 100_000],
    ]);
    expect(lane.gaps).toEqual([{ from: 20_000, to: 80_000, cause: 'loss' }]);
    expect(spans(reviewLane([], disk).segments)).toEqual(spans(disk.segments.slice(0, 2)));
  });

  it('is the encoding that was recorded last, the better one when both were, and heard from it whole', () => {
    const older = { segments: [row(9, 0, 30_000)], gaps: [] };
    const together = { segments: [row(9, 0, 95_000)], gaps: [] };
    expect(recordedLane([older, disk])).toBe(disk);
    expect(recordedLane([disk, older])).toBe(disk);
    expect(recordedLane([together, disk])).toBe(together);
    expect(recordedLane([])).toEqual({ segments: [], gaps: [] });
  });
});
