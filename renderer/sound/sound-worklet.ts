import { JitterBuffer } from './jitter-buffer.ts';
import { processorName } from './processor-name.ts';
import type { WorkletBlock, WorkletDown, WorkletUp } from './sound-messages.ts';

declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;
declare const sampleRate: number;
declare const currentTime: number;

/** Turns between two words to the page: about 16 a second. */
const reportEvery = 24;
const fadeSeconds = 0.02;

/** One voice on the thread that feeds the loudspeaker. */
class VoiceProcessor extends AudioWorkletProcessor {
  #buffer = new JitterBuffer(sampleRate);
  #pcm: MessagePort | undefined;
  #turns = 0;
  #square = 0;
  #samples = 0;
  #over = false;
  /** 0 to 1, on its way to `#gainAim`. */
  #gain = 1;
  #gainAim = 1;

  constructor() {
    super();
    this.port.onmessage = event => this.#told(event.data as WorkletUp);
  }

  process(_inputs: unknown, outputs: Float32Array[][]): boolean {
    const [first, ...others] = outputs[0] ?? [];
    if (!first) return !this.#over;
    this.#buffer.read(first, currentTime * 1000);
    this.#soften(first);
    for (const other of others) other.set(first);
    for (const sample of first) this.#square += sample * sample;
    this.#samples += first.length;
    this.#turns++;
    if (this.#turns % reportEvery === 0) this.#report();
    return !this.#over;
  }

  #told(message: WorkletUp): void {
    if (message.type === 'steer') this.#buffer.steer(message.lagMs);
    else if (message.type === 'quiet') this.#gainAim = message.quiet ? 0 : 1;
    else if (message.type === 'reset') this.#buffer = new JitterBuffer(sampleRate);
    else if (message.type === 'pcm') {
      this.#pcm = message.port;
      message.port.onmessage = event => this.#take(event.data as WorkletBlock);
    } else {
      this.#over = true;
      this.#pcm?.close();
      this.port.close();
    }
  }

  #take(block: WorkletBlock): void {
    if (block === 'restart') this.#buffer = new JitterBuffer(sampleRate);
    else this.#buffer.put(block, currentTime * 1000);
  }

  #soften(samples: Float32Array): void {
    if (this.#gain === 1 && this.#gainAim === 1) return;
    const step = Math.sign(this.#gainAim - this.#gain) / (fadeSeconds * sampleRate);
    for (let i = 0; i < samples.length; i++) {
      this.#gain = Math.max(0, Math.min(1, this.#gain + step));
      samples[i]! *= this.#gain;
    }
  }

  #report(): void {
    const level = Math.sqrt(this.#square / this.#samples);
    this.#square = 0;
    this.#samples = 0;
    this.port.postMessage({ level, report: this.#buffer.report() } satisfies WorkletDown);
  }
}

registerProcessor(processorName, VoiceProcessor);
