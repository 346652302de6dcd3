import { aacFrameSamples } from '../../codec/audio/adts.ts';
import type { Tally } from '../../tally.ts';
import { Upsampler } from './upsampler.ts';

/** What an AAC encoder is to make. */
export interface AacTerms {
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitsPerSecond: number;
}

/** PCM to bare AAC-LC frames of 1024 samples, elsewhere and a little later. */
export interface AacMaker {
  /** Samples that it has not taken yet, all channels together. */
  readonly waiting: number;
  /** @param samples 16 bits, interleaved; the encoder's own from now on */
  add(samples: Int16Array<ArrayBuffer>): void;
  close(): Promise<void>;
}

/** @param failed it makes no more frames */
export type MakeAac = (
  terms: AacTerms,
  frame: (data: Uint8Array) => void,
  failed: (error: unknown) => void,
) => AacMaker;

/** Who is given the frames of a voice. */
export interface AacTaker {
  frame(data: Uint8Array): void;
  failed(): void;
}

export interface AacVoiceParts {
  readonly make: MakeAac;
  readonly tally: Tally;
  readonly settings: { readonly talkBufferMs: number };
}

/** An encoder keeps back what it looks ahead at; so much silence brings the end of a sentence out. */
const tailFrames = 2;

/** The operator's voice as AAC of one kind, for every terminal of a talk that takes it so: an encoder costs a thread and 20 MB. */
export class AacVoice {
  readonly takers: Set<AacTaker> = new Set();
  readonly #parts: AacVoiceParts;
  readonly #terms: AacTerms;
  readonly #upsampler: Upsampler;
  readonly #maker: AacMaker;
  /** Samples beyond the last whole frame, of one channel. */
  #over = 0;
  /** Something was said that is not out yet. */
  #isOpen = false;
  #isDead = false;

  constructor(parts: AacVoiceParts, terms: AacTerms) {
    this.#parts = parts;
    this.#terms = terms;
    this.#upsampler = new Upsampler(terms.sampleRate, terms.channels);
    this.#maker = parts.make(
      terms,
      data => {
        for (const taker of this.takers) taker.frame(data);
      },
      () => this.#fail(),
    );
  }

  /** @param samples 8 kHz, one channel */
  push(samples: Int16Array): void {
    this.#isOpen = true;
    this.#add(this.#upsampler.take(samples).slice());
  }

  /** The operator stopped speaking. */
  finish(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const silence = aacFrameSamples - this.#over + tailFrames * aacFrameSamples;
    this.#add(new Int16Array(silence * this.#terms.channels));
  }

  close(): void {
    this.#isDead = true;
    this.takers.clear();
    void this.#maker.close();
  }

  #add(samples: Int16Array<ArrayBuffer>): void {
    if (this.#isDead || samples.length === 0) return;
    const { sampleRate, channels } = this.#terms;
    if ((this.#maker.waiting * 1000) / (sampleRate * channels) > this.#parts.settings.talkBufferMs) {
      this.#parts.tally.add('talk.soundLate');
      return;
    }
    this.#over = (this.#over + samples.length / channels) % aacFrameSamples;
    this.#maker.add(samples);
  }

  #fail(): void {
    if (this.#isDead) return;
    this.#parts.tally.add('talk.encoderFailed');
    for (const taker of [...this.takers]) taker.failed();
  }
}
