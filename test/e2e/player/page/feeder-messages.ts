import type { VideoCodec } from '../../../../electron/contract.ts';

/** How a simulated stream behaves from its beginning. */
export interface FeedOptions {
  clip: string;
  /** Real rate over the device's own: 1.01 is a camera whose clock runs 1 % slow, so that its frames come too fast. */
  rate?: number;
  /** Every frame is late by up to this (uniform), in order. */
  jitterMs?: number;
  /** Every so often nothing comes for a while, then everything at once. */
  stall?: { everyMs: number; forMs: number };
  /** Frames that are sent at once in the beginning, marked as cached. */
  cached?: number;
  credits?: number;
  /** Sent as fast as possible before the pace begins: for the start race. */
  burst?: number;
  codec?: VideoCodec;
}

/** How the sound of a simulated stream behaves. */
export interface SoundFeedOptions {
  /** Between its capture and its sending, beside the packet's own length. */
  delayMs?: number;
  jitterMs?: number;
  /** Stamps lie so far behind those of the pictures of the same moment. */
  stampedLate?: number;
  /** So many packets share one stamp. */
  shared?: number;
}

/** Page → feeder worker. */
export type FeederUp =
  | { type: 'clip'; name: string; fps: number; width: number; height: number; packed: ArrayBuffer }
  | { type: 'open'; id: number; port: MessagePort; options: FeedOptions }
  | { type: 'listen'; id: number; port: MessagePort; options: SoundFeedOptions }
  | { type: 'change'; id: number; clip: string }
  /** `honest`: a gap is told and frames are held until the next key frame, as the hub does it. */
  | { type: 'lose'; id: number; frames: number; honest: boolean }
  | { type: 'corrupt'; id: number; frames: number }
  | { type: 'pause'; id: number; ms: number }
  | { type: 'end'; id: number }
  | { type: 'counts'; ask: number };

/** Feeder worker → page. */
export interface FeederDown {
  ask: number;
  counts: { id: number; sent: number; keys: number; starved: number; closed: boolean }[];
}
