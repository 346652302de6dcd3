import type { SoundFacts } from './packet-decoder.ts';
import { processorName } from './processor-name.ts';
import type { SoundDown, SoundUp, VoiceReport, WorkletDown, WorkletUp } from './sound-messages.ts';
import { workletModule } from './worklet-module.ts';

export interface VoiceListener {
  report(report: VoiceReport): void;
  /** About 16 times a second while the context runs. */
  played(down: WorkletDown): void;
  unsupported(payloadType: number): void;
  end(code: Extract<SoundDown, { type: 'end' }>['code'], message: string): void;
  /** The page cannot play sound. */
  deaf(): void;
}

/** One camera's sound, from a media port to the loudspeaker. */
export interface Voice {
  /** Takes the port over. What was heard before goes on until this one brings sound. */
  listen(port: MessagePort): void;
  learn(facts: SoundFacts): void;
  /** @param lagMs monotonic ms of the page at which device time 0 is to be heard; undefined: as soon as can be */
  steer(lagMs: number | undefined): void;
  /** Nothing is heard for now; it goes on underneath. */
  setQuiet(quiet: boolean): void;
  close(): void;
}

/** Measurements of the loudspeaker's clock that count. */
const measured = 9;
const muteSeconds = 0.02;
/** The loudspeaker is let go this long after the last voice (ms). */
const restAfter = 500;

/** The page's loudspeaker: one AudioContext, one worker that decodes, one worklet node for each voice. */
export class SoundHost {
  readonly #voices = new Map<number, VoiceListener>();
  readonly #nodes = new Map<number, AudioWorkletNode>();
  readonly #blocked: (blocked: boolean) => void;
  readonly #offsets: number[] = [];
  readonly #quiet = new Set<number>();
  #context: AudioContext | undefined;
  #gain: GainNode | undefined;
  #ready: Promise<void> | undefined;
  #worker: Worker | undefined;
  #nextVoice = 1;
  #level = 1;
  #rest: ReturnType<typeof setTimeout> | undefined;

  /** @param blocked told whether the browser waits for a click */
  constructor(blocked: (blocked: boolean) => void) {
    this.#blocked = blocked;
  }

