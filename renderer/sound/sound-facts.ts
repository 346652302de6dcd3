import type { Vehicle } from '../../electron/contract.ts';
import type { SoundFacts } from './packet-decoder.ts';

/** What is known of a vehicle's sound before a packet has come. */
export function soundFacts(vehicle: Vehicle | undefined): SoundFacts {
  const { capabilities } = vehicle ?? {};
  if (!capabilities || capabilities.audioSampleRate <= 0 || capabilities.audioChannels <= 0) return {};
  return { stated: { sampleRate: capabilities.audioSampleRate, channels: capabilities.audioChannels } };
}
