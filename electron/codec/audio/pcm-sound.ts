import type { SoundDecoder } from './decoder.ts';
import { withoutHisiHeader } from './hisi-header.ts';
import { type ByteOrder, decodePcm } from './pcm.ts';
import { SoundJudge } from './sound-judge.ts';

/** 16-bit samples as they are. Where table 12 names no byte order it is little-endian until that proves to be noise. */
export class PcmSound implements SoundDecoder {
  readonly sampleRate: number;
  readonly channels: number;
  readonly #order: ByteOrder;
  readonly #judge: SoundJudge | undefined;

  constructor(order: 'auto' | ByteOrder, channels: number, sampleRate: number) {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.#order = order === 'auto' ? 'le' : order;
    this.#judge = order === 'auto' ? new SoundJudge() : undefined;
  }

  get reading(): string {
    const isLittle = (this.#order === 'le') !== (this.#judge?.choice === 1);
    return `PCM, ${isLittle ? 'little' : 'big'}-endian`;
  }

  decode(payload: Uint8Array): Int16Array<ArrayBuffer> {
    const bytes = withoutHisiHeader(payload);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % (2 * this.channels)));
    const samples = decodePcm(whole, this.#order);
    if (!this.#judge) return samples;
    const otherwise = decodePcm(whole, this.#order === 'le' ? 'be' : 'le');
    return this.#judge.hear(samples, otherwise) === 0 ? samples : otherwise;
  }

  reset(): void {
    // Samples do not depend on one another.
  }
}
