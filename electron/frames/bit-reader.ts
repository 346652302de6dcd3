import { ShortRead } from '../codec/cursor.ts';

/** Reads the bits of a NAL unit's payload most significant first, leaving out emulation prevention bytes (`00 00 03`). */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #bit = 0;
  #zeros = 0;

  /** @param from first byte, usually behind the NAL header */
  constructor(bytes: Uint8Array, from: number) {
    this.#bytes = bytes;
    this.#at = from;
  }

  /** @throws ShortRead */
  bit(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new ShortRead(this.#at, 1, this.#bytes.length);
    const value = (byte >> (7 - this.#bit)) & 1;
    this.#bit++;
    if (this.#bit === 8) this.#nextByte(byte);
    return value;
  }

  /** 0 to 32 bits. @throws ShortRead */
  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + this.bit();
    return value;
  }

  /** @throws ShortRead */
  skip(count: number): void {
    for (let i = 0; i < count; i++) this.bit();
  }

  flag(): boolean {
    return this.bit() === 1;
  }

  /** ue(v), H.264 §9.1. @throws ShortRead also for a code longer than 32 bits, which no field has */
  ue(): number {
    let zeros = 0;
    while (this.bit() === 0) if (++zeros > 32) throw new ShortRead(this.#at, zeros, this.#bytes.length);
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** se(v), H.264 §9.1.1. @throws ShortRead */
  se(): number {
    const code = this.ue();
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
  }

  #nextByte(done: number): void {
    this.#bit = 0;
    this.#at++;
    this.#zeros = done === 0 ? this.#zeros + 1 : 0;
    if (this.#zeros >= 2 && this.#bytes[this.#at] === 3) {
      this.#at++;
      this.#zeros = 0;
    }
  }
}
