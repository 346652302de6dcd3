import type { SoundDecoder } from './decoder.ts';
import { decodeG711, type Law } from './g711.ts';
import { withoutHisiHeader } from './hisi-header.ts';
import { SoundJudge } from './sound-judge.ts';

/** G.711 whose declared law may be the wrong one: recorders that say A-law and send µ-law, and the reverse, are common. */
export class G711Sound implements SoundDecoder {
  readonly sampleRate: number;
  readonly channels = 1;
  readonly #declared: Law;
  readonly #judge: SoundJudge | undefined;

  constructor(declared: Law, wanted: 'auto' | Law, sampleRate: number) {
    this.sampleRate = sampleRate;
    this.#declared = wanted === 'auto' ? declared : wanted;
    this.#judge = wanted === 'auto' ? new SoundJudge() : undefined;
  }

  get reading(): string {
    return this.#law() === 'a' ? 'G.711A' : 'G.711U';
  }

  decode(payload: Uint8Array): Int16Array<ArrayBuffer> {
    const bytes = withoutHisiHeader(payload);
    const declared = decodeG711(bytes, this.#declared);
    if (!this.#judge) return declared;
    const other = decodeG711(bytes, this.#declared === 'a' ? 'mu' : 'a');
    return this.#judge.hear(declared, other) === 0 ? declared : other;
  }

  reset(): void {
    // A byte is a sample: nothing depends on what came before.
  }

  #law(): Law {
    return this.#judge?.choice === 1 ? (this.#declared === 'a' ? 'mu' : 'a') : this.#declared;
  }
}
