import { createStore, type StoreApi } from 'zustand/vanilla';

export type DialogName = 'settings' | 'diagnostics' | 'keys' | 'about' | 'vehicle' | 'plans' | 'export' | 'keep';

/** What fills the middle of the console. */
export type Page = 'live' | 'archive';

/** A short word to the operator about what was just done; gone after a few seconds. */
export interface Remark {
  id: number;
  level: 'info' | 'warning';
  /** Key under `remark.` of the dictionary. */
  text: string;
  params: Record<string, string | number>;
}

/** What lies over the wall. */
export interface Desk {
  page: Page;
  dialog: DialogName | null;
  /** Vehicle of the dialog `vehicle`. */
  dialogVehicle: string | null;
  remark: Remark | null;
  fullScreen: boolean;
}

export type DeskStore = StoreApi<Desk>;

export function createDeskStore(): DeskStore {
  return createStore<Desk>()(() => ({
    page: 'live',
    dialog: null,
    dialogVehicle: null,
    remark: null,
    fullScreen: false,
  }));
}
