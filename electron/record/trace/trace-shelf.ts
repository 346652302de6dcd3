import { mkdir, readdir, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type TraceFormat, type TraceRow, traceFormats } from '../../contract.ts';
import { JsonFile } from '../../json-file.ts';
import { exportTrace } from './trace-export.ts';

/** Exports kept so that one that breaks off can be fetched again; the oldest goes first. */
const keptExports = 8;

/** The traces folder: `<id>.pcapng` as it was recorded, `<id>.json` with what is known of it, `exports/` made from them. */
export class TraceShelf {
  readonly folder: string;
  readonly #exports: string;
  readonly #making = new Map<string, Promise<number>>();
  #made: string[] = [];

  constructor(folder: string) {
    this.folder = folder;
    this.#exports = join(folder, 'exports');
  }

  /**
   * Rows of what lies there, oldest first. One that was running when the program ended is over.
   * @throws the file system's error
   */
  async open(now: number): Promise<TraceRow[]> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await rm(this.#exports, { recursive: true, force: true });
    const rows: TraceRow[] = [];
    for (const name of (await readdir(this.folder)).sort()) {
      const id = /^(\d{8}-\d{6}-\d+)\.json$/.exec(name)?.[1];
      if (id === undefined) continue;
      const loaded = await new JsonFile(join(this.folder, name)).load(now);
      if (loaded.state !== 'read' || !isRow(loaded.value, id)) continue;
      const { ended: _, ...row } = loaded.value;
      const bytes = await stat(this.path(id)).then(
        found => found.size,
        () => -1,
      );
      if (bytes < 0) continue;
      if (row.phase === 'running') Object.assign(row, { phase: 'done', endedBy: 'crash', endedAt: row.startedAt });
      rows.push({ ...row, bytes });
    }
    return rows;
  }

  path(id: string): string {
    return join(this.folder, `${id}.pcapng`);
  }

  /** @throws the file system's error */
  async keep(row: TraceRow): Promise<void> {
    await new JsonFile(join(this.folder, `${row.id}.json`)).save(row);
  }

  /** Never rejects for what is gone already. @throws the file system's error */
  async remove(id: string): Promise<void> {
    const names = traceFormats.flatMap(format => [exportName(id, format, false), exportName(id, format, true)]);
    for (const path of [
      this.path(id),
      join(this.folder, `${id}.json`),
      ...names.map(name => join(this.#exports, name)),
    ])
      await unlink(path).catch((thrown: NodeJS.ErrnoException) => {
        if (thrown.code !== 'ENOENT') throw thrown;
      });
    this.#made = this.#made.filter(name => !names.includes(name));
  }

  /**
   * The trace in a form for others, made when it is not there.
   * @param isGrowing make it anew
   * @throws TraceDamaged, or the file system's error
   */
  async export(
    id: string,
    format: TraceFormat,
    blank: boolean,
    isGrowing: boolean,
  ): Promise<{ path: string; bytes: number }> {
    const name = exportName(id, format, blank);
    const path = join(this.#exports, name);
    if (!isGrowing && this.#made.includes(name)) {
      const found = await stat(path).catch(() => undefined);
      if (found) return { path, bytes: found.size };
    }
    let making = this.#making.get(name);
    if (!making) {
      making = this.#make(id, name, format, blank).finally(() => this.#making.delete(name));
      this.#making.set(name, making);
    }
    return { path, bytes: await making };
  }

  async #make(id: string, name: string, format: TraceFormat, blank: boolean): Promise<number> {
    await mkdir(this.#exports, { recursive: true, mode: 0o700 });
    const bytes = await exportTrace(this.path(id), join(this.#exports, name), format, blank);
    this.#made = [...this.#made.filter(other => other !== name), name];
    for (const old of this.#made.splice(0, Math.max(0, this.#made.length - keptExports)))
      await unlink(join(this.#exports, old)).catch(() => undefined);
    return bytes;
  }
}

/** Names nobody: also what a blanked trace is saved as. */
export function exportName(id: string, format: TraceFormat, blank: boolean): string {
  return `${id}${blank ? '-blanked' : ''}.${format === 'pcapng' ? 'pcapng' : 'txt'}`;
}

function isRow(value: unknown, id: string): value is TraceRow {
  const row = value as Partial<TraceRow> | null;
  return (
    typeof row === 'object' && row?.id === id && typeof row.vehicleId === 'string' && typeof row.startedAt === 'number'
  );
}
