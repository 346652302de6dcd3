import { beforeEach, expect, it } from 'vitest';
import { createTilesStore, type TilesStore } from '../../../renderer/store/tiles.ts';
import {
  type Arrangement,
  cleared,
  emptyArrangement,
  placed,
  restored,
  swapped,
  toggledMaximise,
  withLayout,
} from '../../../renderer/wall/arrangement.ts';
import { hiddenPageMs, PlayerPool, pauseAfterMs } from '../../../renderer/wall/player-pool.ts';
import { FakeOpener, FakeStage, HandClock, settle } from './fake-player.ts';

let clock: HandClock;
let opener: FakeOpener;
let tiles: TilesStore;
let pool: PlayerPool<FakeStage>;

const camera = (channel: number) => ({ vehicleId: '77', channel });
const asked = () => opener.asked.map(key => `${key.channel}${key.stream}`);
const wallOf = (channels: number[]): Arrangement =>
  channels.reduce((a, channel, cell) => placed(a, camera(channel), cell), emptyArrangement);

async function show(a: Arrangement): Promise<void> {
  pool.arrange(a);
  await settle();
  for (const player of opener.running) if (player.snapshot().framesPresented === 0) player.become({ kind: 'live' });
}

beforeEach(() => {
  clock = new HandClock();
  opener = new FakeOpener();
  tiles = createTilesStore();
  pool = new PlayerPool<FakeStage>({
    tiles,
    clock,
    open: opener.open,
    createPlayer: opener.createPlayer,
    createStage: () => new FakeStage(),
    isSoundOnly: ({ channel }) => channel === 9,
  });
  pool.linkBack();
});

it('opens every visible camera once and tells the tiles store', async () => {
  await show(wallOf([1, 2]));
  expect(asked()).toEqual(['1sub', '2sub']);
  expect([...tiles.getState().tiles].map(([name, tile]) => [name, tile.kind])).toEqual([
    ['77/1', 'live'],
    ['77/2', 'live'],
  ]);
});

it('opens nothing for a channel that has sound only', async () => {
  await show(wallOf([1, 9]));
  expect(asked()).toEqual(['1sub']);
  await show(toggledMaximise(wallOf([1, 9]), 1));
  expect(asked()).toEqual(['1sub']);
});

it('keeps players through swaps and layouts', async () => {
  const wall = wallOf([1, 2, 3]);
  await show(wall);
  const stage = pool.stage(camera(1));
  await show(swapped(wall, 0, 8));
  await show(withLayout(wall, 4));
  await show(withLayout(wall, 16));
  expect(opener.players).toHaveLength(3);
  expect(opener.running).toHaveLength(3);
  expect(pool.stage(camera(1))).toBe(stage);
});

it('closes a cleared camera at once', async () => {
  const wall = wallOf([1, 2]);
  await show(wall);
  await show(cleared(wall, 0));
  expect(opener.players[0]!.closed).toBe(true);
  expect([...tiles.getState().tiles.keys()]).toEqual(['77/2']);
});

it('lets hidden tiles go after a while and has them back with the grid', async () => {
  const wall = wallOf([1, 2, 3]);
  await show(wall);
  const large = toggledMaximise(wall, 0);
  await show(large);
  expect(opener.running).toHaveLength(3);
  clock.pass(pauseAfterMs - 1);
  expect(opener.running).toHaveLength(3);
  clock.pass(1);
  expect(opener.running).toHaveLength(1);
  expect(tiles.getState().tiles.get('77/2')?.kind).toBe('paused');
  expect(tiles.getState().tiles.get('77/1')?.stream).toBe('main');
  await show(restored(large));
  expect(asked().slice(-3).sort()).toEqual(['1sub', '2sub', '3sub']);
  expect([...tiles.getState().tiles.values()].map(tile => tile.kind)).toEqual(['live', 'live', 'live']);
});

it('costs the hidden tiles nothing when it was only a look', async () => {
  const wall = wallOf([1, 2, 3]);
  await show(wall);
  await show(toggledMaximise(wall, 0));
  clock.pass(pauseAfterMs - 500);
  await show(wall);
  clock.pass(60_000);
  expect(opener.players[1]!.closed).toBe(false);
  expect(opener.players[2]!.closed).toBe(false);
});

it('lets every vehicle go when the page has been hidden for long, and only then', async () => {
  await show(wallOf([1, 2]));
  pool.setPageHidden(true);
  expect(opener.players[0]!.hidden).toBe(true);
  clock.pass(hiddenPageMs - 1);
  expect(opener.running).toHaveLength(2);
  clock.pass(1);
  expect(opener.running).toHaveLength(0);
  pool.setPageHidden(false);
  await settle();
  expect(opener.running).toHaveLength(2);
});

it('keeps the streams through a short absence', async () => {
  await show(wallOf([1]));
  pool.setPageHidden(true);
  clock.pass(hiddenPageMs / 2);
  pool.setPageHidden(false);
  clock.pass(hiddenPageMs * 2);
  expect(opener.players).toHaveLength(1);
  expect(opener.running[0]!.hidden).toBe(false);
});

it('marks every tile when the connection is lost and opens all again after it', async () => {
  await show(wallOf([1, 2]));
  pool.linkLost();
  expect([...tiles.getState().tiles.values()].map(tile => tile.kind)).toEqual(['disconnected', 'disconnected']);
  pool.linkBack();
  await settle();
  expect(opener.asked).toHaveLength(4);
});

it('gives new players the chosen fit', async () => {
  pool.setFit('cover');
  await show(wallOf([1]));
  expect(opener.players[0]!.fit).toBe('cover');
  pool.setFit('fill');
  expect(opener.players[0]!.fit).toBe('fill');
});
