/** One camera of one vehicle, without its encoding: the wall picks main or sub. */
export interface Camera {
  /** Terminal phone without leading zeros. */
  vehicleId: string;
  channel: number;
}

export const layouts = [1, 4, 9, 16] as const;
export type Layout = (typeof layouts)[number];
export const cellCount = 16;

/**
 * What is where. There are always 16 cells, of which a layout shows the first n, so that going to a smaller layout and
 * back loses nothing. A camera is on the wall at most once: two tiles of one camera would cost the vehicle twice.
 */
export interface Arrangement {
  layout: Layout;
  cells: readonly (Camera | null)[];
  /** Cell with the selection frame; always within the layout. */
  focus: number;
  /** Cell that fills the wall, the others being hidden. */
  maximised: number | null;
}

export const emptyArrangement: Arrangement = {
  layout: 9,
  cells: Array.from({ length: cellCount }, () => null),
  focus: 0,
  maximised: null,
};

export function cameraName(camera: Camera): string {
  return `${camera.vehicleId}/${camera.channel}`;
}

export function sameCamera(a: Camera | null | undefined, b: Camera | null | undefined): boolean {
  return !!a && !!b && a.vehicleId === b.vehicleId && a.channel === b.channel;
}

export function columnsOf(layout: Layout): number {
  return Math.sqrt(layout);
}

export function cellOf(a: Arrangement, camera: Camera): number {
  return a.cells.findIndex(cell => sameCamera(cell, camera));
}

/** Cameras beyond the layout's last cell: kept, not shown. */
export function hiddenCount(a: Arrangement): number {
  return a.cells.slice(a.layout).filter(cell => cell !== null).length;
}

function exchanged(cells: Arrangement['cells'], from: number, to: number): (Camera | null)[] {
  const next = [...cells];
  [next[from], next[to]] = [next[to] ?? null, next[from] ?? null];
  return next;
}

export function withLayout(a: Arrangement, layout: Layout): Arrangement {
  if (a.layout === layout && a.maximised === null) return a;
  const shown = a.focus < layout;
  // Going to one picture shows the selected one, not whatever happens to be in the first cell.
  if (layout === 1 && a.focus > 0 && a.cells[a.focus])
    return { ...a, layout, cells: exchanged(a.cells, a.focus, 0), focus: 0, maximised: null };
  return { ...a, layout, focus: shown ? a.focus : 0, maximised: null };
}

export function withFocus(a: Arrangement, cell: number): Arrangement {
  if (cell < 0 || cell >= a.layout || cell === a.focus) return a;
  return { ...a, focus: cell, maximised: a.maximised === null ? null : cell };
}

/** Puts a camera into a cell: one that is on the wall already trades places with what is there. */
export function placed(a: Arrangement, camera: Camera, cell: number): Arrangement {
  if (cell < 0 || cell >= a.layout) return a;
  const from = cellOf(a, camera);
  if (from === cell) return { ...a, focus: cell };
  const cells = from >= 0 ? exchanged(a.cells, from, cell) : a.cells.with(cell, camera);
  return { ...a, cells, focus: cell, maximised: a.maximised === null ? null : cell };
}

/** First empty cell of the layout from `start` on, around its end; -1 when it is full. */
export function freeCell(a: Arrangement, start: number): number {
  for (let i = 0; i < a.layout; i++) {
    const cell = (start + i) % a.layout;
    if (a.cells[cell] === null) return cell;
  }
  return -1;
}

/** A camera without a place named: where it is already, else the focused cell if free, else the next free one, else over the focused. */
export function added(a: Arrangement, camera: Camera): Arrangement {
  const there = cellOf(a, camera);
  if (there >= 0 && there < a.layout) return { ...a, focus: there, maximised: a.maximised === null ? null : there };
  const free = freeCell(a, a.focus);
  return placed({ ...a, maximised: null }, camera, free >= 0 ? free : a.focus);
}

/**
 * A vehicle's cameras into the free cells from `start` on, around the end. Cameras on show already stay where they are,
 * nothing is replaced and the layout is not changed: what found no room is counted in `left`.
 */
export function filled(a: Arrangement, cameras: readonly Camera[], start: number): { next: Arrangement; left: number } {
  let next: Arrangement = { ...a, maximised: null };
  let left = 0;
  let first = -1;
  for (const camera of cameras) {
    const there = cellOf(next, camera);
    let cell = there;
    if (there < 0 || there >= next.layout) {
      cell = freeCell(next, first < 0 ? start : first);
      if (cell < 0) {
        left++;
        continue;
      }
      next = { ...next, cells: there >= 0 ? exchanged(next.cells, there, cell) : next.cells.with(cell, camera) };
    }
    if (first < 0) first = cell;
  }
  return { next: { ...next, focus: first < 0 ? next.focus : first }, left };
}

/** The picture that fills the wall goes on filling it. */
export function swapped(a: Arrangement, from: number, to: number): Arrangement {
  if (from === to || from < 0 || to < 0 || from >= a.layout || to >= a.layout) return a;
  const cells = exchanged(a.cells, from, to);
  if (a.maximised === null) return { ...a, cells, focus: to };
  const moved = a.maximised === from ? to : a.maximised === to ? from : a.maximised;
  return { ...a, cells, focus: moved, maximised: moved };
}

export function cleared(a: Arrangement, cell: number): Arrangement {
  if (!a.cells[cell]) return a;
  return { ...a, cells: a.cells.with(cell, null), maximised: a.maximised === cell ? null : a.maximised };
}

export function clearedAll(a: Arrangement): Arrangement {
  return { ...a, cells: emptyArrangement.cells, maximised: null };
}

/** Takes every camera of a forgotten vehicle off the wall. */
export function withoutVehicle(a: Arrangement, vehicleId: string): Arrangement {
  if (!a.cells.some(cell => cell?.vehicleId === vehicleId)) return a;
  const cells = a.cells.map(cell => (cell?.vehicleId === vehicleId ? null : cell));
  return { ...a, cells, maximised: a.maximised !== null && cells[a.maximised] ? a.maximised : null };
}

export function toggledMaximise(a: Arrangement, cell: number): Arrangement {
  if (a.maximised !== null) return { ...a, maximised: null };
  if (!a.cells[cell] || cell >= a.layout) return a;
  return { ...a, maximised: cell, focus: cell };
}

export function restored(a: Arrangement): Arrangement {
  return a.maximised === null ? a : { ...a, maximised: null };
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** Moves the selection one cell; at the edge it stays. While maximised, left and right step through the filled cells. */
export function movedFocus(a: Arrangement, direction: Direction): Arrangement {
  const columns = columnsOf(a.layout);
  if (a.maximised !== null) {
    const step = direction === 'left' || direction === 'up' ? -1 : 1;
    for (let cell = a.focus + step; cell >= 0 && cell < a.layout; cell += step)
      if (a.cells[cell]) return { ...a, focus: cell, maximised: cell };
    return a;
  }
  const row = Math.floor(a.focus / columns);
  const column = a.focus % columns;
  if (direction === 'left') return column > 0 ? { ...a, focus: a.focus - 1 } : a;
  if (direction === 'right') return column < columns - 1 ? { ...a, focus: a.focus + 1 } : a;
  if (direction === 'up') return row > 0 ? { ...a, focus: a.focus - columns } : a;
  return row < columns - 1 ? { ...a, focus: a.focus + columns } : a;
}

export function isShown(a: Arrangement, cell: number): boolean {
  return a.maximised === null ? cell < a.layout : cell === a.maximised;
}
