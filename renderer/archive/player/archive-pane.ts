import type { ErrorCode, VideoCodec } from '../../../electron/contract.ts';
import { DecoderPace } from './decoder-pace.ts';
import { FragmentBuffer } from './fragment-buffer.ts';
import type { LaneMap, Nothing, Span } from './lane-map.ts';
import { steer } from './master-clock.ts';
import type { SegmentSource } from './segment-source.ts';

/** keys: key frames only, since the clock is too fast, or too fast for this computer's decoder. */
export type ShownFrames = 'all' | 'keys';

/** What a pane shows. */
export type PaneState =
  | { kind: 'loading' }
  | { kind: 'picture'; width: number; height: number; codec: VideoCodec; frames: ShownFrames }
  | { kind: 'nothing'; nothing: Nothing; next?: number }
  | { kind: 'undecodable'; codec: VideoCodec }
  | { kind: 'failed'; code: ErrorCode };

export interface ArchivePaneOptions {
  source: SegmentSource;
  /** A clock that never jumps, ms. */
  now(): number;
  changed(state: PaneState): void;
}

/** A gap that begins within this (ms) of the clock is loaded beyond, so that the picture after it is there in time. */
const lookOverMs = 4000;
/** While key frames only are shown, one at a time for this long (ms): five a second. */
const keyFrameMs = 200;

/** One camera of the archive: follows a clock it is told, shows what exists at that time and says what does not. */
export class ArchivePane {
  readonly element: HTMLVideoElement = document.createElement('video');
  readonly #options: ArchivePaneOptions;
  readonly #buffer: FragmentBuffer;
  readonly #pace: DecoderPace;
  #lane: LaneMap | undefined;
  #bounds: Span = { from: 0, to: 0 };
  #state: PaneState = { kind: 'loading' };
  #shownText = '';
  #keyShownAt = 0;

  constructor(options: ArchivePaneOptions) {
    this.#options = options;
    this.#pace = new DecoderPace(options.now);
    this.element.className = 'archive-video';
    this.element.muted = true;
    this.element.playsInline = true;
    this.element.disablePictureInPicture = true;
    this.#buffer = new FragmentBuffer(this.element, options.source);
  }

  get state(): PaneState {
    return this.#state;
  }

  /** A picture belongs here and is not there yet: the clock may want to wait. */
  get waits(): boolean {
    return this.#state.kind === 'loading';
  }

  /** What exists; `bounds` is the stretch that was asked about. */
  setLane(lane: LaneMap, bounds: Span): void {
    this.#lane = lane;
    this.#bounds = bounds;
  }

  /** Called several times a second: shows the picture of `at`, and goes on from there at `rate` when `running`. */
  follow(at: number, rate: number, running: boolean): void {
    this.#say(this.#show(at, rate, running));
  }

  /** Wall clock of the frame after (1) or before (-1) the one at `at`; undefined when it is not loaded. */
  neighbour(at: number, step: 1 | -1): number | undefined {
    return this.#buffer.neighbour(at, step);
  }

  /** Wall clock of the picture that is on the screen, ms; undefined without one. For figures and tests. */
  shownAt(): number | undefined {
    return this.#state.kind === 'picture' ? this.#buffer.wallOf(this.element.currentTime) : undefined;
  }

  async captureStill(): Promise<Blob | undefined> {
    if (this.#state.kind !== 'picture') return undefined;
    const { videoWidth: width, videoHeight: height } = this.element;
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext('2d')?.drawImage(this.element, 0, 0);
    return canvas.convertToBlob({ type: 'image/png' });
  }

  close(): void {
    this.#buffer.close();
    this.element.remove();
  }

  #show(at: number, rate: number, running: boolean): PaneState {
    const lane = this.#lane;
    if (!lane) return { kind: 'loading' };
    if (!lane.spanAt(at)) return this.#showNothing(lane, at, rate);
    this.#buffer.want(lane, at, rate);
    const { trouble } = this.#buffer;
    const codec = lane.segmentAt(at)?.codec ?? 'unknown';
    if (trouble === 'undecodable') return { kind: 'undecodable', codec };
    if (trouble) return { kind: 'failed', code: trouble };
    const there = this.#buffer.timeOf(at);
    if (there === undefined) {
      this.element.pause();
      return { kind: 'loading' };
    }
    const keepsUp = !running || this.#pace.keepsUp(this.element.currentTime - there, rate);
    if (keepsUp) this.#steer(there, rate, running);
    else this.#showKeyFrame(at);
    const { videoWidth: width, videoHeight: height, readyState } = this.element;
    const shown = readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && width > 0;
    if (shown) return { kind: 'picture', width, height, codec, frames: keepsUp ? 'all' : 'keys' };
    return this.#state.kind === 'picture' ? this.#state : { kind: 'loading' };
  }

  #showNothing(lane: LaneMap, at: number, rate: number): PaneState {
    this.element.pause();
    const next = lane.nextStart(at);
    if (next !== undefined && next - at < lookOverMs) this.#buffer.want(lane, next, rate);
    const nothing = lane.nothingAt(at, this.#bounds);
    return next === undefined ? { kind: 'nothing', nothing } : { kind: 'nothing', nothing, next };
  }

  #steer(there: number, rate: number, running: boolean): void {
    const video = this.element;
    const ahead = video.currentTime - there;
    if (!running) {
      video.pause();
      if (Math.abs(ahead) > 0.0005 && !video.seeking) video.currentTime = there;
      return;
    }
    const to = steer(ahead, rate);
    if (to.seek && !video.seeking) video.currentTime = there;
    if (video.playbackRate !== to.rate) video.playbackRate = to.rate;
    // Pausing before it began rejects the promise; the next call sees the state anew.
    if (video.paused) void video.play().catch(() => undefined);
  }

  #showKeyFrame(at: number): void {
    const video = this.element;
    video.pause();
    const now = performance.now();
    if (video.seeking || now - this.#keyShownAt < keyFrameMs) return;
    this.#keyShownAt = now;
    const key = this.#buffer.keyTimeOf(at);
    if (key !== undefined) video.currentTime = key;
  }

  #say(state: PaneState): void {
    const text = JSON.stringify(state);
    if (text === this.#shownText) return;
    this.#shownText = text;
    this.#state = state;
    this.#options.changed(state);
  }
}
