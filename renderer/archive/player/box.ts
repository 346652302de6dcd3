/** One box of an MP4 file: its type and what is inside it. */
export interface Box {
  type: string;
  view: DataView;
  /** Where its four letters are in the view that was looked through. */
  typeAt: number;
}

/** Boxes directly inside; a size that does not fit ends the list (ISO/IEC 14496-12, 4.2). */
export function boxes(view: DataView, from = 0): Box[] {
  const found: Box[] = [];
  for (let at = from; at + 8 <= view.byteLength; ) {
    const size = view.getUint32(at);
    const type = String.fromCharCode(...[4, 5, 6, 7].map(i => view.getUint8(at + i)));
    const wide = size === 1 && at + 16 <= view.byteLength;
    const whole = wide ? Number(view.getBigUint64(at + 8)) : size === 0 ? view.byteLength - at : size;
    const head = wide ? 16 : 8;
    if (whole < head || at + whole > view.byteLength) break;
    found.push({
      type,
      view: new DataView(view.buffer, view.byteOffset + at + head, whole - head),
      typeAt: at + 4,
    });
    at += whole;
  }
  return found;
}

export function inside(view: DataView | undefined, ...path: string[]): DataView | undefined {
  return path.reduce<DataView | undefined>((at, type) => at && boxes(at).find(box => box.type === type)?.view, view);
}
