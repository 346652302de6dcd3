import type { Clock } from '../clock.ts';
import type { AppInfo, ControlDown, Method, Result, Rpc, ShellCommand } from '../contract.ts';
import { ConvoyError, fail, failure } from '../errors.ts';
import type { Subscription } from '../hub/subscriber.ts';
import type { Tally } from '../tally.ts';
import { DeltaGatherer } from './delta-gatherer.ts';
import type { Desk, DeskMethod } from './desk.ts';
import { MediaPort } from './media-port.ts';
import type { Channel, Port } from './port.ts';
import { callSchema, isMethod, rpcArgs } from './schema.ts';
import { TalkPort } from './talk-port.ts';

/** Calls of one console that wait for their answers. A console asks a few at a time. */
const maxCallsUnderWay = 256;

export interface LinkSettings {
  readonly deltaMs: number;
  readonly maxSubscriptions: number;
}

export interface ConsoleLinkParts {
  readonly control: Port;
  /** A channel whose far end can be sent over `control`. */
  makeChannel(): Channel;
  readonly desk: Desk;
  readonly settings: LinkSettings;
  readonly tally: Tally;
  readonly clock: Clock;
  /** What `app.info` says the console runs in, where that is not the desk's own answer. */
  readonly host?: AppInfo['host'];
  /** The console is gone. */
  closed?(): void;
}

interface PortTerms {
  readonly credits: number;
  readonly audio?: boolean;
  readonly video?: boolean;
}

interface Opened {
  readonly subscription: Subscription;
  readonly named: object;
}

/** One console: its calls, its deltas, and a media port for each stream it opened. Everything it sends is untrusted. */
export class ConsoleLink {
  readonly #parts: ConsoleLinkParts;
  readonly #media = new Map<number, MediaPort | TalkPort>();
  readonly #deltas: DeltaGatherer;
  #subscriptions = 0;
  #underWay = 0;
  #closed = false;

