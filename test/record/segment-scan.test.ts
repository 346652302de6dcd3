import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { scanSegment } from '../../electron/record/segment-scan.ts';
import { handMadeFile, origin, put, startedAt } from './hand-made-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'convoy-scan-'));
afterAll(() => rmSync(folder, { recursive: true }));

const scan = (bytes: Uint8Array) => scanSegment(put(folder, 'one.mp4', bytes), 'one.mp4');

describe('scanSegment', () => {
  it('reads from the file alone what the catalogue holds', async () => {
    const { bytes, initBytes, boxes, mime } = await handMadeFile(4);
    const run = boxes[0]!.length + boxes[1]!.length;
    expect(await scan(bytes)).toEqual({
      vehicleId: origin.vehicleId,
      headerId: origin.headerId,
      plate: origin.plate,
      channel: 3,
      stream: 'main',
      from: startedAt,
      file: 'one.mp4',
      codec: 'h264',
      width: 352,
      height: 288,
      hasAudio: false,
      mime,
      initBytes,
      to: startedAt + 2000,
      bytes: bytes.length,
      frames: 40,
      state: 'complete',
      fragments: [
        { at: startedAt, mediaMs: 0, durationMs: 1000, offset: initBytes, bytes: run, frames: 20 },
        { at: startedAt + 1000, mediaMs: 1000, durationMs: 1000, offset: initBytes + run, bytes: run, frames: 20 },
      ],
    });
  });

  it('gives, of a file cut off anywhere, exactly the parts that were finished', async () => {
    const { bytes, initBytes, boxes } = await handMadeFile(5);
    const ends = boxes.map((_, n) => initBytes + Buffer.concat(boxes.slice(0, n + 1)).length);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length }), async length => {
        const found = await scan(bytes.subarray(0, length));
        const whole = ends.filter(end => end <= length).length;
        expect(found?.frames ?? 0).toBe(whole * 10);
        expect(found?.bytes ?? 0).toBe(whole === 0 ? 0 : ends[whole - 1]);
      }),
      { numRuns: 150 },
    );
  });

  it('survives any bytes', async () => {
    const { bytes } = await handMadeFile(2);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.uint8Array({ minLength: 1, maxLength: 12 }), async (at, junk) => {
        const broken = Buffer.from(bytes);
        broken.set(junk.subarray(0, Math.min(junk.length, broken.length - at)), at);
        const found = await scan(broken);
        expect(found?.bytes ?? 0).toBeLessThanOrEqual(broken.length);
      }),
      { numRuns: 150 },
    );
  });

  it('does not take files of others for recordings', async () => {
    expect(await scan(Buffer.alloc(0))).toBeUndefined();
    expect(await scan(Buffer.from('not a film at all, just words that go on for a while'))).toBeUndefined();
  });
});
