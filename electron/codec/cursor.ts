/** A read went past the end of what was received. Caught in one place per parser. */
export class ShortRead extends Error {
  constructor(position: number, wanted: number, end: number) {
    super(`wanted ${wanted} bytes at ${position}, there are ${end - position}`);
    this.name = 'ShortRead';
  }
}

/** Reads big-endian fields one after another. Every read is checked against the end. */
export class Cursor {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #position: number;

  /** @param start first byte to read; positions in errors count from the start of `bytes` */
  constructor(bytes: Uint8Array, start = 0, end: number = bytes.length) {
    if (start < 0 || end > bytes.length || start > end) throw new ShortRead(start, end - start, bytes.length);
    this.#bytes = bytes;
    this.#position = start;
    this.#end = end;
  }

  get position(): number {
    return this.#position;
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.#end - this.#position;
  }

  /** 0 to 255. @throws ShortRead */
  u8(): number {
    return this.#bytes[this.#take(1)] as number;
  }

  /** 0 to 65535. @throws ShortRead */
  u16(): number {
    const at = this.#take(2);
    return ((this.#bytes[at] as number) << 8) | (this.#bytes[at + 1] as number);
  }

  /** 0 to 2^32 - 1. @throws ShortRead */
  u32(): number {
    const at = this.#take(4);
    const bytes = this.#bytes;
    return (
      (bytes[at] as number) * 0x1000000 +
      (((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number))
    );
  }

  /** 0 to 2^64 - 1. @throws ShortRead */
  u64(): bigint {
    const high = this.u32();
    return (BigInt(high) << 32n) | BigInt(this.u32());
  }

  /** A view of the next `length` bytes, not a copy. @throws ShortRead */
  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** A view of everything that is left; may be empty. */
  rest(): Uint8Array {
    return this.bytes(this.left);
  }

  /** A view of everything that is left, without reading it. */
  ahead(): Uint8Array {
    return this.#bytes.subarray(this.#position, this.#end);
  }

  /** @throws ShortRead */
  skip(length: number): void {
    this.#take(length);
  }

  #take(length: number): number {
    const at = this.#position;
    if (!(length >= 0 && length <= this.#end - at)) throw new ShortRead(at, length, this.#end);
    this.#position = at + length;
    return at;
  }
}
