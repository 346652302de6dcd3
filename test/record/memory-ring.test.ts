import { describe, expect, it } from 'vitest';
import { MemoryRing } from '../../electron/record/memory-ring.ts';
import { Tally } from '../../electron/tally.ts';
import { deltaFrame, keyFrame } from '../hub/hand-made.ts';
import { startOf } from './recording-bench.ts';

const start = startOf(keyFrame(), 352, 288);

/** A ring that was given seconds of a key frame and three others each, from time 0. */
function filled(limits: { ringBytes: number; ringSeconds: number }, seconds: number, bytes = 100): [MemoryRing, Tally] {
  const tally = new Tally();
  const ring = new MemoryRing(limits, tally);
  ring.start(start);
  for (let ms = 0; ms < seconds * 1000; ms += 250)
    ring.frame(ms % 1000 === 0 ? keyFrame({ receivedAt: ms, bytes }) : deltaFrame({ receivedAt: ms, bytes }));
  return [ring, tally];
}

describe('MemoryRing', () => {
  it('reaches back to the key frame at or before the wanted time', () => {
    const [ring] = filled({ ringBytes: 1 << 20, ringSeconds: 30 }, 6);
    const groups = ring.since(3500);
    expect(groups.map(group => [group.frames[0]!.receivedAt, group.frames.length, group.follows])).toEqual([
      [3000, 4, true],
      [4000, 4, true],
      [5000, 4, true],
    ]);
    expect(groups[0]!.start).toBe(start);
    expect(ring.since(-1)[0]!.frames[0]!.receivedAt).toBe(0);
  });

  it('keeps no more seconds than it is told, in whole groups', () => {
    const [ring] = filled({ ringBytes: 1 << 20, ringSeconds: 5 }, 20);
    expect(ring.since(0)[0]!.frames[0]!.receivedAt).toBe(14_000);
  });

  it('keeps no more bytes than it is told', () => {
    const [ring] = filled({ ringBytes: 5000, ringSeconds: 300 }, 60, 400);
    expect(ring.bytes).toBeLessThanOrEqual(5000);
    expect(ring.bytes).toBe(
      ring
        .since(0)
        .flatMap(group => group.frames)
        .reduce((sum, { data }) => sum + data.length, 0),
    );
    expect(ring.since(0).every(group => group.frames[0]!.key)).toBe(true);
  });

  it('gives a group up that is larger than the ring, and says so', () => {
    const [ring, tally] = filled({ ringBytes: 1000, ringSeconds: 30 }, 3, 400);
    expect(ring.bytes).toBeLessThanOrEqual(1000);
    expect(tally.get('record.ringGivenUp')).toBeGreaterThan(0);
  });

  it('marks where frames are missing', () => {
    const [ring] = filled({ ringBytes: 1 << 20, ringSeconds: 30 }, 2);
    ring.gap(1, 'loss');
    ring.frame(deltaFrame({ receivedAt: 2000 }));
    ring.frame(keyFrame({ receivedAt: 2250 }));
    expect(ring.since(0).map(group => group.follows)).toEqual([false, true, false]);
    expect(ring.since(0).flatMap(group => group.frames)).toHaveLength(9);
  });

  it('has nothing after its feed has ended', () => {
    const [ring] = filled({ ringBytes: 1 << 20, ringSeconds: 30 }, 2);
    ring.end('unknownTerminal', '');
    expect([ring.isEnded, ring.bytes, ring.since(0)]).toEqual([true, 0, []]);
  });
});
