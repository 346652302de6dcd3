import type { VideoCodec } from '../contract.ts';

/** One access unit. Read-only and shared by every subscriber: `data` is an exact-size copy made when it was assembled. */
export interface Frame {
  /** A decoder can begin here: IDR (or, for devices that send none, an I frame that carries its parameter sets). */
  readonly key: boolean;
  readonly codec: VideoCodec;
  /** JT/T 1078 table 12. */
  readonly payloadType: number;
  /** Device time in ms, monotonic within a source: see timeline.ts. */
  readonly ptsMs: number;
  /** Timestamp as the packet carried it. */
  readonly deviceMs: bigint;
  /** Arrival of the last packet, ms since 1970. */
  readonly receivedAt: number;
  /** Annex-B, byte for byte as sent. */
  readonly data: Uint8Array;
}

/** One audio packet's payload, its own copy. */
export interface AudioPacket {
  readonly payloadType: number;
  readonly ptsMs: number;
  readonly receivedAt: number;
  readonly data: Uint8Array;
}

/** What an assembler tells of one stream. Every method is called synchronously within the packet that caused it. */
export interface FrameSink {
  frame(frame: Frame): void;
  audio(packet: AudioPacket): void;
  /** Frames before the next key frame are missing or were dropped; `frames` is 0 when their number is not known. */
  gap(frames: number, reason: 'loss' | 'sourceChanged' | 'overflow'): void;
}
