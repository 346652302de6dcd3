import type { Frame } from '../frames/frame.ts';
import type { Sample } from './fragment-box.ts';
import { nalUnits } from './nal-units.ts';
import { mostEarlyMs, PictureOrder } from './picture-order.ts';
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
/** A picture this many times as far from the one before as that was may be shown after some that are still to come. */
const leap = 1.75;

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
  /** Where decoding of the fragment before ended. */
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
    const usualMs = this.#stepMs;
    if (last) {
      this.#stepMs = mediaMs - this.#lastMs;
      last.duration = this.#stepMs;
    }
    const length = mediaMs - this.#from;
    const isLong = early === 0 && length >= (frame.key ? leastMs : mostMs);
    const isDue = isLong || this.#bytes + frame.data.length > mostBytes;
    const draft = last && isDue ? this.#take(mediaMs, frame.key ? Number.POSITIVE_INFINITY : usualMs) : undefined;
    if (draft) mediaMs = Math.max(mediaMs, this.#endMs);
    if (this.#samples.length === 0) {
      // Within a group, browsers go on only where decoding does.
      this.#from = !frame.key && mediaMs - this.#floorMs <= mostEarlyMs ? this.#floorMs : mediaMs;
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
    return this.#take(this.#lastMs + step, step);
  }

  /** Drops what waits. */
  discard(): void {
    this.#samples = [];
    this.#shown = [];
    this.#bytes = 0;
  }

  /** @param mediaMs as it came; of frames before it, none is shown at another time while `#shown` is empty */
  #noteShown(mediaMs: number, shownMs: number): void {
    const before = this.#samples.slice(0, -1);
    if (this.#shown.length === 0) {
      if (shownMs === (before.length === 0 ? this.#from : mediaMs)) return;
      let at = this.#from;
      for (const { duration } of before) {
        this.#shown.push(at);
        at += duration;
      }
    }
    this.#shown.push(shownMs);
  }

  /**
   * @param nextMs media time of what comes next
   * @param usualMs distance that it would have from the picture before if nothing between were still to come
   */
  #take(nextMs: number, usualMs: number): FragmentDraft {
    const samples = this.#samples;
    const shown = this.#shown.toSorted((a, b) => a - b);
    const last = shown.at(-1) ?? this.#lastMs;
    const step = shown.length > 1 ? last - shown.at(-2)! : usualMs;
    const isNext = nextMs > last && nextMs - last <= step * leap;
    // What is still to come must be decoded before it is shown.
    const decodedMs = isNext ? nextMs : last + Math.max(1, Math.floor(step / 2));
    if (shown.length > 0) this.#reorder(decodedMs);
    else samples.at(-1)!.duration = decodedMs - last;
    const endMs = isNext ? nextMs : Math.max(last + step, decodedMs);
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
    this.#endMs = decodedMs;
    this.#floorMs = decodedMs;
    return draft;
  }

  /**
   * Decoding goes on as evenly as may be without a picture being decoded after it is shown: of a file that has one, ffmpeg
   * shows every picture later by as much, and its sound as it is. A fragment ends before a picture that is shown after all that
   * were sent, so that the times of fragments do not overlap; where one had to end elsewhere, some are decoded late all the same.
   */
  #reorder(endMs: number): void {
    const shown = this.#shown;
    // Pictures that a key frame is sent before, and that are shown before it.
    if (this.#samples[0]!.key && Math.min(...shown) < shown[0]!) this.#from = this.#floorMs;
    let at = this.#from;
    for (const [i, sample] of this.#samples.entries()) {
      let step = Math.floor((endMs - at) / (shown.length - i));
      for (let later = i + 1; later < shown.length; later++)
        step = Math.min(step, Math.floor((shown[later]! - at) / (later - i)));
      sample.shift = shown[i]! - at;
      sample.duration = Math.max(1, step);
      at += sample.duration;
    }
    this.#shown = [];
  }
}
