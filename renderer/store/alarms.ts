import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AlarmRow, ErrorCode, PassengerRow, PictureRow } from '../../electron/contract.ts';

export const alarmViews = ['alarms', 'pictures', 'passengers'] as const;
export type AlarmView = (typeof alarmViews)[number];

/** How alarms are gathered for the filter by kind. */
export const alarmGroups = ['danger', 'driving', 'video', 'route', 'device', 'other'] as const;
export type AlarmGroup = (typeof alarmGroups)[number];

export interface AlarmsState {
  view: AlarmView;
  /** Only of this vehicle. */
  vehicleId: string | null;
  level: AlarmRow['level'] | null;
  group: AlarmGroup | null;
  openOnly: boolean;
  selected: string | null;
  /** Beyond what the server tells by itself, oldest last. */
  older: readonly AlarmRow[];
  olderEnded: boolean;
  olderPictures: readonly PictureRow[];
  passengers: readonly PassengerRow[];
  asking: boolean;
  trouble?: ErrorCode;
  /** A vehicle is asked for a picture. */
  taking: boolean;
  /** Camera that the next picture is asked of. */
  channel: number;
  /** Picture that fills the page. */
  enlarged: string | null;
}

export type AlarmsStore = StoreApi<AlarmsState>;

export function createAlarmsStore(): AlarmsStore {
  return createStore<AlarmsState>()(() => ({
    view: 'alarms',
    vehicleId: null,
    level: null,
    group: null,
    openOnly: false,
    selected: null,
    older: [],
    olderEnded: false,
    olderPictures: [],
    passengers: [],
    asking: false,
    taking: false,
    channel: 1,
    enlarged: null,
  }));
}
