import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Frame } from '../../electron/frames/frame.ts';
import { nalType } from '../../electron/frames/nal.ts';
import { startInfo } from '../../electron/hub/start-info.ts';
import type { StartInfo } from '../../electron/hub/subscriber.ts';
import { nalUnits } from '../../electron/record/nal-units.ts';
import { annexB } from '../hub/hand-made.ts';
import { decode, h265Stream, hasFfmpeg } from './probe.ts';
import { camera, RecordingBench } from './recording-bench.ts';

/** One second of pictures, a delimiter before each. */
const stream = hasFfmpeg ? nalUnits(Uint8Array.from(h265Stream(25))) : [];
const spsType = 33;
const isSps = (unit: Uint8Array) => nalType(unit[0]!, 'h265') === spsType;

/** The picture units of the stream, in which an SPS is replaced where `sps` gives another. */
function pictures(from: number, sps?: Uint8Array): Frame[] {
  const units: Uint8Array[][] = [];
  for (const unit of stream) {
    if (nalType(unit[0]!, 'h265') === 35) units.push([]);
    units.at(-1)?.push(sps && isSps(unit) ? sps : unit);
  }
  return units.map((parts, n) => ({
    key: parts.some(isSps),
    codec: 'h265',
    payloadType: 99,
    ptsMs: from + n * 40,
    deviceMs: BigInt(from + n * 40),
    receivedAt: from + n * 40,
    data: annexB(...parts),
  }));
}

/** What the hub would say and hand out, for as long as the frames last. */
class Feed {
  readonly #bench: RecordingBench;
  #start: StartInfo | undefined;

  constructor(bench: RecordingBench) {
    this.#bench = bench;
  }

  play(frames: readonly Frame[]): void {
    for (const frame of frames) {
      const start = frame.key ? startInfo(frame, [], this.#start) : this.#start;
      this.#bench.play(frame, start === this.#start ? undefined : start);
      this.#start = start;
    }
  }
}

const good = stream.find(isSps) ?? Uint8Array.of(0x42, 1);
const damaged = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map(noise => Uint8Array.of(0x42, 1, ...noise)),
  fc.integer({ min: 1, max: good.length }).map(length => good.slice(0, length)),
  fc
    .array(fc.tuple(fc.integer({ min: 2, max: good.length + 1 }), fc.integer({ min: 0, max: 255 })), { minLength: 1 })
    .map(changes => {
      const sps = good.slice();
      for (const [at, byte] of changes) sps[at % good.length] = byte;
      sps.set([0x42, 1]);
      return sps;
    }),
);

const title = hasFfmpeg ? 'an SPS of H.265 that is noise' : 'an SPS of H.265 that is noise (no ffmpeg is installed)';

describe.skipIf(!hasFfmpeg)(title, () => {
  // The library writes what it cannot read, with a stack.
  beforeAll(() => {
    vi.spyOn(console, 'error').mockReturnValue(undefined);
  });
  afterAll(() => {
    vi.restoreAllMocks();
  });

  it('ends no recording: what comes before and after it is on disk, frame for frame', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(damaged, { minLength: 1, maxLength: 4 }), fc.boolean(), async (sets, isFirst) => {
        const bench = await RecordingBench.open();
        try {
          bench.recorder.hold(camera, 'manual');
          const feed = new Feed(bench);
          const second = async (sps?: Uint8Array) => {
            feed.play(pictures(bench.clock.now() + 40, sps));
            await bench.idle();
          };
          if (!isFirst) await second();
          for (const sps of sets) await second(sps);
          for (let n = 0; n < 2; n++) await second();
          await bench.recorder.close();
          const kept = bench.ledger.segments.reduce((sum, { end }) => sum + (end?.frames ?? 0), 0);
          expect(kept).toBeGreaterThanOrEqual(stream.filter(isSps).length * 25 * (isFirst ? 2 : 3));
          expect(bench.ledger.segments.every(({ end }) => end?.state === 'complete')).toBe(true);
        } finally {
          await bench.close();
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('is passed over where the one before is known: the file goes on', async () => {
    const bench = await RecordingBench.open();
    try {
      bench.recorder.hold(camera, 'manual');
      const feed = new Feed(bench);
      feed.play(pictures(bench.clock.now() + 40));
      feed.play(pictures(bench.clock.now() + 40, Uint8Array.of(0x42, 1, 0xff)));
      feed.play(pictures(bench.clock.now() + 40));
      await bench.recorder.close();
      expect(bench.ledger.segments).toHaveLength(1);
      expect(bench.ledger.segments[0]!.end!.frames).toBe(75);
      expect(decode(bench.path(0)).frames).toBeGreaterThanOrEqual(50);
    } finally {
      await bench.close();
    }
  });

  it('is said while there is no other', async () => {
    const bench = await RecordingBench.open();
    try {
      bench.recorder.hold(camera, 'manual');
      new Feed(bench).play(pictures(bench.clock.now() + 40, Uint8Array.of(0x42, 1, 0xff)));
      await bench.idle();
      bench.clock.pass(2000);
      expect(bench.rows.at(-1)).toMatchObject({ phase: 'failing', error: { code: 'undecodable' } });
    } finally {
      await bench.close();
    }
  });
});
