/**
 * NAL units of an Annex-B access unit (H.264 and H.265 annex B): views without start codes. Start codes of three and four
 * bytes may be mixed; zeros after a unit (trailing_zero_8bits) belong to none.
 */
export function splitNals(data: Uint8Array): Uint8Array[] {
  const nals: Uint8Array[] = [];
  let start = -1;
  let i = 0;
  while (i + 2 < data.length) {
    const third = data[i + 2]!;
    if (third > 1) {
      i += 3;
    } else if (third === 1 && data[i] === 0 && data[i + 1] === 0) {
      if (start >= 0) push(nals, data, start, i);
      start = i + 3;
      i += 3;
    } else {
      i += 1;
    }
  }
  if (start >= 0) push(nals, data, start, data.length);
  return nals;
}

function push(nals: Uint8Array[], data: Uint8Array, start: number, end: number): void {
  while (end > start && data[end - 1] === 0) end -= 1;
  if (end > start) nals.push(data.subarray(start, end));
}

/** One access unit with four-byte start codes. */
export function joinNals(nals: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let size = 0;
  for (const nal of nals) size += nal.length + 4;
  const data = new Uint8Array(size);
  let at = 0;
  for (const nal of nals) {
    data[at + 3] = 1;
    data.set(nal, at + 4);
    at += nal.length + 4;
  }
  return data;
}

/** Bytes without the emulation_prevention_three_byte of H.264 7.3.1. */
export function unescapeNal(nal: Uint8Array): Uint8Array {
  const rbsp = new Uint8Array(nal.length);
  let size = 0;
  let zeros = 0;
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    rbsp[size] = byte;
    size += 1;
  }
  return rbsp.subarray(0, size);
}

/** Inserts emulation_prevention_three_byte wherever H.264 7.4.1 forbids the plain bytes. */
export function escapeNal(rbsp: Uint8Array): Uint8Array {
  const nal: number[] = [];
  let zeros = 0;
  for (const byte of rbsp) {
    if (zeros >= 2 && byte <= 3) {
      nal.push(3);
      zeros = 0;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    nal.push(byte);
  }
  return Uint8Array.from(nal);
}
