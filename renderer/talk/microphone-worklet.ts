import { Downsampler } from './downsampler.ts';
import { type MicrophoneSound, microphoneName } from './microphone-name.ts';

/** What an AudioWorklet's global scope has, as far as it is used here. */
declare const sampleRate: number;
declare function registerProcessor(name: string, made: new () => object): void;
declare const AudioWorkletProcessor: new () => { readonly port: MessagePort };

/** 20 ms at 8 kHz. */
const blockSamples = 160;

/** Gathers what the microphone gives into blocks of 20 ms. */
class MicrophoneProcessor extends AudioWorkletProcessor {
  readonly #downsampler = new Downsampler(sampleRate);
  #block = new Int16Array(blockSamples);
  #count = 0;

  process([channels]: Float32Array[][]): boolean {
    const [samples] = channels ?? [];
    if (!samples) return true;
    for (const sample of this.#downsampler.take(samples)) {
      this.#block[this.#count++] = sample;
      if (this.#count === blockSamples) this.#send();
    }
    return true;
  }

  #send(): void {
    const samples = this.#block;
    let sum = 0;
    for (const sample of samples) sum += sample * sample;
    const level = Math.sqrt(sum / blockSamples) / 32768;
    this.#block = new Int16Array(blockSamples);
    this.#count = 0;
    this.port.postMessage({ samples, level } satisfies MicrophoneSound, [samples.buffer]);
  }
}

registerProcessor(microphoneName, MicrophoneProcessor);
