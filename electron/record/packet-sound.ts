import { type AacTrack, aacFrames } from '../codec/audio/adts.ts';
import { createSoundDecoder, type SoundDecoder, soundCoding } from '../codec/audio/decoder.ts';
import { withoutHisiHeader } from '../codec/audio/hisi-header.ts';
import type { SoundOverride, VehicleCapabilities } from '../contract.ts';
import type { AudioPacket } from '../frames/frame.ts';

/** What is known of a vehicle's sound beside its packets. */
export interface SoundFacts {
  readonly sound?: SoundOverride;
  readonly capabilities?: Pick<VehicleCapabilities, 'audioSampleRate' | 'audioChannels'>;
}

/** One packet's sound: samples of one channel, or AAC as it was sent. */
export type PacketSound =
  | { readonly kind: 'pcm'; readonly samples: Int16Array<ArrayBuffer>; readonly sampleRate: number }
  | { readonly kind: 'aac'; readonly track: AacTrack; readonly frames: readonly Uint8Array[] };

/** Reads the sound of one camera's packets, whatever their coding; a change of it begins anew. */
export class PacketReader {
  readonly #facts: () => SoundFacts;
  #payloadType = -1;
  #codec = '';
  #decoder: SoundDecoder | undefined;
  #known = '';
  #stated = { sampleRate: 0, channels: 1 };

  constructor(facts: () => SoundFacts) {
    this.#facts = facts;
  }

  /** Table 12's name of what came last; '' before the first packet. */
  get codec(): string {
    return this.#codec;
  }

  /** `unsupported`: nothing here decodes that coding · `damaged`: this packet is none of its coding. */
  read({ payloadType, ptsMs, data }: AudioPacket): PacketSound | 'unsupported' | 'damaged' {
    if (payloadType !== this.#payloadType) this.#begin(payloadType);
    if (this.#decoder) {
      const { channels, sampleRate } = this.#decoder;
      const samples = this.#decoder.decode(data, ptsMs);
      return { kind: 'pcm', samples: channels === 1 ? samples : oneChannel(samples, channels), sampleRate };
    }
    if (soundCoding(payloadType).handling !== 'aac') return 'unsupported';
    if (this.#stated.sampleRate === 0) this.refresh();
    const found = aacFrames(withoutHisiHeader(data), this.#stated);
    return found ? { kind: 'aac', ...found } : 'damaged';
  }

  /** Takes up what the terminal and the operator said of this vehicle's sound since. */
  refresh(): void {
    if (this.#payloadType >= 0 && knowledge(this.#facts()) !== this.#known) this.#begin(this.#payloadType);
  }

  #begin(payloadType: number): void {
    const facts = this.#facts();
    const { sound, capabilities } = facts;
    this.#payloadType = payloadType;
    this.#known = knowledge(facts);
    this.#stated = { sampleRate: capabilities?.audioSampleRate ?? 0, channels: capabilities?.audioChannels ?? 1 };
    this.#codec = soundCoding(payloadType).name;
    this.#decoder = createSoundDecoder(payloadType, sound);
  }
}

function knowledge({ sound, capabilities }: SoundFacts): string {
  return JSON.stringify([sound, capabilities?.audioSampleRate, capabilities?.audioChannels]);
}

/** The channels' mean. */
function oneChannel(samples: Int16Array, channels: number): Int16Array<ArrayBuffer> {
  const mixed = new Int16Array(samples.length / channels);
  for (let at = 0; at < mixed.length; at++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += samples[at * channels + channel]!;
    mixed[at] = Math.trunc(sum / channels);
  }
  return mixed;
}
