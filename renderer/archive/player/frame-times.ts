import { boxes, inside } from './box.ts';

/** The video track of a file, as its header (`moov`) describes it. */
export interface FrameTrack {
  id: number;
  /** Units per second. */
  timescale: number;
  /** Of a sample whose fragment names none (`trex`), in units. */
  defaultDuration: number;
}

/** Undefined when the header is not understood. */
export function frameTrack(init: ArrayBuffer): FrameTrack | undefined {
  try {
    const moov = inside(new DataView(init), 'moov');
    if (!moov) return undefined;
    for (const { type, view } of boxes(moov)) {
      const handler = type === 'trak' ? inside(view, 'mdia', 'hdlr') : undefined;
      const tkhd = inside(view, 'tkhd');
      const mdhd = inside(view, 'mdia', 'mdhd');
      // 'vide', 8.4.3.
      if (handler?.getUint32(8) !== 0x76696465 || !tkhd || !mdhd) continue;
      const id = tkhd.getUint32(tkhd.getUint8(0) === 1 ? 20 : 12);
      const timescale = mdhd.getUint32(mdhd.getUint8(0) === 1 ? 20 : 12);
      const trex = boxes(inside(moov, 'mvex') ?? new DataView(new ArrayBuffer(0))).find(
        box => box.type === 'trex' && box.view.getUint32(4) === id,
      );
      return timescale > 0 ? { id, timescale, defaultDuration: trex?.view.getUint32(12) ?? 0 } : undefined;
    }
  } catch (reason) {
    if (!(reason instanceof RangeError)) throw reason;
  }
  return undefined;
}

/** Media times (ms) of the frames in a run of fragments (`moof` and `mdat` each), in order of showing; empty when not understood. */
export function frameTimes(fragment: Uint8Array, track: FrameTrack | undefined): number[] {
  if (!track) return [];
  try {
    const times = boxes(new DataView(fragment.buffer, fragment.byteOffset, fragment.byteLength))
      .filter(box => box.type === 'moof')
      .flatMap(box => boxes(box.view))
      .filter(box => box.type === 'traf' && inside(box.view, 'tfhd')?.getUint32(4) === track.id)
      .flatMap(box => trafTimes(box.view, track));
    return times.sort((a, b) => a - b);
  } catch (reason) {
    if (!(reason instanceof RangeError)) throw reason;
    return [];
  }
}

function trafTimes(traf: DataView, track: FrameTrack): number[] {
  const tfhd = inside(traf, 'tfhd')!;
  const tfdt = inside(traf, 'tfdt');
  if (!tfdt) return [];
  const flags = tfhd.getUint32(0) & 0xffffff;
  // base-data-offset and sample-description-index lie before the default duration, 8.8.7.
  const at = 8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0);
  const usual = flags & 0x8 ? tfhd.getUint32(at) : track.defaultDuration;
  let time = tfdt.getUint8(0) === 1 ? Number(tfdt.getBigUint64(4)) : tfdt.getUint32(4);
  const times: number[] = [];
  for (const { type, view } of boxes(traf)) {
    if (type !== 'trun') continue;
    const has = view.getUint32(0) & 0xffffff;
    const signed = view.getUint8(0) === 1;
    const count = view.getUint32(4);
    let next = 8 + (has & 0x1 ? 4 : 0) + (has & 0x4 ? 4 : 0);
    for (let i = 0; i < count; i++) {
      const duration = has & 0x100 ? view.getUint32(next) : usual;
      next += (has & 0x100 ? 4 : 0) + (has & 0x200 ? 4 : 0) + (has & 0x400 ? 4 : 0);
      const shift = has & 0x800 ? (signed ? view.getInt32(next) : view.getUint32(next)) : 0;
      next += has & 0x800 ? 4 : 0;
      times.push(((time + shift) / track.timescale) * 1000);
      time += duration;
    }
  }
  return times;
}
