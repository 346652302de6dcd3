import { aacFrameSamples, withAdts } from '../../codec/audio/adts.ts';
import { withHisiHeader } from '../../codec/audio/hisi-header.ts';
import type { MediaSource } from '../../frames/media-source.ts';
import type { AacTaker } from './aac-voice.ts';
import { TalkLine, type TalkLineParts } from './talk-line.ts';
import { type AacTalk, maxPayload } from './talk-sound.ts';
import type { Speaker } from './talk-speaker.ts';

export interface AacSpeakerParts extends Pick<TalkLineParts, 'clock' | 'tally' | 'sim' | 'channel' | 'sent'> {
  readonly settings: { readonly talkBufferMs: number };
  readonly sound: AacTalk;
  /** Its encoder is no more. */
  failed(): void;
}

/** Frames of a voice to packets of one terminal, one frame in each. What is said goes to the voice, not through here. */
export class AacSpeaker implements Speaker, AacTaker {
  readonly #parts: AacSpeakerParts;
  readonly #line: TalkLine;
  readonly #most: number;
  readonly #waiting: Uint8Array[] = [];
  leave: (() => void) | undefined;

  constructor(parts: AacSpeakerParts, source: MediaSource) {
    this.#parts = parts;
    const { payloadType, terms } = parts.sound;
    const packetMs = (aacFrameSamples * 1000) / terms.sampleRate;
    this.#most = Math.max(2, Math.ceil(parts.settings.talkBufferMs / packetMs));
    const next = () => this.#waiting.shift() ?? new Uint8Array(0);
    this.#line = new TalkLine(
      { ...parts, ...{ payloadType, packetMs, next }, has: () => this.#waiting.length > 0 },
      source,
    );
  }

  get source(): MediaSource {
    return this.#line.source;
  }

  set source(source: MediaSource) {
    this.#line.source = source;
  }

  push(): void {}
  finish(): void {}

  stop(): void {
    this.leave?.();
    this.leave = undefined;
    this.#line.stop();
    this.#waiting.length = 0;
  }

  frame(data: Uint8Array): void {
    const { sound, tally } = this.#parts;
    const framed = sound.framing === 'adts' ? withAdts(data, sound.terms) : data;
    const payload = sound.hisiHeader ? withHisiHeader(framed) : framed;
    if (payload.length > maxPayload) {
      tally.add('talk.frameTooLong');
      return;
    }
    this.#waiting.push(payload);
    if (this.#waiting.length > this.#most) {
      this.#waiting.shift();
      tally.add('talk.soundLate');
    }
    this.#line.start();
  }

  failed(): void {
    this.#parts.failed();
  }
}
