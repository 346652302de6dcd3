import type { ErrorCode, TalkDown } from '../contract.ts';
import type { AudioPacket } from '../frames/frame.ts';
import type { TalkHold, TalkListener } from '../hub/talk/talks.ts';
import type { Tally } from '../tally.ts';
import type { Port } from './port.ts';
import { maxCredits } from './record-schema.ts';
import { talkUpSchema } from './talk-schema.ts';

export interface TalkPortParts {
  readonly port: Port;
  /** Messages of sound that may be sent before the first `credit` comes. */
  readonly credits: number;
  readonly tally: Tally;
  /** The port is closed, by either side. */
  closed(): void;
}

/** One open talk of one console: its microphone up, the cab's sound down. */
export class TalkPort implements TalkListener {
  readonly #parts: TalkPortParts;
  #hold: TalkHold | undefined;
  #credits: number;
  #sounds = 0;
  #closed = false;

  constructor(parts: TalkPortParts) {
    this.#parts = parts;
    this.#credits = parts.credits;
  }

  /** Begins to listen to the console. */
  attach(hold: TalkHold): void {
    this.#hold = hold;
    if (this.#closed) {
      hold.close();
      return;
    }
    this.#parts.port.onClose(() => this.close());
    this.#parts.port.onMessage(message => this.#received(message));
  }

  sound({ payloadType, ptsMs, receivedAt, data }: AudioPacket): void {
    const { port, tally } = this.#parts;
    if (this.#credits <= 0 || port.full?.()) {
      tally.add('ipc.soundWithheld');
      return;
    }
    this.#credits--;
    this.#post({ type: 'sound', seq: this.#sounds++, payloadType, ptsMs, receivedAt, data });
  }

  ended(code: ErrorCode, message: string): void {
    this.end(code, message);
  }

  end(code: ErrorCode, message: string): void {
    this.#post({ type: 'end', code, message });
    this.close();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#hold?.close();
    this.#parts.port.close();
    this.#parts.closed();
  }

  #received(message: unknown): void {
    const { success, data: up } = talkUpSchema.safeParse(message);
    if (!success) {
      this.#parts.tally.add('ipc.badTalkMessage');
      return;
    }
    if (up.type === 'close') this.close();
    else if (up.type === 'speak') this.#hold?.speak(up.on);
    else if (up.type === 'sound') this.#hold?.push(up.data);
    else this.#credits = Math.min(this.#credits + up.frames, maxCredits);
  }

  #post(message: TalkDown): void {
    if (!this.#closed) this.#parts.port.post(message);
  }
}
