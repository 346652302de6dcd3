export type Law = 'a' | 'mu';

/** @param byte A-law as sent, even bits inverted (ITU-T G.711 §3.2) @returns 16 bits, signed */
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

const decoded: Record<Law, Int16Array> = {
  a: Int16Array.from({ length: 256 }, (_, byte) => fromALaw(byte)),
  mu: Int16Array.from({ length: 256 }, (_, byte) => fromMuLaw(byte)),
};

/**
 * Bytes for the upper 14 bits of a sample. A sample between two codes takes the nearer one; at the same distance the one
 * further from zero, so that a decoded byte is always its own code again.
 */
function encodingOf(law: Law): Uint8Array {
  const levels = Array.from(decoded[law], (value, byte) => ({ value, byte })).sort(
    (one, other) => one.value - other.value || one.byte - other.byte,
  );
  const table = new Uint8Array(0x4000);
  let at = 0;
  for (let step = 0; step < table.length; step++) {
    const sample = (step - 0x2000) * 4;
    while (at + 1 < levels.length && isNearer(sample, levels[at + 1]!.value, levels[at]!.value)) at++;
    table[step] = levels[at]!.byte;
  }
  return table;
}

function isNearer(sample: number, next: number, present: number): boolean {
  const ahead = Math.abs(next - sample) - Math.abs(present - sample);
  return ahead < 0 || (ahead === 0 && sample >= 0);
}

const encoded: Record<Law, Uint8Array> = { a: encodingOf('a'), mu: encodingOf('mu') };

/** @returns samples of 16 bits, signed, as many as bytes */
export function decodeG711(bytes: Uint8Array, law: Law): Int16Array<ArrayBuffer> {
  const table = decoded[law];
  const samples = new Int16Array(bytes.length);
  for (let at = 0; at < bytes.length; at++) samples[at] = table[bytes[at]!]!;
  return samples;
}

/** @returns one byte a sample */
export function encodeG711(samples: Int16Array, law: Law): Uint8Array<ArrayBuffer> {
  const table = encoded[law];
  const bytes = new Uint8Array(samples.length);
  for (let at = 0; at < samples.length; at++) bytes[at] = table[(samples[at]! >> 2) + 0x2000]!;
  return bytes;
}
