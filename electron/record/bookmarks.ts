import type { StatementSync } from 'node:sqlite';
import type { Bookmark, CameraKey, Result, Rpc, StreamKind } from '../contract.ts';
import { fail } from '../errors.ts';
import type { Catalogue } from './catalogue.ts';

/** More than a person can look through. */
const maxBookmarks = 10_000;

/** Stretches of time that operators marked. A protected one keeps the segments it touches from retention. */
export class Bookmarks {
  readonly #catalogue: Catalogue;
  readonly #now: () => number;
  readonly #changed: () => void;
  readonly #list: StatementSync;
  readonly #cameras: StatementSync;

  /** @param changed one was added, changed or removed */
  constructor(catalogue: Catalogue, now: () => number, changed: () => void) {
    this.#changed = changed;
    this.#catalogue = catalogue;
    this.#now = now;
    const { database } = catalogue;
    this.#list = database.prepare(
      'SELECT * FROM bookmarks WHERE end_ms > ? AND start_ms < ? AND (?3 = 0 OR id = ?3) ORDER BY start_ms',
    );
    this.#cameras = database.prepare(
      `SELECT bc.bookmark, c.vehicle, c.channel, c.stream FROM bookmark_cameras bc JOIN cameras c ON c.id = bc.camera
       ORDER BY c.vehicle, c.channel, c.stream`,
    );
  }

  add({ from, to, cameras, note, isProtected }: Rpc['bookmark.add']['args']): Result<Bookmark> {
    if (to <= from) return fail('badRequest', 'a bookmark ends after it begins');
    const { database } = this.#catalogue;
    const { count } = database.prepare('SELECT COUNT(*) AS count FROM bookmarks').get() as { count: number };
    if (count >= maxBookmarks) return fail('badRequest', `there are ${maxBookmarks} bookmarks`);
    const id = this.#catalogue.transaction(() =>
      this.#insert({ from, to, cameras, note, isProtected, createdAt: this.#now() }),
    );
    this.#changed();
    return this.#get(id);
  }

  /** Puts back what a lost catalogue held; does nothing when there are bookmarks. @returns how many */
  restore(bookmarks: readonly Omit<Bookmark, 'id'>[]): number {
    if (this.list().length > 0) return 0;
    return this.#catalogue.transaction(() => {
      for (const bookmark of bookmarks.slice(0, maxBookmarks)) this.#insert(bookmark);
      return Math.min(bookmarks.length, maxBookmarks);
    });
  }

  update({ id, note, isProtected }: Rpc['bookmark.update']['args']): Result<Bookmark> {
    this.#catalogue.database
      .prepare('UPDATE bookmarks SET note = COALESCE(?, note), is_protected = COALESCE(?, is_protected) WHERE id = ?')
      .run(note ?? null, isProtected === undefined ? null : Number(isProtected), id);
    this.#changed();
    return this.#get(id);
  }

  remove(id: number): Result<null> {
    const { changes } = this.#catalogue.database.prepare('DELETE FROM bookmarks WHERE id = ?').run(id);
    this.#changed();
    return changes === 0 ? fail('badRequest', `no bookmark ${id}`) : { ok: true, value: null };
  }

  /** Those that touch a stretch of time, oldest first. */
  list(from = 0, to: number = Number.MAX_SAFE_INTEGER): Bookmark[] {
    return this.#read(from, to, 0);
  }

  #insert({ from, to, cameras, note, isProtected, createdAt }: Omit<Bookmark, 'id'>): number {
    const { database } = this.#catalogue;
    const { lastInsertRowid } = database
      .prepare('INSERT INTO bookmarks (start_ms, end_ms, note, is_protected, created_at) VALUES (?, ?, ?, ?, ?)')
      .run(from, to, note, isProtected ? 1 : 0, createdAt);
    const add = database.prepare('INSERT OR IGNORE INTO bookmark_cameras (camera, bookmark) VALUES (?, ?)');
    for (const camera of cameras) add.run(this.#catalogue.cameraId(camera), lastInsertRowid);
    return Number(lastInsertRowid);
  }

  #get(id: number): Result<Bookmark> {
    const [value] = this.#read(0, Number.MAX_SAFE_INTEGER, id);
    return value ? { ok: true, value } : fail('badRequest', `no bookmark ${id}`);
  }

  #read(from: number, to: number, id: number): Bookmark[] {
    const cameras = new Map<number, CameraKey[]>();
    for (const { bookmark, vehicle, channel, stream } of this.#cameras.all()) {
      const of = cameras.get(Number(bookmark)) ?? [];
      of.push({ vehicleId: String(vehicle), channel: Number(channel), stream: stream as StreamKind });
      cameras.set(Number(bookmark), of);
    }
    return this.#list.all(from, to, id).map(row => ({
      id: Number(row.id),
      from: Number(row.start_ms),
      to: Number(row.end_ms),
      cameras: cameras.get(Number(row.id)) ?? [],
      note: String(row.note),
      isProtected: row.is_protected === 1,
      createdAt: Number(row.created_at),
    }));
  }
}
