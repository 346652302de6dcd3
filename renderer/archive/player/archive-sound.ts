import { FragmentBuffer } from './fragment-buffer.ts';
import type { LaneMap } from './lane-map.ts';
import type { SegmentSource } from './segment-source.ts';

/**
 * heard: it sounds, or would if it were not paused · silent: there is no sound of this moment, or it is not loaded yet ·
 * tooFast: the clock runs at a speed at which nobody understands anything · undecodable: not by this computer.
 */
export type SoundKind = 'heard' | 'silent' | 'tooFast' | 'undecodable';

export interface ArchiveSoundOptions {
  source: SegmentSource;
  changed(kind: SoundKind): void;
}

/** Sound goes with its picture up to this speed. */
export const heardUpTo = 2;
/** A hole no longer than this (ms), as at the seam of two files, is not worth a word. */
const holeMs = 1000;
/** Within this (s) of the clock, sound is left alone: a picture may be off by as much. */
const inStep = 0.03;
/** Beyond this (s) it jumps. */
const tooFar = 0.25;
/** Most that it plays faster or slower to come back to the clock; the pitch stays. */
const mostLean = 0.1;
/** A loudspeaker takes about this long (s) from being asked to play to playing: two cores without a sound card, 0.13. */
const usualDelay = 0.1;
const longestDelay = 0.4;
/** Played for so long (s), it has begun, and its distance from the clock says how long that took. */
const begunAfter = 0.2;

/** The sound of one camera of the archive: an element of its own, so that its picture never waits for it. */
export class ArchiveSound {
  readonly element: HTMLAudioElement = document.createElement('audio');
  readonly #options: ArchiveSoundOptions;
  readonly #buffer: FragmentBuffer;
  #lane: LaneMap | undefined;
  #kind: SoundKind | undefined;
  /** The clock when there was sound last. */
  #lastAt = Number.NEGATIVE_INFINITY;
  /** From being asked to play to playing, s, as learned. */
  #delay = usualDelay;
  /** Media time at which it began to play, until its delay is known. */
  #begunAt: number | undefined;

  constructor(options: ArchiveSoundOptions) {
    this.#options = options;
    this.#buffer = new FragmentBuffer(this.element, options.source, 'audio');
  }

  setLane(lane: LaneMap): void {
    this.#lane = lane;
  }

  /** @param level 0 to 1 */
  setLevel(level: number): void {
    this.element.volume = level;
    this.element.muted = level === 0;
  }

  /** Wall clock of what is heard, ms; undefined while nothing is. For figures and tests. */
  heardAt(): number | undefined {
    return this.#kind === 'heard' && !this.element.paused ? this.#buffer.wallOf(this.element.currentTime) : undefined;
  }

  /** Called several times a second. */
  follow(at: number, rate: number, running: boolean): void {
    const found = this.#play(at, rate, running);
    if (found === 'heard') this.#lastAt = at;
    else this.element.pause();
    const isHole = found === 'silent' && at >= this.#lastAt && at - this.#lastAt < holeMs;
    const kind = isHole ? 'heard' : found;
    if (kind === this.#kind) return;
    this.#kind = kind;
    this.#options.changed(kind);
  }

  close(): void {
    this.element.pause();
    this.#buffer.close();
  }

  #play(at: number, rate: number, running: boolean): SoundKind {
    const lane = this.#lane;
    if (!lane) return 'silent';
    if (rate > heardUpTo) return 'tooFast';
    this.#buffer.want(lane, at, rate);
    if (this.#buffer.trouble === 'undecodable') return 'undecodable';
    const there = lane.spanAt(at) ? this.#buffer.timeOf(at) : undefined;
    if (there === undefined) return 'silent';
    if (running) this.#steer(there, rate);
    else this.element.pause();
    return 'heard';
  }

  #steer(there: number, rate: number): void {
    const { element } = this;
    if (element.seeking) return;
    const ahead = (element.currentTime - there) / Math.max(1, rate);
    const far = this.#begunAt === undefined ? tooFar : tooFar + longestDelay;
    if (element.paused || Math.abs(ahead) > far) {
      this.#begin(there, rate);
      return;
    }
    if (this.#begunAt !== undefined) {
      if (element.currentTime - this.#begunAt < begunAfter * rate) return;
      this.#begunAt = undefined;
      this.#delay = Math.min(longestDelay, Math.max(0, this.#delay - ahead / 2));
    }
    const lean = Math.abs(ahead) > inStep ? Math.max(-mostLean, Math.min(mostLean, -ahead)) : 0;
    const wanted = rate * (1 + lean);
    if (element.playbackRate !== wanted) element.playbackRate = wanted;
  }

  /** Where the clock will be when the loudspeaker has begun: caught up with by playing faster, it would take seconds. */
  #begin(there: number, rate: number): void {
    const { element } = this;
    const then = there + this.#delay * rate;
    const isLoaded = this.#buffer.timeOf(this.#buffer.wallOf(then)) !== undefined;
    element.currentTime = isLoaded ? then : there;
    this.#begunAt = element.currentTime;
    element.playbackRate = rate;
    // A browser may want a click or a key first, and a pause before it began rejects; the next call sees the state anew.
    if (element.paused) void element.play().catch(() => undefined);
  }
}
