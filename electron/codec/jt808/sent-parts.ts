import type { Clock } from '../../clock.ts';
import type { Settings } from '../../config.ts';
import type { Tally } from '../../tally.ts';
import type { PartsRequest } from './body/parts-request.ts';

type SentLimits = Pick<Settings, 'maxOpenMessages' | 'maxMessageBytes' | 'partsTimeoutMs' | 'partsRetries'>;

export interface SentPartsOptions {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly tally: Tally;
  readonly settings: SentLimits;
}

interface SentMessage {
  readonly firstSerial: number;
  readonly frames: readonly Uint8Array[];
  readonly bytes: number;
  at: number;
}

/**
 * Frames of sub-packaged messages that were sent to one peer, kept so that its request for parts can be answered with
 * the very same frames (808-2013 §8.4, 808-2019 §8.7).
 *
 * Kept as long as a peer with our own settings would still ask; at most `maxOpenMessages` messages and
 * `maxMessageBytes` bytes in all, the oldest leave first.
 */
export class SentParts {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #tally: Tally;
  readonly #settings: SentLimits;
  #sent: SentMessage[] = [];

  constructor(options: SentPartsOptions) {
    this.#clock = options.clock;
    this.#tally = options.tally;
    this.#settings = options.settings;
  }

  /** Bytes kept. */
  get bytes(): number {
    return this.#sent.reduce((sum, each) => sum + each.bytes, 0);
  }

  /** Call with what encodeFrames gave; a message of one frame cannot be asked for and is not kept. */
  keep(firstSerial: number, frames: readonly Uint8Array[]): void {
    if (frames.length < 2) return;
    const now = this.#clock.monotonic();
    this.#forgetOld(now);
    this.#sent = this.#sent.filter(each => each.firstSerial !== firstSerial);
    const bytes = frames.reduce((sum, frame) => sum + frame.length, 0);
    this.#sent.push({ firstSerial, frames, bytes, at: now });
    while (this.#sent.length > this.#settings.maxOpenMessages || this.bytes > this.#settings.maxMessageBytes) {
      this.#sent.shift();
      this.#tally.add('sentParts.evicted');
    }
  }

  /** The frames to send again, in the order asked, each index once; empty when the message is no longer kept. */
  again(request: PartsRequest): Uint8Array[] {
    const now = this.#clock.monotonic();
    this.#forgetOld(now);
    const sent = this.#sent.find(each => each.firstSerial === request.firstSerial);
    if (!sent) {
      this.#tally.add('sentParts.unknown');
      return [];
    }
    sent.at = now;
    const frames: Uint8Array[] = [];
    for (const index of new Set(request.indexes)) {
      const frame = sent.frames[index - 1];
      if (frame) frames.push(frame);
      else this.#tally.add('sentParts.badIndex');
    }
    return frames;
  }

  clear(): void {
    this.#sent = [];
  }

  #forgetOld(now: number): void {
    const kept = this.#settings.partsTimeoutMs * (this.#settings.partsRetries + 1);
    this.#sent = this.#sent.filter(each => now - each.at < kept);
  }
}
