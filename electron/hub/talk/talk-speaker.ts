import type { Clock } from '../../clock.ts';
import { encodePacket } from '../../codec/jt1078/packet.ts';
import { dataTypes, parts } from '../../codec/jt1078/payload-type.ts';
import type { Settings } from '../../config.ts';
import type { MediaSource } from '../../frames/media-source.ts';
import type { Tally } from '../../tally.ts';
import type { TalkSound } from './talk-sound.ts';
import { microphoneRate, Upsampler } from './upsampler.ts';

/** A pause longer than this, ms, shows in the timestamps; shorter ones are the network's between console and server. */
const pauseMs = 200;

export interface TalkSpeakerParts {
  readonly clock: Clock;
  readonly tally: Tally;
  readonly settings: Settings;
  readonly sound: TalkSound;
  /** SIM field of the terminal's own packets. */
  readonly sim: Uint8Array;
  readonly channel: number;
  /** Bytes of the packets that left. */
  sent(bytes: number): void;
}

/**
 * Microphone to stream packets, one terminal's: its coding and frame length, numbers from 0, timestamps in ms, data type 3.
 * Packets leave at the pace of their samples, however the sound came.
 */
export class TalkSpeaker {
  readonly #parts: TalkSpeakerParts;
  readonly #upsampler: Upsampler;
  readonly #frameMs: number;
  /** Samples that wait, oldest first. */
  readonly #waiting: Int16Array;
  #count = 0;
  source: MediaSource;
  #sequence = 0;
  #timestamp = 0;
  #dueAt = 0;
  #cancel: (() => void) | undefined;
  #isEnding = false;

  constructor(parts: TalkSpeakerParts, source: MediaSource) {
    this.#parts = parts;
    this.source = source;
    const { sampleRate, channels, frameSamples } = parts.sound.encoder;
    this.#upsampler = new Upsampler(sampleRate, channels);
    this.#frameMs = (frameSamples * 1000) / (sampleRate * channels);
    const most = Math.round((parts.settings.talkBufferMs * sampleRate * channels) / 1000);
    this.#waiting = new Int16Array(Math.max(most, frameSamples));
  }

  /** @param samples 8 kHz, one channel */
  push(samples: Int16Array): void {
    this.#isEnding = false;
    const most = Math.floor((this.#parts.settings.talkBufferMs * microphoneRate) / 1000);
    this.#append(this.#upsampler.take(samples.length > most ? samples.subarray(samples.length - most) : samples));
    this.#start();
  }

  /** What waits goes out, its last packet filled with silence. */
  finish(): void {
    this.#isEnding = true;
    this.#start();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
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

  #start(): void {
    if (this.#cancel || this.#count === 0) return;
    const { clock } = this.#parts;
    const now = clock.now();
    if (Math.abs(now - this.#timestamp) > pauseMs) this.#timestamp = now;
    this.#dueAt = Math.max(clock.monotonic(), this.#dueAt);
    this.#turn();
  }

  #turn(): void {
    const { clock, sound } = this.#parts;
    const { frameSamples } = sound.encoder;
    this.#cancel = undefined;
    const now = clock.monotonic();
    while (this.#dueAt <= now && (this.#count >= frameSamples || (this.#isEnding && this.#count > 0))) this.#send();
    if (this.#count === 0 || (this.#count < frameSamples && !this.#isEnding)) return;
    this.#cancel = clock.after(Math.max(1, this.#dueAt - now), () => this.#turn());
  }

  #send(): void {
    const { sound, sim, channel, tally } = this.#parts;
    const { encoder, payloadType } = sound;
    const taken = Math.min(encoder.frameSamples, this.#count);
    const payload = encoder.encode(this.#waiting.subarray(0, taken));
    this.#drop(taken);
    const packet = encodePacket({
      ...{ payloadType, sim, channel, payload },
      marker: true,
      sequence: this.#sequence,
      dataType: dataTypes.audio,
      part: parts.atomic,
      timestamp: BigInt(Math.round(this.#timestamp)),
    });
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp += this.#frameMs;
    this.#dueAt += this.#frameMs;
    if (this.source.send?.(packet)) this.#parts.sent(packet.length);
    else tally.add('talk.soundUnsent');
  }
}
