import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteRange } from '../electron/byte-range.ts';

describe('byteRange', () => {
  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=2-5', 2, 5],
    ['bytes=5-', 5, 9],
    ['bytes=-3', 7, 9],
    ['bytes=-100', 0, 9],
    ['bytes=5-1000', 5, 9],
    ['bytes = 1-2', 1, 2],
  ])('of ten bytes: %s', (header, start, end) => {
    expect(byteRange(header, 10)).toEqual({ status: 206, start, end, contentRange: `bytes ${start}-${end}/10` });
  });

  it.each(['bytes=10-', 'bytes=10-12', 'bytes=-0'])('beyond ten bytes: %s', header => {
    expect(byteRange(header, 10)).toMatchObject({ status: 416, contentRange: 'bytes */10' });
  });

  it.each([undefined, null, '', 'bytes=', 'bytes=-', 'bytes=5-2', 'items=0-1', 'bytes=0-1,4-5', 'bytes=a-b'])(
    'sends the whole file for %s',
    header => {
      expect(byteRange(header, 10)).toEqual({ status: 200, start: 0, end: 9, contentRange: undefined });
    },
  );

  it('stays within the file, whatever is asked', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.nat(), fc.nat(1000), (junk, first, last, size) => {
        for (const header of [junk, `bytes=${first}-${last}`, `bytes=${first}-`, `bytes=-${last}`, `bytes=${junk}`]) {
          const { status, start, end } = byteRange(header, size);
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThan(Math.max(1, size));
          if (status === 206) expect(start).toBeLessThanOrEqual(end);
        }
      }),
    );
  });
});
