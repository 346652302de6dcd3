import type { Player } from '../../../../renderer/player/player.ts';
import { Ear } from '../../../../renderer/sound/ear.ts';
import type { JitterReport } from '../../../../renderer/sound/jitter-buffer.ts';
import { SoundHost } from '../../../../renderer/sound/sound-host.ts';

export interface LipSyncReport {
  /** Heard minus seen, ms, of each flash that has a click. */
  differences: number[];
  flashes: number;
  clicks: number;
  play?: JitterReport;
  /** The loudspeaker's rest after the last voice. */
  state: string;
}

/** Beyond this a click is another flash's (ms); clips are a second and longer. */
const belongs = 450;
const quietBetween = 200;

/** Looks at a player's pictures and at what goes to the loudspeaker, both on the page's clock. */
export class LipSync {
  readonly #player: Player;
  readonly #host = new SoundHost(() => undefined);
  readonly #ear: Ear;
  readonly #seen: number[] = [];
  readonly #heard: number[] = [];
  readonly #surface = new OffscreenCanvas(4, 4).getContext('2d', { willReadFrequently: true })!;
  #analyser: AnalyserNode | undefined;
  #video: HTMLVideoElement | undefined;
  #isLight = true;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(player: Player, port: MessagePort) {
    this.#player = player;
    this.#ear = new Ear(
      {
        camera: { vehicleId: 'lab', channel: 1 },
        clock: {
          monotonic: () => performance.now(),
          after: (ms, run) => {
            const timer = setTimeout(run, ms);
            return () => clearTimeout(timer);
          },
        },
        facts: () => ({}),
        open: () => Promise.resolve({ ok: true, value: port }),
        voice: (facts, listener) => this.#host.open(facts, listener),
        picture: () => {
          const { shown } = player.snapshot();
          return { stream: 'sub', ...(shown ? { shown } : {}) };
        },
        rests: () => false,
        hold: ms => player.setHold(ms),
        codecName: String,
        changed: () => undefined,
      },
      true,
    );
    this.#timer = setInterval(() => this.#look(), 50);
  }

  async finish(): Promise<LipSyncReport> {
    clearInterval(this.#timer);
    const { play } = this.#ear.figures;
    const { state } = this.#ear.state() && { state: this.#ear.state().kind };
    this.#ear.close();
    const differences = this.#seen.flatMap(seen => {
      const [nearest] = this.#heard.map(heard => heard - seen).sort((a, b) => Math.abs(a) - Math.abs(b));
      return nearest !== undefined && Math.abs(nearest) < belongs ? [nearest] : [];
    });
    await new Promise(done => setTimeout(done, 1000));
    return {
      differences,
      flashes: this.#seen.length,
      clicks: this.#heard.length,
      ...(play ? { play } : {}),
      state: `${state}, then ${this.#host.state.context}, ${this.#host.state.nodes} nodes`,
    };
  }

  #look(): void {
    const video = this.#player.element.querySelector('video');
    if (video && video !== this.#video) {
      this.#video = video;
      this.#watch(video);
    }
    const { output } = this.#host;
    if (output && !this.#analyser) {
      this.#analyser = new AnalyserNode(output.context, { fftSize: 32768 });
      output.connect(this.#analyser);
    }
    if (this.#analyser) this.#listen(this.#analyser);
  }

  #watch(video: HTMLVideoElement): void {
    video.requestVideoFrameCallback((_now, { expectedDisplayTime }) => {
      if (video !== this.#video) return;
      this.#surface.drawImage(video, 0, 0, 4, 4);
      const isLight = this.#surface.getImageData(1, 1, 1, 1).data[0]! > 128;
      if (isLight && !this.#isLight) this.#seen.push(expectedDisplayTime);
      this.#isLight = isLight;
      this.#watch(video);
    });
  }

  /** The first sample that is not silent after a while of silence, on the page's clock at the loudspeaker. */
  #listen(analyser: AnalyserNode): void {
    const context = analyser.context as AudioContext;
    const samples = new Float32Array(analyser.fftSize);
    const end = context.currentTime;
    analyser.getFloatTimeDomainData(samples);
    const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
    if (performanceTime === 0) return;
    for (const [i, sample] of samples.entries()) {
      if (Math.abs(sample) < 0.2) continue;
      const at = end - (samples.length - i) / context.sampleRate;
      const page = performanceTime + (at - contextTime) * 1000;
      if (page - (this.#heard.at(-1) ?? Number.NEGATIVE_INFINITY) > quietBetween) this.#heard.push(page);
    }
  }
}