  constructor(parts: ConsoleLinkParts) {
    this.#parts = parts;
    const { control, desk, clock, tally, settings } = parts;
    control.onClose(() => this.close());
    this.#deltas = new DeltaGatherer({
      desk,
      clock,
      tally,
      settings,
      ready: () => !control.full?.(),
      send: delta => this.#send({ type: 'delta', delta }),
    });
    control.onMessage(message => this.#received(message));
  }

  /** Streams that are open. */
  get streams(): number {
    return this.#media.size;
  }

  command(command: ShellCommand): void {
    this.#send({ type: 'command', command });
  }

  /** Tells every stream's player why, then closes. */
  end(code: 'shuttingDown'): void {
    for (const port of [...this.#media.values()]) port.end(code, 'the server stops');
    this.close();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#deltas.close();
    for (const port of [...this.#media.values()]) port.close();
    this.#parts.control.close();
    this.#parts.closed?.();
  }

  #received(message: unknown): void {
    if (this.#closed) return;
    const { tally } = this.#parts;
    const { success, data: call } = callSchema.safeParse(message);
    if (success) {
      void this.#answer(call.id, call.method, call.args);
      return;
    }
    const id = callId(message);
    if (id === undefined) {
      tally.add('ipc.unknownMessage');
      return;
    }
    tally.add('ipc.badRequest');
    this.#reply(id, fail('badRequest', 'a call is {type, id, method, args}'));
  }

  async #answer(id: number, method: string, args: unknown): Promise<void> {
    const { tally, desk } = this.#parts;
    if (!isMethod(method)) {
      tally.add('ipc.unknownMethod');
      this.#reply(id, fail('unknownMethod'));
      return;
    }
    if (this.#underWay >= maxCallsUnderWay) {
      tally.add('ipc.tooManyCalls');
      this.#reply(id, fail('badRequest', 'too many calls wait for their answers'));
      return;
    }
    const checked = rpcArgs[method].safeParse(args);
    if (!checked.success) {
      tally.add('ipc.badRequest');
      const issue = checked.error.issues[0];
      this.#reply(id, fail('badRequest', issue ? `${issue.path.join('.')}: ${issue.message}` : method));
      return;
    }
    if (method === 'stream.open') {
      const { vehicleId, channel, stream, ...terms } = checked.data as Rpc['stream.open']['args'];
      this.#open(id, terms, port => {
        const opened = desk.subscribe({ vehicleId, channel, stream }, port);
        return opened.ok ? { ok: true, value: { subscription: opened.value, named: {} } } : opened;
      });
      return;
    }
    if (method === 'talk.open') {
      this.#openTalk(id, checked.data as Rpc['talk.open']['args']);
      return;
    }
    if (method === 'playback.open') {
      const { credits, ...ask } = checked.data as Rpc['playback.open']['args'];
      this.#open(id, { credits, audio: true }, port => {
        const opened = desk.openPlayback(ask, port);
        if (!opened.ok) return opened;
        const { subscription, playback } = opened.value;
        return { ok: true, value: { subscription, named: { playback } } };
      });
      return;
    }
    if (method === 'playback.listen') {
      const { playback } = checked.data as Rpc['playback.listen']['args'];
      this.#open(id, { credits: 0, audio: true, video: false }, port => {
        const opened = desk.listenToPlayback(playback, port);
        return opened.ok ? { ok: true, value: { subscription: opened.value, named: {} } } : opened;
      });
      return;
    }
    this.#underWay++;
    const result = await this.#call(method, checked.data);
    this.#underWay--;
    this.#reply(id, result);
  }

  async #call(method: DeskMethod, args: Rpc[Method]['args']): Promise<Result<unknown>> {
    const { desk, host } = this.#parts;
    try {
      const result = await (desk.calls[method] as (args: Rpc[Method]['args']) => Promise<Result<unknown>>)(args);
      if (method !== 'app.info' || !result.ok || !host) return result;
      return { ok: true, value: { ...(result.value as AppInfo), host } };
    } catch (thrown) {
      if (!(thrown instanceof ConvoyError)) this.#parts.tally.add('ipc.internal');
      return failure(thrown);
    }
  }

  /** @param open gives the port its subscription, and what the answer names beside its number */
  #open(id: number, terms: PortTerms, open: (port: MediaPort) => Result<Opened>): void {
    const { tally, clock, control } = this.#parts;
    if (this.#isFull(id)) return;
    const { credits, audio = false, video = true } = terms;
    const { near, far } = this.#parts.makeChannel();
    const number = ++this.#subscriptions;
    const port = new MediaPort({
      port: near,
      credits,
      audio,
      video,
      clock,
      tally,
      closed: () => this.#media.delete(number),
    });
    this.#media.set(number, port);
    const subscribed = open(port);
    if (!subscribed.ok) {
      port.close();
      far.close();
      this.#reply(id, subscribed);
      return;
    }
    this.#reply(id, { ok: true, value: { ...subscribed.value.named, subscription: number } });
    control.post({ type: 'port', subscription: number } satisfies ControlDown, [far]);
    port.attach(subscribed.value.subscription);
  }

  #openTalk(id: number, { credits, ...ask }: Rpc['talk.open']['args']): void {
    const { tally, control, desk } = this.#parts;
    if (this.#isFull(id)) return;
    const { near, far } = this.#parts.makeChannel();
    const number = ++this.#subscriptions;
    const port = new TalkPort({ port: near, credits, tally, closed: () => this.#media.delete(number) });
    const opened = desk.openTalk(ask, port);
    if (!opened.ok) {
      near.close();
      far.close();
      this.#reply(id, opened);
      return;
    }
    this.#media.set(number, port);
    const { talk, rows } = opened.value;
    this.#reply(id, { ok: true, value: { talk, rows, subscription: number } });
    control.post({ type: 'port', subscription: number } satisfies ControlDown, [far]);
    port.attach(opened.value);
  }

  #isFull(id: number): boolean {
    const { tally, settings } = this.#parts;
    if (this.#media.size < settings.maxSubscriptions) return false;
    tally.add('ipc.tooManySubscriptions');
    this.#reply(id, fail('tooManySubscriptions'));
    return true;
  }

  #reply(id: number, result: Result<unknown>): void {
    this.#send({ type: 'reply', id, result });
  }

  #send(message: ControlDown): void {
    if (!this.#closed) this.#parts.control.post(message);
  }
}

/** The number of a call that is otherwise wrong, so that it can be answered. */
function callId(message: unknown): number | undefined {
  if (typeof message !== 'object' || message === null || !('type' in message) || !('id' in message)) return undefined;
  return message.type === 'call' && typeof message.id === 'number' ? message.id : undefined;
}
