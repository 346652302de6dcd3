import type { ErrorCode, StreamStatus, VideoCodec } from '../../electron/contract.ts';
import { type Capabilities, type EngineChoice, engineFor } from './capabilities.ts';
import { DecodeHost } from './decode-host.ts';
import { DisplayPace } from './display-pace.ts';
import {
  type Engine,
  type EngineKind,
  type EngineListener,
  type Fit,
  maxHold,
  type ShownPicture,
  type StreamStart,
} from './engine.ts';
import { JmuxerEngine } from './jmuxer-engine.ts';
import type { MediaPort } from './media-port.ts';
import { type PageClock, pageClock } from './page-clock.ts';
import {
  type PictureInputs,
  type PictureState,
  pictureState,
  sameState,
  type UndecodableReason,
} from './picture-state.ts';
import { RateMeter } from './rate-meter.ts';
import { WebCodecsEngine } from './webcodecs-engine.ts';

export type { Capabilities, EngineChoice } from './capabilities.ts';
export type { Fit, ShownPicture } from './engine.ts';
export type { MediaPort } from './media-port.ts';
export type { PictureState, UndecodableReason } from './picture-state.ts';

export interface PlayerSnapshot {
  state: PictureState;
  /** The server's last word on the stream. */
  status?: StreamStatus;
  engine: EngineKind;
  /** Of the picture, pixels; 0 before the first. */
  width: number;
  height: number;
  /** Over the last two seconds. */
  presentedFps: number;
  /** Arrival at the server → expected display, ms; absent when unknown (another machine's clock, no live picture). */
  latencyMs?: number;
  /** For what must keep step with the picture; absent while there is none, or none lately. */
  shown?: ShownPicture;
  framesPresented: number;
  framesReceived: number;
  framesDropped: number;
  /** Times the decoder was made anew after a failure. */
  rebuilds: number;
  /** Wall clock, ms since 1970. */
  firstPictureAt?: number;
}

export interface PlayerOptions {
  /** The player's from now on: it is started, perhaps handed to a worker, and closed by `close`. */
  port: MediaPort;
  engine: EngineChoice;
  capabilities: Capabilities;
  clock?: PageClock;
  /** One worker decodes for all players of a page; by default the page's own. */
  decodeHost?: DecodeHost;
  /** At every change of state, and at most twice a second otherwise. Never called from within a method of the player. */
  onChange(snapshot: PlayerSnapshot): void;
}

const tickMs = 250;
const reportMs = 500;
/** A picture older than this tells nothing of the clocks any more. */
const shownMs = 2000;

/**
 * One live picture: takes a media port, shows its stream in `element` and says truthfully what is to be seen there.
 * `element` fills its container and may be moved between containers while it plays.
 */
