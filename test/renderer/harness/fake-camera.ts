import type { CameraKey, MediaDown, MediaUp, OpeningStep, StreamStatus } from '../../../electron/contract.ts';
import type { Clip, Clips } from './clip.ts';

/** How a made-up camera behaves. The last three show pictures first. */
export type Manner = 'live' | 'opening' | 'offline' | 'refused' | 'h265' | 'svac' | 'stalled' | 'waiting' | 'lost';

const frameMs = 1000 / 15;
const steps: OpeningStep[] = ['commandSent', 'acknowledged', 'mediaConnected', 'firstPacket', 'firstKeyFrame'];

/** One media port, served from a clip. */
export class FakeCamera {
  readonly #port: MessagePort;
  readonly #manner: Manner;
  readonly #clip: Clip;
  readonly #stream: CameraKey['stream'];
  readonly #began = Date.now();
  readonly #timers: ReturnType<typeof setInterval>[] = [];
  #seq = 0;
  #at = 0;
  #lastFrameAt = 0;

  constructor(port: MessagePort, key: CameraKey, manner: Manner, clips: Clips, offset: number) {
    this.#port = port;
    this.#manner = manner;
    this.#stream = key.stream;
    this.#clip = clips[key.stream];
    this.#at = this.#keyFrom(offset % this.#clip.units.length);
    port.onmessage = event => {
      if ((event.data as MediaUp).type === 'close') this.close();
    };
    this.#timers.push(setInterval(() => this.#status(), 500));
    this.#status();
    if (manner === 'offline' || manner === 'refused' || manner === 'opening') return;
    setTimeout(() => this.#play(), manner === 'live' ? 350 : 100);
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#port.close();
  }

  #keyFrom(at: number): number {
    const { units } = this.#clip;
    for (let i = 0; i < units.length; i++) if (units[(at + i) % units.length]?.key) return (at + i) % units.length;
    return 0;
  }

  #play(): void {
    const { width, height } = this.#clip;
    const codec = this.#manner === 'h265' ? 'h265' : this.#manner === 'svac' ? 'svac' : 'h264';
    this.#send({ type: 'start', codec, parameterSets: [], width, height });
    this.#timers.push(setInterval(() => this.#frame(), frameMs));
  }

  #frame(): void {
    const old = this.#manner === 'stalled' || this.#manner === 'waiting' || this.#manner === 'lost';
    if (old && Date.now() - this.#began > 1500) return;
    const { units } = this.#clip;
    const unit = units[this.#at % units.length]!;
    this.#at = (this.#at + 1) % units.length;
    this.#lastFrameAt = Date.now();
    const seq = this.#seq++;
    this.#send({
      type: 'frame',
      seq,
      key: unit.key,
      cached: false,
      ptsMs: Math.round(seq * frameMs),
      receivedAt: this.#lastFrameAt,
      data: unit.data.slice(),
    });
  }

  #status(): void {
    const old = this.#lastFrameAt > 0 && Date.now() - this.#lastFrameAt > 1500;
    const manner = this.#manner;
    const phase =
      manner === 'offline' || manner === 'refused' || manner === 'opening'
        ? manner
        : (manner === 'stalled' || manner === 'waiting' || manner === 'lost') && old
          ? manner
          : 'live';
    const done = manner === 'opening' ? 3 : manner === 'offline' || manner === 'refused' ? 0 : 5;
    const status: StreamStatus = {
      phase,
      since: this.#began,
      steps: steps.slice(0, done).map((step, i) => ({ step, at: this.#began + [0, 140, 420, 470, 510][i]! })),
      attempts: manner === 'lost' ? 3 : manner === 'refused' ? 2 : 1,
      lastFrameAt: this.#lastFrameAt,
      fps: phase === 'live' ? 15 : 0,
      bitsPerSecond: phase === 'live' ? (this.#stream === 'main' ? 1_520_000 : 414_000) : 0,
      lossRatio: manner === 'waiting' ? 0.38 : manner === 'live' ? 0.001 : 0,
      transport: 'udp',
      source: '10.21.4.77:50122',
      target: '10.4.2.7 UDP 6611',
    };
    if (manner === 'refused') status.error = { code: 'commandUnsupported', message: '' };
    if (manner !== 'opening' && manner !== 'offline' && manner !== 'refused') {
      status.codec = manner === 'h265' ? 'h265' : manner === 'svac' ? 'svac' : 'h264';
      status.payloadType = manner === 'h265' ? 99 : manner === 'svac' ? 101 : 98;
      status.width = this.#clip.width;
      status.height = this.#clip.height;
    }
    this.#send({ type: 'status', status });
  }

  #send(message: MediaDown): void {
    this.#port.postMessage(message);
  }
}
