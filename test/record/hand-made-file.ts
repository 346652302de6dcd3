import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fragmentBoxes } from '../../electron/record/fragment-box.ts';
import { makeInitSegment, type SegmentOrigin } from '../../electron/record/init-segment.ts';
import { pps, spsCif } from '../hub/hand-made.ts';

export const startedAt = Date.UTC(2026, 10, 23, 3, 0, 0);

export const origin: SegmentOrigin = {
  vehicleId: '13912345678',
  headerId: '013912345678',
  plate: '沪A·D7261',
  channel: 3,
  stream: 'main',
  from: startedAt,
};

/**
 * A recording of half-second parts with ten frames each; every second part begins with a key frame, so that two make one
 * fragment of a second.
 */
export async function handMadeFile(parts: number, from: Partial<SegmentOrigin> = {}) {
  const start = { codec: 'h264' as const, parameterSets: [spsCif, pps], width: 352, height: 288 };
  const init = await makeInitSegment(start, undefined, { ...origin, ...from });
  if (!init) throw new Error('the parameter sets make no header');
  const boxes = Array.from({ length: parts }, (_, part) => {
    const samples = Array.from({ length: 10 }, (__, n) => {
      const key = part % 2 === 0 && n === 0;
      return { units: [Uint8Array.of(key ? 0x65 : 0x41, part, n, 1, 2, 3)], duration: 50, key };
    });
    return fragmentBoxes(part + 1, { from: part * 500, samples }, undefined);
  });
  return { bytes: Buffer.concat([init.bytes, ...boxes]), initBytes: init.bytes.length, boxes, mime: init.mime };
}

export function put(folder: string, file: string, bytes: Uint8Array): string {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}
