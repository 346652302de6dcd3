import type { StatementSync } from 'node:sqlite';
import type { AlarmRow, Notice, Result, VehiclePosition } from '../../contract.ts';
import { fail } from '../../errors.ts';
import type { Tally } from '../../tally.ts';
import type { Catalogue } from '../catalogue.ts';
import { type AlarmMark, alarmLevel } from './active-alarms.ts';

/** One that comes back so soon goes on: terminals switch bits off and on between reports. */
const rejoinMs = 60_000;
/** Rows that consoles hold; older ones are in the catalogue. */
const maxHeld = 500;
/** Rows that wait for a disk that takes none; what comes beyond is shown, not kept, and counted. */
const maxWaiting = 20_000;

/** A range of an answer, ms since 1970. */
export interface EventRange {
  readonly from: number;
  readonly to: number;
  readonly vehicleId?: string;
  readonly limit: number;
}

/** What changed about a vehicle's alarms in one report. */
export interface AlarmEdges {
  readonly vehicleId: string;
  readonly at: number;
  readonly position: VehiclePosition;
  readonly began: readonly AlarmMark[];
  readonly ended: readonly AlarmMark[];
  /** The first report of this run: `began` is all that there is, whatever lasted before is over. */
  readonly isFirst: boolean;
}

export interface AlarmBookParts {
  readonly catalogue: Catalogue;
  readonly tally: Tally;
  changed(row: AlarmRow): void;
}

/** Every alarm with its begin, its end and who confirmed it: the newest in memory, all of them in the catalogue. */
export class AlarmBook {
  readonly #parts: AlarmBookParts;
  /** Oldest first. */
  readonly #held = new Map<string, AlarmRow>();
  /** Those that last, or ended within `rejoinMs`, by vehicle, kind and channel. */
  readonly #latest = new Map<string, AlarmRow>();
  readonly #waiting = new Map<string, AlarmRow>();
  readonly #write: StatementSync;
  readonly #read: StatementSync;
  #nextId: number;

  constructor(parts: AlarmBookParts) {
    this.#parts = parts;
    const { database } = parts.catalogue;
    this.#write = database.prepare(
      'INSERT OR REPLACE INTO alarms VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#read = database.prepare(
      `SELECT * FROM alarms WHERE (? = '' OR vehicle = ?) AND begin_ms < ? AND (end_ms = 0 OR end_ms >= ?)
       ORDER BY begin_ms DESC, id DESC LIMIT ?`,
    );
    this.#nextId = Number(database.prepare('SELECT MAX(id) AS last FROM alarms').get()?.last ?? 0) + 1;
    const last = database.prepare(
      `SELECT * FROM (SELECT * FROM alarms ORDER BY id DESC LIMIT ${maxHeld}) UNION SELECT * FROM alarms WHERE end_ms = 0 ORDER BY id`,
    );
    for (const stored of last.all()) {
      const row = alarmOf(stored);
      this.#held.set(row.id, row);
      if (row.end === 0) this.#latest.set(nameOf(row.vehicleId, row), row);
    }
    while (this.#held.size > maxHeld) this.#held.delete(this.#held.keys().next().value as string);
  }

