import type { Clock } from '../clock.ts';
import type { Settings } from '../config.ts';
import type { Log } from '../log.ts';
import { type StreamKey, streamName } from '../stream-key.ts';
import type { Tally } from '../tally.ts';
import type { FrameSink } from './frame.ts';
import type { MediaSource } from './media-source.ts';
import type { SourceStream } from './source-stream.ts';

export interface IntakeParts {
  readonly clock: Clock;
  readonly tally: Tally;
  readonly settings: Settings;
  readonly log: Log;
}

/** What an intake tells of one expected stream, besides its frames. */
export interface IntakeSink extends FrameSink {
  /** Media comes from here from now on. Told again, without `sourceClosed` between, when another source takes over. */
  sourceOpened(source: MediaSource): void;
  /** One packet was taken in. `bytes` of payload; `lost` packets are missing right before it. */
  packet(bytes: number, lost: number): void;
  sourceClosed(): void;
}

/** One stream that was asked for. */
export class ExpectedFeed {
  readonly key: StreamKey;
  readonly name: string;
  sink: IntakeSink;
  /** Monotonic ms, and a number that grows with every expectation. */
  expectedAt: number;
  order: number;
  stream: SourceStream | undefined;
  hadSource = false;

  constructor(key: StreamKey, sink: IntakeSink, expectedAt: number, order: number) {
    this.key = key;
    this.name = streamName(key);
    this.sink = sink;
    this.expectedAt = expectedAt;
    this.order = order;
  }

  isAlive(now: number, silenceMs: number): boolean {
    return this.stream !== undefined && now - this.stream.lastPacketAt < silenceMs;
  }
}
