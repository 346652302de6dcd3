import type { ErrorCode, MediaDown, StreamStatus } from '../../electron/contract.ts';

export type EngineKind = 'jmuxer' | 'webcodecs';

/** A picture held back longer than this is not live any more (ms). */
export const maxHold = 250;

export type Fit = 'contain' | 'cover' | 'fill';

export type MediaFrame = Extract<MediaDown, { type: 'frame' }>;
export type StreamStart = Extract<MediaDown, { type: 'start' }>;

/** The newest live picture that was presented: where its stream's clocks stand against the page's. */
export interface ShownPicture {
  /** Expected display, monotonic ms of the page. */
  at: number;
  ptsMs: number;
  receivedAt: number;
}

/** Figures of one engine since it was made; times are monotonic milliseconds of the page unless said otherwise. */
export interface EngineReport {
  framesReceived: number;
  /** Received but never decoded: behind a gap, without a key frame, or stale. */
  framesDropped: number;
  framesPresented: number;
  rebuilds: number;
  /** Frames are refused until the next key frame. */
  awaitsKey: boolean;
  /** When the newest picture was presented; while hidden, when the newest frame came. */
  pictureAt?: number | undefined;
  firstPictureAt?: number | undefined;
  /** Arrival at the server → expected display of the newest live picture, ms, on one machine's clock. */
  latencyMs?: number | undefined;
  shown?: ShownPicture | undefined;
  /** Of the picture, pixels; 0 before the first. */
  width: number;
  height: number;
}

/** What an engine tells; called from its own events, never from within a call to it. */
export interface EngineListener {
  status(status: StreamStatus): void;
  start(start: StreamStart): void;
  end(code: ErrorCode, message: string): void;
  /** A picture after none: the first one, or the first after a rebuild. */
  picture(): void;
  /** It failed too often to be worth keeping. */
  unfit(): void;
}

/** Turns one media port into pictures. The port is the engine's from construction to `close`. */
export interface Engine {
  readonly kind: EngineKind;
  /** Fills whatever it is put into. */
  readonly element: HTMLElement;
  report(): EngineReport;
  /** Looks after itself: call a few times a second. */
  tick(): void;
  still(): Promise<Blob>;
  setFit(fit: Fit): void;
  /** Shows pictures this much later than it could, for the sake of sound that comes later. Ms, 0 to `maxHold`. */
  setHold(ms: number): void;
  /** Hidden: nothing is decoded, the newest group of pictures is kept for the return. */
  setHidden(hidden: boolean): void;
  close(): void;
}
