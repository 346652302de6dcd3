import { G726State } from './g726-state.ts';
import type { G726Bits } from './g726-tables.ts';

/**
 * `lsb`: a byte's first sample is in its lowest bits (RFC 3551 §4.5.4); `msb`: in its highest (ITU-T I.366.2 for AAL2, and
 * what some call big-endian). Table 12 of JT/T 1078 does not say which.
 */
export type BitOrder = 'lsb' | 'msb';

/** G.726 bytes to samples, across packets. Bits that do not make a whole sample wait for the next packet. */
export class G726Decoder {
  readonly bits: G726Bits;
  readonly order: BitOrder;
  readonly #state: G726State;
  #held = 0;
  #heldBits = 0;

  constructor(bits: G726Bits, order: BitOrder) {
    this.bits = bits;
    this.order = order;
    this.#state = new G726State(bits);
  }

  decode(bytes: Uint8Array): Int16Array<ArrayBuffer> {
    const { bits } = this;
    const samples = new Int16Array(Math.floor((bytes.length * 8 + this.#heldBits) / bits));
    let count = 0;
    for (const byte of bytes) {
      this.#held = this.order === 'lsb' ? this.#held | (byte << this.#heldBits) : (this.#held << 8) | byte;
      this.#heldBits += 8;
      while (this.#heldBits >= bits) samples[count++] = this.#state.decode(this.#next());
    }
    return samples;
  }

  #next(): number {
    const { bits } = this;
    const all = (1 << bits) - 1;
    this.#heldBits -= bits;
    if (this.order === 'msb') {
      const code = (this.#held >> this.#heldBits) & all;
      this.#held &= (1 << this.#heldBits) - 1;
      return code;
    }
    const code = this.#held & all;
    this.#held >>= bits;
    return code;
  }
}

/** Samples to G.726 bytes. Bits that do not fill a byte wait for the next samples. */
export class G726Encoder {
  readonly bits: G726Bits;
  readonly order: BitOrder;
  readonly #state: G726State;
  #held = 0;
  #heldBits = 0;

  constructor(bits: G726Bits, order: BitOrder) {
    this.bits = bits;
    this.order = order;
    this.#state = new G726State(bits);
  }

  encode(samples: Int16Array): Uint8Array<ArrayBuffer> {
    const { bits } = this;
    const bytes = new Uint8Array((samples.length * bits + this.#heldBits) >> 3);
    let count = 0;
    for (const sample of samples) {
      const code = this.#state.encode(sample);
      this.#held = this.order === 'lsb' ? this.#held | (code << this.#heldBits) : (this.#held << bits) | code;
      this.#heldBits += bits;
      if (this.#heldBits >= 8) bytes[count++] = this.#next();
    }
    return bytes;
  }

  #next(): number {
    this.#heldBits -= 8;
    if (this.order === 'msb') {
      const byte = this.#held >> this.#heldBits;
      this.#held &= (1 << this.#heldBits) - 1;
      return byte;
    }
    const byte = this.#held & 0xff;
    this.#held >>= 8;
    return byte;
  }
}
