import type { MediaSource } from '../../frames/media-source.ts';
import { TalkLine, type TalkLineParts } from './talk-line.ts';
import type { PacketTalk } from './talk-sound.ts';
import { microphoneRate, Upsampler } from './upsampler.ts';

/** What speaks to one terminal. */
export interface Speaker {
  source: MediaSource;
  /** @param samples 8 kHz, one channel */
  push(samples: Int16Array): void;
  /** What waits goes out, its last packet filled with silence. */
  finish(): void;
  stop(): void;
}

export interface TalkSpeakerParts extends Pick<TalkLineParts, 'clock' | 'tally' | 'sim' | 'channel' | 'sent'> {
  readonly settings: { readonly talkBufferMs: number };
  readonly sound: PacketTalk;
}

/** Microphone to packets of one terminal's coding and frame length. */
export class TalkSpeaker implements Speaker {
  readonly #parts: TalkSpeakerParts;
  readonly #line: TalkLine;
  readonly #upsampler: Upsampler;
  /** Samples that wait, oldest first. */
  readonly #waiting: Int16Array;
  #count = 0;
  #isEnding = false;

  constructor(parts: TalkSpeakerParts, source: MediaSource) {
    this.#parts = parts;
    const { payloadType, encoder } = parts.sound;
    const { sampleRate, channels, frameSamples } = encoder;
    this.#upsampler = new Upsampler(sampleRate, channels);
    const packetMs = (frameSamples * 1000) / (sampleRate * channels);
    const most = Math.round((parts.settings.talkBufferMs * sampleRate * channels) / 1000);
    this.#waiting = new Int16Array(Math.max(most, frameSamples));
    this.#line = new TalkLine(
      {
        ...parts,
        ...{ payloadType, packetMs },
        has: () => this.#count >= frameSamples || (this.#isEnding && this.#count > 0),
        next: () => this.#next(),
      },
      source,
    );
  }

  get source(): MediaSource {
    return this.#line.source;
  }

  set source(source: MediaSource) {
    this.#line.source = source;
  }

  push(samples: Int16Array): void {
    this.#isEnding = false;
    const most = Math.floor((this.#parts.settings.talkBufferMs * microphoneRate) / 1000);
    this.#append(this.#upsampler.take(samples.length > most ? samples.subarray(samples.length - most) : samples));
    this.#line.start();
  }

  finish(): void {
    this.#isEnding = true;
    this.#line.start();
  }

  stop(): void {
    this.#line.stop();
    this.#count = 0;
  }

  #append(samples: Int16Array): void {
    const room = this.#waiting.length - this.#count;
    if (samples.length > room) {
      const surplus = Math.min(samples.length - room, this.#count);
      this.#parts.tally.add('talk.soundLate');
      this.#drop(surplus);
    }
    const fitting = samples.subarray(Math.max(0, samples.length - this.#waiting.length));
    this.#waiting.set(fitting, this.#count);
    this.#count += fitting.length;
  }

  #drop(samples: number): void {
    this.#waiting.copyWithin(0, samples, this.#count);
    this.#count -= samples;
  }

  #next(): Uint8Array {
    const { encoder } = this.#parts.sound;
    const taken = Math.min(encoder.frameSamples, this.#count);
    const payload = encoder.encode(this.#waiting.subarray(0, taken));
    this.#drop(taken);
    return payload;
  }
}
