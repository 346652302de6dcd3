/** A frame this much earlier than the one before is jitter of the terminal's clock; earlier still, the clock was set back. */
const jitterMs = 1000;
/** A frame this much later than its arrival explains: the clock was set forward. */
const leapMs = 5000;
/** Assumed between frames where neither clock tells. */
const usualStepMs = 40;
/** Units with one timestamp in a row, after which it counts as standing still (SPS, PPS, SEI and slice sent apart are four). */
const standstill = 5;
const wrap32 = 2 ** 32;

/** What one kind of media (pictures, or sound) of a source was last given. */
interface Track {
  rawMs: number;
  ptsMs: number;
  arrivedAt: number;
  repeats: number;
}

/**
 * Makes presentation times out of terminals' timestamps. They count from 1970, from 1990, from power-on or from 0; they
 * stand still, or are set while a stream runs. As long as they behave, `ptsMs` is the timestamp itself, in the
 * terminal's own epoch. Within a track it never goes back.
 *
 * - set back by more than a second, or forward by more than 5 s beyond what arrival explains: the time goes on by the time
 *   that passed between arrivals, and the difference is kept for both tracks, so that sound stays with its picture
 * - back by less: the time stands still until the timestamps catch up (sound often runs a little behind, and several audio
 *   packets may share a timestamp)
 * - a counter of 32 bits that overflows goes on
 * - the same timestamp five times running: arrival times are used until it moves again
 */
export class Timeline {
  #offset = 0;
  #isBegun = false;
  readonly #video: Track = { rawMs: 0, ptsMs: Number.NEGATIVE_INFINITY, arrivedAt: 0, repeats: 0 };
  readonly #audio: Track = { rawMs: 0, ptsMs: Number.NEGATIVE_INFINITY, arrivedAt: 0, repeats: 0 };

  /** @param arrivedAt monotonic ms @returns ms, never less than the one before */
  video(deviceMs: bigint, arrivedAt: number): number {
    return this.#next(this.#video, Number(deviceMs), arrivedAt);
  }

  audio(deviceMs: bigint, arrivedAt: number): number {
    return this.#next(this.#audio, Number(deviceMs), arrivedAt);
  }

  #next(track: Track, rawMs: number, arrivedAt: number): number {
    const ptsMs = this.#isBegun ? this.#follow(track, rawMs, arrivedAt) : rawMs;
    this.#isBegun = true;
    track.rawMs = rawMs;
    track.ptsMs = ptsMs;
    track.arrivedAt = arrivedAt;
    return ptsMs;
  }

  #follow(track: Track, rawMs: number, arrivedAt: number): number {
    const other = track === this.#video ? this.#audio : this.#video;
    const last = track.ptsMs === Number.NEGATIVE_INFINITY ? other : track;
    const passed = Math.max(arrivedAt - last.arrivedAt, 0);
    if (last === track && rawMs === track.rawMs) {
      track.repeats++;
      if (track.repeats < standstill) return track.ptsMs;
      this.#offset = track.ptsMs + passed - rawMs;
      return track.ptsMs + passed;
    }
    track.repeats = 0;
    const step = rawMs + this.#offset - last.ptsMs;
    if (step >= 0 && step <= passed + leapMs) return last.ptsMs + step;
    if (step < 0 && step >= -jitterMs) return last === track ? track.ptsMs : last.ptsMs + step;
    const wrapped = step + wrap32;
    const goneOn = wrapped >= 0 && wrapped <= passed + leapMs ? wrapped : Math.min(passed || usualStepMs, leapMs);
    this.#offset = last.ptsMs + goneOn - rawMs;
    return last.ptsMs + goneOn;
  }
}