  /** For tests and figures. */
  get state(): { context: AudioContextState | 'none'; voices: number; nodes: number } {
    return { context: this.#context?.state ?? 'none', voices: this.#voices.size, nodes: this.#nodes.size };
  }

  /** Everything that is heard, for measuring. */
  get output(): AudioNode | undefined {
    return this.#gain;
  }

  /** 0 to 1. */
  setLevel(level: number): void {
    this.#level = level;
    const context = this.#context;
    if (context) this.#gain?.gain.setTargetAtTime(level, context.currentTime, muteSeconds);
  }

  open(facts: SoundFacts, listener: VoiceListener): Voice {
    const voice = this.#nextVoice++;
    this.#voices.set(voice, listener);
    clearTimeout(this.#rest);
    const { port1, port2 } = new MessageChannel();
    this.#send({ type: 'open', voice, pcm: port1, facts }, [port1]);
    void this.#play(voice, port2).catch(() => listener.deaf());
    return {
      listen: port => this.#send({ type: 'listen', voice, port }, [port]),
      learn: told => this.#send({ type: 'facts', voice, facts: told }),
      steer: lagMs => this.#steer(voice, lagMs),
      setQuiet: quiet => this.#setQuiet(voice, quiet),
      close: () => this.#close(voice),
    };
  }

  /** To be called from within a click or a key press, when the browser wants one. */
  wake(): void {
    if (this.#voices.size === 0) return;
    void this.#context?.resume().catch(() => undefined);
  }

  async #play(voice: number, pcm: MessagePort): Promise<void> {
    this.#ready ??= this.#start();
    this.wake();
    await this.#ready;
    const context = this.#context;
    const listener = this.#voices.get(voice);
    if (!context || !this.#gain || !listener) return;
    const node = new AudioWorkletNode(context, processorName, { numberOfInputs: 0, outputChannelCount: [2] });
    node.port.onmessage = event => listener.played(event.data as WorkletDown);
    node.onprocessorerror = () => listener.deaf();
    this.#nodes.set(voice, node);
    node.port.postMessage({ type: 'pcm', port: pcm } satisfies WorkletUp, [pcm]);
    node.connect(this.#gain);
    if (this.#quiet.has(voice)) this.#setQuiet(voice, true);
    this.#told(context);
  }

  async #start(): Promise<void> {
    const context = new AudioContext({ latencyHint: 'interactive' });
    this.#context = context;
    this.#gain = new GainNode(context, { gain: this.#level });
    this.#gain.connect(context.destination);
    context.onstatechange = () => this.#told(context);
    this.wake();
    try {
      await context.audioWorklet.addModule(workletModule);
    } catch (thrown) {
      this.#ready = undefined;
      this.#context = undefined;
      void context.close();
      throw thrown;
    }
  }

  #told(context: AudioContext): void {
    const runs = context.state === 'running';
    this.#waitForTouch(!runs && this.#voices.size > 0);
    this.#offsets.length = 0;
    // What came while nothing was played would count as jitter.
    if (runs) for (const node of this.#nodes.values()) node.port.postMessage({ type: 'reset' } satisfies WorkletUp);
  }

  /** A browser lets a page be heard once somebody has clicked into it or pressed a key. */
  #waitForTouch(waits: boolean): void {
    this.#blocked(waits);
    for (const touch of ['pointerdown', 'keydown'] as const)
      if (waits) document.addEventListener(touch, this.#touched, true);
      else document.removeEventListener(touch, this.#touched, true);
  }

  readonly #touched = (): void => this.wake();

  #steer(voice: number, lagMs: number | undefined): void {
    const offset = this.#offset();
    const message: WorkletUp =
      lagMs === undefined || offset === undefined ? { type: 'steer' } : { type: 'steer', lagMs: lagMs + offset };
    this.#nodes.get(voice)?.port.postMessage(message);
  }

  /** The context's clock minus the page's, ms, at the loudspeaker: what the context makes now is heard a little later. */
  #offset(): number | undefined {
    const context = this.#context;
    if (context?.state !== 'running') return undefined;
    const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
    const offset =
      performanceTime > 0
        ? contextTime * 1000 - performanceTime
        : (context.currentTime - (context.outputLatency || context.baseLatency)) * 1000 - performance.now();
    this.#offsets.push(offset);
    if (this.#offsets.length > measured) this.#offsets.shift();
    return [...this.#offsets].sort((a, b) => a - b)[this.#offsets.length >> 1];
  }

  #setQuiet(voice: number, quiet: boolean): void {
    if (quiet) this.#quiet.add(voice);
    else this.#quiet.delete(voice);
    this.#nodes.get(voice)?.port.postMessage({ type: 'quiet', quiet } satisfies WorkletUp);
  }

  #close(voice: number): void {
    this.#quiet.delete(voice);
    if (!this.#voices.delete(voice)) return;
    this.#send({ type: 'close', voice });
    const node = this.#nodes.get(voice);
    this.#nodes.delete(voice);
    if (node) {
      node.port.onmessage = null;
      node.port.postMessage({ type: 'close' } satisfies WorkletUp);
      node.disconnect();
    }
    if (this.#voices.size > 0) return;
    this.#waitForTouch(false);
    this.#rest = setTimeout(() => void this.#context?.suspend().catch(() => undefined), restAfter);
  }

  #send(message: SoundUp, transfer: Transferable[] = []): void {
    this.#worker ??= this.#startWorker();
    this.#worker.postMessage(message, transfer);
  }

  #startWorker(): Worker {
    const worker = new Worker(new URL('./sound-worker.ts', import.meta.url), { type: 'module', name: 'sound' });
    worker.onmessage = event => this.#take(event.data as SoundDown);
    worker.onerror = event => {
      event.preventDefault();
      for (const listener of this.#voices.values()) listener.deaf();
    };
    return worker;
  }

  #take(message: SoundDown): void {
    if (message.type === 'reports') {
      for (const report of message.reports) this.#voices.get(report.voice)?.report(report);
      return;
    }
    const listener = this.#voices.get(message.voice);
    if (message.type === 'unsupported') listener?.unsupported(message.payloadType);
    else listener?.end(message.code, message.message);
  }
}
