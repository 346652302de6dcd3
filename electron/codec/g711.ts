/** ITU-T G.711: one byte a sample, 8 kHz. */
export const g711Rate = 8000;

/** @param byte A-law as sent, even bits inverted (§3.2) @returns 16 bits, signed */
function fromALaw(byte: number): number {
  const code = byte ^ 0x55;
  const segment = (code >> 4) & 7;
  const step = ((code & 15) << 4) + 8;
  const size = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return code & 0x80 ? size : -size;
}

/** @param byte µ-law as sent, all bits inverted (§3.3) @returns 16 bits, signed */
function fromMuLaw(byte: number): number {
  const code = ~byte & 0xff;
  const size = ((((code & 15) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84;
  return code & 0x80 ? -size : size;
}

const aLaw = Int16Array.from({ length: 256 }, (_, byte) => fromALaw(byte));
const muLaw = Int16Array.from({ length: 256 }, (_, byte) => fromMuLaw(byte));

/** @returns samples of 16 bits, signed, as many as bytes */
export function decodeG711(bytes: Uint8Array, law: 'a' | 'mu'): Int16Array<ArrayBuffer> {
  const table = law === 'a' ? aLaw : muLaw;
  const samples = new Int16Array(bytes.length);
  for (let at = 0; at < bytes.length; at++) samples[at] = table[bytes[at]!]!;
  return samples;
}

/**
 * HiSilicon recorders put four bytes before each audio packet: `00 01`, half the length of the rest, `00`.
 * @returns the packet without them
 */
export function withoutHisiHeader(bytes: Uint8Array): Uint8Array {
  const isMarked = bytes.length > 4 && bytes[0] === 0 && bytes[1] === 1 && bytes[3] === 0;
  return isMarked && bytes[2] === ((bytes.length - 4) >> 1) % 256 ? bytes.subarray(4) : bytes;
}
