import { createStore, type StoreApi } from 'zustand/vanilla';
import type { StreamKind } from '../../electron/contract.ts';

export type DialogName =
  | 'settings'
  | 'diagnostics'
  | 'keys'
  | 'about'
  | 'vehicle'
  | 'plans'
  | 'export'
  | 'keep'
  | 'doctor'
  | 'peers'
  | 'usage'
  | 'trace'
  | 'transfers'
  | 'upload'
  | 'broadcast'
  | 'text'
  | 'parameters'
  | 'control';

/** What fills the middle of the console. */
export const pages = ['live', 'map', 'archive', 'alarms'] as const;
export type Page = (typeof pages)[number];

/** A short word to the operator about what was just done; gone after a few seconds. */
export interface Remark {
  id: number;
  level: 'info' | 'warning';
  /** Key under `remark.` of the dictionary. */
  text: string;
  params: Record<string, string | number>;
  /** What can be done about it, with a button. */
  action?: 'showSaved';
}

/** What the connection doctor is asked about; channel 0 is the vehicle itself. */
export interface DoctorSubject {
  vehicleId: string;
  channel: number;
  stream: StreamKind;
}

/** What lies over the wall. */
export interface Desk {
  page: Page;
  dialog: DialogName | null;
  /** Vehicle of the dialogs `vehicle` and `trace`. */
  dialogVehicle: string | null;
  doctor: DoctorSubject | null;
  /** Row of the settings that is asked for; '' shows them all. */
  dialogSetting: string;
  /** Dialog that is shown again when the present one is closed. */
  dialogBack: DialogName | null;
  /** Name of the camera that is steered; '' for none. */
  steered: string;
  /** Counts how often all vehicles were asked for on the map. */
  mapFits: number;
  remark: Remark | null;
  fullScreen: boolean;
}

export type DeskStore = StoreApi<Desk>;

export function createDeskStore(): DeskStore {
  return createStore<Desk>()(() => ({
    page: 'live',
    dialog: null,
    dialogVehicle: null,
    doctor: null,
    dialogSetting: '',
    dialogBack: null,
    steered: '',
    mapFits: 0,
    remark: null,
    fullScreen: false,
  }));
}
