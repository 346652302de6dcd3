const smallest = 16384;
const keptWhenEmpty = 262144;

/** Where the payloads of one access unit gather before they are copied out in one piece. Given back after a large one. */
export class FrameBuffer {
  #bytes = new Uint8Array(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The buffer itself; only the first `length` bytes mean something. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  append(payload: Uint8Array): void {
    const length = this.#length + payload.length;
    if (length > this.#bytes.length) this.#grow(length);
    this.#bytes.set(payload, this.#length);
    this.#length = length;
  }

  /** What gathered, in an ArrayBuffer of exactly its size: sending a view to a window would clone all that is behind it. */
  copy(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
    if (this.#bytes.length > keptWhenEmpty) this.#bytes = new Uint8Array(0);
  }

  #grow(length: number): void {
    let capacity = Math.max(this.#bytes.length, smallest);
    while (capacity < length) capacity *= 2;
    const bytes = new Uint8Array(capacity);
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
  }
}
