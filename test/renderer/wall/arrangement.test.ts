import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Arrangement,
  added,
  type Camera,
  cameraName,
  cellCount,
  cellOf,
  cleared,
  clearedAll,
  emptyArrangement,
  filled,
  hiddenCount,
  isShown,
  layouts,
  movedFocus,
  placed,
  restored,
  swapped,
  toggledMaximise,
  withFocus,
  withLayout,
  withoutVehicle,
} from '../../../renderer/wall/arrangement.ts';

const camera = (channel: number, vehicleId = '1390'): Camera => ({ vehicleId, channel });

/** A wall from a row of channels of one vehicle; 0 is an empty cell. */
function wall(channels: number[], over: Partial<Arrangement> = {}): Arrangement {
  const cells = Array.from({ length: cellCount }, (_, i) => (channels[i] ? camera(channels[i]) : null));
  return { ...emptyArrangement, cells, ...over };
}

const channelsOf = (a: Arrangement): number[] => a.cells.slice(0, a.layout).map(cell => cell?.channel ?? 0);

describe('placing', () => {
  it('puts a camera into an empty cell and selects it', () => {
    const next = placed(wall([1]), camera(2), 4);
    expect(channelsOf(next)).toEqual([1, 0, 0, 0, 2, 0, 0, 0, 0]);
    expect(next.focus).toBe(4);
  });

  it('lets a camera that is on the wall trade places instead of appearing twice', () => {
    expect(channelsOf(placed(wall([1, 2, 3]), camera(1), 2))).toEqual([3, 2, 1, 0, 0, 0, 0, 0, 0]);
  });

  it('replaces another camera only where it was dropped on it', () => {
    expect(channelsOf(placed(wall([1, 2]), camera(9), 1))).toEqual([1, 9, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('fetches a camera from beyond the layout', () => {
    const next = placed(wall([1, 2, 3, 4, 5], { layout: 4 }), camera(5), 0);
    expect(channelsOf(next)).toEqual([5, 2, 3, 4]);
    expect(next.cells[4]).toEqual(camera(1));
  });

  it('ignores a cell outside the layout', () => {
    const before = wall([1], { layout: 4 });
    expect(placed(before, camera(2), 4)).toBe(before);
  });

  it('adds to the selected cell when it is free, else to the next free one, else over the selected one', () => {
    expect(channelsOf(added(wall([1, 0, 3], { layout: 4, focus: 1 }), camera(9)))).toEqual([1, 9, 3, 0]);
    expect(channelsOf(added(wall([1, 2, 0, 4], { layout: 4, focus: 3 }), camera(9)))).toEqual([1, 2, 9, 4]);
    expect(channelsOf(added(wall([1, 2, 3, 4], { layout: 4, focus: 2 }), camera(9)))).toEqual([1, 2, 9, 4]);
  });

  it('only selects a camera that is shown already', () => {
    const next = added(wall([1, 2], { focus: 0 }), camera(2));
    expect(channelsOf(next)).toEqual([1, 2, 0, 0, 0, 0, 0, 0, 0]);
    expect(next.focus).toBe(1);
  });
});

describe('filling with a vehicle', () => {
  const four = [1, 2, 3, 4].map(channel => camera(channel, '77'));

  it('takes consecutive free cells from where it was dropped', () => {
    const { next, left } = filled(wall([1]), four, 3);
    expect(next.cells.slice(3, 7)).toEqual(four);
    expect({ left, focus: next.focus }).toEqual({ left: 0, focus: 3 });
  });

  it('skips filled cells, goes round the end, replaces nothing and counts what found no room', () => {
    const { next, left } = filled(wall([1, 0, 3, 0], { layout: 4 }), four, 3);
    expect(next.cells.slice(0, 4)).toEqual([camera(1), four[1], camera(3), four[0]]);
    expect(left).toBe(2);
    expect(next.layout).toBe(4);
  });

  it('leaves cameras that are on show where they are', () => {
    const before = placed(wall([]), four[1]!, 7);
    const { next } = filled(before, four, 0);
    expect(next.cells[7]).toEqual(four[1]);
    expect(next.cells.slice(0, 3)).toEqual([four[0], four[2], four[3]]);
    expect(cellOf(next, four[1]!)).toBe(7);
  });

  it('changes nothing on a full wall', () => {
    const full = wall([1, 2, 3, 4], { layout: 4 });
    expect(filled(full, four, 0)).toEqual({ next: full, left: 4 });
  });
});

describe('layouts', () => {
  it('keeps what a smaller layout hides and brings it back', () => {
    const nine = wall([1, 2, 3, 4, 5, 6]);
    const four = withLayout(nine, 4);
    expect(hiddenCount(four)).toBe(2);
    expect(channelsOf(withLayout(four, 9))).toEqual([1, 2, 3, 4, 5, 6, 0, 0, 0]);
  });

  it('shows the selected camera when it goes to one picture', () => {
    expect(channelsOf(withLayout(wall([1, 2, 3], { focus: 2 }), 1))).toEqual([3]);
  });

  it('keeps the selection inside', () => {
    expect(withLayout(wall([1, 2, 3, 4, 5, 6], { focus: 5 }), 4).focus).toBe(0);
  });

  it('ends an enlargement', () => {
    expect(withLayout(wall([1, 2], { maximised: 1, focus: 1 }), 9).maximised).toBeNull();
  });
});

describe('enlarging', () => {
  it('restores exactly what was there', () => {
    const before = wall([1, 0, 3, 4], { focus: 2 });
    const large = toggledMaximise(before, 2);
    expect(large.maximised).toBe(2);
    expect(toggledMaximise(large, 2)).toEqual(before);
    expect(restored(large)).toEqual(before);
  });

  it('does not enlarge an empty cell', () => {
    const before = wall([1]);
    expect(toggledMaximise(before, 1)).toBe(before);
  });

  it('steps through the filled cells with the arrows and stops at the ends', () => {
    const large = wall([1, 0, 3], { maximised: 0, focus: 0 });
    expect(movedFocus(large, 'right').maximised).toBe(2);
    expect(movedFocus(movedFocus(large, 'right'), 'right').maximised).toBe(2);
    expect(movedFocus(large, 'left')).toBe(large);
  });

  it('shows one cell while enlarged and the layout otherwise', () => {
    const before = wall([1, 2, 3], { layout: 4 });
    expect([0, 3, 4].map(cell => isShown(before, cell))).toEqual([true, true, false]);
    expect([0, 1].map(cell => isShown(toggledMaximise(before, 1), cell))).toEqual([false, true]);
  });

  it('is over when the enlarged tile is cleared', () => {
    expect(cleared(wall([1, 2], { maximised: 1 }), 1).maximised).toBeNull();
  });

  it('stays with its camera when that trades places', () => {
    const enlarged = wall([1, 2, 3], { maximised: 1, focus: 1 });
    expect(swapped(enlarged, 1, 4)).toMatchObject({ maximised: 4, focus: 4 });
    expect(swapped(enlarged, 0, 1)).toMatchObject({ maximised: 0, focus: 0 });
    expect(swapped(enlarged, 0, 2)).toMatchObject({ maximised: 1, focus: 1 });
  });
});

describe('the selection', () => {
  it('moves by one cell and stops at the edges', () => {
    const at = (focus: number) => wall([], { focus });
    expect(movedFocus(at(4), 'left').focus).toBe(3);
    expect(movedFocus(at(4), 'up').focus).toBe(1);
    expect(movedFocus(at(4), 'down').focus).toBe(7);
    expect(movedFocus(at(2), 'right').focus).toBe(2);
    expect(movedFocus(at(7), 'down').focus).toBe(7);
  });

  it('cannot leave the layout', () => {
    const before = wall([1]);
    expect(withFocus(before, 9)).toBe(before);
    expect(withFocus(before, -1)).toBe(before);
  });
});

it('takes every camera of a forgotten vehicle away', () => {
  const before = placed(wall([1, 2]), camera(1, '77'), 5);
  expect(withoutVehicle(before, '1390').cells.filter(Boolean)).toEqual([camera(1, '77')]);
  expect(clearedAll(before).cells.every(cell => cell === null)).toBe(true);
});

describe('whatever is done', () => {
  const cameras = fc.record({ vehicleId: fc.constantFrom('77', '78', '79'), channel: fc.integer({ min: 1, max: 6 }) });
  const cell = fc.integer({ min: -1, max: 16 });
  const step = fc.oneof(
    fc.tuple(cameras, cell).map(
      ([c, at]) =>
        (a: Arrangement) =>
          placed(a, c, at),
    ),
    cameras.map(c => (a: Arrangement) => added(a, c)),
    fc.tuple(cell, cell).map(
      ([from, to]) =>
        (a: Arrangement) =>
          swapped(a, from, to),
    ),
    fc.constantFrom(...layouts).map(layout => (a: Arrangement) => withLayout(a, layout)),
    cell.map(at => (a: Arrangement) => toggledMaximise(a, at)),
    fc.constantFrom('left', 'right', 'up', 'down').map(direction => (a: Arrangement) => movedFocus(a, direction)),
    fc.tuple(fc.array(cameras, { maxLength: 6 }), cell).map(
      ([list, at]) =>
        (a: Arrangement) =>
          filled(a, list, Math.max(0, at)).next,
    ),
  );

  it('no camera is on the wall twice, and selection and enlargement stay within the layout', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        const a = steps.reduce((state, change) => change(state), emptyArrangement);
        const names = a.cells.flatMap(each => (each ? [cameraName(each)] : []));
        expect(new Set(names).size).toBe(names.length);
        expect(a.cells).toHaveLength(cellCount);
        expect(a.focus).toBeLessThan(a.layout);
        if (a.maximised !== null) expect(a.cells[a.maximised]).not.toBeNull();
      }),
    );
  });

  it('a swap never loses a camera', () => {
    fc.assert(
      fc.property(cell, cell, (from, to) => {
        const before = wall([1, 2, 3, 4, 5]);
        const names = (a: Arrangement) => a.cells.flatMap(each => (each ? [cameraName(each)] : [])).sort();
        expect(names(swapped(before, from, to))).toEqual(names(before));
      }),
    );
  });
});
