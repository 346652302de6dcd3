import type { ErrorCode } from '../../electron/contract.ts';
import type { MediaPort } from '../player/media-port.ts';
import type { SoundBlock } from './jitter-buffer.ts';
import type { SoundFacts } from './packet-decoder.ts';
import type { SoundDown, VoiceReport, WorkletBlock } from './sound-messages.ts';
import { VoiceIntake } from './voice-intake.ts';

/** One voice's half in the sound worker: media ports in, blocks out to the worklet. */
export class VoiceDesk {
  readonly #voice: number;
  readonly #pcm: MessagePort;
  #facts: SoundFacts;
  readonly #post: (message: SoundDown) => void;
  /** What is heard, and what follows it once it brings sound. */
  #heard: VoiceIntake | undefined;
  #next: VoiceIntake | undefined;

  constructor(voice: number, pcm: MessagePort, facts: SoundFacts, post: (message: SoundDown) => void) {
    this.#voice = voice;
    this.#pcm = pcm;
    this.#facts = facts;
    this.#post = post;
  }

  /** Another encoding of the camera, or the same one over a new way. */
  listen(port: MediaPort): void {
    this.#next?.close();
    const intake: VoiceIntake = new VoiceIntake(port, this.#facts, {
      block: block => this.#block(intake, block),
      restart: () => {
        if (intake === this.#heard) this.#pcm.postMessage('restart' satisfies WorkletBlock);
      },
      unsupported: payloadType => {
        this.#promote(intake);
        this.#post({ type: 'unsupported', voice: this.#voice, payloadType });
      },
      end: (code, message) => this.#ended(intake, code, message),
    });
    if (this.#heard) this.#next = intake;
    else this.#heard = intake;
  }

  learn(facts: SoundFacts): void {
    this.#facts = facts;
    this.#heard?.learn(facts);
    this.#next?.learn(facts);
  }

  report(): VoiceReport {
    const { packets = 0, payloadType = 0, broken = 0, reading = '', phase, stampLagMs } = this.#heard ?? {};
    const report: VoiceReport = { voice: this.#voice, packets, payloadType, reading, broken };
    const told = this.#next?.phase ?? phase;
    if (told) report.phase = told;
    if (stampLagMs !== undefined) report.stampLagMs = stampLagMs;
    return report;
  }

  close(): void {
    this.#next?.close();
    this.#heard?.close();
    this.#next = undefined;
    this.#heard = undefined;
    this.#pcm.close();
  }

  #block(intake: VoiceIntake, block: SoundBlock): void {
    this.#promote(intake);
    if (intake === this.#heard) this.#pcm.postMessage(block, [block.samples.buffer as ArrayBuffer]);
  }

  #promote(intake: VoiceIntake): void {
    if (intake !== this.#next) return;
    this.#heard?.close();
    this.#heard = intake;
    this.#next = undefined;
  }

  #ended(intake: VoiceIntake, code: ErrorCode, message: string): void {
    intake.close();
    if (intake === this.#next) this.#next = undefined;
    else if (intake === this.#heard) this.#heard = undefined;
    if (!this.#heard && !this.#next) this.#post({ type: 'end', voice: this.#voice, code, message });
  }
}
