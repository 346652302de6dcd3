import { hasBSlice, KeyUnits } from './access-unit.ts';
import { Backlog } from './backlog.ts';
import type { Engine, EngineListener, EngineReport, Fit, MediaFrame } from './engine.ts';
import type { MediaPort } from './media-port.ts';
import { MuxedVideo } from './muxed-video.ts';
import type { PageClock } from './page-clock.ts';
import { PortIntake } from './port-intake.ts';
import { still } from './still.ts';
import { Backoff, watchLimits } from './watchdog.ts';

/** H.264 through jmuxer and MSE. A failed or outdated decoder stays on the screen until the next one has a picture. */
export class JmuxerEngine implements Engine {
  readonly kind = 'jmuxer';
  readonly element: HTMLElement;
  readonly #clock: PageClock;
  readonly #listener: EngineListener;
  readonly #intake: PortIntake;
  readonly #units = new KeyUnits();
  readonly #backoff = new Backoff();
  readonly #kept = new Backlog();
  /** What is seen. */
  #shown: MuxedVideo | undefined;
  /** What is fed: the same one, or its successor underneath it. */
  #fed: MuxedVideo | undefined;
  #spsId = '';
  #playable = true;
  #released = false;
  #reordered = false;
  #fit: Fit = 'contain';
  #hold = 0;
  #hidden = false;
  #hiddenPictureAt: number | undefined;
  #firstPictureAt: number | undefined;
  #presentedBefore = 0;
  #dropped = 0;
  #rebuilds = 0;

  constructor(options: { port: MediaPort; clock: PageClock; listener: EngineListener }) {
    this.#clock = options.clock;
    this.#listener = options.listener;
    this.element = document.createElement('div');
    this.element.style.cssText = 'position:absolute;inset:0';
    this.#intake = new PortIntake(options.port, {
      status: status => this.#listener.status(status),
      start: start => {
        this.#playable = start.codec === 'h264';
        this.#units.setParameterSets(start.parameterSets);
        this.#listener.start(start);
      },
      frame: frame => this.#frame(frame),
      end: (code, message) => this.#listener.end(code, message),
    });
  }

  report(): EngineReport {
    const shown = this.#shown;
    return {
      framesReceived: this.#intake.framesReceived,
      framesDropped: this.#intake.framesDropped + this.#dropped + (this.#fed?.framesDropped ?? 0),
      framesPresented: this.#presentedBefore + (shown?.framesPresented ?? 0),
      rebuilds: this.#rebuilds,
      awaitsKey: this.#intake.awaitsKey,
      pictureAt: this.#hidden ? this.#hiddenPictureAt : shown?.pictureAt,
      firstPictureAt: this.#firstPictureAt,
      latencyMs: shown?.latencyMs,
      shown: shown?.shown,
      width: shown?.video.videoWidth ?? 0,
      height: shown?.video.videoHeight ?? 0,
    };
  }

  tick(): void {
    if (!this.#released) this.#intake.settle();
    this.#fed?.tick(this.#hidden || document.hidden);
  }

  still(): Promise<Blob> {
    const video = this.#shown?.video;
    return video ? still(video, video.videoWidth, video.videoHeight) : Promise.reject(new Error('there is no picture'));
  }

  setFit(fit: Fit): void {
    this.#fit = fit;
    for (const muxed of [this.#shown, this.#fed]) if (muxed) muxed.video.style.objectFit = fit;
  }

  setHold(ms: number): void {
    this.#hold = ms;
    for (const muxed of [this.#shown, this.#fed]) muxed?.setHold(ms);
  }

  setHidden(hidden: boolean): void {
    if (hidden === this.#hidden) return;
    this.#hiddenPictureAt = this.#shown?.pictureAt;
    this.#hidden = hidden;
    if (hidden) return;
    const kept = this.#kept.take();
    if (kept.length === 0) {
      this.#intake.requireKey();
      return;
    }
    const ready = kept.map(frame => this.#prepare(frame)).filter(frame => frame !== undefined);
    this.#fed?.catchUp(ready);
  }

  /** Gives the port away and keeps the last picture until `close`. */
  release(): MediaPort {
    this.#released = true;
    return this.#intake.release();
  }

  close(): void {
    if (!this.#released) this.#intake.close();
    this.#released = true;
    if (this.#fed !== this.#shown) this.#fed?.close();
    this.#shown?.close();
    this.#fed = undefined;
    this.#shown = undefined;
    this.element.remove();
  }

  #frame(frame: MediaFrame): void {
    if (!this.#playable) {
      this.#dropped += 1;
    } else if (this.#hidden) {
      this.#hiddenPictureAt = this.#clock.monotonic();
      this.#dropped += this.#kept.push(frame);
    } else {
      const ready = this.#prepare(frame);
      if (ready) this.#fed?.feed(ready);
    }
  }

  /** What the present decoder can take; makes another one where the frame asks for it. Undefined: dropped. */
  #prepare(frame: MediaFrame): MediaFrame | undefined {
    if (this.#released) return undefined;
    const ready = frame.key ? this.#prepareKey(frame) : this.#prepareOther(frame);
    if (!ready) {
      this.#dropped += 1;
      this.#intake.requireKey();
    }
    return ready;
  }

  #prepareOther(frame: MediaFrame): MediaFrame | undefined {
    if (!this.#reordered && hasBSlice(frame.data)) {
      // Without composition times jmuxer shows B pictures in the wrong order.
      this.#reordered = true;
      this.#units.stopRewriting();
      this.#spsId = '';
      this.#listener.unfit();
      if (this.#released) return undefined;
    }
    return this.#fed ? frame : undefined;
  }

  #prepareKey(frame: MediaFrame): MediaFrame | undefined {
    const unit = this.#units.prepare(frame.data, 'h264');
    if (!unit) return undefined;
    if (!unit.idr) {
      // MSE begins at an IDR picture only, whatever the container says.
      if (!this.#fed) this.#listener.unfit();
      if (!this.#fed || unit.spsId !== this.#spsId) return undefined;
    }
    if (!this.#fed || unit.spsId !== this.#spsId) {
      if (!this.#backoff.mayRetry(this.#clock.monotonic())) return undefined;
      this.#spsId = unit.spsId;
      this.#succeed();
    }
    return { ...frame, data: unit.data };
  }

  /** A new decoder underneath what is seen. */
  #succeed(): void {
    if (this.#fed !== this.#shown) this.#fed?.close();
    const next: MuxedVideo = new MuxedVideo({
      clock: this.#clock,
      fit: this.#fit,
      hold: this.#hold,
      listener: {
        picture: () => this.#pictured(next),
        failed: () => this.#failed(next),
        unsupported: () => this.#listener.unfit(),
      },
    });
    this.#fed = next;
    this.element.prepend(next.video);
  }

  #pictured(next: MuxedVideo): void {
    const old = this.#shown;
    this.#shown = next;
    if (old && old !== next) {
      this.#presentedBefore += old.framesPresented;
      old.close();
    }
    const now = this.#clock.monotonic();
    this.#firstPictureAt ??= now;
    this.#backoff.well(now);
    this.#listener.picture();
  }

  #failed(failed: MuxedVideo): void {
    if (failed !== this.#fed) return;
    this.#fed = undefined;
    if (failed !== this.#shown) failed.close();
    this.#rebuilds += 1;
    this.#backoff.failed(this.#clock.monotonic());
    this.#intake.requireKey();
    if (this.#backoff.failures >= watchLimits.maxFailures) this.#listener.unfit();
  }
}
