import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Writable } from 'node:stream';

export interface UploadStreamParts {
  readonly path: string;
  /** Byte of the file at which the first one goes; what was behind it is cut off. */
  readonly start: number;
  /** Asked before each write. A text is why not, for the client. */
  allow(bytes: number): string | undefined;
  wrote(bytes: number): void;
  /** It is over, with or without an error. */
  closed(): void;
}

/** Writes a file as it comes. Links are not followed; errors are words for the client, without a path of ours. */
export class UploadStream extends Writable {
  readonly #parts: UploadStreamParts;
  #file: FileHandle | undefined;
  #at: number;
  #moved = 0;

  constructor(parts: UploadStreamParts) {
    super({ highWaterMark: 256 * 1024 });
    this.#parts = parts;
    this.#at = parts.start;
  }

  /** Bytes since the last time. */
  takeMoved(): number {
    const moved = this.#moved;
    this.#moved = 0;
    return moved;
  }

  override _construct(done: (error?: Error) => void): void {
    const { path, start } = this.#parts;
    const flags = constants.O_WRONLY | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
    void (async () => {
      const file = await open(path, flags, 0o600);
      this.#file = file;
      const stat = await file.stat();
      if (!stat.isFile()) throw new Error('not a file');
      if (start > stat.size) throw new Error('beyond the end');
      await file.truncate(start);
    })().then(
      () => done(),
      () => done(new Error('The file cannot be written')),
    );
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    const refusal = this.#parts.allow(chunk.length);
    const file = this.#file;
    if (refusal !== undefined || !file) {
      done(new Error(refusal ?? 'The file cannot be written'));
      return;
    }
    void (async () => {
      for (let from = 0; from < chunk.length; ) {
        const { bytesWritten } = await file.write(chunk, from, chunk.length - from, this.#at);
        from += bytesWritten;
        this.#at += bytesWritten;
        this.#moved += bytesWritten;
        this.#parts.wrote(bytesWritten);
      }
    })().then(
      () => done(),
      () => done(new Error('The file cannot be written')),
    );
  }

  override _final(done: (error?: Error) => void): void {
    void (this.#file?.datasync() ?? Promise.resolve()).then(
      () => done(),
      () => done(new Error('The file cannot be written')),
    );
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    void (this.#file?.close() ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        this.#file = undefined;
        this.#parts.closed();
        done(error);
      });
  }
}
