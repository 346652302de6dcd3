import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ErrorCode, StreamKind, StreamStatus, VideoCodec } from '../../electron/contract.ts';
import type { UndecodableReason } from '../player/picture-state.ts';

/**
 * What a tile says. disconnected: the console has no way to the server, so nothing on the tile can be called present ·
 * paused: nobody sees it and its stream is closed · the rest as in player/picture-state.ts.
 */
export const tileKinds = [
  'opening',
  'live',
  'stalled',
  'waiting',
  'lost',
  'offline',
  'refused',
  'undecodable',
  'ended',
  'disconnected',
  'paused',
] as const;
export type TileKind = (typeof tileKinds)[number];

/** The part of a tile's state that changes its look. Ages and figures are read from the player when they are drawn. */
export interface TileState {
  kind: TileKind;
  /** Encoding of the picture that is shown. */
  stream: StreamKind;
  /** Encoding that is being opened behind it. */
  next?: StreamKind;
  /** The better encoding was asked for and did not come: why. */
  fallback?: ErrorCode;
  /** A picture, present or past, is on the tile. */
  hasPicture: boolean;
  /** When this began, ms since 1970. */
  since: number;
  steps: StreamStatus['steps'];
  target?: string;
  attempts: number;
  code?: ErrorCode;
  message?: string;
  codec?: VideoCodec;
  payloadType?: number;
  reason?: UndecodableReason;
}

export interface Tiles {
  /** By `cameraName`. */
  tiles: ReadonlyMap<string, TileState>;
}

export type TilesStore = StoreApi<Tiles>;

export function createTilesStore(): TilesStore {
  return createStore<Tiles>()(() => ({ tiles: new Map() }));
}

export function withTile(state: Tiles, name: string, tile: TileState | undefined): Tiles {
  const before = state.tiles.get(name);
  if (tile === before || (tile && before && sameTile(tile, before))) return state;
  const tiles = new Map(state.tiles);
  if (tile) tiles.set(name, tile);
  else tiles.delete(name);
  return { tiles };
}

/** Both come from one function and carry a handful of plain fields: comparing their text is exact. */
function sameTile(a: TileState, b: TileState): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
