import { createStore, type StoreApi } from 'zustand/vanilla';
import { isRecord, type Keeping, keep, readKept, type Shelf } from './kept.ts';

export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];
export const engineChoices = ['auto', 'jmuxer', 'webcodecs'] as const;
export type EngineChoice = (typeof engineChoices)[number];
export const fits = ['contain', 'cover', 'fill'] as const;
export type Fit = (typeof fits)[number];

/** What belongs to this desk, not to the server. */
export interface Preferences {
  language: Language;
  /** Decoder behind the tiles; auto lets the player choose and fall back. */
  engine: EngineChoice;
  fit: Fit;
  /** Latency and the other extra figures on every tile. */
  figures: boolean;
  /** The notices rail is open. */
  rail: boolean;
  /** The fleet list is open. */
  fleet: boolean;
  /** Of cameras that are listened to: 0 to 100. */
  volume: number;
  /** Who confirms alarms here; empty: nobody in particular. */
  operator: string;
  /** At which cameras turn, 1 to 255. */
  steerSpeed: number;
}

export type PreferencesStore = StoreApi<Preferences>;

function checkPreferences(value: unknown): Partial<Preferences> | undefined {
  if (!isRecord(value)) return undefined;
  const kept: Partial<Preferences> = {};
  if (languages.includes(value.language as Language)) kept.language = value.language as Language;
  if (engineChoices.includes(value.engine as EngineChoice)) kept.engine = value.engine as EngineChoice;
  if (fits.includes(value.fit as Fit)) kept.fit = value.fit as Fit;
  for (const flag of ['figures', 'rail', 'fleet'] as const)
    if (typeof value[flag] === 'boolean') kept[flag] = value[flag];
  if (typeof value.operator === 'string') kept.operator = value.operator.slice(0, 80);
  if (typeof value.volume === 'number' && value.volume >= 0 && value.volume <= 100) kept.volume = value.volume;
  const { steerSpeed } = value;
  if (typeof steerSpeed === 'number' && steerSpeed >= 1 && steerSpeed <= 255) kept.steerSpeed = Math.round(steerSpeed);
  return kept;
}

const keeping: Keeping<Preferences, Preferences> = {
  key: 'convoy.preferences',
  version: 1,
  pick: state => ({ ...state }),
  check: checkPreferences,
};

export function createPreferencesStore(shelf: Shelf, first: Partial<Preferences> = {}): PreferencesStore {
  const defaults: Preferences = {
    language: 'en',
    engine: 'auto',
    fit: 'contain',
    figures: false,
    rail: true,
    fleet: true,
    volume: 80,
    operator: '',
    steerSpeed: 128,
  };
  const store = createStore<Preferences>()(() => ({ ...defaults, ...first, ...readKept(shelf, keeping) }));
  keep(store, shelf, keeping);
  return store;
}
