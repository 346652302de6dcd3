import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { type ClientOptions, WebSocket } from 'ws';
import type { Settings } from '../../electron/config.ts';
import type { RecordingBackers } from '../../electron/ipc/server-desk.ts';
import { silentLog } from '../../electron/log.ts';
import { WebDoor } from '../../electron/web/web-door.ts';
import { eventually } from '../accept/eventually.ts';
import { ManualClock } from '../accept/manual-clock.ts';
import { SmallDesk } from '../ipc/small-desk.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A real door on a port of its own, before a small desk. Its clock stands still unless moved: no pings by themselves. */
export class DoorBench {
  readonly clock = new ManualClock();
  readonly small: SmallDesk;
  readonly door: WebDoor;
  readonly clients: Client[] = [];
  port = 0;

  constructor(settings: Partial<Settings> = {}, staticDir = '/nowhere', recordings?: RecordingBackers) {
    this.small = new SmallDesk(this.clock, { webPort: 0, ...settings }, recordings);
    this.door = new WebDoor({
      desk: this.small.desk,
      settings: this.small.settings,
      staticDir,
      tally: this.small.tally,
      clock: this.clock,
      log: silentLog,
    });
  }

  static async open(
    settings: Partial<Settings> = {},
    staticDir?: string,
    recordings?: RecordingBackers,
  ): Promise<DoorBench> {
    const bench = new DoorBench(settings, staticDir, recordings);
    bench.port = (await bench.door.listen()).port;
    return bench;
  }

  /** The path goes out exactly as written, unlike with fetch. */
  async get(path: string, headers: Record<string, string> = {}, method = 'GET', sent = ''): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: this.port, path, method, headers, agent: false };
      httpRequest(options, response => {
        const chunks: Buffer[] = [];
        response.on('data', chunk => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks).toString() }),
        );
      })
        .on('error', reject)
        .end(sent);
    });
  }

  async connect(path: string, options: ClientOptions = {}): Promise<Client> {
    const client = new Client(new WebSocket(`ws://127.0.0.1:${this.port}${path}`, options));
    this.clients.push(client);
    await eventually('a connection', () => client.opened || client.refused !== 0);
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.socket.terminate();
    await this.door.close();
    this.small.hub.close();
  }
}

export type Said = Record<string, unknown> & { type: string };

/** A WebSocket client that keeps what it hears. */
export class Client {
  readonly socket: WebSocket;
  readonly texts: Said[] = [];
  readonly binaries: Buffer[] = [];
  opened = false;
  /** HTTP status of a refused upgrade. */
  refused = 0;
  closeCode = 0;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('open', () => {
      this.opened = true;
    });
    socket.on('unexpected-response', (request, response) => {
      this.refused = response.statusCode ?? -1;
      request.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', code => {
      this.closeCode = code;
    });
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.binaries.push(data as Buffer);
      else this.texts.push(JSON.parse(data.toString()) as Said);
    });
  }

  say(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Waits for the next text message that has not been asked for yet. */
  async hear(): Promise<Said> {
    await eventually('a message', () => this.texts.length > 0);
    return this.texts.shift()!;
  }

  async ask(message: object | string): Promise<Said> {
    this.say(message);
    return this.hear();
  }

  /** Frames and other messages, sorted. */
  get frames(): Said[] {
    return this.texts.filter(text => text.type === 'frame');
  }
}
