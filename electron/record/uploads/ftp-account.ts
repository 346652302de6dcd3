import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { UploadFolder } from './upload-folder.ts';
import { UploadStream } from './upload-stream.ts';

/** Whom an FTP user is, and how much they may. */
export interface FtpAccount {
  readonly user: string;
  readonly password: string;
  readonly folder: UploadFolder;
  /** Asked before bytes are written or a file begins. A text is why not, for the client. */
  allow(bytes: number, files: number): string | undefined;
  wrote(bytes: number): void;
  began(): void;
  refused(reason: 'path' | 'size'): void;
  /** It was paused: its connections may be silent. */
  mayRest(): boolean;
}

export interface StreamWatch {
  opened(stream: UploadStream): void;
  /** Its file is closed, whole or not. */
  closed(stream: UploadStream): void;
}

/** What one logged-in connection sees: the methods are those that the FTP library asks of a file system. */
export class FtpAccountFiles {
  readonly #account: FtpAccount;
  readonly #streams: StreamWatch;
  #cwd: string[] = [];

  constructor(account: FtpAccount, streams: StreamWatch) {
    this.#account = account;
    this.#streams = streams;
  }

  currentDirectory(): string {
    return `/${this.#cwd.join('/')}`;
  }

  async get(path: string): Promise<Stats & { name: string }> {
    const at = await this.#place(path);
    const stat = await lstat(at).catch(() => undefined);
    if (!stat) throw new Error('No such file');
    return Object.assign(stat, { name: path.split('/').at(-1) || '.' });
  }

  async list(path = '.'): Promise<(Stats & { name: string })[]> {
    const at = await this.#place(path);
    const found: (Stats & { name: string })[] = [];
    for (const name of await readdir(at).catch(() => [])) {
      const stat = await lstat(join(at, name)).catch(() => undefined);
      if (stat?.isFile() || stat?.isDirectory()) found.push(Object.assign(stat, { name }));
    }
    return found;
  }

  async chdir(path = '.'): Promise<string> {
    const parts = path === '..' ? this.#cwd.slice(0, -1) : this.#partsOf(path);
    const at = await this.#account.folder.place(parts);
    const stat = at === undefined ? undefined : await lstat(at).catch(() => undefined);
    if (!stat?.isDirectory()) throw new Error('No such folder');
    this.#cwd = parts;
    return this.currentDirectory();
  }

  async mkdir(path: string): Promise<string> {
    const parts = this.#partsOf(path);
    const refusal = this.#account.allow(0, 1);
    if (refusal) throw new Error(refusal);
    if (!(await this.#account.folder.make(parts))) throw new Error('The folder cannot be made');
    this.#account.began();
    return `/${parts.join('/')}`;
  }

  /** @param options `start` of REST; `append` of APPE */
  async write(
    path: string,
    options: { append?: boolean; start?: number } = {},
  ): Promise<{ stream: UploadStream; clientPath: string }> {
    const parts = this.#partsOf(path);
    const at = parts.length > 0 ? await this.#account.folder.place(parts) : undefined;
    const stat = at === undefined ? undefined : await lstat(at).catch(() => undefined);
    if (at === undefined || stat?.isDirectory()) throw new Error('No such folder');
    const refusal = this.#account.allow(0, stat ? 0 : 1);
    if (refusal) throw new Error(refusal);
    const start = options.append ? (stat?.size ?? 0) : (options.start ?? 0);
    if (start > (stat?.size ?? 0)) throw new Error('The file is not that long');
    // What is written over counts no more.
    if (stat) this.#account.wrote(start - stat.size);
    else this.#account.began();
    const account = this.#account;
    const stream: UploadStream = new UploadStream({
      path: at,
      start,
      allow: bytes => account.allow(bytes, 0),
      wrote: bytes => account.wrote(bytes),
      closed: () => this.#streams.closed(stream),
    });
    // The library says that a transfer is over with an event of that name.
    stream.once('close', () => stream.end());
    this.#streams.opened(stream);
    return { stream, clientPath: `/${parts.join('/')}` };
  }

  #partsOf(path: string): string[] {
    const parts = this.#account.folder.parts(path ?? '', this.#cwd);
    if (parts) return parts;
    this.#account.refused('path');
    throw new Error('No such path');
  }

  async #place(path: string): Promise<string> {
    const at = await this.#account.folder.place(this.#partsOf(path));
    if (at === undefined) throw new Error('No such file');
    return at;
  }
}
