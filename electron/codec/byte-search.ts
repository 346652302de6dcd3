/**
 * Next place of a byte sequence in a buffer, remembered: asking again from anywhere before it costs nothing, and bytes
 * searched in vain are not searched again when more arrive. Without this, many short junk runs would each search the
 * whole chunk.
 */
export class ByteSearch {
  readonly #needle: Uint8Array;
  #bytes: Buffer = Buffer.alloc(0);
  /** There is none in [from, at); one begins at `at` when `found`. */
  #from = 0;
  #at = 0;
  #found = false;

  constructor(needle: readonly number[]) {
    this.#needle = Uint8Array.from(needle);
  }

  /** Looks in `bytes` from now on. */
  begin(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#restart(0);
  }

  /** `bytes` are what was looked at before without its first `dropped` bytes, and more behind. */
  extend(bytes: Buffer, dropped: number): void {
    this.#bytes = bytes;
    if (this.#found || this.#at < dropped) this.#restart(0);
    else {
      this.#from = Math.max(this.#from - dropped, 0);
      this.#at -= dropped;
    }
  }

  /** Offset of the first one that begins at `from` or later; Infinity when there is none. */
  next(from: number): number {
    if (from < this.#from || from > this.#at) this.#restart(from);
    else if (this.#found) return this.#at;
    const found = this.#at < this.#bytes.length ? this.#bytes.indexOf(this.#needle, this.#at) : -1;
    this.#found = found >= 0;
    if (this.#found) {
      this.#at = found;
      return found;
    }
    this.#at = Math.max(this.#at, this.#bytes.length - this.#needle.length + 1);
    return Number.POSITIVE_INFINITY;
  }

  #restart(from: number): void {
    this.#from = from;
    this.#at = from;
    this.#found = false;
  }
}
