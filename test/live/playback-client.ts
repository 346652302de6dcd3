import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { FetchRow, PlaybackRow, Result, ServiceChanges } from '../../electron/contract.ts';
import { until } from './exactness.ts';

export interface PlayedFrame {
  readonly key: boolean;
  readonly ptsMs: number;
  /** Wall clock of the footage. */
  readonly at: number;
  readonly data: Buffer;
}

/** What came on the port of one playback. */
export interface PlayedPort {
  readonly frames: PlayedFrame[];
  readonly phases: string[];
  end?: { code: string };
}

/** A console on the web door that knows only docs/web-door.md: has vehicles list, play and give away what they hold. */
export class PlaybackClient {
  readonly ports = new Map<number, PlayedPort>();
  readonly fetches = new Map<string, FetchRow>();
  readonly playbacks = new Map<string, PlaybackRow>();
  /** Ways of asking, as they were told. */
  readonly ways: string[] = [];
  readonly #socket: WebSocket;
  readonly #replies = new Map<number, Result<unknown>>();
  #calls = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (bytes: Buffer, isBinary) => {
      if (isBinary) this.#frame(bytes);
      else this.#said(JSON.parse(bytes.toString()) as Record<string, unknown>);
    });
  }

  static async open(door: string): Promise<PlaybackClient> {
    const socket = new WebSocket(`${door.replace('http', 'ws')}/ws/console`);
    const client = new PlaybackClient(socket);
    await once(socket, 'open');
    return client;
  }

  async call<T>(method: string, args: object): Promise<Result<T>> {
    const id = ++this.#calls;
    this.#socket.send(JSON.stringify({ type: 'call', id, method, args }));
    return (await until(`an answer to ${method}`, () => this.#replies.get(id), 40_000)) as Result<T>;
  }

  async play(args: object) {
    const opened = await this.call<{ playback: string; subscription: number }>('playback.open', {
      ...args,
      credits: 10_000,
    });
    if (!opened.ok) throw new Error(`${opened.code} ${opened.message}`);
    const { playback, subscription } = opened.value;
    return { playback, subscription, port: await until('the port', () => this.ports.get(subscription)) };
  }

  closePort(subscription: number): void {
    this.#socket.send(JSON.stringify({ type: 'media', subscription, message: { type: 'close' } }));
  }

  close(): void {
    this.#socket.close();
  }

  #said(message: Record<string, unknown>): void {
    if (message.type === 'reply') this.#replies.set(message.id as number, message.result as Result<unknown>);
    else if (message.type === 'port') this.ports.set(message.subscription as number, { frames: [], phases: [] });
    else if (message.type === 'media') this.#media(message.subscription as number, message.message as MediaText);
    else if (message.type === 'delta') this.#rows((message.delta as { services?: ServiceChanges }).services ?? {});
  }

  #media(subscription: number, message: MediaText): void {
    const port = this.ports.get(subscription);
    if (!port) return;
    if (message.type === 'end') port.end = { code: message.code ?? '' };
    if (message.type === 'status' && message.status && port.phases.at(-1) !== message.status.phase)
      port.phases.push(message.status.phase);
  }

  #rows({ fetches, playbacks, searches }: ServiceChanges): void {
    for (const row of fetches ?? []) this.fetches.set(row.id, row);
    for (const row of playbacks ?? []) this.playbacks.set(row.id, row);
    for (const row of searches ?? []) if (!row.ended) this.ways.push(row.way);
  }

  /** Layout 1: kind at 1, flags at 2, subscription at 4, device time at 16, arrival at 24, data from 32. */
  #frame(bytes: Buffer): void {
    if (bytes[1] !== 1) return;
    this.ports.get(bytes.readUInt32BE(4))?.frames.push({
      key: (bytes[2]! & 1) !== 0,
      ptsMs: bytes.readDoubleBE(16),
      at: bytes.readDoubleBE(24),
      data: bytes.subarray(32),
    });
  }
}

interface MediaText {
  type: string;
  code?: string;
  status?: { phase: string };
}
