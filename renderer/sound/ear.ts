import type { CameraKey, ErrorCode, Result, StreamKind } from '../../electron/contract.ts';
import type { ShownPicture } from '../player/engine.ts';
import type { EarKind, EarState } from '../store/hearing.ts';
import type { Camera } from '../wall/arrangement.ts';
import type { JitterReport } from './jitter-buffer.ts';
import type { SoundFacts } from './packet-decoder.ts';
import { PictureClock } from './picture-clock.ts';
import { PictureHold } from './picture-hold.ts';
import type { Voice, VoiceListener } from './sound-host.ts';
import type { VoiceReport } from './sound-messages.ts';

export interface EarClock {
  monotonic(): number;
  after(ms: number, run: () => void): () => void;
}

export interface EarOptions {
  camera: Camera;
  clock: EarClock;
  facts(): SoundFacts;
  /** Opens a camera's sound alone. */
  open(key: CameraKey): Promise<Result<MessagePort>>;
  voice(facts: SoundFacts, listener: VoiceListener): Voice;
  /** What the camera's tile shows now, of which encoding. */
  picture(): { stream: StreamKind; shown?: ShownPicture } | undefined;
  /** Holds the camera's pictures back by so much, ms. */
  hold(ms: number): void;
  /** Its tile shows a recording: what is live is not heard over it. */
  rests(): boolean;
  codecName(payloadType: number): string;
  changed(): void;
}

/** Without a packet for so long a stream that runs has no sound (ms). */
const silentAfter = 3000;
/** Pauses before a stream that the server would not open is asked for again; the last repeats (ms). */
const reopenPauses = [2000, 4000, 8000, 15_000] as const;
/** A level older than this is none: the loudspeaker stands still (ms). */
const levelMs = 300;

/** One camera that is listened to: follows the encoding that its tile shows, and comes back after every loss. */
export class Ear {
  pinned = false;
  readonly camera: Camera;
  readonly #options: EarOptions;
  readonly #voice: Voice;
  readonly #pictures = new PictureClock();
  readonly #hold = new PictureHold();
  #held = 0;
  /** As told last, to compare. */
  #facts: string;
  #stream: StreamKind | undefined;
  #attempt = 0;
  #failures = 0;
  #code: ErrorCode | undefined;
  #linked: boolean;
  #deaf = false;
  #rests = false;
  #unsupported = -1;
  #report: VoiceReport | undefined;
  #openedAt: number;
  #packetAt: number | undefined;
  #played: { level: number; at: number; report: JitterReport } | undefined;
  /** Waits before it asks again. */
  #resting = false;
  #cancelReopen: () => void = () => undefined;
  #closed = false;

