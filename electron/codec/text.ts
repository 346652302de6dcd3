import iconv from 'iconv-lite';

/**
 * STRING of the standards: GBK (§4.2). 808-2011 ends every string with 0x00 and later terminals still do, so zeros
 * behind are left out. Bytes that are no GBK become U+FFFD.
 */
export function decodeText(raw: Uint8Array): string {
  let end = raw.length;
  while (end > 0 && raw[end - 1] === 0) end--;
  return iconv.decode(raw.subarray(0, end), 'gbk');
}

/** Characters that GBK lacks become `?`. */
export function encodeText(text: string): Uint8Array {
  const encoded = iconv.encode(text, 'gbk');
  return new Uint8Array(encoded.buffer, encoded.byteOffset, encoded.byteLength);
}

/**
 * Text in a field of fixed width. The standards pad with 0x00 behind (2011 models with spaces behind); devices also
 * pad with 0x00 in front, so both ends are trimmed.
 */
export function decodePadded(raw: Uint8Array): string {
  let start = 0;
  let end = raw.length;
  while (end > start && (raw[end - 1] === 0 || raw[end - 1] === 0x20)) end--;
  while (start < end && raw[start] === 0) start++;
  return decodeText(raw.subarray(start, end));
}

/** @throws RangeError when the text has more than `length` bytes in GBK */
export function encodePadded(text: string, length: number, padding = 0): Uint8Array {
  const encoded = encodeText(text);
  if (encoded.length > length) throw new RangeError(`"${text}" has ${encoded.length} bytes for a field of ${length}`);
  const field = new Uint8Array(length).fill(padding);
  field.set(encoded);
  return field;
}
