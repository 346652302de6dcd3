import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../clock.ts';
import { ConvoyError, failure } from '../errors.ts';
import type { LinkSettings } from '../ipc/console-link.ts';
import type { Desk } from '../ipc/desk.ts';
import type { Log } from '../log.ts';
import { isLoopback } from '../loopback.ts';
import { mapPath } from '../map-response.ts';
import { pictureAt } from '../picture-response.ts';
import type { Tally } from '../tally.ts';
import { ClientSocket, oversizeFactor, type SocketSettings } from './client-socket.ts';
import { ConsoleClient } from './console-client.ts';
import { ExportsApi } from './exports-api.ts';
import { answerMap } from './map-api.ts';
import { answerPicture } from './pictures-api.ts';
import { RecordingsApi } from './recordings-api.ts';
import { StaticFiles } from './static-files.ts';
import { tokenPage, tokenPageHeaders, wantsTokenPage } from './token-page.ts';
import { TracesApi } from './traces-api.ts';
import { UploadsApi } from './uploads-api.ts';
import { VehiclesApi } from './vehicles-api.ts';
import { VideoClient } from './video-client.ts';
import { FrameText } from './video-stream.ts';
import { type AccessSettings, type Refusal, WebAccess } from './web-access.ts';
import { answerError, WebApi } from './web-api.ts';

/** Time for a request's headers, and for all of it: the longest body is a few words of JSON. */
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 15_000;
/** Time for clients to take their close frame when the door closes. */
const farewellMs = 500;

export interface WebSettings extends AccessSettings, SocketSettings, LinkSettings {
  readonly webPort: number;
  readonly webCertificate: string;
  readonly webKey: string;
  readonly maxWebClients: number;
  readonly webPingMs: number;
  readonly maxWebRequestBytes: number;
  /** PMTiles archive of the map; empty for none. */
  readonly mapFile: string;
}

export interface WebDoorParts {
  readonly desk: Desk;
  readonly settings: WebSettings;
  /** Folder of the built console. */
  readonly staticDir: string;
  readonly tally: Tally;
  readonly clock: Clock;
  readonly log: Log;
}

interface PathApi {
  /** Methods of a path that is its own, else undefined. */
  methods(path: string): readonly string[] | undefined;
  answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
}

interface Client {
  readonly socket: ClientSocket;
  /** Before the close frame, when the server stops. */
  farewell(): void;
}

/** HTTP and WebSocket for consoles in browsers and for programs. See docs/web-door.md. */
export class WebDoor {
  readonly #parts: WebDoorParts;
  readonly #access: WebAccess;
  readonly #api: WebApi;
  /** Parts of the door that know their own paths. */
  readonly #parted: readonly PathApi[];
  readonly #files: StaticFiles;
  readonly #sockets: WebSocketServer;
  readonly #frameText = new FrameText();
  readonly #clients = new Set<Client>();
  readonly #maxClients: number;
  #server: Server | undefined;
  #stopPinging: () => void = () => undefined;

