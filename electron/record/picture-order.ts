import { ShortRead } from '../codec/cursor.ts';
import { BitReader } from '../frames/bit-reader.ts';
import type { Frame } from '../frames/frame.ts';
import { nalType, nextNal } from '../frames/nal.ts';

/** No picture is shown longer than this (ms) before one that was sent earlier; farther back, a clock was set. */
export const mostEarlyMs = 1000;

/**
 * Finds pictures that are shown before one that was sent earlier. Terminals send in the order of decoding and stamp with the
 * time of showing; `Frame.ptsMs` never goes back, and stands still at such pictures. A timestamp that goes back is believed
 * of a B picture only: clocks jitter as well.
 */
export class PictureOrder {
  #top: { deviceMs: number; ptsMs: number } | undefined;

  /** How long before `ptsMs` the picture is shown, ms; 0 for nearly all. */
  early(frame: Frame): number {
    const deviceMs = Number(frame.deviceMs);
    const top = this.#top;
    const back = top && frame.ptsMs === top.ptsMs ? top.deviceMs - deviceMs : 0;
    if (!frame.key && back > 0 && back <= mostEarlyMs && isBidirectional(frame)) return back;
    this.#top = { deviceMs, ptsMs: frame.ptsMs };
    return 0;
  }
}

/** The type of the first slice is B: H.264 §7.3.3 and table 7-6, H.265 §7.3.6.1 and table 7-7. */
function isBidirectional({ data, codec }: Frame): boolean {
  try {
    for (let at = nextNal(data, 0, data.length); at >= 0 && at < data.length; at = nextNal(data, at, data.length)) {
      const type = nalType(data[at]!, codec);
      if (codec === 'h264' && type >= 1 && type <= 5) {
        const slice = new BitReader(data, at + 1);
        slice.ue();
        return slice.ue() % 5 === 1;
      }
      if (codec === 'h265' && type <= 9) {
        const slice = new BitReader(data, at + 2);
        if (!slice.flag()) return false;
        slice.ue();
        // Without extra slice header bits, which only scalable streams have.
        return slice.ue() === 0;
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof ShortRead)) throw thrown;
  }
  return false;
}
