import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export type Loaded = { state: 'read'; value: unknown } | { state: 'absent' } | { state: 'damaged'; setAside: string };

/**
 * One JSON file that is replaced whole: written beside itself, then renamed over, so that a crash leaves the old or the
 * new one. A file that does not parse is renamed to `<path>.damaged-<ms>`, never overwritten. Writes of one instance
 * follow each other; a write asked for while another runs replaces any that waits.
 */
export class JsonFile {
  readonly path: string;
  #running: Promise<void> | undefined;
  #waiting: (() => string) | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** @throws the file system's error when the file is there and cannot be read */
  async load(now: number): Promise<Loaded> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { state: 'absent' };
      throw error;
    }
    try {
      return { state: 'read', value: JSON.parse(text) };
    } catch {
      return { state: 'damaged', setAside: await this.setAside(now) };
    }
  }

  /** Renames a file whose content turned out unusable; returns its new path. @throws the file system's error */
  async setAside(now: number): Promise<string> {
    const path = `${this.path}.damaged-${now}`;
    await rename(this.path, path);
    return path;
  }

  /** Resolves when this value, or a later one, is in place. @throws the file system's error */
  async save(value: unknown): Promise<void> {
    return this.saveText(() => JSON.stringify(value));
  }

  /** The same with the JSON made by the caller, when the write begins. @throws the file system's error */
  async saveText(make: () => string): Promise<void> {
    this.#waiting = make;
    this.#running ??= this.#drain();
    return this.#running;
  }

  async #drain(): Promise<void> {
    try {
      while (this.#waiting) {
        const text = this.#waiting();
        this.#waiting = undefined;
        await mkdir(dirname(this.path), { recursive: true });
        const beside = `${this.path}.writing`;
        await writeFile(beside, text, { mode: 0o600, flush: true });
        await rename(beside, this.path);
      }
    } finally {
      this.#running = undefined;
    }
  }
}
