import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Frame } from '../../electron/frames/frame.ts';
import type { StartInfo } from '../../electron/hub/subscriber.ts';
import { Rewind, type RewindLimits } from '../../electron/record/rewind.ts';
import { Tally } from '../../electron/tally.ts';
import { ManualClock } from '../accept/manual-clock.ts';
import { deltaFrame, keyFrame, spsD1 } from '../hub/hand-made.ts';
import { recordedClip } from '../live/clip.ts';
import { decode, hasFfmpeg } from './probe.ts';
import { startOf } from './recording-bench.ts';

const key = { terminal: '13800138000', channel: 1, stream: 'sub' } as const;
const camera = { vehicleId: '013800138000', channel: 1, stream: 'sub' } as const;
/** A feed hands out the same one until its parameter sets change. */
const start = startOf(keyFrame(), 352, 288);
const rewinds: Rewind[] = [];

function open(limits: Partial<RewindLimits> = {}) {
  const clock = new ManualClock(Date.UTC(2026, 10, 23, 4, 0, 0));
  const tally = new Tally();
  const rewind = new Rewind({ clock, tally, settings: { rewindBytes: 1 << 24, rewindSeconds: 60, ...limits } });
  rewinds.push(rewind);
  /** A key frame a second and three between. */
  const play = (
    seconds: number,
    of: { terminal: string; channel: number; stream: 'main' | 'sub' } = key,
    bytes = 40,
  ) => {
    const ring = rewind.beside(of);
    for (let n = 0; n < seconds * 4; n++) {
      clock.pass(250);
      ring.frame((n % 4 === 0 ? keyFrame : deltaFrame)({ receivedAt: clock.now(), bytes }), [], start);
    }
    return ring;
  };
  return { clock, tally, rewind, play };
}

afterEach(() => {
  for (const rewind of rewinds.splice(0)) rewind.close();
});

