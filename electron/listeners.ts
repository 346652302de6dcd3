import type { Clock } from './clock.ts';
import type { Health } from './contract.ts';
import { ConvoyError } from './errors.ts';
import type { Log } from './log.ts';
import type { NoticeBoard } from './notice-board.ts';
import type { Tally } from './tally.ts';

/** Pause before a port that could not be opened is tried again. */
const listenRetryMs = 5000;
/** Times that another number is picked when the one picked for TCP is taken for UDP. */
const otherNumbers = 5;

export type Listening = Health['listening'][number];

export interface Listener {
  listen(): Promise<{ address: string; port: number }>;
  close(): Promise<void>;
}

interface ListenersParts {
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  readonly notices: NoticeBoard;
  /** Settings that do not fit end the program, for there is no window to put them right in. */
  readonly strict: boolean;
}

/** Opens ports, tries again those that could not be opened, closes them all. */
export class Listeners {
  readonly #parts: ListenersParts;
  readonly #open = new Map<Listening, Listener>();
  readonly #cancel = new Map<Listening, () => void>();
  #closed = false;

  constructor(parts: ListenersParts) {
    this.#parts = parts;
  }

  /**
   * A door that cannot be opened has its error set, is given as a notice once, and is tried again.
   * @throws ConvoyError settingInvalid when `strict`
   */
  async open(door: Listening, make: () => Listener): Promise<void> {
    const error = await this.#try(door, make);
    if (error) this.#failed(door, make, error);
  }

  /** Two doors under one number. One that the kernel picks for the first may be taken for the second: then another. */
  async openPair(first: Listening, makeFirst: () => Listener, second: Listening, make: () => Listener): Promise<void> {
    const picked = first.port === 0;
    await this.open(first, makeFirst);
    second.port = first.port;
    let error = await this.#try(second, make);
    for (let left = otherNumbers; picked && !first.error && error?.code === 'portInUse' && left > 0; left--) {
      await this.#open.get(first)?.close();
      this.#open.delete(first);
      first.port = 0;
      await this.open(first, makeFirst);
      second.port = first.port;
      error = await this.#try(second, make);
    }
    if (error) this.#failed(second, make, error);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const cancel of this.#cancel.values()) cancel();
    await Promise.all([...this.#open.values()].map(listener => listener.close()));
  }

  async #try(door: Listening, make: () => Listener): Promise<ConvoyError | undefined> {
    const listener = make();
    try {
      Object.assign(door, await listener.listen());
      delete door.error;
      if (this.#closed) await listener.close();
      else this.#open.set(door, listener);
      return undefined;
    } catch (thrown) {
      if (thrown instanceof ConvoyError) return thrown;
      throw thrown;
    }
  }

  #failed(door: Listening, make: () => Listener, error: ConvoyError): void {
    const { clock, tally, log, notices, strict } = this.#parts;
    if (strict && error.code === 'settingInvalid') throw error;
    const { protocol, port } = door;
    const said = door.error === error.code;
    door.error = error.code;
    tally.add('server.listenFailed');
    if (!said) {
      log.error({ ...door, reason: error.message }, 'port not open');
      notices.give('error', 'portNotOpen', { protocol, port, code: error.code });
    }
    this.#cancel.set(
      door,
      clock.after(listenRetryMs, () => this.#again(door, make)),
    );
  }

  #again(door: Listening, make: () => Listener): void {
    if (this.#closed) return;
    this.open(door, make).catch((thrown: unknown) => {
      this.#parts.log.error({ door: door.protocol, error: String(thrown) }, 'port given up');
    });
  }
}
