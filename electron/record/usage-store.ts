import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type UsageBytes, usageKinds } from '../contract.ts';
import { noBytes } from '../device/data-use.ts';
import { openSqlite } from './sqlite.ts';

const columns = usageKinds.map(kind => `"${kind}"`);
const schema = `
  CREATE TABLE IF NOT EXISTS usage (
    day TEXT NOT NULL, vehicle TEXT NOT NULL, ${columns.map(name => `${name} INTEGER NOT NULL`).join(', ')},
    PRIMARY KEY (day, vehicle)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS warned (
    month TEXT NOT NULL, vehicle TEXT NOT NULL, percent INTEGER NOT NULL, PRIMARY KEY (month, vehicle, percent)
  ) WITHOUT ROWID;
`;

/** Bytes of one vehicle on one day, `2026-11-23`. */
export interface UsageDay {
  readonly day: string;
  readonly vehicle: string;
  readonly bytes: UsageBytes;
}

/** Data use by day and vehicle in one SQLite file: a row is a hundred bytes, so a thousand vehicles take 40 MB a year. */
export class UsageStore {
  /** Where a file that was none of ours was set aside; empty when there was none. */
  readonly setAside: string;
  readonly #database: DatabaseSync;
  readonly #add: StatementSync;

  private constructor(database: DatabaseSync, setAside: string) {
    this.#database = database;
    this.setAside = setAside;
    this.#add = database.prepare(
      `INSERT INTO usage VALUES (?, ?, ${columns.map(() => '?').join(', ')}) ON CONFLICT DO UPDATE SET ` +
        columns.map(name => `${name} = ${name} + excluded.${name}`).join(', '),
    );
  }

  /**
   * A file that is no database of ours is set aside and a new one begun.
   * @param now ms since 1970, for the name of what is set aside
   * @throws ConvoyError catalogueUnavailable where there is no SQLite; the file system's error
   */
  static open(path: string, now: number): UsageStore {
    mkdirSync(dirname(path), { recursive: true });
    try {
      return new UsageStore(opened(path), '');
    } catch (thrown) {
      if (!existsSync(path) || !isDamage(thrown)) throw thrown;
      const aside = `${path}.damaged-${now}`;
      for (const end of ['', '-wal', '-shm']) if (existsSync(path + end)) renameSync(path + end, aside + end);
      return new UsageStore(opened(path), aside);
    }
  }

  /** Adds to what is there, all or nothing. @throws SQLite's error */
  add(rows: readonly UsageDay[]): void {
    this.#database.exec('BEGIN');
    try {
      for (const { day, vehicle, bytes } of rows) this.#add.run(day, vehicle, ...usageKinds.map(kind => bytes[kind]));
      this.#database.exec('COMMIT');
    } catch (thrown) {
      this.#database.exec('ROLLBACK');
      throw thrown;
    }
  }

  /** Of a month, `2026-11`. @param vehicle of all when absent */
  month(month: string, vehicle?: string): UsageDay[] {
    const rows = this.#database
      .prepare(`SELECT * FROM usage WHERE day BETWEEN ? AND ? ${vehicle === undefined ? '' : 'AND vehicle = ?'}`)
      .all(`${month}-01`, `${month}-31`, ...(vehicle === undefined ? [] : [vehicle]));
    return rows.map(row => {
      const bytes = noBytes();
      for (const kind of usageKinds) bytes[kind] = Number(row[kind]);
      return { day: String(row.day), vehicle: String(row.vehicle), bytes };
    });
  }

  /** Newest first. */
  months(): string[] {
    const rows = this.#database.prepare('SELECT DISTINCT substr(day, 1, 7) AS month FROM usage ORDER BY 1 DESC').all();
    return rows.map(row => String(row.month));
  }

  /** Vehicles that were warned of in a month: `<vehicle> <percent>`. */
  warned(month: string): Set<string> {
    const rows = this.#database.prepare('SELECT vehicle, percent FROM warned WHERE month = ?').all(month);
    return new Set(rows.map(row => `${row.vehicle} ${row.percent}`));
  }

  warn(month: string, vehicle: string, percent: number): void {
    this.#database.prepare('INSERT OR IGNORE INTO warned VALUES (?, ?, ?)').run(month, vehicle, percent);
  }

  /** Forgets what is older than the month. */
  prune(before: string): void {
    this.#database.prepare('DELETE FROM usage WHERE day < ?').run(`${before}-01`);
    this.#database.prepare('DELETE FROM warned WHERE month < ?').run(before);
  }

  close(): void {
    this.#database.close();
  }
}

function opened(path: string): DatabaseSync {
  const database = openSqlite(path);
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    database.exec(schema);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

function isDamage(thrown: unknown): boolean {
  return /not a database|malformed|no such column|has \d+ columns/.test(String(thrown));
}
