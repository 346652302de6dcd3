import { readdir, rename, truncate, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../log.ts';
import type { Tally } from '../tally.ts';
import type { Catalogue, FoundSegment } from './catalogue.ts';
import { finishedName, writingMark } from './segment-name.ts';
import { scanSegment } from './segment-scan.ts';

/** Files that are written into the catalogue in one go. */
const rowsPerTurn = 500;

export interface ScanParts {
  readonly catalogue: Catalogue;
  /** The recordings folder. */
  readonly folder: string;
  readonly tally: Tally;
  readonly log: Log;
  now(): number;
}

export interface ScanResult {
  /** Cut off by a crash, closed now. */
  mended: number;
  /** Found on disk, unknown before. */
  added: number;
  /** Known, and gone from the disk. */
  missing: number;
  /** Files that are no recording, or hold nothing finished. */
  unreadable: number;
}

interface Known {
  id: number;
  state: string;
}

/** Makes the catalogue say what the folder says. The files are the truth; the catalogue is what is quick to ask. */
export class CatalogueScan {
  readonly #parts: ScanParts;
  readonly #known = new Map<string, Known>();
  readonly #unknown: { file: string; id: number | undefined }[] = [];
  readonly result: ScanResult = { mended: 0, added: 0, missing: 0, unreadable: 0 };
  #isStopped = false;

  constructor(parts: ScanParts) {
    this.#parts = parts;
  }

  /**
   * Before anything is recorded: lists the folder and closes what a crash left open. Costs a listing of the folders, and
   * a read of as many files as were being written.
   */
  async mend(): Promise<void> {
    const { catalogue, folder } = this.#parts;
    for (const row of catalogue.database.prepare('SELECT id, file, state FROM segments').iterate())
      this.#known.set(String(row.file), { id: Number(row.id), state: String(row.state) });
    const files = await listRecordings(folder);
    if (!files) return;
    for (const file of files) {
      const known = this.#known.get(file);
      this.#known.delete(file);
      if (file.endsWith(writingMark) || known?.state === 'writing') await this.#mendFile(file, known?.id);
      else if (!known || known.state === 'missing') this.#unknown.push({ file, id: known?.id });
    }
    await this.#markMissing();
  }

  /** Adds the files that the catalogue does not know, while the program runs. A lost catalogue is rebuilt by this. */
  async addUnknown(): Promise<void> {
    for (const { file, id } of this.#unknown.splice(0)) {
      if (this.#isStopped) return;
      const found = await this.#read(file);
      if (!found) continue;
      this.#take(found, id);
      this.result.added++;
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #mendFile(file: string, id: number | undefined): Promise<void> {
    const { folder, tally, log, now } = this.#parts;
    const path = join(folder, file);
    const found = await this.#read(file);
    if (!found) {
      if (id !== undefined) this.#parts.catalogue.remove(id);
      // Its header alone, or less: there is nothing to see in it.
      if (file.endsWith(writingMark)) await unlink(path).catch(() => tally.add('scan.unlinkFailed'));
      return;
    }
    let name = file;
    try {
      await truncate(path, found.bytes);
      if (file.endsWith(writingMark)) {
        name = finishedName(file.slice(0, -writingMark.length), found.to);
        await rename(path, join(folder, name));
      }
    } catch (thrown) {
      name = file;
      tally.add('scan.mendFailed');
      log.warn({ file, error: String(thrown) }, 'a recording that was cut off could not be closed');
    }
    this.#take({ ...found, file: name, state: 'mended' }, id);
    this.#parts.catalogue.gap(found, { from: found.to, to: Math.max(found.to, now()), cause: 'crash' });
    this.result.mended++;
    tally.add('scan.mended');
  }

  async #read(file: string): Promise<FoundSegment | undefined> {
    const { folder, tally, log } = this.#parts;
    try {
      const found = await scanSegment(join(folder, file), file);
      if (found) return found;
      log.warn({ file }, 'not a recording, or nothing finished in it');
    } catch (thrown) {
      log.warn({ file, error: String(thrown) }, 'a recording could not be read');
    }
    tally.add('scan.unreadable');
    this.result.unreadable++;
    return undefined;
  }

  #take(found: FoundSegment, id: number | undefined): void {
    try {
      this.#parts.catalogue.take(found, id);
    } catch (thrown) {
      this.#parts.tally.add('scan.takeFailed');
      this.#parts.log.warn({ file: found.file, error: String(thrown) }, 'a recording could not be listed');
    }
  }

  /** What is left of the known is on no disk. */
  async #markMissing(): Promise<void> {
    const { catalogue, tally } = this.#parts;
    const gone = [...this.#known.values()].filter(({ state }) => state !== 'missing');
    this.#known.clear();
    for (let at = 0; at < gone.length; at += rowsPerTurn) {
      catalogue.transaction(() => {
        for (const { id } of gone.slice(at, at + rowsPerTurn)) catalogue.setState(id, 'missing');
      });
      await new Promise(resolve => setImmediate(resolve));
    }
    this.result.missing = gone.length;
    if (gone.length > 0) tally.add('scan.missing', gone.length);
  }
}

/** `day/vehicle/name.mp4` with `/`, two folders deep; undefined when the folder itself cannot be listed. */
async function listRecordings(folder: string): Promise<string[] | undefined> {
  const days = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (!days) return undefined;
  const files: string[] = [];
  for (const day of days) {
    if (!day.isDirectory()) continue;
    const vehicles = await readdir(join(folder, day.name), { withFileTypes: true }).catch(() => []);
    for (const vehicle of vehicles) {
      if (!vehicle.isDirectory()) continue;
      const names = await readdir(join(folder, day.name, vehicle.name)).catch(() => []);
      for (const name of names) if (name.endsWith('.mp4')) files.push(`${day.name}/${vehicle.name}/${name}`);
    }
  }
  return files;
}
