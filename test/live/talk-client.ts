import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Delta, Result, TalkRow } from '../../electron/contract.ts';
import { until } from './exactness.ts';

/** What a talk's port brought. */
export interface TalkEnd {
  sounds: { payloadType: number; data: Buffer }[];
  end?: { code: string };
}

/** A console on the web door that talks, as a client that knows only docs/web-door.md. */
export class TalkClient {
  readonly rows = new Map<string, TalkRow>();
  readonly ports = new Map<number, TalkEnd>();
  readonly #socket: WebSocket;
  readonly #replies = new Map<number, Result<unknown>>();
  #calls = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (bytes: Buffer, isBinary) => {
      if (isBinary) this.#sound(bytes);
      else this.#said(JSON.parse(bytes.toString()) as Record<string, unknown>);
    });
  }

  static async open(door: string): Promise<TalkClient> {
    const socket = new WebSocket(`${door.replace('http', 'ws')}/ws/console`);
    const client = new TalkClient(socket);
    await once(socket, 'open');
    return client;
  }

  async call<T>(method: string, args: object): Promise<Result<T>> {
    const id = ++this.#calls;
    this.#socket.send(JSON.stringify({ type: 'call', id, method, args }));
    return (await until(`an answer to ${method}`, () => this.#replies.get(id))) as Result<T>;
  }

  async talk(mode: string, vehicleIds: string[], channel = 1) {
    const opened = await this.call<{ talk: number; subscription: number; rows: TalkRow[] }>('talk.open', {
      ...{ vehicleIds, channel, mode },
      credits: 1000,
    });
    if (!opened.ok) throw new Error(`${opened.code} ${opened.message}`);
    const { talk, subscription, rows } = opened.value;
    return { talk, subscription, rows, port: await until('the port', () => this.ports.get(subscription)) };
  }

  up(subscription: number, message: object): void {
    this.#socket.send(JSON.stringify({ type: 'media', subscription, message }));
  }

  /** Speaks a tone for `ms`, as a microphone gives it: 20 ms at a time. */
  async speak(subscription: number, hz: number, ms: number): Promise<void> {
    this.up(subscription, { type: 'speak', on: true });
    const begun = performance.now();
    for (let at = 0; at < ms / 20; at++) {
      const bytes = Buffer.alloc(320);
      for (let i = 0; i < 160; i++)
        bytes.writeInt16LE(Math.round(9000 * Math.sin((2 * Math.PI * hz * (at * 160 + i)) / 8000)), 2 * i);
      this.up(subscription, { type: 'sound', data: bytes.toString('base64') });
      await sleep(Math.max(0, begun + (at + 1) * 20 - performance.now()));
    }
    this.up(subscription, { type: 'speak', on: false });
  }

  row(talk: number, vehicleId: string): TalkRow | undefined {
    return this.rows.get(`${talk}_${vehicleId}`);
  }

  phase(talk: number, vehicleId: string, phase: string): Promise<TalkRow> {
    return until(`${vehicleId} is ${phase}`, () => {
      const row = this.row(talk, vehicleId);
      return row?.phase === phase && row;
    });
  }

  close(): void {
    this.#socket.terminate();
  }

  #said(message: Record<string, unknown>): void {
    if (message.type === 'reply') this.#replies.set(message.id as number, message.result as Result<unknown>);
    else if (message.type === 'port') this.ports.set(message.subscription as number, { sounds: [] });
    else if (message.type === 'delta')
      for (const row of (message.delta as Delta).services?.talks ?? []) this.rows.set(row.id, row);
    else if (message.type === 'media') {
      const port = this.ports.get(message.subscription as number);
      const down = message.message as { type: string; code: string };
      if (port && down.type === 'end') port.end = { code: down.code };
    }
  }

  #sound(bytes: Buffer): void {
    if (bytes[1] !== 3) return;
    this.ports.get(bytes.readUInt32BE(4))?.sounds.push({ payloadType: bytes[3]!, data: bytes.subarray(32) });
  }
}
