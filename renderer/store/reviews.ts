import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PaneState } from '../archive/player/archive-pane.ts';

/** A tile that shows its recording instead of the live picture. */
export interface Review {
  playing: boolean;
  pane: PaneState;
  /** The last live picture, until there is one of the recording. */
  frozen: HTMLCanvasElement | undefined;
}

export interface ReviewState {
  /** By `vehicleId/channel`. */
  reviews: ReadonlyMap<string, Review>;
}

export type ReviewsStore = StoreApi<ReviewState>;

export function createReviewsStore(): ReviewsStore {
  return createStore<ReviewState>()(() => ({ reviews: new Map() }));
}
