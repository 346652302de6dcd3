/**
 * Appends big-endian fields to a growing buffer. A value outside its field's range is refused with a RangeError
 * instead of being cut: what is sent to a terminal is what was asked, or nothing.
 */
export class Writer {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 64) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** @throws RangeError unless 0 to 255 */
  u8(value: number): this {
    checkRange(value, 0xff);
    const at = this.#grow(1);
    this.#bytes[at] = value;
    return this;
  }

  /** @throws RangeError unless 0 to 65535 */
  u16(value: number): this {
    checkRange(value, 0xffff);
    const at = this.#grow(2);
    this.#bytes[at] = value >>> 8;
    this.#bytes[at + 1] = value;
    return this;
  }

  /** @throws RangeError unless 0 to 2^32 - 1 */
  u32(value: number): this {
    checkRange(value, 0xffffffff);
    const at = this.#grow(4);
    this.#bytes[at] = value >>> 24;
    this.#bytes[at + 1] = value >>> 16;
    this.#bytes[at + 2] = value >>> 8;
    this.#bytes[at + 3] = value;
    return this;
  }

  /** @throws RangeError unless 0 to 2^64 - 1 */
  u64(value: bigint): this {
    if (value < 0n || value > 0xffffffffffffffffn) throw new RangeError(`${value} does not fit 64 bits`);
    return this.u32(Number(value >> 32n)).u32(Number(value & 0xffffffffn));
  }

  bytes(value: Uint8Array): this {
    const at = this.#grow(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  /** @throws RangeError unless `value` has exactly `length` bytes */
  exactly(value: Uint8Array, length: number): this {
    if (value.length !== length) throw new RangeError(`${value.length} bytes for a field of ${length}`);
    return this.bytes(value);
  }

  /** `length` bytes of `value`. */
  fill(length: number, value = 0): this {
    const at = this.#grow(length);
    this.#bytes.fill(value, at, at + length);
    return this;
  }

  /** What was written, as its own exact-size copy. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #grow(by: number): number {
    const at = this.#length;
    const needed = at + by;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#length = needed;
    return at;
  }
}

function checkRange(value: number, max: number): void {
  if (!(Number.isInteger(value) && value >= 0 && value <= max))
    throw new RangeError(`${value} is not a whole number from 0 to ${max}`);
}
