import type { ErrorCode, StreamPhase } from '../../electron/contract.ts';
import type { JitterReport, SoundBlock } from './jitter-buffer.ts';
import type { SoundFacts } from './packet-decoder.ts';

/** Page → sound worker. `voice` is the page's number for one camera that is heard. */
export type SoundUp =
  /** `pcm` leads into the worklet; blocks go there without the page. */
  | { type: 'open'; voice: number; pcm: MessagePort; facts: SoundFacts }
  /** The camera's media port, opened for its sound. One before it goes on until this one has brought some. */
  | { type: 'listen'; voice: number; port: MessagePort }
  /** The vehicle said something new of itself, or an operator did: decoders begin anew. */
  | { type: 'facts'; voice: number; facts: SoundFacts }
  | { type: 'close'; voice: number };

/** Figures of one voice, a few times a second. */
export interface VoiceReport {
  voice: number;
  packets: number;
  /** Of the newest packet; 0 before the first. */
  payloadType: number;
  /** How it is read, for a person: codec, law, rate. */
  reading: string;
  /** Packets that could not be decoded. */
  broken: number;
  /** What the stream does, by its server. */
  phase?: StreamPhase;
  /** Arrival at the server minus device time, ms, middle of the last packets; absent before the first. */
  stampLagMs?: number;
}

/** Sound worker → page. */
export type SoundDown =
  | { type: 'reports'; reports: VoiceReport[] }
  /** The codec that was sent has no decoder here. */
  | { type: 'unsupported'; voice: number; payloadType: number }
  | { type: 'end'; voice: number; code: ErrorCode; message: string };

/** Page → worklet, on the node's port. */
export type WorkletUp =
  /** Where the blocks come from; transferred. */
  | { type: 'pcm'; port: MessagePort }
  /** The picture's delay behind the device's time on the context's clock, ms. */
  | { type: 'steer'; lagMs?: number }
  /** Nothing is heard for now; play-out goes on underneath. */
  | { type: 'quiet'; quiet: boolean }
  /** The context stood still: what was learnt of arrivals is void. */
  | { type: 'reset' }
  | { type: 'close' };

/** Worklet → page, on the node's port: how loud it is (0 to 1, root mean square since the last one), and how play-out goes. */
export interface WorkletDown {
  level: number;
  report: JitterReport;
}

/** Sound worker → worklet; the samples' buffer is transferred. `restart`: what is not heard yet never is. */
export type WorkletBlock = SoundBlock | 'restart';
