import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The log on disk: `convoy.log` in its folder, and up to `keep` older ones (`convoy.1.log` the youngest), each at most
 * about `maxBytes`. Lines are few and small, so they are written at once; a disk that refuses costs lines, not the program.
 */
export class LogFile {
  readonly folder: string;
  readonly #maxBytes: number;
  readonly #keep: number;
  #descriptor: number | undefined;
  #bytes = 0;

  constructor(folder: string, options: { maxBytes?: number; keep?: number } = {}) {
    this.folder = folder;
    this.#maxBytes = options.maxBytes ?? 4 * 1024 * 1024;
    this.#keep = options.keep ?? 4;
  }

  write(line: string): void {
    try {
      if (this.#descriptor !== undefined && this.#bytes >= this.#maxBytes) this.#turn();
      if (this.#descriptor === undefined) this.#open();
      this.#bytes += writeSync(this.#descriptor as number, line);
    } catch {
      this.close();
    }
  }

  close(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined) closeSync(descriptor);
  }

  #open(): void {
    mkdirSync(this.folder, { recursive: true });
    this.#descriptor = openSync(this.#path(0), 'a', 0o600);
    this.#bytes = fstatSync(this.#descriptor).size;
  }

  #turn(): void {
    this.close();
    rmSync(this.#path(this.#keep), { force: true });
    for (let age = this.#keep - 1; age >= 0; age--) {
      try {
        renameSync(this.#path(age), this.#path(age + 1));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
  }

  #path(age: number): string {
    return join(this.folder, age === 0 ? 'convoy.log' : `convoy.${age}.log`);
  }
}
