import type { Frame } from '../frames/frame.ts';
import type { Sample } from './fragment-box.ts';
import { nalUnits } from './nal-units.ts';
import { PictureOrder } from './picture-order.ts';
import type { FragmentDraft } from './segment-writer.ts';

/** A key frame begins a fragment when the one before has this much; devices exist that send every second frame as key. */
const leastMs = 500;
/** Any frame does when it has this much: what waits here is lost when the program is killed, and that may be 2 s. */
const mostMs = 1000;
const mostBytes = 4 * 1024 * 1024;
/** A frame without a successor lasts as long as the one before it; the first one this. */
const usualStepMs = 40;
/** Arrival that differs by more from what device time says is the network's unrest, or a clock that was set. */
const unrestMs = 1000;

/** Gathers the frames of one segment into fragments, and gives them media time: device time from the first frame on. */
export class FragmentCutter {
  readonly #basePtsMs: number;
  readonly #order = new PictureOrder();
  #samples: Sample[] = [];
  /** Media time at which each of them is shown; empty while that is when it is decoded. */
  #shown: number[] = [];
  #from = 0;
  #at = 0;
  #bytes = 0;
  #lastMs = -1;
  #lastWall = 0;
  #stepMs = usualStepMs;
  /** Media time before which nothing may begin any more. */
  #endMs = 0;
  /** End of the fragment before. */
  #floorMs = 0;

  constructor(basePtsMs: number) {
    this.#basePtsMs = basePtsMs;
  }

  /** Frames that wait to become a fragment. */
  get frames(): number {
    return this.#samples.length;
  }

  /** Media time at which the next frame would stand. */
  mediaMs(ptsMs: number): number {
    return Math.max(Math.round(ptsMs - this.#basePtsMs), this.#endMs);
  }

  /**
   * @param lead units with parameter sets that came before the frame
   * @returns the fragment that ended right before this frame
   */
  add(frame: Frame, lead: readonly Frame[]): FragmentDraft | undefined {
    let mediaMs = this.mediaMs(frame.ptsMs);
    const early = this.#order.early(frame);
    const wall = this.#wall(frame.receivedAt, mediaMs);
    const last = this.#samples.at(-1);
    if (last) {
      this.#stepMs = mediaMs - this.#lastMs;
      last.duration = this.#stepMs;
    }
    const length = mediaMs - this.#from;
    const isLong = early === 0 && length >= (frame.key ? leastMs : mostMs);
    const isDue = isLong || this.#bytes + frame.data.length > mostBytes;
    const draft = last && isDue ? this.#take(mediaMs) : undefined;
    if (draft) mediaMs = Math.max(mediaMs, this.#endMs);
    if (this.#samples.length === 0) {
      this.#from = mediaMs;
      this.#at = wall;
    }
    const units = nalUnits(frame.data);
    for (const unit of lead.toReversed()) units.unshift(...nalUnits(unit.data));
    this.#samples.push({ units, duration: this.#stepMs, key: frame.key });
    this.#noteShown(mediaMs, early === 0 ? mediaMs : Math.round(frame.ptsMs - this.#basePtsMs) - early);
    this.#bytes += frame.data.length;
    this.#lastMs = mediaMs;
    this.#lastWall = wall;
    this.#endMs = mediaMs + 1;
    return draft;
  }

  /**
   * When it was: arrival, unless many frames come at once after a stall, or the clock was set. Then device time goes on, so that
   * nothing seems to have happened twice, or an hour later.
   */
  #wall(receivedAt: number, mediaMs: number): number {
    const expected = this.#lastWall + mediaMs - this.#lastMs;
    return this.#lastMs < 0 || Math.abs(receivedAt - expected) < unrestMs ? receivedAt : expected;
  }

  /** What waits, without knowing what comes next. */
  flush(): FragmentDraft | undefined {
    if (this.#samples.length === 0) return undefined;
    const step = Math.max(this.#stepMs, 1);
    this.#samples.at(-1)!.duration = step;
    return this.#take(this.#lastMs + step);
  }

  /** Drops what waits. */
  discard(): void {
    this.#samples = [];
    this.#shown = [];
    this.#bytes = 0;
  }

  /** @param mediaMs as decoded; of frames before it, none is shown at another time while `#shown` is empty */
  #noteShown(mediaMs: number, shownMs: number): void {
    if (this.#shown.length === 0 && shownMs === mediaMs) return;
    if (this.#shown.length === 0) {
      let at = this.#from;
      for (const { duration } of this.#samples.slice(0, -1)) {
        this.#shown.push(at);
        at += duration;
      }
    }
    this.#shown.push(shownMs);
  }

  /**
   * Decoding keeps the pace of showing. A fragment ends before a picture that is shown after all that were sent, so that the
   * times of fragments do not overlap; where one had to end elsewhere, some pictures are decoded late.
   * @returns end of the last picture
   */
  #reorder(endMs: number): number {
    const decoded = this.#shown.toSorted((a, b) => a - b);
    decoded[0] = Math.max(decoded[0]!, this.#floorMs);
    for (let i = 1; i < decoded.length; i++) decoded[i] = Math.max(decoded[i]!, decoded[i - 1]! + 1);
    const last = decoded.at(-1)!;
    const end = decoded.length > 1 ? last + (last - decoded.at(-2)!) : Math.max(endMs, last + 1);
    for (const [i, sample] of this.#samples.entries()) {
      sample.duration = (decoded[i + 1] ?? end) - decoded[i]!;
      sample.shift = this.#shown[i]! - decoded[i]!;
    }
    this.#from = decoded[0]!;
    this.#shown = [];
    return end;
  }

  #take(nextMs: number): FragmentDraft {
    const samples = this.#samples;
    const endMs = this.#shown.length > 0 ? this.#reorder(nextMs) : nextMs;
    const draft: FragmentDraft = {
      video: { from: this.#from, samples },
      audio: undefined,
      at: this.#at,
      durationMs: endMs - this.#from,
      bytes: this.#bytes,
      isRunStart: samples[0]!.key,
    };
    this.#samples = [];
    this.#bytes = 0;
    this.#endMs = endMs;
    this.#floorMs = endMs;
    return draft;
  }
}
