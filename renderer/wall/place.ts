import type { CSSProperties } from 'react';
import { columnsOf, type Layout } from './arrangement.ts';

/** Row and column of a cell in the grid; the whole grid while it is maximised. */
export function cellPlace(cell: number, layout: Layout, maximised: number | null): CSSProperties {
  if (maximised === cell) return { gridColumn: '1 / -1', gridRow: '1 / -1' };
  const columns = columnsOf(layout);
  return { gridColumn: (cell % columns) + 1, gridRow: Math.floor(cell / columns) + 1 };
}
