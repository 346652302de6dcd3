import type { DecodeHost } from './decode-host.ts';
import type { PictureTarget, TileReport } from './decode-messages.ts';
import { displayLatency } from './display-log.ts';
import { DisplayTimes } from './display-times.ts';
import type { Engine, EngineListener, EngineReport, Fit, ShownPicture, StreamStart } from './engine.ts';
import type { MediaPort } from './media-port.ts';
import type { PageClock } from './page-clock.ts';
import { still } from './still.ts';
import { trackGenerator } from './track-generator.ts';

/** H.264 and H.265 through WebCodecs: the worker decodes into a track, the page shows it (or a canvas without tracks). */
export class WebCodecsEngine implements Engine {
  readonly kind = 'webcodecs';
  readonly element: HTMLElement;
  readonly #clock: PageClock;
  readonly #host: DecodeHost;
  readonly #tile: number;
  readonly #view: HTMLVideoElement | HTMLCanvasElement;
  #report: TileReport | undefined;
  #hidden = false;
  #closed = false;
  #framesPresented = 0;
  #pictureAt: number | undefined;
  #firstPictureAt: number | undefined;
  #latencyMs: number | undefined;
  readonly #displays = new DisplayTimes();
  #shown: ShownPicture | undefined;

  constructor(options: {
    port: MediaPort;
    host: DecodeHost;
    clock: PageClock;
    listener: EngineListener;
    useTrack: boolean;
    /** When the stream began before this engine had the port. */
    start?: StreamStart;
  }) {
    this.#clock = options.clock;
    this.#host = options.host;
    this.element = document.createElement('div');
    this.element.style.cssText = 'position:absolute;inset:0';
    const { view, target } = options.useTrack ? this.#videoView() : canvasView();
    this.#view = view;
    view.style.cssText = 'position:absolute;inset:0;width:100%;height:100%';
    this.setFit('contain');
    this.element.append(view);
    const { listener } = options;
    this.#tile = options.host.open(
      options.port,
      target,
      {
        status: status => listener.status(status),
        start: start => listener.start(start),
        end: (code, message) => listener.end(code, message),
        picture: () => listener.picture(),
        unfit: () => listener.unfit(),
        report: report => this.#reported(report),
      },
      options.start,
    );
  }

  report(): EngineReport {
    const report = this.#report;
    const { width, height } = this.#size();
    return {
      framesReceived: report?.framesReceived ?? 0,
      framesDropped: report?.framesDropped ?? 0,
      framesPresented: this.#framesPresented,
      rebuilds: report?.rebuilds ?? 0,
      awaitsKey: report?.awaitsKey ?? true,
      pictureAt: this.#hidden && report?.receivedAt ? this.#fromWall(report.receivedAt) : this.#pictureAt,
      firstPictureAt: this.#firstPictureAt,
      latencyMs: this.#latencyMs,
      shown: this.#shown,
      width,
      height,
    };
  }

  tick(): void {
    const view = this.#view;
    if (view instanceof HTMLVideoElement && view.paused) view.play().catch(() => undefined);
  }

  still(): Promise<Blob> {
    const { width, height } = this.#size();
    return still(this.#view, width, height);
  }

  setFit(fit: Fit): void {
    this.#view.style.objectFit = fit;
  }

  setHold(ms: number): void {
    this.#host.hold(this.#tile, ms);
  }

  setHidden(hidden: boolean): void {
    if (hidden === this.#hidden) return;
    this.#hidden = hidden;
    this.#host.hide(this.#tile, hidden);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#host.close(this.#tile);
    const view = this.#view;
    if (view instanceof HTMLVideoElement) {
      view.pause();
      if (view.srcObject instanceof MediaStream) for (const track of view.srcObject.getTracks()) track.stop();
      view.srcObject = null;
      view.load();
    }
    this.element.remove();
  }

  #videoView(): { view: HTMLVideoElement; target: PictureTarget } {
    const Generator = trackGenerator();
    if (!Generator) throw new Error('MediaStreamTrackGenerator is missing');
    const view = document.createElement('video');
    view.muted = true;
    view.autoplay = true;
    view.playsInline = true;
    view.disablePictureInPicture = true;
    const generator = new Generator({ kind: 'video' });
    view.srcObject = new MediaStream([generator]);
    view.requestVideoFrameCallback(this.#presented);
    return { view, target: { track: generator.writable } };
  }

  readonly #presented = (now: number, metadata: VideoFrameCallbackMetadata): void => {
    if (this.#closed || !(this.#view instanceof HTMLVideoElement)) return;
    this.#view.requestVideoFrameCallback(this.#presented);
    this.#framesPresented = metadata.presentedFrames;
    this.#pictureAt = now;
    this.#firstPictureAt ??= now;
    this.#displays.add(Math.round(metadata.mediaTime * 1e6), metadata.expectedDisplayTime);
    const report = this.#report;
    const timestamp = metadata.mediaTime * 1000;
    this.#tellShown();
    if (report && timestamp >= report.liveFrom)
      this.#latencyMs = displayLatency(report.epoch + timestamp, metadata.expectedDisplayTime, this.#clock);
  };

  #reported(report: TileReport): void {
    this.#report = report;
    this.#tellShown();
    if (this.#view instanceof HTMLVideoElement || report.writtenAt === 0) return;
    this.#framesPresented = report.framesWritten;
    this.#latencyMs = report.latencyMs;
    this.#pictureAt = this.#fromWall(report.writtenAt);
    this.#firstPictureAt ??= this.#pictureAt;
  }

  /** The worker knows a picture's device time, the page when it is displayed: whichever comes later completes it. */
  #tellShown(): void {
    if (!this.#report?.written) return;
    const { written, epoch, writtenAt } = this.#report;
    const isDrawn = !(this.#view instanceof HTMLVideoElement);
    const at = isDrawn ? this.#fromWall(writtenAt) : this.#displays.of(written.timestamp);
    if (at === undefined) return;
    this.#shown = { at, ptsMs: written.ptsMs, receivedAt: epoch + written.timestamp / 1000 };
  }

  #fromWall(at: number): number {
    return this.#clock.monotonic() - (this.#clock.now() - at);
  }

  #size(): { width: number; height: number } {
    const view = this.#view;
    if (view instanceof HTMLVideoElement) return { width: view.videoWidth, height: view.videoHeight };
    return { width: this.#report?.width ?? 0, height: this.#report?.height ?? 0 };
  }
}

function canvasView(): { view: HTMLCanvasElement; target: PictureTarget } {
  const view = document.createElement('canvas');
  return { view, target: { canvas: view.transferControlToOffscreen() } };
}
