import type { Clock } from '../clock.ts';
import type { OpeningStep, PlaybackPhase, StreamPhase, StreamStatus } from '../contract.ts';
import type { MediaSource } from '../frames/media-source.ts';
import type { StreamStats } from './stream-stats.ts';
import type { StartInfo } from './subscriber.ts';

/** To a player a playback is a stream like any other; that it is paused or over it is told otherwise. */
const streamPhases: Record<PlaybackPhase, StreamPhase> = {
  opening: 'opening',
  playing: 'live',
  paused: 'live',
  stalled: 'stalled',
  ended: 'closed',
};

/** Where a playback stands, as it is told to whoever looks. */
export class PlaybackReport {
  readonly #clock: Clock;
  #phase: PlaybackPhase = 'opening';
  #since: number;
  #steps: { step: OpeningStep; at: number }[] = [];
  #attempts = 0;
  #lastFrameAt = 0;
  target: string | undefined;
  payloadType: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.now();
  }

  get phase(): PlaybackPhase {
    return this.#phase;
  }

  /** It is asked for: the way to its first picture begins anew. */
  asked(): void {
    this.#steps = [];
    this.#attempts++;
    this.target = undefined;
  }

  /** @returns false when it was there already */
  enter(phase: PlaybackPhase): boolean {
    if (phase === this.#phase) return false;
    this.#phase = phase;
    this.#since = this.#clock.now();
    return true;
  }

  /** @returns false when it was done already */
  mark(step: OpeningStep): boolean {
    if (this.#steps.some(done => done.step === step)) return false;
    this.#steps.push({ step, at: this.#clock.now() });
    return true;
  }

  shown(): void {
    this.#lastFrameAt = this.#clock.now();
  }

  status(stats: StreamStats, start: StartInfo | undefined, source: MediaSource | undefined): StreamStatus {
    return {
      phase: streamPhases[this.#phase],
      since: this.#since,
      steps: [...this.#steps],
      attempts: this.#attempts,
      ...(start && { codec: start.codec, width: start.width, height: start.height }),
      ...(this.payloadType !== undefined && { payloadType: this.payloadType }),
      lastFrameAt: this.#lastFrameAt,
      fps: stats.fps,
      bitsPerSecond: stats.bitsPerSecond,
      lossRatio: stats.lossRatio,
      ...(source && { transport: source.transport, source: source.remote }),
      ...(this.target !== undefined && { target: this.target }),
    };
  }
}
