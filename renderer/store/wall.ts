import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type Arrangement,
  type Camera,
  cellCount,
  cellOf,
  emptyArrangement,
  type Layout,
  layouts,
} from '../wall/arrangement.ts';
import { isRecord, type Keeping, keep, readKept, type Shelf } from './kept.ts';

export type WallStore = StoreApi<Arrangement>;

function readCamera(value: unknown): Camera | null {
  if (!isRecord(value) || typeof value.vehicleId !== 'string' || typeof value.channel !== 'number') return null;
  const { vehicleId, channel } = value;
  if (!/^[0-9A-F]{1,20}$/.test(vehicleId) || !Number.isInteger(channel) || channel < 1 || channel > 255) return null;
  return { vehicleId, channel };
}

/** An arrangement as it was written, with whatever does not fit left out; undefined when nothing of it can be used. */
export function checkArrangement(value: unknown): Arrangement | undefined {
  if (!isRecord(value) || !layouts.includes(value.layout as Layout) || !Array.isArray(value.cells)) return undefined;
  const layout = value.layout as Layout;
  let cells: readonly (Camera | null)[] = emptyArrangement.cells;
  for (let i = 0; i < Math.min(cellCount, value.cells.length); i++) {
    const camera = readCamera(value.cells[i]);
    if (camera && cellOf({ ...emptyArrangement, cells }, camera) < 0) cells = cells.with(i, camera);
  }
  const inLayout = (cell: unknown): cell is number =>
    Number.isInteger(cell) && Number(cell) >= 0 && Number(cell) < layout;
  const maximised = inLayout(value.maximised) && cells[value.maximised] ? value.maximised : null;
  return { layout, cells, focus: maximised ?? (inLayout(value.focus) ? value.focus : 0), maximised };
}

const keeping: Keeping<Arrangement, Arrangement> = {
  key: 'convoy.wall',
  version: 1,
  pick: ({ layout, cells, focus, maximised }) => ({ layout, cells, focus, maximised }),
  check: checkArrangement,
};

/** The wall as it was left. Change it with the functions of arrangement.ts: `store.setState(a => placed(a, …))`. */
export function createWallStore(shelf: Shelf): WallStore {
  const store = createStore<Arrangement>()(() => ({ ...emptyArrangement, ...readKept(shelf, keeping) }));
  keep(store, shelf, keeping);
  return store;
}

/** Whether anybody has ever put something on this wall. */
export function wasArranged(shelf: Shelf): boolean {
  try {
    return shelf.getItem(keeping.key) !== null;
  } catch {
    return true;
  }
}
