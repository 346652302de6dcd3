import type { ErrorCode, StreamStatus } from '../../electron/contract.ts';
import type { StreamStart } from './engine.ts';

/** Where a tile's pictures go: a track that a <video> shows, or a canvas given away by the page. */
export type PictureTarget = { track: WritableStream<VideoFrame> } | { canvas: OffscreenCanvas };

/** Page → decode worker. `tile` is the page's number for one player. */
export type DecodeUp =
  /** The tile's media port is transferred. `start` when the stream began before the worker had the port. */
  | { type: 'open'; tile: number; port: MessagePort; target: PictureTarget; start?: StreamStart }
  | { type: 'hide'; tile: number; hidden: boolean }
  | { type: 'hold'; tile: number; ms: number }
  | { type: 'close'; tile: number };

export interface TileReport {
  tile: number;
  framesReceived: number;
  framesDropped: number;
  /** Handed to the target. */
  framesWritten: number;
  rebuilds: number;
  awaitsKey: boolean;
  width: number;
  height: number;
  /** Wall clock of timestamp 0: a picture's timestamp is its frame's `receivedAt` minus this. Ms. */
  epoch: number;
  /** Timestamps from here on (ms) are of live frames; those before were caught up over. */
  liveFrom: number;
  /** Newest frame received and newest picture written, ms since 1970; 0 before the first. */
  receivedAt: number;
  writtenAt: number;
  /** The newest live picture written: its timestamp as given to the target (µs) and its device time. */
  written?: { timestamp: number; ptsMs: number };
  /** Arrival → drawing; only for a canvas, since a <video> tells itself. */
  latencyMs?: number;
}

/** Decode worker → page. */
export type DecodeDown =
  | { type: 'status'; tile: number; status: StreamStatus }
  | { type: 'start'; tile: number; start: StreamStart }
  | { type: 'end'; tile: number; code: ErrorCode; message: string }
  /** The first picture, and the first after each rebuild. */
  | { type: 'picture'; tile: number }
  | { type: 'unfit'; tile: number }
  /** All tiles, a few times a second. */
  | { type: 'reports'; reports: TileReport[] };
