import type { JitterReport } from '../../../renderer/sound/jitter-buffer.ts';
import type { Loudspeaker } from '../../../renderer/sound/listening.ts';
import type { SoundFacts } from '../../../renderer/sound/packet-decoder.ts';
import type { Voice, VoiceListener } from '../../../renderer/sound/sound-host.ts';
import type { VoiceReport } from '../../../renderer/sound/sound-messages.ts';

export class FakeVoice implements Voice {
  readonly ports: MessagePort[] = [];
  readonly steered: (number | undefined)[] = [];
  closed = false;
  quiet = false;
  facts: SoundFacts;
  readonly #listener: VoiceListener;

  constructor(facts: SoundFacts, listener: VoiceListener) {
    this.facts = facts;
    this.#listener = listener;
  }

  listen(port: MessagePort): void {
    this.ports.push(port);
  }

  learn(facts: SoundFacts): void {
    this.facts = facts;
  }

  setQuiet(quiet: boolean): void {
    this.quiet = quiet;
  }

  steer(lagMs: number | undefined): void {
    this.steered.push(lagMs);
  }

  close(): void {
    this.closed = true;
  }

  report(report: Partial<VoiceReport>): void {
    this.#listener.report({ voice: 1, packets: 0, payloadType: 0, reading: '', broken: 0, ...report });
  }

  played(level: number, overMs = 0): void {
    this.#listener.played({ level, report: { overMs } as JitterReport });
  }

  unsupported(payloadType: number): void {
    this.#listener.unsupported(payloadType);
  }

  end(): void {
    this.#listener.end('terminalGone', 'the test ends it');
  }

  deaf(): void {
    this.#listener.deaf();
  }
}

/** A loudspeaker that notes what it is told. */
export class FakeHost implements Loudspeaker {
  readonly voices: FakeVoice[] = [];
  level = 1;

  get heard(): FakeVoice[] {
    return this.voices.filter(voice => !voice.closed);
  }

  open(facts: SoundFacts, listener: VoiceListener): Voice {
    const voice = new FakeVoice(facts, listener);
    this.voices.push(voice);
    return voice;
  }

  setLevel(level: number): void {
    this.level = level;
  }
}
