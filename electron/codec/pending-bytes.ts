const smallest = 2048;
const keptWhenEmpty = 16384;

/** The beginning of a unit that is not whole yet. Grows as asked, moves what is left to its front, gives memory back. */
export class PendingBytes {
  #slab = new Uint8Array(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A view, good until the next change. */
  view(): Uint8Array {
    return this.#slab.subarray(0, this.#length);
  }

  append(bytes: Uint8Array, from: number, to: number): void {
    const length = this.#length + to - from;
    if (length > this.#slab.length) this.#grow(length);
    this.#slab.set(bytes.subarray(from, to), this.#length);
    this.#length = length;
  }

  /** Takes `count` bytes off the front. */
  drop(count: number): void {
    if (count === 0) return;
    this.#slab.copyWithin(0, count, this.#length);
    this.#length -= count;
  }

  clear(): void {
    this.#length = 0;
    if (this.#slab.length > keptWhenEmpty) this.#slab = new Uint8Array(0);
  }

  #grow(length: number): void {
    let capacity = Math.max(this.#slab.length, smallest);
    while (capacity < length) capacity *= 2;
    const slab = new Uint8Array(capacity);
    slab.set(this.view());
    this.#slab = slab;
  }
}
