import { Backlog } from './backlog.ts';
import type { DecodeDown, PictureTarget, TileReport } from './decode-messages.ts';
import { DisplayLog } from './display-log.ts';
import type { MediaFrame, StreamStart } from './engine.ts';
import { FrameHold } from './frame-hold.ts';
import type { MediaPort } from './media-port.ts';
import type { PageClock } from './page-clock.ts';
import { type PictureSink, pictureSink } from './picture-sink.ts';
import { PortIntake } from './port-intake.ts';
import { decoderLimits, TileDecoder } from './tile-decoder.ts';

/** One player's half in the decode worker: port in, pictures out. */
export class DecodeTile {
  readonly #tile: number;
  readonly #clock: PageClock;
  readonly #post: (message: DecodeDown) => void;
  readonly #sink: PictureSink;
  readonly #draws: boolean;
  readonly #intake: PortIntake;
  readonly #decoder: TileDecoder;
  readonly #kept = new Backlog();
  readonly #hold: FrameHold;
  #playable = true;
  #hidden = false;
  #announce = true;
  #dropped = 0;
  #written = 0;
  #writtenAt = 0;
  #receivedAt = 0;
  #width = 0;
  #height = 0;
  #epoch = 0;
  #stamp = -1;
  #liveFrom = 0;
  #latencyMs: number | undefined;
  readonly #origins = new DisplayLog();
  #live: TileReport['written'];

  constructor(options: {
    tile: number;
    port: MediaPort;
    target: PictureTarget;
    start?: StreamStart;
    clock: PageClock;
    post(message: DecodeDown): void;
  }) {
    this.#tile = options.tile;
    this.#clock = options.clock;
    this.#post = options.post;
    this.#draws = 'canvas' in options.target;
    this.#sink = pictureSink(options.target);
    this.#hold = new FrameHold(options.clock, frame => this.#due(frame));
    this.#decoder = new TileDecoder({
      picture: (picture, live) => this.#show(picture, live),
      lost: () => {
        this.#announce = true;
        this.#intake.requireKey();
      },
      unfit: () => this.#post({ type: 'unfit', tile: this.#tile }),
    });
    if (options.start) this.#begin(options.start);
    const { tile } = options;
    this.#intake = new PortIntake(options.port, {
      status: status => this.#post({ type: 'status', tile, status }),
      start: start => {
        this.#begin(start);
        this.#post({ type: 'start', tile, start });
      },
      frame: frame => this.#frame(frame),
      end: (code, message) => this.#post({ type: 'end', tile, code, message }),
    });
  }

  setHidden(hidden: boolean): void {
    if (hidden === this.#hidden) return;
    this.#hidden = hidden;
    if (hidden) this.#hold.flush();
    if (hidden) return;
    const kept = this.#kept.take();
    if (kept.length === 0) this.#intake.requireKey();
    for (const [i, frame] of kept.entries()) this.#decode(frame, i < kept.length - 1);
  }

  setHold(ms: number): void {
    this.#hold.set(ms);
  }

  report(): TileReport {
    this.#intake.settle();
    return {
      tile: this.#tile,
      framesReceived: this.#intake.framesReceived,
      framesDropped: this.#intake.framesDropped + this.#dropped,
      framesWritten: this.#written,
      rebuilds: this.#decoder.rebuilds,
      awaitsKey: this.#intake.awaitsKey,
      width: this.#width,
      height: this.#height,
      epoch: this.#epoch,
      liveFrom: this.#liveFrom,
      receivedAt: this.#receivedAt,
      writtenAt: this.#writtenAt,
      ...(this.#live ? { written: this.#live } : {}),
      ...(this.#latencyMs === undefined ? {} : { latencyMs: this.#latencyMs }),
    };
  }

  close(): void {
    this.#intake.close();
    this.#hold.close();
    this.#decoder.close();
    this.#sink.close();
    this.#kept.take();
  }

  #begin(start: StreamStart): void {
    this.#playable = start.codec === 'h264' || start.codec === 'h265';
    this.#decoder.setCodec(start.codec);
    this.#decoder.units.setParameterSets(start.parameterSets);
  }

  #frame(frame: MediaFrame): void {
    this.#receivedAt = this.#clock.now();
    this.#hold.take(frame);
  }

  #due(frame: MediaFrame): void {
    if (!this.#playable) this.#dropped += 1;
    else if (this.#hidden) this.#dropped += this.#kept.push(frame);
    else this.#decode(frame, frame.cached);
  }

  #decode(frame: MediaFrame, catchUp: boolean): void {
    if (this.#stamp < 0) this.#epoch = frame.receivedAt;
    this.#stamp = Math.max(this.#stamp + 1, Math.round((frame.receivedAt - this.#epoch) * 1000));
    if (!catchUp) this.#origins.fed(this.#stamp, frame);
    if (catchUp) this.#liveFrom = (this.#stamp + 1) / 1000;
    if (this.#decoder.decode(frame, this.#stamp, catchUp)) return;
    this.#dropped += 1;
    this.#intake.requireKey();
  }

  #show(picture: VideoFrame, live: boolean): void {
    const now = this.#clock.now();
    if (this.#hidden || (!live && now - this.#writtenAt < decoderLimits.catchUpEvery)) {
      picture.close();
      return;
    }
    this.#width = picture.displayWidth;
    this.#height = picture.displayHeight;
    const { timestamp } = picture;
    if (!this.#sink.write(picture)) {
      this.#dropped += 1;
      return;
    }
    this.#written += 1;
    this.#writtenAt = now;
    const origin = live ? this.#origins.origin(timestamp) : undefined;
    if (origin) this.#live = { timestamp, ptsMs: origin.ptsMs };
    if (this.#draws && live) this.#latencyMs = now - this.#epoch - timestamp / 1000;
    if (!this.#announce) return;
    this.#announce = false;
    this.#post({ type: 'picture', tile: this.#tile });
  }
}
