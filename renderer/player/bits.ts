/** Reads fixed-length and Exp-Golomb codes (H.264 9.1). @throws RangeError at the end of the bytes */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bits read so far. */
  get position(): number {
    return this.#at;
  }

  bit(): number {
    const byte = this.#bytes[this.#at >> 3];
    if (byte === undefined) throw new RangeError(`bit ${this.#at} of ${this.#bytes.length * 8}`);
    const value = (byte >> (7 - (this.#at & 7))) & 1;
    this.#at += 1;
    return value;
  }

  /** At most 32 bits, unsigned. */
  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i += 1) value = value * 2 + this.bit();
    return value;
  }

  ue(): number {
    let zeros = 0;
    while (this.bit() === 0) {
      zeros += 1;
      if (zeros > 32) throw new RangeError(`code of more than 32 zeros at bit ${this.#at}`);
    }
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  se(): number {
    const code = this.ue();
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
  }
}

/** The other direction. */
export class BitWriter {
  readonly #bytes: number[] = [];
  #count = 0;

  bit(value: number): void {
    if (this.#count % 8 === 0) this.#bytes.push(0);
    if (value) this.#bytes[this.#bytes.length - 1]! |= 0x80 >> (this.#count & 7);
    this.#count += 1;
  }

  bits(value: number, count: number): void {
    for (let i = count - 1; i >= 0; i -= 1) this.bit(Math.floor(value / 2 ** i) & 1);
  }

  ue(value: number): void {
    const code = value + 1;
    const length = Math.floor(Math.log2(code));
    this.bits(0, length);
    this.bits(code, length + 1);
  }

  /** The first `count` bits of `bytes`. */
  copy(bytes: Uint8Array, count: number): void {
    for (let i = 0; i < count; i += 1) this.bit((bytes[i >> 3]! >> (7 - (i & 7))) & 1);
  }

  /** rbsp_trailing_bits: a one, then zeros up to the byte. */
  finish(): Uint8Array {
    this.bit(1);
    return Uint8Array.from(this.#bytes);
  }
}