export class Player {
  readonly element: HTMLElement;
  readonly #options: PlayerOptions;
  readonly #clock: PageClock;
  readonly #presented = new RateMeter(2000);
  #engine: Engine;
  /** The engine before, as long as its last picture is all there is. */
  #retired: Engine | undefined;
  #fit: Fit = 'contain';
  #hold = 0;
  #hidden = false;
  #status: StreamStatus | undefined;
  #start: StreamStart | undefined;
  #end: { code: ErrorCode; message: string } | undefined;
  #undecodable: PictureInputs['undecodable'];
  #state: PictureState = { kind: 'opening' };
  #toldAt = Number.NEGATIVE_INFINITY;
  #closed = false;
  readonly #stopTicking: () => void;
  readonly #letGoOfPace: () => void;

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? pageClock;
    this.element = document.createElement('div');
    this.element.style.cssText = 'position:relative;width:100%;height:100%;overflow:hidden;background:#000';
    const first = engineFor('h264', options.engine, options.capabilities);
    this.#engine =
      'engine' in first && first.engine === 'webcodecs'
        ? this.#webcodecs(options.port)
        : new JmuxerEngine({ port: options.port, clock: this.#clock, listener: this.#listener() });
    this.element.append(this.#engine.element);
    this.#stopTicking = this.#clock.every(tickMs, () => this.#tick());
    this.#letGoOfPace = DisplayPace.ofPage().hold();
  }

  snapshot(): PlayerSnapshot {
    const report = this.#engine.report();
    const snapshot: PlayerSnapshot = {
      state: this.#derive(),
      engine: this.#engine.kind,
      width: report.width,
      height: report.height,
      presentedFps: this.#presented.perSecond(this.#clock.monotonic()),
      framesPresented: report.framesPresented,
      framesReceived: report.framesReceived,
      framesDropped: report.framesDropped,
      rebuilds: report.rebuilds,
    };
    if (this.#status) snapshot.status = this.#status;
    if (report.latencyMs !== undefined) snapshot.latencyMs = report.latencyMs;
    if (report.shown && this.#clock.monotonic() - report.shown.at < shownMs) snapshot.shown = report.shown;
    if (report.firstPictureAt !== undefined)
      snapshot.firstPictureAt = this.#clock.now() - (this.#clock.monotonic() - report.firstPictureAt);
    return snapshot;
  }

  /** The picture as it is now, PNG, in the camera's own size. @throws when there is none */
  captureStill(): Promise<Blob> {
    return this.#engine.still();
  }

  setFit(fit: Fit): void {
    this.#fit = fit;
    this.#engine.setFit(fit);
  }

  /** The picture waits this much longer for its sound (ms, held within 0 to `maxHold`). */
  setHold(ms: number): void {
    this.#hold = Math.max(0, Math.min(maxHold, ms));
    this.#engine.setHold(this.#hold);
  }

  /** While hidden nothing is decoded; the picture is back at the newest frame within a moment of the return. */
  setHidden(hidden: boolean): void {
    this.#hidden = hidden;
    this.#engine.setHidden(hidden);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopTicking();
    this.#letGoOfPace();
    this.#engine.close();
    this.#retired?.close();
    this.element.remove();
  }

  #webcodecs(port: MediaPort, start?: StreamStart): Engine {
    return new WebCodecsEngine({
      port,
      host: this.#options.decodeHost ?? DecodeHost.ofPage(),
      clock: this.#clock,
      listener: this.#listener(),
      useTrack: this.#options.capabilities.trackGenerator,
      ...(start ? { start } : {}),
    });
  }

  #listener(): EngineListener {
    return {
      status: status => {
        this.#status = status;
        // What it is in numbers may be told after what it is in name.
        if (this.#undecodable) this.#undecodable = this.#named(this.#undecodable.codec, this.#undecodable.reason);
        // Codecs that are only named come without a start.
        if (status.codec && !this.#start) this.#judge(status.codec);
        this.#tick();
      },
      start: start => {
        this.#start = start;
        this.#judge(start.codec);
        this.#tick();
      },
      end: (code, message) => {
        this.#end = { code, message };
        this.#tick();
      },
      picture: () => {
        this.#undecodable = undefined;
        this.#retired?.close();
        this.#retired = undefined;
        this.#tick();
      },
      unfit: () => this.#unfit(),
    };
  }

  #judge(codec: VideoCodec): void {
    const fit = engineFor(codec, this.#engine.kind, this.#options.capabilities);
    this.#undecodable = 'undecodable' in fit ? this.#named(codec, fit.undecodable) : undefined;
    if ('engine' in fit && fit.engine === 'webcodecs' && this.#start) this.#replace(this.#start);
  }

  #named(codec: VideoCodec, reason: UndecodableReason): PictureInputs['undecodable'] {
    const payloadType = this.#status?.payloadType;
    return { codec, reason, ...(payloadType === undefined ? {} : { payloadType }) };
  }

  #unfit(): void {
    const start = this.#start;
    if (!start || (start.codec !== 'h264' && start.codec !== 'h265')) return;
    if (this.#engine.kind === 'webcodecs') this.#undecodable = this.#named(start.codec, start.codec);
    else if (this.#options.capabilities.webcodecs[start.codec]) this.#replace(start);
  }

  /** jmuxer gives way to WebCodecs; the port goes along, the last picture stays until there is another. */
  #replace(start: StreamStart): void {
    const old = this.#engine;
    if (this.#closed || !(old instanceof JmuxerEngine)) return;
    this.#retired = old;
    this.#engine = this.#webcodecs(old.release(), start);
    this.#engine.setFit(this.#fit);
    this.#engine.setHold(this.#hold);
    this.#engine.setHidden(this.#hidden);
    this.element.prepend(this.#engine.element);
    this.#presented.reset();
  }

  #tick(): void {
    if (this.#closed) return;
    this.#engine.tick();
    const now = this.#clock.monotonic();
    this.#presented.count(this.#engine.report().framesPresented, now);
    const state = this.#derive();
    const changed = !sameState(state, this.#state);
    this.#state = state;
    if (!changed && now - this.#toldAt < reportMs) return;
    this.#toldAt = now;
    this.#options.onChange(this.snapshot());
  }

  #derive(): PictureState {
    const report = this.#engine.report();
    const age = report.pictureAt === undefined ? undefined : this.#clock.monotonic() - report.pictureAt;
    return pictureState({
      status: this.#status,
      end: this.#end,
      undecodable: this.#undecodable,
      pictureAgeMs: age === undefined ? undefined : Math.max(0, age),
      awaitsKey: report.awaitsKey,
    });
  }
}
