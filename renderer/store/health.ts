import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Health } from '../../electron/contract.ts';

export interface HealthState {
  health?: Health;
}

export type HealthStore = StoreApi<HealthState>;

export function createHealthStore(): HealthStore {
  return createStore<HealthState>()(() => ({}));
}
