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
  /** Media time at which each of them is shown. */
  #shown: number[] = [];
  /** One of them is shown before one that was sent earlier. */
  #isReordered = false;
  #at = 0;
  #bytes = 0;
  #lastMs = -1;
  #lastWall = 0;
  #stepMs = usualStepMs;
  /** Media time before which no picture may come any more. */
  #nextMs = 0;
  /** Where decoding of the fragment before ended. */
  #endMs = 0;
  /** Decoding is this much before showing, so that no picture is decoded after it is shown. */
  #delayMs = 0;

  constructor(basePtsMs: number) {
    this.#basePtsMs = basePtsMs;
  }

  /** Frames that wait to become a fragment. */
  get frames(): number {
    return this.#samples.length;
  }

  /** Media time at which the next frame would stand. */
  mediaMs(ptsMs: number): number {
    return Math.max(Math.round(ptsMs - this.#basePtsMs), this.#nextMs);
  }

  /**
   * @param lead units with parameter sets that came before the frame
   * @returns the fragment that ended right before this frame
   */
  add(frame: Frame, lead: readonly Frame[]): FragmentDraft | undefined {
    let mediaMs = this.mediaMs(frame.ptsMs);
    const early = this.#order.early(frame);
    const wall = this.#wall(frame.receivedAt, mediaMs);
    const usualMs = this.#stepMs;
    if (this.#samples.length > 0) this.#stepMs = mediaMs - this.#lastMs;
    const length = mediaMs - (this.#shown[0] ?? mediaMs);
    const isLong = early === 0 && length >= (frame.key ? leastMs : mostMs);
    const isDue = this.#samples.length > 0 && (isLong || this.#bytes + frame.data.length > mostBytes);
    const draft = isDue ? this.#take(mediaMs, frame.key ? Number.POSITIVE_INFINITY : usualMs) : undefined;
    if (draft) mediaMs = Math.max(mediaMs, this.#endMs);
    if (this.#samples.length === 0) this.#at = wall;
    const units = nalUnits(frame.data);
    for (const unit of lead.toReversed()) units.unshift(...nalUnits(unit.data));
    this.#samples.push({ units, duration: this.#stepMs, key: frame.key });
    this.#shown.push(early === 0 ? mediaMs : Math.round(frame.ptsMs - this.#basePtsMs) - early);
    this.#isReordered ||= early > 0;
    this.#bytes += frame.data.length;
    this.#lastMs = mediaMs;
    this.#lastWall = wall;
    this.#nextMs = mediaMs + 1;
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
    return this.#take(undefined, Math.max(this.#stepMs, 1));
  }

  /** Drops what waits. */
  discard(): void {
    this.#samples = [];
    this.#shown = [];
    this.#isReordered = false;
    this.#bytes = 0;
  }

  /**
   * @param nextMs media time of what comes next, if that is known
   * @param usualMs distance that it would have from the picture before if nothing between were still to come
   */
  #take(nextMs: number | undefined, usualMs: number): FragmentDraft {
    const samples = this.#samples;
    const shown = this.#shown;
    const order = shown.toSorted((a, b) => a - b);
    const [first, last] = [order[0]!, order.at(-1)!];
    const step = this.#isReordered && order.length > 1 ? last - order.at(-2)! : usualMs;
    const isNext = nextMs !== undefined && nextMs > last && nextMs - last <= step * leap;
    const endMs = isNext ? nextMs : last + step;
    // A picture that leaps ahead may be shown after some that are still to come, and are decoded before that.
    const mayReorder = nextMs !== undefined && !isNext && this.#delayMs === 0 && !this.#isReordered;
    if (this.#isReordered)
      for (const [i, at] of order.entries()) this.#delayMs = Math.max(this.#delayMs, at - shown[i]!);
    const wanted = first - this.#delayMs;
    // Within a group, browsers go on only where decoding does.
    const goesOn = !samples[0]!.key && wanted - this.#endMs <= mostEarlyMs;
    const from = goesOn ? this.#endMs : Math.max(this.#endMs, wanted);
    const until = mayReorder ? last + Math.max(1, Math.floor(step / 2)) : endMs - this.#delayMs;
    const decodedMs = this.#schedule(from, order, until);
    const draft: FragmentDraft = {
      video: { from, samples },
      audio: undefined,
      at: this.#at,
      shownMs: Math.max(0, first),
      durationMs: endMs - first,
      bytes: this.#bytes,
      isRunStart: samples[0]!.key,
    };
    this.discard();
    this.#endMs = decodedMs;
    this.#nextMs = decodedMs;
    return draft;
  }

  /**
   * When each picture is decoded: at the pace of showing, before it by as much as the order of sending needs. Of a file with
   * pictures that are decoded after they are shown, ffmpeg shows all later by as much, and its sound as it is; and browsers take
   * the time to the next decoding for the time that a picture is shown. So only the first pictures of a file are decoded
   * faster. A fragment ends before a picture that is shown after all that were sent, so that the times of fragments do not
   * overlap; where one had to end elsewhere, some are decoded late all the same.
   * @param order media times of showing, rising
   * @returns end of the last one
   */
  #schedule(from: number, order: readonly number[], until: number): number {
    const shown = this.#shown;
    const wanted = [...order.map(ms => ms - this.#delayMs), until];
    let at = from;
    for (const [i, sample] of this.#samples.entries()) {
      let step = wanted[i + 1]! - at;
      if (at > wanted[i]!) {
        let most = wanted[i + 1]! - wanted[i]!;
        for (let later = i + 1; later < shown.length; later++)
          most = Math.min(most, Math.floor((shown[later]! - at) / (later - i)));
        step = Math.max(step, most);
      }
      if (this.#delayMs > 0 || from !== order[0]) sample.shift = shown[i]! - at;
      sample.duration = Math.max(1, step);
      at += sample.duration;
    }
    return at;
  }
}
