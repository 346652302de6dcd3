import type {
  Result,
  Rpc,
  ServiceChanges,
  TalkDown,
  TalkMode,
  TalkPhase,
  TalkRow,
  TalkUp,
} from '../../electron/contract.ts';
import type { Loudspeaker } from '../sound/listening.ts';
import type { SoundFacts } from '../sound/packet-decoder.ts';
import { isOver, type Talk, type TalkingStore } from '../store/talking.ts';
import type { Camera } from '../wall/arrangement.ts';
import { CabVoice } from './cab-voice.ts';
import { Microphone } from './microphone.ts';

/** An open talk in which nobody spoke for this long ends (ms); the microphone is let go with it. */
export const idleMs = 30_000;
/** Why a talk is over stays on its tile for this long (ms). */
export const wordsMs = 8000;
/** Sounds of the cab that may come before more are granted, and how many are granted at once: ten seconds of 20 ms. */
const openingCredits = 500;
const grantedCredits = 250;

export interface OpenedTalk {
  readonly answer: Rpc['talk.open']['value'];
  readonly port: MessagePort;
}

export interface TalkingOptions {
  store: TalkingStore;
  loudspeaker: Loudspeaker;
  open(args: Rpc['talk.open']['args']): Promise<Result<OpenedTalk>>;
  facts(vehicleId: string): SoundFacts;
  /** This camera is heard already, on its tile. */
  isHeard(camera: Camera): boolean;
  after(ms: number, run: () => void): () => void;
}

/** Which of a broadcast's phases stands for it, best first. */
const best: readonly TalkPhase[] = ['talking', 'ready', 'opening', 'refused', 'busy', 'closed'];

/** The one talk of this console: its port, the microphone, and the cab's voice. Outside React. */
export class Talking {
  readonly #options: TalkingOptions;
  readonly #microphone: Microphone;
  #port: MessagePort | undefined;
  #voice: CabVoice | undefined;
  #level = 0;
  #sounds = 0;
  #attempt = 0;
  #cancelIdle: () => void = () => undefined;
  #cancelWords: () => void = () => undefined;

  constructor(options: TalkingOptions) {
    this.#options = options;
    this.#microphone = new Microphone(
      microphone => options.store.setState({ microphone }),
      ({ samples, level }) => {
        this.#level = level;
        if (options.store.getState().speaking) this.#up({ type: 'sound', data: samples });
      },
    );
  }

  /** 0 to 1: the microphone while the operator speaks, else the cab. */
  get level(): number {
    return this.#options.store.getState().speaking ? this.#level : (this.#voice?.level ?? 0);
  }

  /** Opens a talk and closes the one before it. */
  async open(mode: TalkMode, vehicleIds: readonly string[], channel: number, camera: Camera | null): Promise<void> {
    this.close();
    const attempt = ++this.#attempt;
    this.#options.store.setState({ talk: { mode, vehicleIds, camera, number: 0, phase: 'opening' } });
    if (mode !== 'monitor') void this.#microphone.open();
    const opened = await this.#options.open({ vehicleIds: [...vehicleIds], channel, mode, credits: openingCredits });
    if (attempt !== this.#attempt) {
      if (opened.ok) opened.value.port.postMessage({ type: 'close' } satisfies TalkUp);
      return;
    }
    if (!opened.ok) {
      this.#over(opened.code === 'talkBusy' ? 'busy' : 'closed', opened.code);
      return;
    }
    const { answer, port } = opened.value;
    this.#port = port;
    port.onmessage = event => this.#received(event.data as TalkDown);
    if (mode !== 'broadcast' && !(camera && this.#options.isHeard(camera)))
      this.#voice = new CabVoice(this.#options.loudspeaker, this.#options.facts(vehicleIds[0] ?? ''));
    this.#changeTalk({ number: answer.talk });
    this.rows({ talks: answer.rows });
    if (this.#options.store.getState().speaking) this.#up({ type: 'speak', on: true });
    this.#restIdle();
  }

  /** Begins and ends speaking. @param latched it goes on after the key or the button */
  speak(on: boolean, latched = false): void {
    const { talk, speaking } = this.#options.store.getState();
    if (on && (!talk || isOver(talk.phase) || talk.mode === 'monitor')) return;
    if (on) void this.#microphone.open();
    this.#options.store.setState({ speaking: on, latched: on && latched });
    if (on !== speaking) this.#up({ type: 'speak', on });
    this.#restIdle();
  }

  close(): void {
    this.#drop();
    this.#options.store.setState({ talk: null, speaking: false, latched: false });
  }

  /** Its sheet was closed. */
  endBroadcast(): void {
    if (this.#options.store.getState().talk?.mode === 'broadcast') this.close();
  }

  /** Rows of the server: how it stands. */
  rows(changes: ServiceChanges): void {
    const { talk } = this.#options.store.getState();
    const rows = changes.talks?.filter(row => row.talk === talk?.number && row.talk !== 0) ?? [];
    if (!talk || rows.length === 0) return;
    if (talk.mode === 'broadcast') return;
    const row = rows.at(-1) as TalkRow;
    // The end has its own message, with the reason.
    if (!isOver(row.phase) && row.phase !== talk.phase) this.#changeTalk({ phase: row.phase });
  }

  /** The port is gone with the way to the server. */
  linkLost(): void {
    const { talk } = this.#options.store.getState();
    if (talk && !isOver(talk.phase)) this.#over('closed', 'socketError');
  }

  #received(message: TalkDown): void {
    if (message.type === 'end') {
      this.#over(endPhase(message.code), message.code);
      return;
    }
    this.#voice?.take(message);
    if (++this.#sounds % grantedCredits === 0) this.#up({ type: 'credit', frames: grantedCredits });
  }

  #over(phase: TalkPhase, code: NonNullable<Talk['code']>): void {
    this.#drop();
    this.#options.store.setState({ speaking: false, latched: false });
    this.#changeTalk({ phase, code });
    this.#cancelWords = this.#options.after(wordsMs, () => this.close());
  }

  #drop(): void {
    this.#attempt++;
    this.#cancelIdle();
    this.#cancelWords();
    this.#up({ type: 'close' });
    this.#port?.close();
    this.#port = undefined;
    this.#voice?.close();
    this.#voice = undefined;
    this.#sounds = 0;
    this.#microphone.close();
  }

  /** A monitor goes on until it is closed; a broadcast while its sheet is open. */
  #restIdle(): void {
    this.#cancelIdle();
    const { talk, speaking } = this.#options.store.getState();
    if (talk?.mode !== 'talk' || speaking || isOver(talk.phase)) return;
    this.#cancelIdle = this.#options.after(idleMs, () => this.close());
  }

  #changeTalk(change: Partial<Talk>): void {
    this.#options.store.setState(({ talk }) => ({ talk: talk && { ...talk, ...change } }));
  }

  #up(message: TalkUp): void {
    this.#port?.postMessage(message);
  }
}

function endPhase(code: NonNullable<Talk['code']>): TalkPhase {
  if (code === 'talkBusy') return 'busy';
  const refusals = ['commandFailed', 'commandUnsupported', 'commandBadMessage', 'talkCodec'];
  return refusals.includes(code) ? 'refused' : 'closed';
}

/** How a broadcast stands as a whole. */
export function bestPhase(rows: Iterable<TalkRow>): TalkPhase | undefined {
  const phases = new Set([...rows].map(row => row.phase));
  return best.find(phase => phases.has(phase));
}
