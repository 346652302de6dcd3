import { microphoneModule } from './microphone-module.ts';
import { type MicrophoneSound, microphoneName } from './microphone-name.ts';

/**
 * closed · asking: the person or the system is asked for leave · open · denied: they said no · missing: there is no
 * microphone, or another program holds it · insecure: the page came over plain http from elsewhere, where no browser gives one.
 */
export const microphoneStates = ['closed', 'asking', 'open', 'denied', 'missing', 'insecure'] as const;
export type MicrophoneState = (typeof microphoneStates)[number];

/** The microphone of this computer, open only while somebody talks or is about to. */
export class Microphone {
  readonly #changed: (state: MicrophoneState) => void;
  readonly #heard: (sound: MicrophoneSound) => void;
  #state: MicrophoneState = 'closed';
  #attempt = 0;
  #stream: MediaStream | undefined;
  #context: AudioContext | undefined;

  constructor(changed: (state: MicrophoneState) => void, heard: (sound: MicrophoneSound) => void) {
    this.#changed = changed;
    this.#heard = heard;
  }

  get state(): MicrophoneState {
    return this.#state;
  }

  /** To be called from within a click or a key press. Never rejects: the state says what came of it. */
  async open(): Promise<void> {
    if (this.#state === 'open' || this.#state === 'asking') return;
    const attempt = ++this.#attempt;
    if (!navigator.mediaDevices?.getUserMedia) {
      this.#enter('insecure');
      return;
    }
    this.#enter('asking');
    try {
      const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
      const stream = await navigator.mediaDevices.getUserMedia({ audio });
      if (attempt !== this.#attempt) {
        for (const track of stream.getTracks()) track.stop();
        return;
      }
      this.#stream = stream;
      await this.#listen(stream);
      if (attempt === this.#attempt) this.#enter('open');
    } catch (thrown) {
      if (attempt !== this.#attempt) return;
      this.#release();
      const name = thrown instanceof DOMException ? thrown.name : '';
      this.#enter(name === 'NotAllowedError' || name === 'SecurityError' ? 'denied' : 'missing');
    }
  }

  close(): void {
    this.#attempt++;
    this.#release();
    if (this.#state === 'open' || this.#state === 'asking') this.#enter('closed');
  }

  async #listen(stream: MediaStream): Promise<void> {
    const context = new AudioContext({ latencyHint: 'interactive' });
    this.#context = context;
    await context.audioWorklet.addModule(microphoneModule);
    if (context !== this.#context) return;
    const node = new AudioWorkletNode(context, microphoneName, { numberOfOutputs: 0, channelCount: 1 });
    node.port.onmessage = event => this.#heard(event.data as MicrophoneSound);
    context.createMediaStreamSource(stream).connect(node);
    await context.resume();
    for (const track of stream.getTracks())
      track.onended = () => {
        this.#release();
        this.#enter('missing');
      };
  }

  #release(): void {
    for (const track of this.#stream?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
    this.#stream = undefined;
    void this.#context?.close().catch(() => undefined);
    this.#context = undefined;
  }

  #enter(state: MicrophoneState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#changed(state);
  }
}
