import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CameraKey, ErrorCode, StoredList } from '../../../electron/contract.ts';
import type { PictureState } from '../../player/picture-state.ts';
import type { EarState } from '../../store/hearing.ts';

/** What is known of one vehicle's disk on one day. */
export type VehicleList =
  | { kind: 'asking' }
  /** `isAskedAgain`: the list is of before. */
  | { kind: 'list'; list: StoredList; isAskedAgain?: true }
  | { kind: 'failed'; code: ErrorCode };

/** A camera whose pane shows what its vehicle plays. */
export interface VehiclePlay {
  camera: CameraKey;
  /** `cameraKeyName`. */
  name: string;
  /** Of `playback.open`; absent until that was answered. */
  playback?: string;
  /** The player's; absent until there is one. */
  element?: HTMLElement;
  picture?: PictureState;
  /** How its sound goes; absent until it is asked for. */
  ear?: EarState;
  /** It is over, or never began. */
  error?: { code: ErrorCode };
}

export interface VehicleView {
  /** The lanes are shown. */
  open: boolean;
  /** By vehicle and day, see `listName`. */
  lists: ReadonlyMap<string, VehicleList>;
  play: VehiclePlay | null;
}
export type VehicleStore = StoreApi<VehicleView>;

export function createVehicleStore(): VehicleStore {
  return createStore<VehicleView>()(() => ({ open: false, lists: new Map(), play: null }));
}

/** @param day local midnight */
export function listName(vehicleId: string, day: number): string {
  return `${vehicleId}/${day}`;
}
