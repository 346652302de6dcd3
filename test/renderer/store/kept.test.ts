import { expect, it } from 'vitest';
import { pageShelf, type Shelf } from '../../../renderer/store/kept.ts';
import { createPreferencesStore } from '../../../renderer/store/preferences.ts';
import { checkArrangement, createWallStore } from '../../../renderer/store/wall.ts';
import { cellCount, placed, toggledMaximise, withLayout } from '../../../renderer/wall/arrangement.ts';

class MemoryShelf implements Shelf {
  readonly items = new Map<string, string>();

  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }
}

it('brings the wall back as it was left', () => {
  const shelf = new MemoryShelf();
  const wall = createWallStore(shelf);
  wall.setState(a => placed(a, { vehicleId: '13912345678', channel: 3 }, 5));
  wall.setState(a => withLayout(a, 16));
  wall.setState(a => toggledMaximise(a, 5));
  expect(createWallStore(shelf).getState()).toEqual(wall.getState());
});

it.each([
  ['nonsense', '{{{'],
  ['another version', '{"version":99,"value":{"layout":4,"cells":[]}}'],
  ['another shape', '{"version":1,"value":[1,2]}'],
  ['no layout of ours', '{"version":1,"value":{"layout":7,"cells":[]}}'],
])('starts empty from %s', (_, text) => {
  const shelf = new MemoryShelf();
  shelf.items.set('convoy.wall', text);
  const { layout, cells } = createWallStore(shelf).getState();
  expect(layout).toBe(9);
  expect(cells.every(cell => cell === null)).toBe(true);
});

it('leaves out what does not fit and keeps the rest', () => {
  const good = { vehicleId: '139', channel: 1 };
  const cells = [good, { vehicleId: '<script>', channel: 1 }, { vehicleId: '139', channel: 0 }, good, 'x', null];
  const read = checkArrangement({ layout: 4, cells, focus: 99, maximised: 1 });
  expect(read?.cells).toHaveLength(cellCount);
  expect(read?.cells.filter(Boolean)).toEqual([good]);
  expect(read).toMatchObject({ layout: 4, focus: 0, maximised: null });
});

it('goes on when nothing can be kept', () => {
  const full: Shelf = {
    getItem: () => {
      throw new Error('forbidden');
    },
    setItem: () => {
      throw new Error('full');
    },
  };
  const wall = createWallStore(full);
  wall.setState(a => withLayout(a, 4));
  expect(wall.getState().layout).toBe(4);
  expect(pageShelf().getItem('anything')).toBeNull();
});

it('keeps preferences one by one', () => {
  const shelf = new MemoryShelf();
  shelf.items.set(
    'convoy.preferences',
    '{"version":1,"value":{"language":"zh","engine":"vlc","fit":"cover","rail":"yes"}}',
  );
  const preferences = createPreferencesStore(shelf, { language: 'en', rail: false });
  expect(preferences.getState()).toEqual({
    language: 'zh',
    engine: 'auto',
    fit: 'cover',
    figures: false,
    rail: false,
    fleet: true,
    volume: 80,
    operator: '',
    steerSpeed: 128,
  });
  preferences.setState({ figures: true });
  expect(createPreferencesStore(shelf).getState()).toMatchObject({ language: 'zh', figures: true });
});