  constructor(parts: WebDoorParts) {
    this.#parts = parts;
    this.#maxClients = parts.settings.maxWebClients;
    this.#access = new WebAccess(parts.settings);
    this.#api = new WebApi(parts.desk);
    const { desk, tally } = parts;
    const { maxWebRequestBytes } = parts.settings;
    this.#parted = [
      new RecordingsApi(desk, maxWebRequestBytes),
      new VehiclesApi(desk, tally, maxWebRequestBytes),
      new TracesApi(desk),
      new UploadsApi(desk),
      new ExportsApi(desk),
    ];
    this.#files = new StaticFiles(parts.staticDir, parts.clock);
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: parts.settings.webMessageBytes * oversizeFactor,
    });
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** @throws ConvoyError settingInvalid (no token where one must be, unreadable certificate), portInUse, listenFailed */
  async listen(): Promise<{ address: string; port: number }> {
    const { settings, clock } = this.#parts;
    if (!isLoopback(settings.webHost) && settings.webToken === '')
      throw new ConvoyError(
        'settingInvalid',
        `webHost ${settings.webHost} can be reached from other machines: set webToken (API_TOKEN), or bind to 127.0.0.1`,
      );
    const server = await this.#createServer();
    server.headersTimeout = headersTimeoutMs;
    server.requestTimeout = requestTimeoutMs;
    server.maxConnections = this.#maxClients * 2 + 64;
    server.on('request', (request, response) => void this.#request(request, response));
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    await listenOn(server, settings.webHost, settings.webPort);
    this.#server = server;
    this.#stopPinging = clock.every(settings.webPingMs, () => this.#ping());
    const { address, port } = server.address() as AddressInfo;
    return { address, port };
  }

  async close(): Promise<void> {
    this.#stopPinging();
    const server = this.#server;
    this.#server = undefined;
    for (const client of this.#clients) {
      client.farewell();
      client.socket.close(1001, 'the server stops');
    }
    if (!server) return;
    await new Promise<void>(resolve => {
      const impatient = setTimeout(() => {
        for (const client of this.#clients) client.socket.terminate();
        server.closeAllConnections();
      }, farewellMs);
      server.close(() => {
        clearTimeout(impatient);
        resolve();
      });
      server.closeIdleConnections();
    });
  }

  async #createServer(): Promise<Server> {
    const { webCertificate, webKey } = this.#parts.settings;
    const limits = { maxHeaderSize: 16_384 };
    if (webCertificate === '' && webKey === '') return createServer(limits);
    if (webCertificate === '' || webKey === '')
      throw new ConvoyError('settingInvalid', 'webCertificate and webKey belong together');
    try {
      const [cert, key] = await Promise.all([readFile(webCertificate), readFile(webKey)]);
      return createSecureServer({ ...limits, cert, key });
    } catch (thrown) {
      throw new ConvoyError('settingInvalid', `webCertificate, webKey: ${(thrown as Error).message}`);
    }
  }

  get #secure(): boolean {
    return this.#parts.settings.webCertificate !== '';
  }

  // ----------------------------------------------------------------------------------------------------------- HTTP

  async #request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { tally, log } = this.#parts;
    if (request.method !== 'POST') request.resume();
    try {
      await this.#route(request, response);
    } catch (thrown) {
      tally.add('web.internal');
      log.error({ error: String(thrown), path: request.url }, 'a request failed');
      const result = failure(thrown);
      if (response.headersSent) response.destroy();
      else answerError(request, response, 500, result.ok ? 'internal' : result.code);
    } finally {
      request.resume();
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = readUrl(request);
    if (!url) {
      answerError(request, response, 400, 'badRequest');
      return;
    }
    const refusal = this.#access.refuse(request, url);
    if (refusal) {
      this.#parts.tally.add(`web.${refusal.reason}`);
      if (refusal.status === 401 && wantsTokenPage(request, url)) {
        response.writeHead(401, tokenPageHeaders).end(tokenPage(url));
        return;
      }
      const headers: Record<string, string> = refusal.status === 401 ? { 'www-authenticate': 'Bearer' } : {};
      answerError(request, response, refusal.status, 'unauthorized', refusalWords[refusal.reason], headers);
      return;
    }
    const api = this.#parted.find(each => each.methods(url.pathname));
    const methods = api?.methods(url.pathname) ?? ['GET', 'HEAD'];
    if (!methods.includes(request.method ?? '')) {
      answerError(request, response, 405, 'badRequest', `${methods.join(', ')} only`, { allow: methods.join(', ') });
      return;
    }
    if (api) {
      await this.#answerParted(api, request, response, url);
      return;
    }
    if (url.pathname === mapPath) {
      await answerMap(this.#parts.settings.mapFile, request, response);
      return;
    }
    const picture = pictureAt(url.pathname);
    if (picture !== undefined) {
      await answerPicture(this.#parts.desk, request, response, picture);
      return;
    }
    if (url.pathname.startsWith('/api/')) {
      await this.#api.answer(request, response, url.pathname);
      return;
    }
    if (this.#access.namesToken(url)) {
      url.searchParams.delete('token');
      response.writeHead(303, {
        location: `${url.pathname}${url.search}`,
        'set-cookie': this.#access.cookie(this.#secure),
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      response.end();
      return;
    }
    if (!(await this.#files.answer(request, response, url)))
      answerError(request, response, 404, 'badRequest', 'no such address');
  }

  /** A page of another origin may not begin, end or command anything; browsers name the origin of every such request. */
  async #answerParted(api: PathApi, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    const refusal = isReading ? undefined : this.#access.refuseOrigin(request);
    if (!refusal) return api.answer(request, response, url);
    this.#parts.tally.add(`web.${refusal.reason}`);
    answerError(request, response, refusal.status, 'unauthorized', refusalWords[refusal.reason]);
  }

  // ------------------------------------------------------------------------------------------------------ WebSocket

  #upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    const { tally } = this.#parts;
    connection.on('error', () => tally.add('web.connectionError'));
    const url = readUrl(request);
    if (!url) {
      refuseUpgrade(connection, 400, '');
      return;
    }
    const refusal = this.#access.refuse(request, url) ?? this.#access.refuseOrigin(request);
    if (refusal) {
      tally.add(`web.${refusal.reason}`);
      refuseUpgrade(connection, refusal.status, refusalWords[refusal.reason]);
      return;
    }
    const begin = this.#protocolAt(url);
    if (!begin) {
      refuseUpgrade(connection, 404, 'no such address');
      return;
    }
    if (this.#clients.size >= this.#maxClients || !this.#server) {
      tally.add('web.tooManyClients');
      refuseUpgrade(connection, 503, 'too many clients');
      return;
    }
    this.#sockets.handleUpgrade(request, connection, head, socket => begin(this.#clientSocket(socket, connection)));
  }

  #clientSocket(socket: WebSocket, connection: Duplex): ClientSocket {
    const { settings, tally } = this.#parts;
    return new ClientSocket({ socket, connection, settings, tally });
  }

  #protocolAt(url: URL): ((socket: ClientSocket) => void) | undefined {
    if (url.pathname === '/ws/video') {
      const format = url.searchParams.get('format') === 'binary' ? 'binary' : 'json';
      return socket => this.#beginVideo(socket, format);
    }
    return url.pathname === '/ws/console' ? socket => this.#beginConsole(socket) : undefined;
  }

  #beginVideo(socket: ClientSocket, format: 'json' | 'binary'): void {
    const { desk, settings, tally } = this.#parts;
    const client: Client = { socket, farewell: () => undefined };
    this.#clients.add(client);
    new VideoClient({
      socket,
      desk,
      settings,
      tally,
      format,
      frameText: this.#frameText,
      closed: () => this.#clients.delete(client),
    });
  }

  #beginConsole(socket: ClientSocket): void {
    const { desk, settings, tally, clock } = this.#parts;
    const console = new ConsoleClient({
      socket,
      desk,
      settings,
      tally,
      clock,
      closed: () => this.#clients.delete(client),
    });
    const client: Client = { socket, farewell: () => console.end() };
    this.#clients.add(client);
  }

  #ping(): void {
    for (const client of this.#clients) client.socket.ping();
  }
}

const refusalWords: Record<Refusal['reason'], string> = {
  unauthorized: 'token missing or wrong: Authorization: Bearer, or ?token=',
  badHost: 'this door is bound to loopback: ask for it by localhost or 127.0.0.1',
  badOrigin: 'a page of another origin may not open this',
};

/** The path alone: what a client writes before it must not matter. */
function readUrl(request: IncomingMessage): URL | undefined {
  const path = request.url ?? '';
  return path.startsWith('/') && URL.canParse(`http://door${path}`) ? new URL(`http://door${path}`) : undefined;
}

function refuseUpgrade(connection: Duplex, status: number, reason: string): void {
  const body = `${STATUS_CODES[status]}${reason ? `: ${reason}` : ''}\n`;
  connection.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

async function listenOn(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code === 'EADDRINUSE' ? 'portInUse' : 'listenFailed';
      reject(new ConvoyError(code, `${host}:${port} ${error.code ?? error.message}`));
    });
    server.listen(port, host.replace(/^\[|\]$/g, ''), resolve);
  });
}
