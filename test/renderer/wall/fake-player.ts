import type { CameraKey, Result } from '../../../electron/contract.ts';
import type { PictureState, PlayerSnapshot } from '../../../renderer/player/player.ts';
import type { PaneClock, PanePlayer, Stage } from '../../../renderer/wall/pane.ts';

/** Time that a test moves on by hand. */
export class HandClock implements PaneClock {
  #now = 1_000_000;
  #jobs: { at: number; run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const job = { at: this.#now + ms, run };
    this.#jobs.push(job);
    return () => {
      this.#jobs = this.#jobs.filter(each => each !== job);
    };
  }

  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#jobs.filter(job => job.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#jobs = this.#jobs.filter(job => job !== next);
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
  }
}

/** A player whose picture is what the test says. */
export class FakePlayer implements PanePlayer {
  readonly element: HTMLElement;
  closed = false;
  hidden = false;
  fit = '';
  hold = 0;
  readonly #onChange: (snapshot: PlayerSnapshot) => void;
  #state: PictureState = { kind: 'opening' };
  #presented = 0;

  constructor(name: string, onChange: (snapshot: PlayerSnapshot) => void) {
    // The pane only hands it on; no document is needed for that.
    this.element = { name } as unknown as HTMLElement;
    this.#onChange = onChange;
  }

  /** Something is seen; from the first picture on it counts as presented. */
  become(state: PictureState): void {
    this.#state = state;
    if (state.kind === 'live') this.#presented++;
    this.#onChange(this.snapshot());
  }

  snapshot(): PlayerSnapshot {
    return {
      state: this.#state,
      engine: 'jmuxer',
      width: 352,
      height: 288,
      presentedFps: 15,
      framesPresented: this.#presented,
      framesReceived: this.#presented,
      framesDropped: 0,
      rebuilds: 0,
    };
  }

  captureStill(): Promise<Blob> {
    return Promise.resolve(new Blob());
  }

  setHold(ms: number): void {
    this.hold = ms;
  }

  setFit(fit: string): void {
    this.fit = fit;
  }

  setHidden(hidden: boolean): void {
    this.hidden = hidden;
  }

  close(): void {
    this.closed = true;
  }
}

/** Remembers what is on it and which picture is in front. */
export class FakeStage implements Stage {
  front: HTMLElement | undefined;
  readonly all = new Set<HTMLElement>();

  show(element: HTMLElement): void {
    this.all.add(element);
    this.front = element;
  }

  await(element: HTMLElement): void {
    this.all.add(element);
  }

  remove(element: HTMLElement): void {
    this.all.delete(element);
    if (this.front === element) this.front = undefined;
  }
}

/** A server that opens what it is asked for, or answers as `answer` says. */
export class FakeOpener {
  readonly asked: CameraKey[] = [];
  readonly players: FakePlayer[] = [];
  readonly ports: MessagePort[] = [];
  answer: (key: CameraKey) => Result<MessagePort> | undefined = () => undefined;

  readonly open = (key: CameraKey): Promise<Result<MessagePort>> => {
    this.asked.push(key);
    const refused = this.answer(key);
    if (refused) return Promise.resolve(refused);
    const { port1, port2 } = new MessageChannel();
    port2.close();
    this.ports.push(port1);
    return Promise.resolve({ ok: true, value: port1 });
  };

  readonly createPlayer = (_port: MessagePort, onChange: (snapshot: PlayerSnapshot) => void): FakePlayer => {
    const player = new FakePlayer(`player ${this.players.length}`, onChange);
    this.players.push(player);
    return player;
  };

  get running(): FakePlayer[] {
    return this.players.filter(player => !player.closed);
  }
}

/** Lets promises that are settled run on. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}
