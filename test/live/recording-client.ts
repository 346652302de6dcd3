import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { RecorderState, RecordingRow, Result } from '../../electron/contract.ts';
import { until } from './exactness.ts';
import { framesIn, type RecordedFrame } from './recorded-frames.ts';
import type { ServerProcess } from './server-process.ts';

export interface SegmentEntry {
  readonly id: number;
  readonly from: string;
  readonly to: string;
  readonly bytes: number;
  readonly frames: number;
  readonly state: string;
  readonly codec: string;
  readonly file: string;
  readonly url: string;
}

/** Records and looks back through the web door, as a client that knows only docs/web-door.md. */
export class RecordingClient {
  readonly #server: ServerProcess;

  constructor(server: ServerProcess) {
    this.#server = server;
  }

  /** @returns its id */
  async start(vehicleId: string, channel: number): Promise<string> {
    const body = JSON.stringify({ vehicleId, channel });
    const response = await fetch(`${this.#server.door}/api/recordings`, { method: 'POST', body });
    if (!response.ok) throw new Error(await response.text());
    return ((await response.json()) as { id: string }).id;
  }

  async stop(id: string): Promise<void> {
    const response = await fetch(`${this.#server.door}/api/recordings/${id}`, { method: 'DELETE' });
    if (!response.ok) throw new Error(await response.text());
  }

  segments(vehicleId: string, channel: number): Promise<SegmentEntry[]> {
    return this.#server.get(`/api/recordings?vehicleId=${vehicleId}&channel=${channel}`);
  }

  /** Once none of them is written any more. */
  finished(vehicleId: string, channel: number): Promise<SegmentEntry[]> {
    return until('every segment is finished', async () => {
      const segments = await this.segments(vehicleId, channel);
      return segments.length > 0 && segments.every(({ state }) => state !== 'writing') && segments;
    });
  }

  async file({ url }: SegmentEntry): Promise<Uint8Array> {
    const response = await fetch(`${this.#server.door}${url}`);
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }

  async frames(segments: readonly SegmentEntry[]): Promise<RecordedFrame[]> {
    const files = await Promise.all(segments.map(async segment => framesIn(await this.file(segment))));
    return files.flat();
  }
}

interface ConsoleMessage {
  readonly type: string;
  readonly id: number;
  readonly result: Result<unknown>;
  readonly delta?: { recorder?: RecorderState; recordings?: RecordingRow[]; notices?: { text: string }[] };
}

/** A console's control port over /ws/console. */
export class ConsoleSocket {
  readonly #socket: WebSocket;
  readonly #replies = new Map<number, (result: Result<unknown>) => void>();
  #calls = 0;
  /** As of the last delta that carried one. */
  recorder: RecorderState | undefined;
  readonly notices: string[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.on('message', (bytes, isBinary) => {
      if (isBinary) return;
      const message = JSON.parse((bytes as Buffer).toString('utf8')) as ConsoleMessage;
      if (message.type === 'reply') this.#replies.get(message.id)?.(message.result);
      this.recorder = message.delta?.recorder ?? this.recorder;
      this.notices.push(...(message.delta?.notices ?? []).map(({ text }) => text));
    });
  }

  static async open(door: string): Promise<ConsoleSocket> {
    const socket = new WebSocket(`${door.replace(/^http/, 'ws')}/ws/console`);
    const opened = new ConsoleSocket(socket);
    await once(socket, 'open');
    return opened;
  }

  /** @throws when the server answers with a failure */
  async call<T>(method: string, args: object): Promise<T> {
    const id = ++this.#calls;
    const answer = new Promise<Result<unknown>>(resolve => this.#replies.set(id, resolve));
    this.#socket.send(JSON.stringify({ type: 'call', id, method, args }));
    const result = await answer;
    if (!result.ok) throw new Error(`${method}: ${result.code} ${result.message}`);
    return result.value as T;
  }

  close(): void {
    this.#socket.close();
  }
}
