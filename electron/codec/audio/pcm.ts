export type ByteOrder = 'le' | 'be';

/** @returns samples of 16 bits, signed; an odd byte at the end is left out */
export function decodePcm(bytes: Uint8Array, order: ByteOrder): Int16Array<ArrayBuffer> {
  const samples = new Int16Array(bytes.length >> 1);
  const low = order === 'le' ? 0 : 1;
  for (let at = 0; at < samples.length; at++) samples[at] = bytes[2 * at + low]! | (bytes[2 * at + 1 - low]! << 8);
  return samples;
}

export function encodePcm(samples: Int16Array, order: ByteOrder): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(samples.length * 2);
  const low = order === 'le' ? 0 : 1;
  for (let at = 0; at < samples.length; at++) {
    bytes[2 * at + low] = samples[at]! & 0xff;
    bytes[2 * at + 1 - low] = (samples[at]! >> 8) & 0xff;
  }
  return bytes;
}
