import {
  type CameraKey,
  type ControlDown,
  type ControlUp,
  contractVersion,
  type Delta,
  type ErrorCode,
  type Method,
  type Result,
  type Rpc,
  type ShellCommand,
} from '../electron/contract.ts';

/** How the console hears of the server. */
export interface LinkListener {
  /** `whole`: the first of a connection, which carries everything. */
  delta(delta: Delta, whole: boolean): void;
  command(command: ShellCommand): void;
  connected(): void;
  /** The way is gone, and with it every media port. `attempt` counts the tries since. */
  lost(attempt: number): void;
  /** The server speaks another version of the contract. */
  mismatch(version: number): void;
}

/**
 * Opens one control port, or rejects; called again after every loss. `lost` is called when the way behind the port is known
 * to be gone: a MessagePort does not say so everywhere (Electron's do, a page's own do not).
 */
export type PortOpener = (lost: () => void) => Promise<Way>;

/** A control port and the end of what carries it. */
export interface Way {
  port: MessagePort;
  close(): void;
}

export interface LinkTimer {
  after(ms: number, run: () => void): () => void;
}

/** Pauses before the next try, ms; the last one repeats. */
export const retryPauses = [500, 1000, 2000, 4000, 8000] as const;
/** Nothing heard for this long (ms): the server is asked; no answer for as long again: the way is lost. */
export const silenceMs = 4000;
const callTimeoutMs = 30_000;
/** What a vehicle is asked for and may take its time with: three ways of asking, a minute each on a slow line. */
const slowMethods: Partial<Record<Method, number>> = { 'storage.list': 300_000 };

const timer: LinkTimer = {
  after(ms, run) {
    const id = setTimeout(run, ms);
    return () => clearTimeout(id);
  },
};

interface Waiting {
  done(result: Result<unknown>): void;
  cancel(): void;
}

/** The console's one way to the server: calls, state, media ports, and coming back after a loss. */
export class Link {
  readonly #open: PortOpener;
  readonly #listener: LinkListener;
  readonly #timer: LinkTimer;
  readonly #calls = new Map<number, Waiting>();
  /** Media ports that came before the reply that names their subscription, and the other way round. */
  readonly #ports = new Map<number, MessagePort>();
  readonly #wanted = new Map<number, (port: MessagePort) => void>();
  #port: MessagePort | undefined;
  #nextCall = 1;
  #attempt = 0;
  #whole = true;
  #closeWay: () => void = () => undefined;
  #cancelSilence: () => void = () => undefined;
  #cancelRetry: () => void = () => undefined;
  #closed = false;

  constructor(options: { open: PortOpener; listener: LinkListener; timer?: LinkTimer }) {
    this.#open = options.open;
    this.#listener = options.listener;
    this.#timer = options.timer ?? timer;
  }

  start(): void {
    void this.#connect();
  }

  close(): void {
    this.#closed = true;
    this.#cancelRetry();
    this.#drop();
  }

