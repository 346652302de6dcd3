import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstSize, leastSize, placeWindow, readWindowState } from '../electron/window-state.ts';

const primary = { x: 0, y: 24, width: 1920, height: 1056 };
const right = { x: 1920, y: 0, width: 2560, height: 1440 };
const normal = { maximized: false, fullScreen: false };

describe('placeWindow', () => {
  it('opens in the middle of the first display the first time', () => {
    expect(placeWindow(undefined, [primary, right])).toEqual({ x: 240, y: 102, ...firstSize, ...normal });
  });

  it('comes back where it was, on the second display too', () => {
    const saved = { x: 2000, y: 100, width: 1600, height: 1000, maximized: true, fullScreen: false };
    expect(placeWindow(saved, [primary, right])).toEqual(saved);
  });

  it('moves onto a display that is there when its own is gone', () => {
    const saved = { x: 2400, y: 100, width: 2400, height: 1400, ...normal };
    expect(placeWindow(saved, [primary])).toEqual({ x: 0, y: 24, width: 1920, height: 1056, ...normal });
  });

  it('moves when only a sliver or only the part below its title bar can be reached', () => {
    expect(placeWindow({ x: 1900, y: 100, width: 1000, height: 700, ...normal }, [primary]).x).toBe(920);
    expect(placeWindow({ x: 100, y: -300, width: 1000, height: 700, ...normal }, [primary]).y).toBe(24);
  });

  it('can always be grabbed, and is never larger than its display', () => {
    const side = fc.integer({ min: 200, max: 5000 });
    const place = fc.integer({ min: -8000, max: 8000 });
    const rectangle = fc.record({ x: place, y: place, width: side, height: side });
    fc.assert(
      fc.property(rectangle, fc.array(rectangle, { minLength: 1, maxLength: 4 }), (saved, areas) => {
        const placed = placeWindow({ ...saved, ...normal }, areas);
        const fits = areas.some(
          one =>
            Math.min(placed.x + placed.width, one.x + one.width) - Math.max(placed.x, one.x) >= 120 &&
            placed.y >= one.y &&
            placed.y + 24 <= one.y + one.height &&
            placed.width <= one.width &&
            placed.height <= one.height,
        );
        expect(fits).toBe(true);
      }),
    );
  });
});

describe('readWindowState', () => {
  it('reads what was kept and raises it to the least size', () => {
    expect(readWindowState({ x: 1.4, y: 2, width: 10, height: 10, maximized: true, fullScreen: 1 })).toEqual({
      x: 1,
      y: 2,
      ...leastSize,
      maximized: true,
      fullScreen: false,
    });
  });

  it.each([null, 5, 'x', [], {}, { x: 1, y: 2, width: Number.NaN, height: 3 }, { x: '1', y: 2, width: 3, height: 4 }])(
    'takes %j for nothing',
    value => {
      expect(readWindowState(value)).toBeUndefined();
    },
  );
});
