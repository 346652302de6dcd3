import { dirname } from 'node:path';
import type { Clock } from '../clock.ts';
import type { ErrorCode } from '../contract.ts';
import { ConvoyError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Tally } from '../tally.ts';
import { diskError, type RecordingFiles } from './recording-files.ts';

/** The folder is looked at this often: a person hears of trouble within 5 s. */
export const checkMs = 2000;
/** A write, or a look at the folder, that takes longer is said to be slow. */
const slowMs = 3000;
/** A full disk counts as full until it has this much again. */
const roomyBytes = 2 * 1024 * 1024;

export interface DiskFault {
  readonly code: ErrorCode;
  readonly message: string;
  /** ms since 1970. */
  readonly since: number;
}

export interface DiskGuardParts {
  readonly folder: string;
  readonly files: RecordingFiles;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  /** Longest wait for the disk of all writers now, ms. */
  lag(): number;
  /** Some recording would write now; without one a fault ends when a look at the folder finds nothing wrong. */
  isWanted(): boolean;
  /** `fault` came, changed its code, or went. */
  changed(): void;
}

/**
 * Watches the recordings folder and hears from the writers. Does nothing to a recording itself: while there is a fault,
 * recorders ask `mayTry` before they begin a file, and the first fragment that reaches the disk ends the fault.
 */
export class DiskGuard {
  readonly #parts: DiskGuardParts;
  readonly #cancel: () => void;
  #fault: DiskFault | undefined;
  #device: number | undefined;
  #freeBytes = 0;
  #isChecking = false;
  #checkingSince = 0;
  #isReachable = true;

  constructor(parts: DiskGuardParts) {
    this.#parts = parts;
    this.#cancel = parts.clock.every(checkMs, () => this.#tick());
  }

  get fault(): DiskFault | undefined {
    return this.#fault;
  }

  /** As of the last look; 0 when not known. */
  get freeBytes(): number {
    return this.#freeBytes;
  }

  /** A file may be begun: the folder is there, and there is some room. */
  get mayTry(): boolean {
    return this.#isReachable && (this.#fault?.code !== 'diskFull' || this.#freeBytes >= roomyBytes);
  }

  /** Makes the folder and looks at it. Never rejects. */
  async open(): Promise<void> {
    const { files, folder } = this.#parts;
    try {
      await files.makeFolder(folder);
      this.#device = await files.device(folder);
    } catch (thrown) {
      this.failed(diskError(thrown));
    }
    await this.check();
  }

  close(): void {
    this.#cancel();
  }

  /**
   * For a writer, before it makes a folder below: with the disk gone, its mount point may be an empty folder of another one.
   * @throws ConvoyError folderGone, or what the disk says
   */
  async confirm(): Promise<void> {
    const { files, folder } = this.#parts;
    const device = await files.device(folder).catch((thrown: unknown) => {
      throw diskError(thrown);
    });
    if (this.#device !== undefined && device !== this.#device) throw new ConvoyError('folderGone', folder);
  }

  /** A writer met an error of the disk. */
  failed(error: ConvoyError): void {
    this.#parts.tally.add(`record.${error.code}`);
    this.#enter(error.code, error.message);
  }

  /** A fragment reached the disk. */
  wrote(): void {
    if (this.#fault && this.#fault.code !== 'diskSlow' && this.#isReachable) this.#clear();
  }

  /** Looks at the folder now. Never rejects. */
  async check(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    this.#checkingSince = this.#parts.clock.monotonic();
    const { files, folder } = this.#parts;
    try {
      const device = await this.#reach();
      this.#device ??= device;
      this.#freeBytes = await files.freeBytes(folder);
      this.#isReachable = true;
      if (this.#fault?.code === 'folderGone') this.#clear();
      else if (this.#fault && this.#fault.code !== 'diskSlow' && !this.#parts.isWanted() && this.mayTry) this.#clear();
    } catch (thrown) {
      this.#isReachable = false;
      this.failed(diskError(thrown));
    }
    this.#isChecking = false;
  }

  /**
   * The folder's device. A folder that was deleted is made again where it was on the same file system; with the disk
   * below it gone it is not, or the recordings would fill the one that is left.
   */
  async #reach(): Promise<number> {
    const { files, folder, log } = this.#parts;
    let device: number;
    try {
      device = await files.device(folder);
    } catch (thrown) {
      const gone = diskError(thrown);
      if (gone.code !== 'folderGone') throw thrown;
      this.failed(gone);
      const above = await files.device(dirname(folder));
      if (this.#device !== undefined && above !== this.#device) throw thrown;
      await files.makeFolder(folder).catch((refused: NodeJS.ErrnoException) => {
        // A file in its place: that it is gone says more than that it cannot be made.
        throw refused.code === 'EEXIST' ? thrown : refused;
      });
      device = await files.device(folder);
      log.warn({ folder }, 'recordings folder made again');
    }
    if (this.#device !== undefined && device !== this.#device)
      throw new ConvoyError('folderGone', `${folder} is on another disk now`);
    return device;
  }

  #tick(): void {
    const { clock } = this.#parts;
    const stuck = this.#isChecking ? clock.monotonic() - this.#checkingSince : 0;
    const lag = Math.max(this.#parts.lag(), stuck);
    if (lag >= slowMs) {
      if (!this.#fault) this.#enter('diskSlow', `a write has waited for ${Math.round(lag)} ms`);
    } else if (this.#fault?.code === 'diskSlow') this.#clear();
    this.check().catch((thrown: unknown) => this.#parts.log.error({ error: String(thrown) }, 'disk check failed'));
  }

  #enter(code: ErrorCode, message: string): void {
    if (this.#fault?.code === code) return;
    this.#fault = { code, message, since: this.#fault?.since ?? this.#parts.clock.now() };
    this.#parts.log.error({ code, message }, 'recording to disk fails');
    this.#parts.changed();
  }

  #clear(): void {
    this.#fault = undefined;
    this.#parts.log.info({}, 'recording to disk works again');
    this.#parts.changed();
  }
}