  /** Asks the server. Never throws: a lost connection or silence is a Result too. */
  call<M extends Method>(method: M, args: Rpc[M]['args']): Promise<Result<Rpc[M]['value']>> {
    const port = this.#port;
    if (!port) return Promise.resolve(failed('socketError', 'no connection to the server'));
    const id = this.#nextCall++;
    return new Promise(resolve => {
      const cancel = this.#timer.after(slowMethods[method] ?? callTimeoutMs, () => {
        this.#calls.delete(id);
        resolve(failed('internal', 'the server did not answer'));
      });
      // The server answers a method with that method's value; the contract is the proof.
      this.#calls.set(id, { cancel, done: result => resolve(result as Result<Rpc[M]['value']>) });
      port.postMessage({ type: 'call', id, method, args } satisfies ControlUp);
    });
  }

  /** Opens a stream and waits for its media port. `credits`: frames that may come before the first grant. */
  openStream({ vehicleId, channel, stream }: CameraKey, credits: number): Promise<Result<MessagePort>> {
    return this.#openMedia({ vehicleId, channel, stream, credits });
  }

  /** The same for a stream's sound, without its pictures. */
  openSound({ vehicleId, channel, stream }: CameraKey): Promise<Result<MessagePort>> {
    return this.#openMedia({ vehicleId, channel, stream, credits: 0, audio: true, video: false });
  }

  /** Opens a talk and waits for its port, which carries the microphone up and the cab's sound down. */
  async openTalk(
    args: Rpc['talk.open']['args'],
  ): Promise<Result<{ answer: Rpc['talk.open']['value']; port: MessagePort }>> {
    const reply = await this.call('talk.open', args);
    if (!reply.ok) return reply;
    const port = await this.#portOf(reply.value.subscription);
    return port.ok ? { ok: true, value: { answer: reply.value, port: port.value } } : port;
  }

  /** Has a vehicle play what it recorded. */
  async openPlayback(args: Rpc['playback.open']['args']): Promise<Result<{ playback: string; port: MessagePort }>> {
    const reply = await this.call('playback.open', args);
    if (!reply.ok) return reply;
    const port = await this.#portOf(reply.value.subscription);
    return port.ok ? { ok: true, value: { playback: reply.value.playback, port: port.value } } : port;
  }

  /** The sound of what it plays. */
  async openPlaybackSound(playback: string): Promise<Result<MessagePort>> {
    const reply = await this.call('playback.listen', { playback });
    return reply.ok ? this.#portOf(reply.value.subscription) : reply;
  }

  async #openMedia(args: Rpc['stream.open']['args']): Promise<Result<MessagePort>> {
    const reply = await this.call('stream.open', args);
    if (!reply.ok) return reply;
    return this.#portOf(reply.value.subscription);
  }

  async #portOf(subscription: number): Promise<Result<MessagePort>> {
    const port = this.#ports.get(subscription);
    if (port) {
      this.#ports.delete(subscription);
      return { ok: true, value: port };
    }
    return new Promise(resolve => {
      const cancel = this.#timer.after(callTimeoutMs, () => {
        this.#wanted.delete(subscription);
        resolve(failed('internal', 'no media port came'));
      });
      this.#wanted.set(subscription, value => {
        cancel();
        resolve({ ok: true, value });
      });
    });
  }

  async #connect(): Promise<void> {
    if (this.#closed) return;
    try {
      let goneEarly = false;
      let lost = (): void => {
        goneEarly = true;
      };
      const way = await this.#open(() => lost());
      if (this.#closed) return way.close();
      const { port } = way;
      this.#closeWay = () => way.close();
      this.#port = port;
      this.#whole = true;
      port.onmessage = event => this.#receive(port, event);
      lost = () => this.#lose(port);
      port.addEventListener('close', lost);
      port.start();
      if (goneEarly) return lost();
      this.#listen(port);
      void this.#greet(port);
    } catch {
      this.#retry();
    }
  }

  async #greet(port: MessagePort): Promise<void> {
    const info = await this.call('app.info', {});
    if (this.#port !== port) return;
    if (!info.ok) return this.#lose(port);
    if (info.value.contractVersion !== contractVersion) return this.#listener.mismatch(info.value.contractVersion);
    this.#attempt = 0;
    this.#listener.connected();
  }

  #receive(port: MessagePort, event: MessageEvent): void {
    if (port !== this.#port) return;
    this.#listen(port);
    const message = event.data as ControlDown;
    if (message.type === 'reply') {
      const waiting = this.#calls.get(message.id);
      this.#calls.delete(message.id);
      waiting?.cancel();
      waiting?.done(message.result);
    } else if (message.type === 'delta') {
      const whole = this.#whole;
      this.#whole = false;
      this.#listener.delta(message.delta, whole);
    } else if (message.type === 'port') this.#takePort(message.subscription, event.ports[0]);
    else if (message.type === 'command') this.#listener.command(message.command);
  }

  #takePort(subscription: number, port: MessagePort | undefined): void {
    if (!port) return;
    const wanted = this.#wanted.get(subscription);
    if (wanted) {
      this.#wanted.delete(subscription);
      wanted(port);
    } else this.#ports.set(subscription, port);
  }

  /** A cable pulled is not always told: silence is answered with a question, and silence to that with a new connection. */
  #listen(port: MessagePort): void {
    this.#cancelSilence();
    this.#cancelSilence = this.#timer.after(silenceMs, () => {
      void this.call('app.info', {});
      this.#cancelSilence = this.#timer.after(silenceMs, () => this.#lose(port));
    });
  }

  #lose(port: MessagePort): void {
    if (port !== this.#port) return;
    this.#drop();
    this.#retry();
  }

  #drop(): void {
    this.#cancelSilence();
    this.#closeWay();
    this.#closeWay = () => undefined;
    this.#port = undefined;
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    this.#wanted.clear();
    for (const port of this.#ports.values()) port.close();
    this.#ports.clear();
    for (const waiting of calls) {
      waiting.cancel();
      waiting.done(failed('socketError', 'the connection to the server was lost'));
    }
  }

  #retry(): void {
    if (this.#closed) return;
    const pause = retryPauses[Math.min(this.#attempt, retryPauses.length - 1)] ?? 8000;
    this.#attempt++;
    this.#listener.lost(this.#attempt);
    this.#cancelRetry = this.#timer.after(pause, () => void this.#connect());
  }
}

function failed(code: ErrorCode, message: string): { ok: false; code: ErrorCode; message: string } {
  return { ok: false, code, message };
}
