import { registerAacEncoder } from '@mediabunny/aac-encoder';
import { AdtsOutputFormat, AudioSample, AudioSampleSource, NullTarget, Output } from 'mediabunny';
import { withoutAdts } from '../codec/audio/adts.ts';

/** What it makes. */
export interface AacKind {
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitsPerSecond: number;
}

/**
 * PCM to AAC-LC in a thread of its own. What goes in comes out as frames of 1024 samples in the same order; a few
 * are always under way.
 */
export class AacEncoder {
  readonly #source: AudioSampleSource;
  readonly #output: Output;
  readonly #kind: AacKind;
  readonly #failed: (error: unknown) => void;
  #work: Promise<void>;
  #samples = 0;
  #waiting = 0;
  #isOver = false;

  constructor(kind: AacKind, frame: (data: Uint8Array) => void, failed: (error: unknown) => void) {
    registerAacEncoder();
    this.#kind = kind;
    this.#failed = failed;
    this.#source = new AudioSampleSource({
      codec: 'aac',
      bitrate: kind.bitsPerSecond,
      onEncodedPacket: packet => frame(withoutAdts(packet.data)),
    });
    // ADTS keeps nothing of what it has written, so that a recording of days needs no more memory than one of minutes.
    this.#output = new Output({ format: new AdtsOutputFormat(), target: new NullTarget() });
    this.#output.addAudioTrack(this.#source);
    this.#work = this.#output.start().catch(failed);
  }

  /** Samples that the encoder has not taken yet, all channels together. */
  get waiting(): number {
    return this.#waiting;
  }

  /** @param samples interleaved */
  add(samples: Int16Array<ArrayBuffer>): void {
    if (this.#isOver) return;
    const { sampleRate, channels } = this.#kind;
    const timestamp = this.#samples / sampleRate;
    this.#samples += samples.length / channels;
    this.#waiting += samples.length;
    this.#work = this.#work
      .then(async () => {
        if (this.#isOver) return;
        const { length } = samples;
        const sample = new AudioSample({
          data: samples,
          format: 's16',
          numberOfChannels: channels,
          sampleRate,
          timestamp,
        });
        await this.#source.add(sample);
        sample.close();
        this.#waiting -= length;
      })
      .catch((thrown: unknown) => this.#failed(thrown));
  }

  /** Ends the thread. Never rejects. */
  async close(): Promise<void> {
    this.#isOver = true;
    await this.#work;
    await this.#output.cancel().catch(() => undefined);
  }
}
