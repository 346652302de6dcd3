import type { G726Rate, SoundDecoder } from './decoder.ts';
import { type BitOrder, G726Decoder } from './g726.ts';
import { RateGauge } from './g726-rate.ts';
import type { G726Bits } from './g726-tables.ts';
import { withoutHisiHeader } from './hisi-header.ts';
import { Evenness, predictability, SoundJudge } from './sound-judge.ts';

/** Recorders whose sound was seen put the first sample into the highest bits. */
const usualOrder: BitOrder = 'msb';

/** G.726, of a rate that nothing on the wire states and a bit order that no document does. */
export class G726Sound implements SoundDecoder {
  readonly sampleRate: number;
  readonly channels = 1;
  readonly #gauge: RateGauge | undefined;
  readonly #isOrderOpen: boolean;
  #order: BitOrder;
  #bits: G726Bits | undefined;
  #judge: SoundJudge | undefined;
  #decoder: G726Decoder | undefined;
  #other: G726Decoder | undefined;

  constructor(rate: 'auto' | G726Rate, order: 'auto' | BitOrder, sampleRate: number) {
    this.sampleRate = sampleRate;
    this.#order = order === 'auto' ? usualOrder : order;
    this.#isOrderOpen = order === 'auto';
    if (rate === 'auto') this.#gauge = new RateGauge(sampleRate);
    else this.#begin((rate / 8) as G726Bits);
  }

  get reading(): string {
    if (!this.#bits) return 'G.726';
    const order = this.#judge?.choice === 1 ? opposite(this.#order) : this.#order;
    return `G.726 ${this.#bits * 8} kbit/s, ${order} first`;
  }

  decode(payload: Uint8Array, ptsMs?: number): Int16Array<ArrayBuffer> {
    const bytes = withoutHisiHeader(payload);
    const bits = this.#gauge?.bits(bytes.length, ptsMs);
    if (bits && bits !== this.#bits) this.#begin(bits);
    if (!this.#decoder) return new Int16Array(0);
    const samples = this.#decoder.decode(bytes);
    if (!this.#other || !this.#judge) return samples;
    const otherwise = this.#other.decode(bytes);
    const choice = this.#judge.hear(samples, otherwise);
    if (this.#judge.isSettled) this.#settle(choice);
    return choice === 0 ? samples : otherwise;
  }

  reset(): void {
    this.#gauge?.reset();
    if (!this.#bits) return;
    this.#decoder = new G726Decoder(this.#bits, this.#order);
    if (this.#other) this.#other = new G726Decoder(this.#bits, opposite(this.#order));
  }

  #begin(bits: G726Bits): void {
    this.#bits = bits;
    this.#decoder = new G726Decoder(bits, this.#order);
    if (!this.#isOrderOpen) return;
    this.#other = new G726Decoder(bits, opposite(this.#order));
    this.#judge = new SoundJudge(bits === 4 ? new Evenness() : predictability);
  }

  /** The other reading is no longer made: decoding twice is twice the work. */
  #settle(choice: number): void {
    if (choice === 1) {
      this.#order = opposite(this.#order);
      this.#decoder = this.#other;
    }
    this.#other = undefined;
    this.#judge = undefined;
  }
}

function opposite(order: BitOrder): BitOrder {
  return order === 'lsb' ? 'msb' : 'lsb';
}
