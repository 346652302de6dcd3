import type { Vehicle } from '../../electron/contract.ts';
import type { SoundFacts } from './packet-decoder.ts';

/** What is known of a vehicle's sound before a packet has come. */
export function soundFacts(vehicle: Pick<Vehicle, 'capabilities' | 'sound'> | undefined): SoundFacts {
  const { capabilities, sound } = vehicle ?? {};
  const facts: SoundFacts = {};
  if (sound) facts.options = { ...sound };
  if (capabilities && capabilities.audioSampleRate > 0 && capabilities.audioChannels > 0)
    facts.stated = { sampleRate: capabilities.audioSampleRate, channels: capabilities.audioChannels };
  return facts;
}
