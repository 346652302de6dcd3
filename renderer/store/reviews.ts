import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PaneState } from '../archive/player/archive-pane.ts';
import type { SoundKind } from '../archive/player/archive-sound.ts';

/** A tile that shows its recording instead of the live picture. */
export interface Review {
  playing: boolean;
  pane: PaneState;
  /** The last live picture, until there is one of the recording. */
  frozen: HTMLCanvasElement | undefined;
  /** What is heard of it while it is listened to; undefined while it is not, or until that is known. */
  sound: SoundKind | undefined;
}

export interface ReviewState {
  /** By `vehicleId/channel`. */
  reviews: ReadonlyMap<string, Review>;
}

export type ReviewsStore = StoreApi<ReviewState>;

export function createReviewsStore(): ReviewsStore {
  return createStore<ReviewState>()(() => ({ reviews: new Map() }));
}
