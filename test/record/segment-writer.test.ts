import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConvoyError } from '../../electron/errors.ts';
import { codecString } from '../../electron/record/codec-string.ts';
import { nalUnits } from '../../electron/record/nal-units.ts';
import { diskFiles } from '../../electron/record/recording-files.ts';
import { dayName, finishedName, pathWord, segmentFolder, segmentStem } from '../../electron/record/segment-name.ts';
import { type FragmentDraft, SegmentWriter } from '../../electron/record/segment-writer.ts';
import { ManualClock } from '../accept/manual-clock.ts';
import { annexB, keyFrame, pps, spsCif } from '../hub/hand-made.ts';
import { recordedClip } from '../live/clip.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { decode, hasFfmpeg, probePackets } from './probe.ts';
import { startOf } from './recording-bench.ts';

const origin = {
  vehicleId: '13800138000',
  headerId: '013800138000',
  plate: '粤B 12/34',
  channel: 3,
  stream: 'sub',
  from: new Date(2026, 10, 23, 9, 5, 7).getTime(),
} as const;

interface Written {
  readonly folder: string;
  readonly ledger: MemoryLedger;
  readonly errors: ConvoyError[];
}

/** Fragments of real pictures, each a second of 15 frames, through one writer. */
async function write(
  fragments: number,
  queueBytes = 16 << 20,
  folder = mkdtempSync(join(tmpdir(), 'convoy-writer-')),
): Promise<Written & { taken: boolean[] }> {
  const ledger = new MemoryLedger();
  const errors: ConvoyError[] = [];
  const units = recordedClip(fragments * 15);
  const writer = new SegmentWriter({
    folder,
    origin,
    start: startOf({ ...keyFrame(), data: units[0]!.data }, 352, 288),
    audio: undefined,
    files: diskFiles,
    ledger,
    clock: new ManualClock(),
    confirmFolder: () => Promise.resolve(),
    after: Promise.resolve(),
    queueBytes,
    written: () => undefined,
    failed: error => errors.push(error),
  });
  const taken = Array.from({ length: fragments }, (_, index) => writer.add(draft(units, index)));
  await writer.close();
  return { folder, ledger, errors, taken };
}

function draft(units: readonly { data: Uint8Array; key: boolean }[], index: number): FragmentDraft {
  const samples = units
    .slice(index * 15, index * 15 + 15)
    .map(({ data, key }) => ({ units: nalUnits(data), duration: 66, key }));
  return {
    video: { from: index * 990, samples },
    audio: undefined,
    at: origin.from + index * 990,
    shownMs: index * 990,
    durationMs: 990,
    bytes: 100_000,
    isRunStart: samples[0]!.key,
  };
}

describe('SegmentWriter', () => {
  it('takes no more than may wait for the disk', async () => {
    const { taken, ledger, folder } = await write(5, 250_000);
    expect(taken).toEqual([true, true, false, false, false]);
    expect(ledger.segments[0]!.end).toMatchObject({ frames: 30, state: 'complete' });
    rmSync(folder, { recursive: true });
  });

  it('does not replace a file of the same name', async () => {
    const first = await write(1);
    const name = join(first.folder, first.ledger.segments[0]!.end!.file);
    const bytes = readFileSync(name);
    const second = await write(1, 16 << 20, first.folder);
    expect(second.ledger.segments[0]!.end!.file).toMatch(/_20261123-090507\.1_20261123-090507\.mp4$/);
    expect(readdirSync(join(name, '..'))).toHaveLength(2);
    expect(readFileSync(name)).toEqual(bytes);
    rmSync(first.folder, { recursive: true });
  });

  it('gives segments that overlap another in name a name of their own', () => {
    expect(segmentStem(origin, 2)).toBe('粤B-12-34_3s_20261123-090507.2');
  });
});