  /** Newest last. */
  rows(): AlarmRow[] {
    return [...this.#held.values()];
  }

  apply(edges: AlarmEdges): void {
    const { vehicleId, at } = edges;
    const names = new Set(edges.began.map(mark => nameOf(vehicleId, mark)));
    if (edges.isFirst)
      for (const [name, row] of this.#latest)
        if (row.vehicleId === vehicleId && row.end === 0 && !names.has(name)) this.#tell({ ...row, end: at });
    for (const mark of edges.ended) {
      const row = this.#latest.get(nameOf(vehicleId, mark));
      if (row?.end === 0) this.#tell({ ...row, end: at });
    }
    for (const mark of edges.began) {
      const row = this.#latest.get(nameOf(vehicleId, mark));
      if (row?.end === 0) continue;
      if (row && at - row.end < rejoinMs) this.#tell({ ...row, end: 0 });
      else this.#tell(this.#begin(vehicleId, mark, at, edges.position));
    }
  }

  /** One that was told of afterwards. */
  addPast(vehicleId: string, mark: AlarmMark, begin: number, end: number, position: VehiclePosition): void {
    const row: AlarmRow = { ...this.#begin(vehicleId, mark, begin, position), end, late: true };
    this.#tell(row, false);
  }

  /** What lasts of a vehicle that is forgotten is over. */
  vehicleRemoved(vehicleId: string, at: number): void {
    for (const [name, row] of this.#latest) {
      if (row.vehicleId !== vehicleId) continue;
      if (row.end === 0) this.#tell({ ...row, end: at });
      this.#latest.delete(name);
    }
  }

  /** Confirmed once: who did it first stays. */
  confirm(id: string, at: number, by: string): Result<AlarmRow> {
    const row = this.#find(id);
    if (!row) return fail('unknownAlarm', id);
    if (row.confirmedAt === 0) this.#tell({ ...row, confirmedAt: at, confirmedBy: by }, false);
    return { ok: true, value: this.#find(id) ?? row };
  }

  /** The vehicle took the confirmation. */
  told(id: string): AlarmRow | undefined {
    const row = this.#find(id);
    if (row) this.#tell({ ...row, told: true }, false);
    return this.#find(id);
  }

  /** Newest first. @throws when the catalogue cannot be read */
  list({ from, to, vehicleId = '', limit }: EventRange): AlarmRow[] {
    this.flush();
    return this.#read.all(vehicleId, vehicleId, to, from, limit).map(alarmOf);
  }

  flush(): void {
    if (this.#waiting.size === 0) return;
    const rows = [...this.#waiting.values()];
    try {
      this.#parts.catalogue.transaction(() => {
        for (const row of rows) this.#write.run(...columns(row));
      });
      this.#waiting.clear();
    } catch {
      this.#parts.tally.add('alarm.writeFailed');
    }
  }

  /** Deletes what ended before. */
  forget(before: number): void {
    this.#parts.catalogue.database.prepare('DELETE FROM alarms WHERE begin_ms < ? AND end_ms <> 0').run(before);
  }

  #begin(vehicleId: string, mark: AlarmMark, begin: number, position: VehiclePosition): AlarmRow {
    const { latitude, longitude, speed, fixed } = position;
    const { kind, channel, fatigue } = mark;
    return {
      id: `a${this.#nextId++}`,
      ...{ vehicleId, channel, kind, begin, speed },
      level: alarmLevel(kind),
      end: 0,
      ...(fixed && { latitude, longitude }),
      ...(fatigue !== undefined && { fatigue }),
      confirmedAt: 0,
      confirmedBy: '',
      told: false,
    };
  }

  /** @param isLatest it may go on */
  #tell(row: AlarmRow, isLatest = true): void {
    const name = nameOf(row.vehicleId, row);
    if (isLatest || this.#latest.get(name)?.id === row.id) this.#latest.set(name, row);
    this.#held.set(row.id, row);
    if (this.#waiting.has(row.id) || this.#waiting.size < maxWaiting) this.#waiting.set(row.id, row);
    else this.#parts.tally.add('alarm.dropped');
    this.#parts.changed(row);
    if (this.#held.size <= maxHeld) return;
    const oldest = [...this.#held.values()].find(each => each.end !== 0) ?? row;
    this.#held.delete(oldest.id);
    this.#parts.changed({ ...oldest, ended: true });
  }

  #find(id: string): AlarmRow | undefined {
    const known = this.#held.get(id) ?? this.#waiting.get(id);
    if (known) return known;
    const stored = this.#parts.catalogue.database.prepare('SELECT * FROM alarms WHERE id = ?').get(Number(id.slice(1)));
    return stored && alarmOf(stored);
  }
}

function nameOf(vehicleId: string, { kind, channel }: AlarmMark): string {
  return `${vehicleId}/${kind}/${channel}`;
}

function columns(row: AlarmRow): (string | number | null)[] {
  return [
    Number(row.id.slice(1)),
    row.vehicleId,
    row.kind,
    row.channel,
    row.level,
    row.begin,
    row.end,
    row.latitude ?? null,
    row.longitude ?? null,
    row.speed,
    row.fatigue ?? null,
    row.late ? 1 : 0,
    row.confirmedAt,
    row.confirmedBy,
    row.told ? 1 : 0,
  ];
}

function alarmOf(stored: Record<string, unknown>): AlarmRow {
  const { latitude, longitude, fatigue } = stored;
  return {
    id: `a${stored.id}`,
    vehicleId: String(stored.vehicle),
    channel: Number(stored.channel),
    kind: String(stored.kind),
    level: stored.level as Notice['level'],
    begin: Number(stored.begin_ms),
    end: Number(stored.end_ms),
    ...(latitude !== null && { latitude: Number(latitude), longitude: Number(longitude) }),
    speed: Number(stored.speed),
    ...(fatigue !== null && { fatigue: Number(fatigue) }),
    ...(stored.is_late === 1 && { late: true as const }),
    confirmedAt: Number(stored.confirmed_at),
    confirmedBy: String(stored.confirmed_by),
    told: stored.is_told === 1,
  };
}
