import { describe, expect, it } from 'vitest';
import type { SegmentRow } from '../../../electron/contract.ts';
import { LaneMap } from '../../../renderer/archive/player/lane-map.ts';
import { fragmentAt, placed } from '../../../renderer/archive/player/placed-fragment.ts';

const row = (id: number, from: number, to: number, over: Partial<SegmentRow> = {}): SegmentRow => ({
  ...{ vehicleId: '1', channel: 1, stream: 'main', headerId: '1', plate: '', bytes: 0, frames: 0, file: '' },
  ...{ state: 'complete', codec: 'h264', width: 0, height: 0, hasAudio: false, isProtected: false },
  id,
  from,
  to,
  ...over,
});
const bounds = { from: 0, to: 100_000 };

describe('what exists of a camera', () => {
  const lane = new LaneMap({
    segments: [
      row(2, 20_000, 30_000),
      row(1, 10_000, 19_900),
      row(3, 50_000, 60_000),
      row(4, 60_000, 70_000, { state: 'missing' }),
    ],
    gaps: [
      { from: 24_000, to: 26_000, cause: 'loss' },
      { from: 30_000, to: 50_000, cause: 'offline' },
      { from: 12_000, to: 12_100, cause: 'loss' },
    ],
  });

  it('joins files at their seam, cuts gaps out and leaves out files that are gone', () => {
    expect(lane.spans).toEqual([
      { from: 10_000, to: 24_000 },
      { from: 26_000, to: 30_000 },
      { from: 50_000, to: 60_000 },
    ]);
  });

  it('finds the file of a moment, at a seam too', () => {
    expect([10_000, 19_950, 20_000, 55_000].map(at => lane.segmentAt(at)?.id)).toEqual([1, 1, 2, 3]);
    expect([5_000, 40_000, 65_000].map(at => lane.segmentAt(at)?.id)).toEqual([undefined, undefined, undefined]);
  });

  it('says why there is nothing, and from when to when', () => {
    expect(lane.nothingAt(25_000, bounds)).toEqual({ from: 24_000, to: 26_000, cause: 'loss' });
    expect(lane.nothingAt(40_000, bounds)).toEqual({ from: 30_000, to: 50_000, cause: 'offline' });
    expect(lane.nothingAt(80_000, bounds)).toEqual({ from: 60_000, to: 100_000, cause: 'notRecorded' });
    expect([lane.nextStart(40_000), lane.nextStart(80_000)]).toEqual([50_000, undefined]);
  });
});

describe('fragments on the wall clock', () => {
  const fragment = (at: number, mediaMs: number, durationMs: number) => ({
    at,
    mediaMs,
    durationMs,
    offset: 0,
    bytes: 0,
    frames: 0,
  });

  it('follow each other without holes while arrival jitters', () => {
    const list = placed([fragment(1000, 0, 2000), fragment(3080, 2000, 2000), fragment(4950, 4000, 2000)]);
    expect(list.map(({ from, to }) => [from, to])).toEqual([
      [1000, 3000],
      [3000, 5000],
      [5000, 7000],
    ]);
  });

  it('are placed anew after a jump', () => {
    const list = placed([fragment(1000, 0, 2000), fragment(9000, 2000, 2000)]);
    expect(list.map(({ from, offsetMs }) => [from, offsetMs])).toEqual([
      [1000, 1000],
      [9000, 7000],
    ]);
    expect([500, 1000, 8999, 9000].map(at => fragmentAt(list, at))).toEqual([-1, 0, 0, 1]);
  });
});
