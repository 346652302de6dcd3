import type { SoundFacts } from './packet-sound.ts';

/** What a recording has to know of its vehicle. */
export interface RecordedVehicle extends SoundFacts {
  readonly headerId: string;
  readonly plate: string;
}
