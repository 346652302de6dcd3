import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { appHeaders } from '../app-files.ts';
import type { Clock } from '../clock.ts';

/** A miss looks at the folder again at most this often: a rebuilt console is found, a scanner costs nothing. */
const relistMs = 2000;

/** The bundler writes a hash into the name: `assets/main-B7_k2Lq9.js`. Such a file never changes. */
const hashedName = /^\/assets\/.+-[\w-]{8}\.\w+$/;

/** Both addresses of the console. */
const consolePaths = ['/', '/live-stream.html'];

interface StaticFile {
  readonly path: string;
  readonly size: number;
  readonly etag: string;
}

/**
 * The built console. Only files that a listing of the folder found can be asked for, by exactly their path, so no spelling
 * of a path leads out of the folder; links are not followed.
 */
export class StaticFiles {
  readonly #root: string;
  readonly #clock: Clock;
  #files = new Map<string, StaticFile>();
  #listedAt = Number.NEGATIVE_INFINITY;

  constructor(root: string, clock: Clock) {
    this.#root = root;
    this.#clock = clock;
  }

  /** @returns false when there is no such file; nothing was answered then */
  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean> {
    const name = consolePaths.includes(url.pathname) ? '/index.html' : decode(url.pathname);
    const file = name === undefined ? undefined : await this.#find(name);
    if (name === undefined || !file) return false;
    const headers = {
      ...pageHeaders(file.path, request),
      etag: file.etag,
      'cache-control': hashedName.test(name) ? 'private, max-age=31536000, immutable' : 'private, no-cache',
    };
    if (request.headers['if-none-match'] === file.etag) {
      response.writeHead(304, headers).end();
      return true;
    }
    response.writeHead(200, { ...headers, 'content-length': file.size });
    if (request.method === 'HEAD') response.end();
    else
      createReadStream(file.path, { end: Math.max(0, file.size - 1) })
        .on('error', () => response.destroy())
        .pipe(response);
    return true;
  }

  async #find(name: string): Promise<StaticFile | undefined> {
    const known = this.#files.get(name);
    if (known) {
      const now = await statFile(known.path);
      if (now?.etag === known.etag) return known;
    }
    if (this.#clock.monotonic() - this.#listedAt < relistMs && !known) return undefined;
    this.#listedAt = this.#clock.monotonic();
    this.#files = await listFiles(this.#root);
    return this.#files.get(name);
  }
}

/**
 * Headers of every page and file. The console's own WebSocket is named besides 'self', since not every browser counts
 * it in.
 */
function pageHeaders(file: string, request: IncomingMessage): Record<string, string> {
  const headers = appHeaders(file);
  const host = request.headers.host ?? '';
  const policy = headers['content-security-policy'] ?? '';
  if (/^[\w.:[\]-]+$/.test(host))
    headers['content-security-policy'] = policy.replace(
      "connect-src 'self'",
      `connect-src 'self' ws://${host} wss://${host}`,
    );
  return { ...headers, 'x-frame-options': 'DENY' };
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

async function listFiles(root: string): Promise<Map<string, StaticFile>> {
  const files = new Map<string, StaticFile>();
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const file = await statFile(path);
    if (file) files.set(path.slice(root.length).replaceAll('\\', '/').replace(/^\/*/, '/'), file);
  }
  return files;
}

async function statFile(path: string): Promise<StaticFile | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  return { path, size: found.size, etag: `"${found.size.toString(36)}-${Math.round(found.mtimeMs).toString(36)}"` };
}