describe('memory for looking back', () => {
  it('keeps nothing that nobody watches, and what is watched up to the newest picture', () => {
    const { rewind, play, clock } = open();
    play(3);
    expect(rewind.coverage(camera)).toEqual([]);
    const leave = rewind.watch(key);
    const from = clock.now() + 250;
    play(3);
    expect(rewind.coverage(camera)).toMatchObject([
      { from, to: clock.now() + 250, frames: 12, state: 'writing', vehicleId: key.terminal, stream: 'sub' },
    ]);
    leave();
    leave();
    play(3);
    expect(rewind.coverage(camera)).toMatchObject([{ from, frames: 12 }]);
  });

  it('lets go of what is too old, by whole groups of pictures, and of all when nobody watches', () => {
    const { rewind, play, clock } = open({ rewindSeconds: 5 });
    const leave = rewind.watch(key);
    play(20);
    const [row] = rewind.coverage(camera);
    expect(row!.to - row!.from).toBeGreaterThanOrEqual(5000);
    expect(row!.to - row!.from).toBeLessThanOrEqual(7000);
    leave();
    rewind.beside(key).closed();
    clock.pass(10_000);
    expect([rewind.coverage(camera), rewind.heldBytes]).toEqual([[], 0]);
  });

  it('stays within its bytes over all cameras, and takes the oldest of whichever', () => {
    const limit = 200_000;
    const { rewind, play, tally } = open({ rewindBytes: limit });
    const other = { ...key, channel: 2 };
    rewind.watch(key);
    rewind.watch(other);
    play(10, key, 5000);
    play(10, other, 5000);
    expect(rewind.heldBytes).toBeLessThanOrEqual(limit);
    expect(rewind.heldBytes).toBeGreaterThan(limit / 2);
    // What waits for its successor is a second at most.
    expect(rewind.coverage(camera)[0]!.frames).toBeLessThanOrEqual(4);
    expect(rewind.coverage({ ...camera, channel: 2 })[0]!.frames).toBeGreaterThan(20);
    expect(tally.get('record.rewindShortened')).toBeGreaterThan(0);
  });

  it('is read like a file: the same bytes wherever it is cut, and none that are gone', async () => {
    const { rewind, play } = open({ rewindSeconds: 5 });
    rewind.watch(key);
    play(4);
    const [row] = rewind.coverage(camera);
    const listed = await rewind.fragments(row!.id);
    if (!listed?.ok) throw new Error('not listed');
    const { fragments, initBytes, mime } = listed.value;
    expect(mime).toBe('video/mp4; codecs="avc1.42001e"');
    expect(fragments.map(each => [each.durationMs, each.frames])).toEqual(Array(4).fill([1000, 4]));
    const file = await rewind.file(row!.id);
    if (!file?.ok || !file.value.read) throw new Error('no file');
    const whole = Buffer.from(await file.value.read(0, file.value.bytes));
    expect(whole.length).toBe(file.value.bytes);
    for (const { offset } of fragments) expect(whole.toString('latin1', offset + 4, offset + 8)).toBe('moof');
    for (const [a, b] of [
      [0, 10],
      [initBytes - 3, initBytes + 7],
      [fragments[1]!.offset + 11, fragments[3]!.offset + 2],
    ] as const)
      expect(Buffer.from(await file.value.read(a, b)).equals(whole.subarray(a, b))).toBe(true);
    play(20);
    const later = await rewind.file(row!.id);
    if (!later?.ok) throw new Error('no file');
    expect(later.value.gone).toEqual({ from: initBytes, to: expect.any(Number) });
    expect(later.value.gone!.to).toBeGreaterThan(fragments[3]!.offset);
    expect(await later.value.read!(initBytes, initBytes + 5)).toHaveLength(0);
  });

  it('begins another reel with other parameter sets, after a hole, and when the device counts anew', () => {
    const { rewind, play, clock } = open();
    rewind.watch(key);
    const ring = play(2);
    const large = keyFrame({ receivedAt: clock.now() + 100, sps: spsD1 });
    ring.frame(large, [], startOf(large, 704, 576));
    clock.pass(10_000);
    const late = { ...keyFrame({ receivedAt: clock.now(), sps: spsD1 }), ptsMs: 5 } as Frame;
    ring.frame(late, [], startOf(late, 704, 576));
    expect(rewind.coverage(camera).map(row => [row.width, row.frames, row.state])).toEqual([
      [352, 8, 'complete'],
      [704, 1, 'complete'],
      [704, 1, 'writing'],
    ]);
  });

  it('waits for a key frame where pictures are missing', () => {
    const { rewind, play, clock } = open();
    rewind.watch(key);
    const ring = play(1);
    ring.gap();
    ring.frame(deltaFrame({ receivedAt: clock.now() }), [], start);
    expect(rewind.coverage(camera)).toMatchObject([{ frames: 4 }]);
  });

  it('knows nothing of recorded segments', async () => {
    const { rewind } = open();
    expect(await rewind.fragments(17)).toBeUndefined();
    expect(await rewind.file(17)).toBeUndefined();
    expect(await rewind.file(999_999_999_999_999)).toMatchObject({ ok: false, code: 'unknownSegment' });
  });

  it.skipIf(!hasFfmpeg)('plays: every picture of a real clip, also when it was read while it grew', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rewind-'));
    const { rewind, clock } = open();
    rewind.watch(key);
    const ring = rewind.beside(key);
    const units = recordedClip(60);
    const parts: Uint8Array[] = [];
    let got = 0;
    let first: StartInfo | undefined;
    const readOn = async (from: number) => {
      const file = await rewind.file(rewind.coverage(camera)[0]!.id);
      if (!file?.ok || !file.value.read) throw new Error('no file');
      const bytes = await file.value.read(from, file.value.bytes);
      parts.push(bytes);
      return bytes.length;
    };
    for (const [n, unit] of units.entries()) {
      clock.pass(66);
      const frame: Frame = {
        ...{ key: unit.key, codec: 'h264', payloadType: 98, ptsMs: n * 66, deviceMs: BigInt(n * 66) },
        ...{ receivedAt: clock.now(), data: unit.data },
      };
      first ??= startOf(frame, 352, 288);
      ring.frame(frame, [], first);
      if (n % 13 !== 0) continue;
      got += await readOn(got);
    }
    got += await readOn(got);
    const path = join(folder, 'read.mp4');
    writeFileSync(path, Buffer.concat(parts));
    expect(parts.length).toBeGreaterThan(4);
    expect(decode(path)).toEqual({ frames: 60, complaints: '' });
    rmSync(folder, { recursive: true });
  });
});
