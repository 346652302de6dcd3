/** `00 01`, half the length of the rest (its low byte), `00`. */
export const hisiHeaderBytes = 4;

/**
 * HiSilicon recorders put four bytes before each audio packet.
 * @returns the packet without them
 */
export function withoutHisiHeader(bytes: Uint8Array): Uint8Array {
  const isMarked = bytes.length > hisiHeaderBytes && bytes[0] === 0 && bytes[1] === 1 && bytes[3] === 0;
  return isMarked && bytes[2] === ((bytes.length - hisiHeaderBytes) >> 1) % 256
    ? bytes.subarray(hisiHeaderBytes)
    : bytes;
}

/** @returns the packet with the four bytes before it; of an even length, which is the only one that they can state */
export function withHisiHeader(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const marked = new Uint8Array(hisiHeaderBytes + bytes.length);
  marked.set([0, 1, (bytes.length >> 1) & 0xff, 0]);
  marked.set(bytes, hisiHeaderBytes);
  return marked;
}
