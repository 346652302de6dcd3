import { rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StatementSync } from 'node:sqlite';
import type { Log } from '../log.ts';
import type { Tally } from '../tally.ts';
import type { Catalogue } from './catalogue.ts';

const gigabyte = 1_000_000_000;
const megabyte = 1_000_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Files deleted before the room is measured again. */
const filesPerTurn = 32;
/** Turns of one sweep, so that a sweep ends: 32 000 files are a fortnight of 16 cameras. */
const maxTurns = 1000;

export interface RetentionSettings {
  readonly recordQuotaGb: number;
  readonly recordKeepDays: number;
  readonly recordHeadroomMb: number;
}

export interface RetentionParts {
  readonly catalogue: Catalogue;
  readonly folder: string;
  readonly settings: RetentionSettings;
  readonly tally: Tally;
  readonly log: Log;
  now(): number;
  /** Bytes free on the disk of the folder; undefined when it cannot be asked. */
  freeBytes(): Promise<number | undefined>;
}

interface Old {
  id: number;
  file: string;
  bytes: number;
  end: number;
}

/**
 * Makes room: the oldest finished segments go when recordings take more than their quota, are older than their age, or
 * leave less than the headroom free. What a protected bookmark touches stays, whatever happens.
 */
export class Retention {
  readonly #parts: RetentionParts;
  readonly #oldest: StatementSync;
  #running: Promise<number> | undefined;
  #forgotAt = 0;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
    this.#oldest = parts.catalogue.database.prepare(
      `SELECT s.id, s.file, s.bytes, s.end_ms AS end FROM segments s
       WHERE s.state <> 'writing' AND s.id NOT IN (SELECT value FROM json_each(?)) AND NOT EXISTS (
         SELECT 1 FROM bookmark_cameras bc JOIN bookmarks b ON b.id = bc.bookmark
         WHERE bc.camera = s.camera AND b.is_protected = 1 AND b.start_ms < s.end_ms AND b.end_ms > s.start_ms
       ) ORDER BY s.start_ms LIMIT ${filesPerTurn}`,
    );
  }

  /** Sweeps once; asked again meanwhile, it is the same sweep. @returns files deleted */
  sweep(): Promise<number> {
    this.#running ??= this.#sweep().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Resolves when no sweep runs. */
  async idle(): Promise<void> {
    await this.#running?.catch(() => undefined);
  }

  async #sweep(): Promise<number> {
    const { catalogue } = this.#parts;
    catalogue.flush();
    if (this.#parts.now() - this.#forgotAt > hourMs) this.#forgetOld();
    const stuck: number[] = [];
    let deleted = 0;
    for (let turn = 0; turn < maxTurns; turn++) {
      const free = await this.#parts.freeBytes();
      let excess = this.#excess(free);
      const limit = this.#ageLimit();
      const rows = this.#oldest.all(JSON.stringify(stuck)) as unknown as Old[];
      let done = rows.length === 0;
      for (const row of rows) {
        if (excess <= 0 && row.end >= limit) {
          done = true;
          break;
        }
        if (await this.#delete(row)) {
          excess -= row.bytes;
          deleted++;
        } else stuck.push(row.id);
      }
      if (done) break;
    }
    return deleted;
  }

  /** Bytes that must go; 0 or less when there is room. */
  #excess(free: number | undefined): number {
    const { settings, catalogue } = this.#parts;
    const overQuota = settings.recordQuotaGb > 0 ? catalogue.usedBytes - settings.recordQuotaGb * gigabyte : 0;
    const tooFull = free === undefined ? 0 : settings.recordHeadroomMb * megabyte - free;
    return Math.max(overQuota, tooFull);
  }

  #ageLimit(): number {
    const { recordKeepDays } = this.#parts.settings;
    return recordKeepDays === 0 ? 0 : this.#parts.now() - recordKeepDays * dayMs;
  }

  /** A file that is gone already is as good as deleted. */
  async #delete({ id, file, end }: Old): Promise<boolean> {
    const { catalogue, folder, tally, log } = this.#parts;
    const path = join(folder, file);
    try {
      await unlink(path);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') {
        tally.add('retention.unlinkFailed');
        log.warn({ file, error: String(thrown) }, 'an old recording could not be deleted');
        return false;
      }
    }
    catalogue.remove(id);
    tally.add('retention.deleted');
    // The folder of a day that goes on may be about to receive its next file.
    if (end < this.#parts.now() - 2 * dayMs) {
      await rmdir(dirname(path)).catch(() => undefined);
      await rmdir(dirname(dirname(path))).catch(() => undefined);
    }
    return true;
  }

  /** Tracks, events and gaps are kept as long as the oldest footage, and a year at most when there is none. */
  #forgetOld(): void {
    const { catalogue, now } = this.#parts;
    this.#forgotAt = now();
    const { at } = catalogue.database.prepare('SELECT MIN(start_ms) AS at FROM segments').get() as {
      at: number | null;
    };
    const before = Math.min(at ?? now(), now() - 30 * dayMs);
    const limit = Math.max(before, now() - 366 * dayMs);
    for (const [table, column] of [
      ['track', 'at'],
      ['events', 'at'],
      ['gaps', 'end_ms'],
    ] as const)
      catalogue.database.prepare(`DELETE FROM ${table} WHERE ${column} < ?`).run(limit);
  }
}
