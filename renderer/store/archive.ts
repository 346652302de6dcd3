import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ArchiveEvent, Bookmark, CameraKey, ErrorCode, Rpc, TrackPoint } from '../../electron/contract.ts';
import type { PaneState } from '../archive/player/archive-pane.ts';
import type { SoundKind } from '../archive/player/archive-sound.ts';
import type { LaneMap, Span } from '../archive/player/lane-map.ts';

export type MonthCamera = Rpc['archive.month']['value']['cameras'][number];

/** Panes that fit: three by three. */
export const paneCeiling = 9;

/** What the archive shows. The moment that is shown is the clock's, not the store's: it moves with every picture. */
export interface ArchiveState {
  /** Local midnight of the day that is looked at. */
  day: number;
  year: number;
  /** 1 to 12. */
  month: number;
  /** Cameras with footage in the month. */
  found: readonly MonthCamera[];
  /** The server's answer is still to come. */
  asking: boolean;
  trouble?: ErrorCode;
  /** In panes, in this order; at most nine. */
  cameras: readonly CameraKey[];
  focus: number;
  /** `cameraKeyName` of the pane that is heard whichever has the focus; absent: the one that has it. */
  ear?: string | undefined;
  /** The pane that is heard now, and what of it. */
  sound?: { name: string; kind: SoundKind } | undefined;
  /** One pane fills the place of all. */
  enlarged: boolean;
  /** By `cameraKeyName`, of the stretch `loaded`. */
  lanes: ReadonlyMap<string, LaneMap>;
  loaded: Span;
  events: readonly ArchiveEvent[];
  bookmarks: readonly Bookmark[];
  track: readonly TrackPoint[];
  /** What the timeline shows. */
  view: Span;
  playing: boolean;
  rate: number;
  /** Marked for export or for keeping. */
  marks: Span | null;
  panes: ReadonlyMap<string, PaneState>;
  /** By `cameraKeyName`: how much a picture is enlarged within its pane, 1 to 8; absent: shown whole. */
  scales: ReadonlyMap<string, number>;
}

export type ArchiveStore = StoreApi<ArchiveState>;

export function createArchiveStore(day: number): ArchiveStore {
  const date = new Date(day);
  return createStore<ArchiveState>()(() => ({
    day,
    year: date.getFullYear(),
    month: date.getMonth() + 1,
    found: [],
    asking: true,
    cameras: [],
    focus: 0,
    enlarged: false,
    lanes: new Map(),
    loaded: { from: 0, to: 0 },
    events: [],
    bookmarks: [],
    track: [],
    view: { from: day, to: day + 24 * 3_600_000 },
    playing: false,
    rate: 1,
    marks: null,
    panes: new Map(),
    scales: new Map(),
  }));
}

export function cameraKeyName(key: CameraKey): string {
  return `${key.vehicleId}/${key.channel}/${key.stream}`;
}

export function bareKey({ vehicleId, channel, stream }: CameraKey): CameraKey {
  return { vehicleId, channel, stream };
}
