/** What of a file to send; `end` is the last byte, as in the header. An empty file is sent whole: `end` is -1. */
export interface ByteRange {
  readonly status: 200 | 206 | 416;
  readonly start: number;
  readonly end: number;
  /** `Content-Range`; undefined for a whole file. */
  readonly contentRange: string | undefined;
}

/**
 * RFC 9110 §14: one range of bytes. Anything else in the header – another unit, several ranges, what is no range – is
 * ignored, which the RFC allows, and the file is sent whole.
 * @param size bytes that may be read now
 */
export function byteRange(header: string | null | undefined, size: number): ByteRange {
  const whole: ByteRange = { status: 200, start: 0, end: size - 1, contentRange: undefined };
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.replaceAll(/\s/g, '') ?? '') ?? [];
  if (first === '' && last === '') return whole;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return whole;
  if (start > end) return { status: 416, start: 0, end: -1, contentRange: `bytes */${size}` };
  return { status: 206, start, end, contentRange: `bytes ${start}-${end}/${size}` };
}
