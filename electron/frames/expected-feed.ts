import type { Clock } from '../clock.ts';
import type { Settings } from '../config.ts';
import type { DataUse } from '../device/data-use.ts';
import type { EvidenceBook } from '../device/evidence-book.ts';
import type { Log } from '../log.ts';
import { type MediaKey, streamName } from '../stream-key.ts';
import type { Tally } from '../tally.ts';
import type { FrameSink } from './frame.ts';
import type { MediaSource } from './media-source.ts';
import type { SourceStream } from './source-stream.ts';

export interface IntakeParts {
  readonly clock: Clock;
  readonly tally: Tally;
  readonly settings: Settings;
  readonly log: Log;
  /** Absent where nobody asks why a camera stays black. */
  readonly evidence?: EvidenceBook;
  /** Where vehicles' bytes are counted. */
  readonly dataUse?: DataUse;
}

/** What an intake tells of one expected stream, besides its frames. */
export interface IntakeSink extends FrameSink {
  /**
   * Media comes from here from now on. Told again, without `sourceClosed` between, when another source takes over.
   * @param sim SIM field of its packets, 6 or 10 bytes: what is sent back carries the same
   */
  sourceOpened(source: MediaSource, sim: Uint8Array): void;
  /** One packet was taken in. `bytes` of payload; `lost` packets are missing right before it. */
  packet(bytes: number, lost: number): void;
  sourceClosed(): void;
  /** Its source proved to be another stream's; its own is still to come. */
  sourceMistaken?(): void;
  /** It has its source although nothing comes, as while a playback is paused: no other one may take its place. */
  isResting?(): boolean;
  /** False for a source that is not to be its own, such as one that was told to end. */
  takes?(source: MediaSource): boolean;
}

/** One stream that was asked for. */
export class ExpectedFeed {
  readonly key: MediaKey;
  readonly name: string;
  sink: IntakeSink;
  /** Monotonic ms, and a number that grows with every expectation. */
  expectedAt: number;
  order: number;
  stream: SourceStream | undefined;
  hadSource = false;
  /** Size of the picture that came last, by its SPS; 0 before one came. */
  pixels = 0;

  constructor(key: MediaKey, sink: IntakeSink, expectedAt: number, order: number) {
    this.key = key;
    this.name = streamName(key);
    this.sink = sink;
    this.expectedAt = expectedAt;
    this.order = order;
  }

  isAlive(now: number, silenceMs: number): boolean {
    if (this.stream === undefined) return false;
    return now - this.stream.lastPacketAt < silenceMs || this.sink.isResting?.() === true;
  }

  /** A source that comes now may become its own. */
  isFree(source: MediaSource, now: number, silenceMs: number): boolean {
    return !this.isAlive(now, silenceMs) && this.sink.takes?.(source) !== false;
  }
}
