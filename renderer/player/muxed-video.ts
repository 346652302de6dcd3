import JMuxer from 'jmuxer';
import { Backlog } from './backlog.ts';
import { DisplayLog, displayLatency } from './display-log.ts';
import type { Fit, MediaFrame, ShownPicture } from './engine.ts';
import { LiveEdge } from './live-edge.ts';
import type { PageClock } from './page-clock.ts';
import { Timeline } from './timeline.ts';
import { Watchdog } from './watchdog.ts';

/** Played media is kept for this long before it is trimmed at a key frame (ms). */
const keepPlayed = 10_000;
const trimEvery = 5000;

export interface MuxedVideoListener {
  picture(): void;
  failed(reason: string): void;
  unsupported(): void;
}

/** One <video> with one jmuxer behind it, for one SPS. Made anew for another SPS and after every failure. */
export class MuxedVideo {
  readonly video: HTMLVideoElement;
  framesPresented = 0;
  framesDropped = 0;
  pictureAt: number | undefined;
  latencyMs: number | undefined;
  shown: ShownPicture | undefined;
  readonly #clock: PageClock;
  readonly #listener: MuxedVideoListener;
  readonly #jmuxer: JMuxer;
  readonly #edge: LiveEdge;
  readonly #timeline = new Timeline();
  readonly #origins = new DisplayLog();
  readonly #watchdog = new Watchdog();
  readonly #backlog = new Backlog();
  #buffer: SourceBuffer | undefined;
  /** Key frames on the timeline, ms: the only places where trimming may end. */
  #keys: number[] = [];
  #trimmedAt = 0;
  /** Frames to append together, 0 when each goes its way at once; and those that wait for it. */
  #gather = 0;
  readonly #waiting: MediaFrame[] = [];
  #cancelGathering = () => {};
  #ready = false;
  #over = false;

