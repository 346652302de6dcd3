import type { Clock } from '../../clock.ts';
import type { CameraKey, ErrorCode, StreamStatus } from '../../contract.ts';
import type { AudioPacket, Frame } from '../../frames/frame.ts';
import type { StartInfo, Subscriber } from '../../hub/subscriber.ts';
import type { RecordingFigures } from '../recording-figures.ts';
import type { Span } from './spans.ts';

/** Footage of ours ends before it: pictures from before are not written twice. */
const overlapMs = 250;

/** Writes one camera's footage away. */
export interface FootageWriter extends Subscriber {
  figures(): RecordingFigures;
  stop(): Promise<void>;
}

export interface FetchRunParts {
  readonly camera: CameraKey;
  /** What is played, ms since 1970. */
  readonly piece: Span;
  /** Our footage reaches up to its start, or there may be some of an earlier key frame. */
  readonly followsOurs: boolean;
  /** @param clock tells the footage's own time */
  writer(clock: Clock): FootageWriter;
  readonly clock: Clock;
  /** Once. */
  ended(code: ErrorCode, message: string): void;
}

/**
 * One stretch of footage from a vehicle into our recordings. To the writer it is a camera whose pictures arrive when they
 * were taken: its clocks tell the wall clock of the newest picture.
 */
export class FetchRun implements Subscriber {
  readonly #parts: FetchRunParts;
  readonly #writer: FootageWriter;
  #at: number;
  #newest: number;
  #isBegun = false;
  #isOver = false;

  constructor(parts: FetchRunParts) {
    this.#parts = parts;
    this.#at = parts.piece.from;
    this.#newest = parts.piece.from;
    const { clock } = parts;
    this.#writer = parts.writer({
      now: () => this.#at,
      monotonic: () => this.#at,
      after: (ms, run) => clock.after(ms, run),
      every: (ms, run) => clock.every(ms, run),
    });
  }

  /** Wall clock of the newest picture; the start of the piece before the first. */
  get at(): number {
    return this.#newest;
  }

  figures(): RecordingFigures {
    return this.#writer.figures();
  }

  /** Resolves when the file has its name. Never rejects. */
  stop(): Promise<void> {
    this.#isOver = true;
    return this.#writer.stop();
  }

  status(_status: StreamStatus): void {}

  start(info: StartInfo): void {
    this.#writer.start(info);
  }

  frame(frame: Frame): boolean {
    const { piece, followsOurs } = this.#parts;
    const at = frame.receivedAt;
    if (this.#isOver) return true;
    if (at >= piece.to) {
      this.#newest = piece.to;
      this.#end('playbackEnded', '');
      return true;
    }
    if (!this.#isBegun) {
      if (!frame.key || (followsOurs && at < piece.from - overlapMs)) return true;
      this.#isBegun = true;
    }
    // A device that goes back has begun anew: what it plays was written already.
    if (at < this.#at && this.#newest > piece.from) return true;
    this.#at = at;
    this.#newest = Math.max(this.#newest, at);
    this.#writer.frame(frame, false);
    return true;
  }

  audio(packet: AudioPacket): void {
    if (this.#isBegun && !this.#isOver) this.#writer.audio(packet);
  }

  gap(frames: number, reason: 'loss' | 'sourceChanged' | 'overflow' | 'slowConsumer' | 'restart'): void {
    if (!this.#isOver) this.#writer.gap(frames, reason);
  }

  end(code: ErrorCode, message: string): void {
    this.#end(code, message);
  }

  #end(code: ErrorCode, message: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#parts.ended(code, message);
  }
}
