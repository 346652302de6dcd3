import type { MessagePort } from 'node:worker_threads';
import type { Settings } from '../../electron/config.ts';
import type { ControlDown, Delta, MediaDown, MediaUp, Result } from '../../electron/contract.ts';
import { ConsoleLink } from '../../electron/ipc/console-link.ts';
import { type NodePort, nodeChannel } from '../../electron/ipc/node-port.ts';
import { eventually } from '../accept/eventually.ts';
import { ManualClock } from '../accept/manual-clock.ts';
import { SmallDesk } from './small-desk.ts';

/** The console's end of a media port. */
export class MediaEnd {
  readonly port: MessagePort;
  readonly received: MediaDown[] = [];
  closed = false;

  constructor(port: MessagePort) {
    this.port = port;
    port.on('message', message => this.received.push(message));
    port.on('close', () => {
      this.closed = true;
    });
  }

  send(message: MediaUp | object): void {
    this.port.postMessage(message);
  }

  of<T extends MediaDown['type']>(type: T): (MediaDown & { type: T })[] {
    return this.received.filter((message): message is MediaDown & { type: T } => message.type === type);
  }
}

/** A console at the far end of real node MessagePorts, with the desk it talks to. */
export class ConsoleBench {
  readonly clock = new ManualClock();
  readonly small: SmallDesk;
  readonly link: ConsoleLink;
  readonly control: MessagePort;
  readonly received: ControlDown[] = [];
  readonly media = new Map<number, MediaEnd>();
  closed = false;
  linkClosed = 0;
  #calls = 0;

  constructor(settings: Partial<Settings> = {}) {
    this.small = new SmallDesk(this.clock, settings);
    const { near, far } = nodeChannel();
    this.control = (far as NodePort).native;
    this.control.addEventListener('message', event => {
      const message = (event as MessageEvent).data as ControlDown;
      const [port] = (event as MessageEvent).ports as unknown as MessagePort[];
      if (message.type === 'port' && port) this.media.set(message.subscription, new MediaEnd(port));
      this.received.push(message);
    });
    this.control.start();
    this.control.on('close', () => {
      this.closed = true;
    });
    this.link = new ConsoleLink({
      control: near,
      makeChannel: nodeChannel,
      desk: this.small.desk,
      settings: this.small.settings,
      tally: this.small.tally,
      clock: this.clock,
      closed: () => this.linkClosed++,
    });
  }

  async call(method: string, args: unknown = {}): Promise<Result<unknown>> {
    const id = ++this.#calls;
    this.control.postMessage({ type: 'call', id, method, args });
    return this.replyTo(id);
  }

  async replyTo(id: number): Promise<Result<unknown>> {
    const find = () =>
      this.received.find(
        (message): message is ControlDown & { type: 'reply' } => message.type === 'reply' && message.id === id,
      );
    await eventually(`an answer to call ${id}`, () => find() !== undefined);
    return find()!.result;
  }

  async open(args: object): Promise<{ result: Result<unknown>; media: MediaEnd }> {
    const result = await this.call('stream.open', { channel: 1, stream: 'main', credits: 100, ...args });
    const subscription = result.ok ? (result.value as { subscription: number }).subscription : 0;
    if (result.ok) await eventually('the media port', () => this.media.has(subscription));
    return { result, media: this.media.get(subscription)! };
  }

  get deltas(): Delta[] {
    return this.received.flatMap(message => (message.type === 'delta' ? [message.delta] : []));
  }

  close(): void {
    this.link.close();
    this.control.close();
    for (const { port } of this.media.values()) port.close();
    this.small.hub.close();
  }
}
