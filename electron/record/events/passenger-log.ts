import type { PassengerRow } from '../../contract.ts';
import type { Tally } from '../../tally.ts';
import type { Catalogue } from '../catalogue.ts';
import type { EventRange } from './alarm-book.ts';

/** Counts that wait to be written together; what comes beyond is dropped and counted. */
const maxWaiting = 10_000;

/** Passenger counts of vehicles, as they sent them. */
export class PassengerLog {
  readonly #catalogue: Catalogue;
  readonly #tally: Tally;
  #waiting: PassengerRow[] = [];

  constructor(catalogue: Catalogue, tally: Tally) {
    this.#catalogue = catalogue;
    this.#tally = tally;
  }

  /** A count that is sent twice is one. */
  add(row: PassengerRow): void {
    if (this.#waiting.length >= maxWaiting) this.#tally.add('passenger.dropped');
    else this.#waiting.push(row);
  }

  /** Newest first. @throws when the catalogue cannot be read */
  list({ from, to, vehicleId = '', limit }: EventRange): PassengerRow[] {
    this.flush();
    return this.#catalogue.database
      .prepare(
        `SELECT * FROM passengers WHERE (? = '' OR vehicle = ?) AND start_ms < ? AND end_ms >= ?
         ORDER BY start_ms DESC LIMIT ?`,
      )
      .all(vehicleId, vehicleId, to, from, limit)
      .map(row => ({
        vehicleId: String(row.vehicle),
        from: Number(row.start_ms),
        to: Number(row.end_ms),
        on: Number(row.got_on),
        off: Number(row.got_off),
      }));
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    const rows = this.#waiting;
    this.#waiting = [];
    try {
      this.#catalogue.transaction(() => {
        const write = this.#catalogue.database.prepare('INSERT OR REPLACE INTO passengers VALUES (?, ?, ?, ?, ?)');
        for (const { vehicleId, from, to, on, off } of rows) write.run(vehicleId, from, to, on, off);
      });
    } catch {
      this.#tally.add('passenger.writeFailed', rows.length);
    }
  }

  forget(before: number): void {
    this.#catalogue.database.prepare('DELETE FROM passengers WHERE start_ms < ?').run(before);
  }
}