  constructor(options: EarOptions, linked: boolean) {
    this.camera = options.camera;
    this.#options = options;
    this.#linked = linked;
    this.#openedAt = options.clock.monotonic();
    const facts = options.facts();
    this.#facts = JSON.stringify(facts);
    this.#voice = options.voice(facts, {
      report: report => this.#reported(report),
      played: down => {
        this.#played = { ...down, at: options.clock.monotonic() };
      },
      unsupported: payloadType => {
        this.#unsupported = payloadType;
        options.changed();
      },
      end: code => this.#ended(code),
      deaf: () => {
        this.#deaf = true;
        options.changed();
      },
    });
    this.follow();
  }

  /** 0 to 1, root mean square of what was played lately. */
  get level(): number {
    const played = this.#played;
    return played && this.#options.clock.monotonic() - played.at < levelMs ? played.level : 0;
  }

  /** How play-out goes, for figures. */
  get figures(): { play?: JitterReport; packets: number; broken: number; reading: string } {
    const { packets = 0, broken = 0, reading = '' } = this.#report ?? {};
    return { packets, broken, reading, ...(this.#played ? { play: this.#played.report } : {}) };
  }

  state(): EarState {
    const state: EarState = { kind: this.#kind(), pinned: this.pinned };
    const payloadType = state.kind === 'unsupported' ? this.#unsupported : (this.#report?.payloadType ?? 0);
    if (payloadType > 0) state.codec = this.#options.codecName(payloadType);
    if (this.#code) state.code = this.#code;
    return state;
  }

  /** The tile may show another encoding than is listened to, or a recording. */
  follow(): void {
    const rests = this.#options.rests();
    if (rests !== this.#rests && !this.#closed) {
      this.#rests = rests;
      this.#voice.setQuiet(rests);
      if (!rests) this.#openedAt = this.#options.clock.monotonic();
      this.#options.changed();
    }
    const wanted = this.#options.picture()?.stream ?? this.#stream ?? 'sub';
    if (this.#closed || !this.#linked || this.#resting || wanted === this.#stream) return;
    this.#stream = wanted;
    void this.#open(wanted);
  }

  linkLost(): void {
    this.#linked = false;
    this.#stream = undefined;
    this.#rest(undefined);
    this.#options.changed();
  }

  linkBack(): void {
    this.#linked = true;
    this.#failures = 0;
    this.follow();
    this.#options.changed();
  }

  close(): void {
    this.#closed = true;
    this.#cancelReopen();
    this.#voice.close();
    if (this.#held > 0) this.#options.hold(0);
  }

  async #open(stream: StreamKind): Promise<void> {
    const attempt = ++this.#attempt;
    const opened = await this.#options.open({ ...this.camera, stream });
    const isWanted = !this.#closed && attempt === this.#attempt && this.#stream === stream;
    if (opened.ok && !isWanted) {
      opened.value.postMessage({ type: 'close' });
      opened.value.close();
    } else if (opened.ok) {
      this.#code = undefined;
      this.#openedAt = this.#options.clock.monotonic();
      this.#pictures.reset();
      this.#voice.listen(opened.value);
      this.#options.changed();
    } else if (isWanted) this.#ended(opened.code);
  }

  #ended(code: ErrorCode): void {
    if (this.#closed || !this.#linked) return;
    this.#stream = undefined;
    this.#code = code;
    const pause = reopenPauses[Math.min(this.#failures, reopenPauses.length - 1)] ?? 15_000;
    this.#failures++;
    this.#rest(pause);
    this.#options.changed();
  }

  #rest(ms: number | undefined): void {
    this.#cancelReopen();
    this.#resting = ms !== undefined;
    if (ms === undefined) return;
    this.#cancelReopen = this.#options.clock.after(ms, () => {
      this.#resting = false;
      this.follow();
    });
  }

  #reported(report: VoiceReport): void {
    if (report.packets !== (this.#report?.packets ?? 0) && report.packets > 0) {
      this.#packetAt = this.#options.clock.monotonic();
      this.#failures = 0;
    }
    this.#report = report;
    this.follow();
    this.#learn();
    const picture = this.#options.picture();
    const shown = picture?.stream === this.#stream ? picture?.shown : undefined;
    this.#voice.steer(this.#pictures.lag(shown, report.stampLagMs));
    const held = this.#hold.next(shown && this.#played?.report.overMs, this.#options.clock.monotonic());
    if (held !== this.#held) this.#options.hold(held);
    this.#held = held;
    this.#options.changed();
  }

  #learn(): void {
    const facts = this.#options.facts();
    const told = JSON.stringify(facts);
    if (told === this.#facts) return;
    this.#facts = told;
    this.#unsupported = -1;
    this.#voice.learn(facts);
  }

  #kind(): EarKind {
    if (this.#deaf) return 'deaf';
    if (this.#rests) return 'resting';
    if (!this.#linked) return 'disconnected';
    if (this.#code) return 'refused';
    const now = this.#options.clock.monotonic();
    const report = this.#report;
    if (this.#packetAt !== undefined && now - this.#packetAt < silentAfter) {
      if (report?.payloadType === this.#unsupported) return 'unsupported';
      return report && report.broken === report.packets ? 'broken' : 'heard';
    }
    if (report?.phase && report.phase !== 'live' && report.phase !== 'waiting')
      return report.phase === 'opening' ? 'opening' : 'away';
    return now - Math.max(this.#openedAt, this.#packetAt ?? 0) < silentAfter ? 'opening' : 'silent';
  }
}