  constructor({ clock, ...options }: { clock: PageClock; listener: MuxedVideoListener; fit: Fit; hold: number }) {
    this.#clock = clock;
    this.#listener = options.listener;
    const video = document.createElement('video');
    this.video = video;
    video.muted = true;
    video.autoplay = true;
    video.playsInline = true;
    video.disablePictureInPicture = true;
    video.style.cssText = 'position:absolute;inset:0;width:100%;height:100%';
    video.style.objectFit = options.fit;
    video.addEventListener('error', () => this.#fail(video.error?.message ?? 'media element failed'));
    video.addEventListener('waiting', () => {
      if (this.pictureAt !== undefined && this.#gather === 0) this.#gather = this.#edge.rebuffered(clock.monotonic());
    });
    this.#edge = new LiveEdge(video);
    this.#edge.hold = options.hold;
    video.requestVideoFrameCallback(this.#presented);
    this.#jmuxer = new JMuxer({
      node: video,
      mode: 'video',
      videoCodec: 'H264',
      flushingTime: 0,
      maxDelay: Number.POSITIVE_INFINITY,
      clearBuffer: false,
      fps: 25,
      debug: false,
      live: true,
      onReady: (_reset, source) => this.#open(source),
      onError: error => this.#fail(`${error.name}: ${error.error}`),
      onUnsupportedCodec: () => {
        if (!this.#over) this.#listener.unsupported();
      },
    });
    // Its own way out of a failed append restarts on a black picture, with frames that refer to nothing.
    this.#jmuxer.reset = () => this.#fail('append failed');
  }

  /** `data` begins with its parameter sets when the frame is a key frame. */
  feed(frame: MediaFrame): void {
    if (this.#over) return;
    if (this.#gather > 0 && !frame.cached) this.#gathered(frame);
    else if (this.#ready) this.#mux(frame, frame.cached);
    else this.framesDropped += this.#backlog.push(frame);
  }

  /** Frames that piled up while nothing was shown: all but the last are passed over. */
  catchUp(frames: readonly MediaFrame[]): void {
    for (const [i, frame] of frames.entries()) {
      if (this.#ready) this.#mux(frame, i < frames.length - 1);
      else this.feed(frame);
    }
  }

  setHold(ms: number): void {
    this.#edge.hold = ms;
  }

  tick(idle: boolean): void {
    if (this.#over || !this.#ready) return;
    this.#edge.keepPlaying();
    if (idle) this.#watchdog.rest();
    const now = this.#clock.monotonic();
    const verdict = this.#watchdog.verdict(now);
    if (verdict !== 'well') this.#fail(verdict);
    else if (now - this.#trimmedAt > trimEvery) this.#trim(now);
  }

  close(): void {
    this.#over = true;
    this.#cancelGathering();
    const { video } = this;
    const url = video.src;
    this.#jmuxer.destroy();
    video.pause();
    video.removeAttribute('src');
    video.load();
    // jmuxer revokes it when the MediaSource opens, which does not happen to one that is closed at once.
    if (url) URL.revokeObjectURL(url);
    video.remove();
    this.#backlog.take();
  }

  #open(source: MediaSource): void {
    if (this.#over) return;
    this.#ready = true;
    source.sourceBuffers.addEventListener('addsourcebuffer', () => {
      const buffer = source.sourceBuffers[0];
      if (!buffer || this.#buffer) return;
      this.#buffer = buffer;
      // With flushingTime 0 jmuxer appends only when the next frame is fed: one frame of delay whenever it was busy.
      buffer.addEventListener('updateend', () => {
        if (!this.#over) this.#jmuxer.releaseBuffer();
      });
    });
    this.catchUp(this.#backlog.take());
  }

  /** Appends what was gathered after the clock stopped, once it is enough or has waited long enough. */
  #gathered(frame: MediaFrame): void {
    this.#waiting.push(frame);
    if (this.#waiting.length >= this.#gather) this.#append();
    else if (this.#waiting.length === 1)
      this.#cancelGathering = this.#clock.after(this.#gather * this.#timeline.interval, () => this.#append());
  }

  #append(): void {
    this.#cancelGathering();
    this.#gather = 0;
    for (const frame of this.#waiting.splice(0)) this.#mux(frame, false);
  }

  #mux(frame: MediaFrame, catchUp: boolean): void {
    if (this.#over) return;
    const now = this.#clock.monotonic();
    const { at, duration } = this.#timeline.place(frame.ptsMs, catchUp, this.#edge.target);
    if (frame.key) this.#keys.push(at);
    if (!catchUp) this.#origins.fed(at, frame);
    this.#watchdog.fed(now);
    try {
      this.#jmuxer.feed({ video: frame.data, duration, isLastVideoFrameComplete: true });
    } catch (thrown) {
      this.#fail(String(thrown));
      return;
    }
    if (!catchUp) this.#edge.appended(at, this.#timeline.interval, now, this.pictureAt !== undefined);
  }

  readonly #presented = (now: number, metadata: VideoFrameCallbackMetadata): void => {
    if (this.#over) return;
    this.video.requestVideoFrameCallback(this.#presented);
    this.framesPresented = metadata.presentedFrames;
    const first = this.pictureAt === undefined;
    this.pictureAt = now;
    this.#watchdog.presented(now);
    if (!first && this.#gather === 0) this.#gather = this.#edge.shown(metadata.mediaTime * 1000, now);
    const origin = this.#origins.origin(Math.round(metadata.mediaTime * 1000));
    if (origin) {
      const at = metadata.expectedDisplayTime;
      this.latencyMs = displayLatency(origin.receivedAt, at, this.#clock);
      this.shown = { at, ...origin };
    }
    if (!first) return;
    this.#edge.started();
    this.#listener.picture();
  };

  #trim(now: number): void {
    this.#trimmedAt = now;
    const buffer = this.#buffer;
    if (!buffer || buffer.updating) return;
    const until = this.video.currentTime * 1000 - keepPlayed;
    const passed = this.#keys.findLastIndex(key => key <= until);
    if (passed <= 0) return;
    try {
      buffer.remove(0, this.#keys[passed]! / 1000);
      this.#keys = this.#keys.slice(passed);
    } catch (thrown) {
      this.#fail(String(thrown));
    }
  }

  #fail(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#listener.failed(reason);
  }
}
