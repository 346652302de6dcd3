import {
  createSoundDecoder,
  type SoundDecoder,
  type SoundOptions,
  soundCoding,
} from '../../electron/codec/audio/decoder.ts';
import { AacDecoder } from './aac-decoder.ts';
import type { SoundBlock } from './jitter-buffer.ts';

/** What is known of a vehicle's sound beside its packets. */
export interface SoundFacts {
  /** By 0x1003: for AAC without headers of its own. Hz, and channels. */
  stated?: { sampleRate: number; channels: number };
  /** As the operator set it for this vehicle. */
  options?: SoundOptions;
}

export interface CodedPacket {
  readonly ptsMs: number;
  readonly data: Uint8Array;
}

/** Turns packets of one payload type into blocks, at once or a little later. */
export interface PacketDecoder {
  /** The reading in use, for a person. */
  readonly reading: string;
  /** False: the packet could not be decoded. */
  decode(packet: CodedPacket): boolean;
  close(): void;
}

/** @returns undefined for a payload type that nothing here decodes */
export function packetDecoder(
  payloadType: number,
  facts: SoundFacts,
  block: (block: SoundBlock) => void,
): PacketDecoder | undefined {
  const { handling, name } = soundCoding(payloadType);
  if (handling === 'aac') return AacDecoder.isThere() ? new AacDecoder(name, facts, block) : undefined;
  const decoder = createSoundDecoder(payloadType, facts.options ?? {});
  return decoder && new PcmDecoder(decoder, block);
}

class PcmDecoder implements PacketDecoder {
  readonly #decoder: SoundDecoder;
  readonly #block: (block: SoundBlock) => void;

  constructor(decoder: SoundDecoder, block: (block: SoundBlock) => void) {
    this.#decoder = decoder;
    this.#block = block;
  }

  get reading(): string {
    return this.#decoder.reading;
  }

  decode({ ptsMs, data }: CodedPacket): boolean {
    const coded = this.#decoder.decode(data, ptsMs);
    const { sampleRate, channels } = this.#decoder;
    if (coded.length > 0) this.#block({ ptsMs, sampleRate, samples: oneChannel(coded, channels) });
    return data.length > 0;
  }

  close(): void {}
}

/** @param coded 16 bits, interleaved @returns -1 to 1, the channels' mean */
export function oneChannel(coded: Int16Array, channels: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.floor(coded.length / channels));
  for (let at = 0; at < samples.length; at++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += coded[at * channels + channel]!;
    samples[at] = sum / channels / 0x8000;
  }
  return samples;
}
