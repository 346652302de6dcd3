const startCode = Uint8Array.of(0, 0, 1);

/**
 * The NAL units of an access unit in Annex-B, views of `data` without start codes and trailing zeros (H.264 annex B.1.1).
 * Bytes without any start code are one unit. Searches natively: this runs over every byte that is recorded.
 */
export function nalUnits(data: Uint8Array): Uint8Array[] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const units: Uint8Array[] = [];
  let at = bytes.indexOf(startCode);
  if (at < 0) return [data];
  while (at >= 0) {
    const from = at + 3;
    at = bytes.indexOf(startCode, from);
    let end = at < 0 ? data.length : at;
    while (end > from && data[end - 1] === 0) end--;
    if (end > from) units.push(data.subarray(from, end));
  }
  return units;
}
