/** Reads an H.264 payload bit by bit; the emulation bytes must be out already. @throws RangeError past the end */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  bit(): number {
    const byte = this.#bytes[this.#at >> 3];
    if (byte === undefined) throw new RangeError('read past the end of a NAL unit');
    return (byte >> (7 - (this.#at++ & 7))) & 1;
  }

  bits(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left--) value = value * 2 + this.bit();
    return value;
  }

  /** ue(v), H.264 §9.1. */
  unsigned(): number {
    let zeros = 0;
    while (this.bit() === 0) zeros++;
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** se(v), H.264 §9.1.1. */
  signed(): number {
    const code = this.unsigned();
    return code % 2 === 0 ? -code / 2 : (code + 1) / 2;
  }
}

/** Writes an H.264 payload into a buffer that is large enough from the start. */
export class BitWriter {
  readonly #bytes: Uint8Array;
  #at = 0;

  /** @param bytes all zero */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bytes begun. */
  get length(): number {
    return (this.#at + 7) >> 3;
  }

  bits(value: number, count: number): void {
    for (let left = count - 1; left >= 0; left--) {
      if ((value >>> left) & 1)
        this.#bytes[this.#at >> 3] = (this.#bytes[this.#at >> 3] as number) | (0x80 >> (this.#at & 7));
      this.#at++;
    }
  }

  unsigned(value: number): void {
    const length = 32 - Math.clz32(value + 1);
    this.bits(0, length - 1);
    this.bits(value + 1, length);
  }

  signed(value: number): void {
    this.unsigned(value > 0 ? 2 * value - 1 : -2 * value);
  }

  /** Zero bits up to the next byte. */
  align(): void {
    this.#at = (this.#at + 7) & ~7;
  }

  /** Copies whole bytes; the writer must be aligned. */
  copy(source: Uint8Array, from: number, to: number): void {
    this.#bytes.set(source.subarray(from, to), this.#at >> 3);
    this.#at += (to - from) * 8;
  }

  /** rbsp_trailing_bits, H.264 §7.3.2.11. */
  trail(): void {
    this.bits(1, 1);
    this.align();
  }
}

/** Takes out the emulation bytes: 00 00 03 → 00 00. */
export function unescaped(nal: Uint8Array): Uint8Array {
  const out = new Uint8Array(nal.length);
  let to = 0;
  let zeros = 0;
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    out[to++] = byte;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return out.subarray(0, to);
}

/** Puts the emulation bytes in (H.264 §7.4.1); the bytes themselves when none is needed. */
export function escaped(payload: Uint8Array): Uint8Array {
  const places: number[] = [];
  let zeros = 0;
  for (let at = 0; at < payload.length; at++) {
    const byte = payload[at] as number;
    if (zeros >= 2 && byte <= 3) {
      places.push(at);
      zeros = 0;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  if (places.length === 0) return payload;
  const out = new Uint8Array(payload.length + places.length);
  let from = 0;
  for (const [count, place] of places.entries()) {
    out.set(payload.subarray(from, place), from + count);
    out[place + count] = 3;
    from = place;
  }
  out.set(payload.subarray(from), from + places.length);
  return out;
}
