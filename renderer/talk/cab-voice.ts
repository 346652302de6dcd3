import type { MediaDown, TalkDown } from '../../electron/contract.ts';
import type { Loudspeaker } from '../sound/listening.ts';
import type { SoundFacts } from '../sound/packet-decoder.ts';
import type { Voice } from '../sound/sound-host.ts';

/** A level older than this is none (ms). */
const levelMs = 300;

/** What the cab says, on its way from a talk's port to the loudspeaker: for that it is the sound of a camera. */
export class CabVoice {
  readonly #voice: Voice;
  readonly #port: MessagePort;
  #level = 0;
  #levelAt = 0;

  constructor(loudspeaker: Loudspeaker, facts: SoundFacts) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#voice = loudspeaker.open(facts, {
      report: () => undefined,
      played: ({ level }) => {
        this.#level = level;
        this.#levelAt = performance.now();
      },
      unsupported: () => undefined,
      end: () => undefined,
      deaf: () => undefined,
    });
    this.#voice.listen(port2);
  }

  /** 0 to 1, of what was played lately. */
  get level(): number {
    return performance.now() - this.#levelAt < levelMs ? this.#level : 0;
  }

  take(sound: Extract<TalkDown, { type: 'sound' }>): void {
    this.#port.postMessage({ ...sound, type: 'audio' } satisfies MediaDown);
  }

  close(): void {
    this.#voice.close();
    this.#port.close();
  }
}