describe.skipIf(!hasFfmpeg)('a file cut at any byte (skipped where ffmpeg is not installed)', () => {
  let written: Written;
  let scratch = '';

  beforeAll(async () => {
    written = await write(6);
    scratch = join(written.folder, 'cut.mp4');
  });
  afterAll(() => rmSync(written.folder, { recursive: true }));

  it('plays every fragment that is whole', () => {
    const { segment, fragments, end } = written.ledger.segments[0]!;
    const bytes = readFileSync(join(written.folder, end!.file));
    const wholeAt = (cut: number): number =>
      fragments.reduce((sum, row) => sum + (row.offset + row.bytes <= cut ? row.frames : 0), 0);
    fc.assert(
      fc.property(fc.integer({ min: segment.initBytes, max: bytes.length }), cut => {
        writeFileSync(scratch, bytes.subarray(0, cut));
        expect(probePackets(scratch).length).toBeGreaterThanOrEqual(wholeAt(cut));
      }),
      { numRuns: 12 },
    );
  });

  it('decodes without complaint where it ends with a fragment', () => {
    const { fragments, end } = written.ledger.segments[0]!;
    const bytes = readFileSync(join(written.folder, end!.file));
    let frames = 0;
    for (const row of fragments) {
      frames += row.frames;
      writeFileSync(scratch, bytes.subarray(0, row.offset + row.bytes));
      expect(decode(scratch)).toEqual({ frames, complaints: '' });
    }
    expect(frames).toBe(90);
  });
});

describe('names', () => {
  it('are made of plate, channel and local times', () => {
    expect(segmentFolder(origin)).toBe(`${dayName(origin.from)}/粤B-12-34_13800138000`);
    const stem = segmentStem(origin);
    expect(finishedName(stem, origin.from + 61_000)).toBe('粤B-12-34_3s_20261123-090507_20261123-090608.mp4');
  });

  it('do without a plate', () => {
    expect(segmentFolder({ ...origin, plate: '' })).toBe('2026-11-23/13800138000');
    expect(segmentStem({ ...origin, plate: '', stream: 'main' })).toBe('13800138000_3_20261123-090507');
  });

  it('never leave their folder, whatever a terminal calls itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), word => {
        expect(pathWord(word)).toMatch(/^[\p{L}\p{N}-]{0,32}$/u);
      }),
    );
  });
});

describe('nalUnits', () => {
  it('finds units behind start codes of three and four bytes', () => {
    const data = Uint8Array.from([0, 0, 0, 1, ...spsCif, 0, 0, 1, ...pps, 0, 0, 0, 1, 0x65, 9, 0]);
    expect(nalUnits(data)).toEqual([spsCif, pps, Uint8Array.of(0x65, 9)]);
  });

  it('takes bytes without a start code as one unit', () => {
    expect(nalUnits(Uint8Array.of(1, 2, 3))).toEqual([Uint8Array.of(1, 2, 3)]);
    expect(nalUnits(new Uint8Array(0))).toEqual([new Uint8Array(0)]);
  });

  it('gives back what was put between start codes', () => {
    const unit = fc.uint8Array({ minLength: 1, maxLength: 40, min: 2 });
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1, maxLength: 6 }), units => {
        expect(nalUnits(annexB(...units))).toEqual(units);
      }),
    );
  });
});

describe('codecString', () => {
  it('is profile, constraints and level of H.264', () => {
    expect(codecString(spsCif, 'h264')).toBe('avc1.42001e');
    expect(codecString(spsCif.subarray(0, 3), 'h264')).toBeUndefined();
  });

  it('is profile, compatibility in reverse, tier, level and constraints of H.265', () => {
    // NAL header, ids; Main profile, compatible with 1 and 2; progressive, frame only; level 93
    const sps = Uint8Array.of(0x42, 0x01, 0x01, 0x01, 0x60, 0, 0, 3, 0, 0x90, 0, 0, 3, 0, 0, 3, 0, 0x5d, 0xa0);
    expect(codecString(sps, 'h265')).toBe('hvc1.1.6.L93.90');
    expect(codecString(sps.subarray(0, 9), 'h265')).toBeUndefined();
  });

  it('is nothing for codecs that MP4 does not carry', () => {
    expect(codecString(spsCif, 'avs')).toBeUndefined();
  });
});
