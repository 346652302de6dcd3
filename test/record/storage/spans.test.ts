import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clipped, common, heldSpans, joined, lengthOf, without } from '../../../electron/record/storage/spans.ts';

const span = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }))
  .map(([from, length]) => ({ from, to: from + length }));
const spans = fc.array(span, { maxLength: 8 });
/** The whole seconds that any of them covers: the slow, plain way. */
const moments = (of: readonly { from: number; to: number }[]) =>
  new Set(of.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i)));

const both = (a: Set<number>, b: Set<number>) => new Set([...a].filter(at => b.has(at)));
const only = (a: Set<number>, b: Set<number>) => new Set([...a].filter(at => !b.has(at)));

describe('stretches of time', () => {
  it('joined cover what they covered, once', () => {
    fc.assert(
      fc.property(spans, some => {
        const one = joined(some);
        expect(moments(one)).toEqual(moments(some));
        expect(lengthOf(one)).toBe(moments(some).size);
      }),
    );
  });

  it('are what is in the one and not, or as well, in the other', () => {
    fc.assert(
      fc.property(spans, spans, (a, b) => {
        const one = joined(a);
        const other = joined(b);
        expect(moments(without(one, other))).toEqual(only(moments(one), moments(other)));
        expect(moments(common(one, other))).toEqual(both(moments(one), moments(other)));
        expect(moments(clipped(one, { from: 10, to: 30 }))).toEqual(
          both(moments(one), moments([{ from: 10, to: 30 }])),
        );
      }),
    );
  });

  it('are held where files are and no gap was noted', () => {
    const file = (from: number, to: number, state = 'complete') => ({ from, to, state }) as never;
    const lane = {
      segments: [file(0, 10_000), file(10_400, 20_000), file(30_000, 40_000), file(50_000, 60_000, 'missing')],
      gaps: [{ from: 4000, to: 5000, cause: 'loss' as const }],
    };
    expect(heldSpans(lane, { from: 2000, to: 35_000 })).toEqual([
      { from: 2000, to: 4000 },
      { from: 5000, to: 20_000 },
      { from: 30_000, to: 35_000 },
    ]);
  });
});
