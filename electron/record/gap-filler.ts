import type { StatementSync } from 'node:sqlite';
import type { CameraKey } from '../contract.ts';
import type { Catalogue } from './catalogue.ts';

/** What is left of a gap is worth a row from here on, ms. */
const shortestMs = 1000;

/** Takes gaps back where footage came afterwards: an archive shows nothing where a gap is noted. */
export class GapFiller {
  readonly #catalogue: Catalogue;
  readonly #overlapping: StatementSync;
  readonly #remove: StatementSync;
  readonly #add: StatementSync;

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
    const { database } = catalogue;
    this.#overlapping = database.prepare(
      'SELECT start_ms, end_ms, cause FROM gaps WHERE camera = ? AND end_ms > ? AND start_ms < ?',
    );
    this.#remove = database.prepare('DELETE FROM gaps WHERE camera = ? AND start_ms = ?');
    this.#add = database.prepare('INSERT OR REPLACE INTO gaps VALUES (?, ?, ?, ?)');
  }

  /** There is footage from `from` to `to`, ms since 1970. */
  fill(camera: CameraKey, from: number, to: number): void {
    this.#catalogue.flush();
    const id = this.#catalogue.knownCamera(camera);
    if (id === undefined || to <= from) return;
    const gaps = this.#overlapping.all(id, from, to);
    if (gaps.length === 0) return;
    this.#catalogue.transaction(() => {
      for (const { start_ms, end_ms, cause } of gaps) {
        const [start, end] = [Number(start_ms), Number(end_ms)];
        this.#remove.run(id, start);
        if (from - start >= shortestMs) this.#add.run(id, start, from, String(cause));
        if (end - to >= shortestMs) this.#add.run(id, to, end, String(cause));
      }
    });
  }
}
