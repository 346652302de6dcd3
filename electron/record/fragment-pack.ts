import type { FragmentRow } from '../contract.ts';

/** `at` as an offset from the first (i32, a clock may jump back), media ms, duration ms, offset, bytes, frames: 4 bytes each. */
const rowBytes = 24;

/**
 * The fragments of one segment as they lie in the catalogue: 24 bytes each, little-endian, after the first one's wall
 * clock (f64). Five minutes of two-second fragments are 3.6 kB, a thousandth of a per cent of their video.
 */
export function packFragments(rows: readonly FragmentRow[]): Uint8Array {
  const packed = new Uint8Array(8 + rows.length * rowBytes);
  const view = new DataView(packed.buffer);
  const first = rows[0]?.at ?? 0;
  view.setFloat64(0, first, true);
  let at = 8;
  for (const row of rows) {
    view.setInt32(at, row.at - first, true);
    view.setUint32(at + 4, row.mediaMs, true);
    view.setUint32(at + 8, row.durationMs, true);
    view.setUint32(at + 12, row.offset, true);
    view.setUint32(at + 16, row.bytes, true);
    view.setUint32(at + 20, row.frames, true);
    at += rowBytes;
  }
  return packed;
}

/** The inverse; a row that is cut short is left out. */
export function unpackFragments(packed: Uint8Array): FragmentRow[] {
  if (packed.byteLength < 8) return [];
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const first = view.getFloat64(0, true);
  const rows: FragmentRow[] = [];
  for (let at = 8; at + rowBytes <= packed.byteLength; at += rowBytes)
    rows.push({
      at: first + view.getInt32(at, true),
      mediaMs: view.getUint32(at + 4, true),
      durationMs: view.getUint32(at + 8, true),
      offset: view.getUint32(at + 12, true),
      bytes: view.getUint32(at + 16, true),
      frames: view.getUint32(at + 20, true),
    });
  return rows;
}
