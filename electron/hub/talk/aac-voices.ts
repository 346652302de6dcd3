import { type AacTaker, type AacTerms, AacVoice, type AacVoiceParts } from './aac-voice.ts';

export interface AacVoicesParts extends AacVoiceParts {
  /** Encoders of all talks. */
  readonly room: AacRoom;
}

/** How many encoders run at once. */
export class AacRoom {
  readonly #most: () => number;
  #taken = 0;

  constructor(most: () => number) {
    this.#most = most;
  }

  take(): boolean {
    if (this.#taken >= this.#most()) return false;
    this.#taken++;
    return true;
  }

  leave(): void {
    this.#taken--;
  }
}

/** The encoders of one talk: terminals that take the same share one. */
export class AacVoices {
  readonly #parts: AacVoicesParts;
  readonly #voices = new Map<string, AacVoice>();

  constructor(parts: AacVoicesParts) {
    this.#parts = parts;
  }

  /** @returns what leaves it again; undefined when no more encoders may run */
  join(terms: AacTerms, taker: AacTaker): (() => void) | undefined {
    const name = `${terms.sampleRate}/${terms.channels}/${terms.bitsPerSecond}`;
    const voice = this.#voices.get(name) ?? this.#make(name, terms);
    if (!voice) return undefined;
    voice.takers.add(taker);
    return () => {
      if (voice.takers.delete(taker) && voice.takers.size === 0) this.#drop(name, voice);
    };
  }

  /** @param samples 8 kHz, one channel */
  push(samples: Int16Array): void {
    for (const voice of this.#voices.values()) voice.push(samples);
  }

  finish(): void {
    for (const voice of this.#voices.values()) voice.finish();
  }

  close(): void {
    for (const [name, voice] of [...this.#voices]) this.#drop(name, voice);
  }

  #make(name: string, terms: AacTerms): AacVoice | undefined {
    if (!this.#parts.room.take()) return undefined;
    const voice = new AacVoice(this.#parts, terms);
    this.#voices.set(name, voice);
    return voice;
  }

  #drop(name: string, voice: AacVoice): void {
    if (this.#voices.get(name) !== voice) return;
    this.#voices.delete(name);
    voice.close();
    this.#parts.room.leave();
  }
}
