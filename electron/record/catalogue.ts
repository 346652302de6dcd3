import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import type { CameraKey, CoverageGap, ErrorCode, FragmentRow, SegmentState } from '../contract.ts';
import { ConvoyError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Tally } from '../tally.ts';
import { migrate } from './catalogue-schema.ts';
import { packFragments, unpackFragments } from './fragment-pack.ts';
import type { OpenedSegment, SegmentEnd, SegmentLedger } from './segment-ledger.ts';
import { openSqlite } from './sqlite.ts';

/** What was told of segments is written this often, in one transaction. */
const flushMs = 1000;
/** Closed segments that wait for a disk that takes no catalogue; the files are there, the next start finds them. */
const maxWaiting = 4096;
const maxWaitingGaps = 4096;

export interface CatalogueParts {
  readonly path: string;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  /** Writing the catalogue began to fail, or works again (undefined). */
  readonly faultChanged?: (fault: { code: ErrorCode; message: string } | undefined) => void;
}

/** A segment of which the database does not know everything yet. */
interface Waiting {
  readonly id: number;
  readonly segment: OpenedSegment;
  readonly fragments: FragmentRow[];
  end: SegmentEnd | undefined;
  isKnown: boolean;
  isChanged: boolean;
}

/** Where a decoder can begin in one segment, and what goes before. */
export interface SegmentFragments {
  readonly initBytes: number;
  readonly mime: string;
  readonly fragments: FragmentRow[];
}

/** What a file found on disk says of itself. */
export interface FoundSegment extends OpenedSegment, SegmentEnd {
  readonly fragments: readonly FragmentRow[];
}

/**
 * What was recorded: segments, key frames, gaps, events, bookmarks. One SQLite file in the data folder. The recorder's
 * reports cost a few assignments; they are written together once a second, so that no frame waits for the disk.
 */
export class Catalogue implements SegmentLedger {
  readonly database: DatabaseSync;
  /** Where a file that was no catalogue was set aside; empty when there was none. */
  readonly setAside: string;
  readonly #parts: CatalogueParts;
  readonly #cameras = new Map<string, number>();
  readonly #waiting = new Map<number, Waiting>();
  readonly #gaps = new Map<string, { camera: CameraKey; gap: CoverageGap }>();
  readonly #statements: ReturnType<typeof prepare>;
  readonly #stopFlushing: () => void;
  #nextId: number;
  #usedBytes: number;
  #isFailing = false;
  #isClosed = false;

  private constructor(database: DatabaseSync, setAside: string, parts: CatalogueParts) {
    this.database = database;
    this.setAside = setAside;
    this.#parts = parts;
    this.#statements = prepare(database);
    const { last } = database.prepare(`SELECT seq AS last FROM sqlite_sequence WHERE name = 'segments'`).get() ?? {};
    // A new catalogue begins beyond whatever a lost one gave out, at most one number a second.
    this.#nextId = last === undefined ? Math.floor(parts.clock.now() / 1000) : Number(last) + 1;
    this.#usedBytes = Number(database.prepare('SELECT SUM(bytes) AS sum FROM segments').get()?.sum ?? 0);
    for (const row of database.prepare('SELECT id, vehicle, channel, stream FROM cameras').all())
      this.#cameras.set(`${row.vehicle}_${row.channel}_${row.stream}`, Number(row.id));
    this.#stopFlushing = parts.clock.every(flushMs, () => this.flush());
  }

  /**
   * A file that is no catalogue, or of a later version, is set aside and a new one begun.
   * @throws ConvoyError catalogueUnavailable when there can be none at all
   */
  static open(parts: CatalogueParts): Catalogue {
    try {
      mkdirSync(dirname(parts.path), { recursive: true });
      try {
        return new Catalogue(openDatabase(parts.path), '', parts);
      } catch (thrown) {
        if (thrown instanceof ConvoyError) throw thrown;
        const aside = `${parts.path}.damaged-${parts.clock.now()}`;
        parts.log.error({ error: String(thrown), aside }, 'the catalogue was unreadable and is set aside');
        parts.tally.add('catalogue.damaged');
        for (const end of ['', '-wal', '-shm']) renameIfThere(parts.path + end, aside + end);
        return new Catalogue(openDatabase(parts.path), aside, parts);
      }
    } catch (thrown) {
      if (thrown instanceof ConvoyError) throw thrown;
      throw new ConvoyError('catalogueUnavailable', String(thrown));
    }
  }

  /** Of every file that is listed. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  // ------------------------------------------------------------------------------------------------- from the recorder

  opened(segment: OpenedSegment): number {
    const id = this.#nextId++;
    if (this.#waiting.size < maxWaiting)
      this.#waiting.set(id, { id, segment, fragments: [], end: undefined, isKnown: false, isChanged: true });
    else this.#parts.tally.add('catalogue.segmentDropped');
    return id;
  }

  fragment(segmentId: number, row: FragmentRow): void {
    const waiting = this.#waiting.get(segmentId);
    if (!waiting) return;
    const { fragments } = waiting;
    const last = fragments.at(-1);
    if (last?.offset === row.offset) {
      fragments[fragments.length - 1] = row;
      this.#usedBytes += row.bytes - last.bytes;
    } else {
      fragments.push(row);
      this.#usedBytes += row.bytes;
    }
    waiting.isChanged = true;
  }

  closed(segmentId: number, end: SegmentEnd): void {
    const waiting = this.#waiting.get(segmentId);
    if (!waiting) return;
    waiting.end = end;
    waiting.isChanged = true;
  }

  gap(camera: CameraKey, gap: CoverageGap): void {
    const name = `${nameOf(camera)}_${gap.from}`;
    if (this.#gaps.size >= maxWaitingGaps && !this.#gaps.has(name)) this.#parts.tally.add('catalogue.gapDropped');
    else this.#gaps.set(name, { camera, gap });
  }

  // --------------------------------------------------------------------------------------------------------- for others

  /** The database's number of a camera, given one when it is new. */
  cameraId(key: CameraKey & { headerId?: string; plate?: string }): number {
    const name = nameOf(key);
    const known = this.#cameras.get(name);
    if (known !== undefined) return known;
    const { vehicleId, channel, stream, headerId = vehicleId, plate = '' } = key;
    const { lastInsertRowid } = this.#statements.addCamera.run(vehicleId, channel, stream, headerId, plate);
    const id = Number(lastInsertRowid);
    this.#cameras.set(name, id);
    return id;
  }

  /** Undefined for a camera of which nothing was ever kept. */
  knownCamera(key: CameraKey): number | undefined {
    return this.#cameras.get(nameOf(key));
  }

  /** Fragments so far of a segment that is written, else what was kept of it. */
  fragments(segmentId: number): SegmentFragments | undefined {
    const waiting = this.#waiting.get(segmentId);
    if (waiting) {
      const { initBytes, mime } = waiting.segment;
      return { initBytes, mime, fragments: [...waiting.fragments] };
    }
    const row = this.#statements.fragments.get(segmentId);
    if (!row) return undefined;
    return {
      initBytes: Number(row.init_bytes),
      mime: String(row.mime),
      fragments: unpackFragments(row.packed as Uint8Array),
    };
  }

  /** End of the last finished fragment of a segment that is being written, bytes; undefined when it is not. */
  finishedBytes(segmentId: number): number | undefined {
    const waiting = this.#waiting.get(segmentId);
    if (!waiting || waiting.end) return undefined;
    const last = waiting.fragments.at(-1);
    return last ? last.offset + last.bytes : waiting.segment.initBytes;
  }

  /** Files that are written now, as `OpenedSegment.file`. */
  openFiles(): Set<string> {
    return new Set([...this.#waiting.values()].filter(({ end }) => !end).map(({ segment }) => segment.file));
  }

  /** A file that the catalogue did not know, or knew otherwise, as it really is. */
  take(found: FoundSegment, segmentId?: number): number {
    const { fragments } = found;
    return this.transaction(() => {
      const id = segmentId ?? this.#nextId++;
      const before = this.#statements.bytesOf.get(id);
      this.#usedBytes += found.bytes - Number(before?.bytes ?? 0);
      this.#write({ id, segment: found, fragments: [...fragments], end: found, isKnown: false, isChanged: true });
      return id;
    });
  }

  setState(segmentId: number, state: SegmentState): void {
    const row = this.#statements.bytesOf.get(segmentId);
    this.#statements.setState.run(state, segmentId);
    if (state !== 'missing') return;
    this.#usedBytes -= Number(row?.bytes ?? 0);
    this.#statements.setBytes.run(0, segmentId);
  }

  /** Of a segment whose file is gone for good. */
  remove(segmentId: number): void {
    const row = this.#statements.bytesOf.get(segmentId);
    if (!row) return;
    this.#statements.remove.run(segmentId);
    this.#usedBytes -= Number(row.bytes);
  }

  /** @throws what `run` throws, after everything it did was undone */
  transaction<T>(run: () => T): T {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const value = run();
      this.database.exec('COMMIT');
      return value;
    } catch (thrown) {
      this.database.exec('ROLLBACK');
      throw thrown;
    }
  }

  /** Writes what was told. What cannot be written waits for the next time. */
  flush(): void {
    if (this.#isClosed) return;
    const changed = [...this.#waiting.values()].filter(({ isChanged }) => isChanged);
    if (changed.length === 0 && this.#gaps.size === 0) return;
    try {
      this.transaction(() => {
        for (const waiting of changed) if (waiting.fragments.length > 0 || waiting.end) this.#write(waiting);
        for (const { camera, gap } of this.#gaps.values())
          this.#statements.gap.run(this.cameraId(camera), gap.from, Math.max(gap.from, gap.to), gap.cause);
      });
    } catch (thrown) {
      this.#cameras.clear();
      for (const row of this.#statements.cameras.all())
        this.#cameras.set(`${row.vehicle}_${row.channel}_${row.stream}`, Number(row.id));
      this.#fail(thrown);
      return;
    }
    for (const waiting of changed) {
      waiting.isKnown = waiting.fragments.length > 0 || waiting.end !== undefined;
      waiting.isChanged = false;
      if (waiting.end) this.#waiting.delete(waiting.id);
    }
    this.#gaps.clear();
    if (!this.#isFailing) return;
    this.#isFailing = false;
    this.#parts.faultChanged?.(undefined);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#stopFlushing();
    this.flush();
    this.#isClosed = true;
    this.database.close();
  }

  #write({ id, segment, fragments, end, isKnown }: Waiting): void {
    const last = fragments.at(-1);
    const to = end?.to ?? (last ? last.at + last.durationMs : segment.from);
    const bytes = end?.bytes ?? (last ? last.offset + last.bytes : segment.initBytes);
    const frames = end?.frames ?? fragments.reduce((sum, fragment) => sum + fragment.frames, 0);
    const state = end?.state ?? 'writing';
    const file = end?.file ?? segment.file;
    if (isKnown) this.#statements.change.run(to, bytes, frames, state, file, id);
    else {
      const { from, codec, width, height, hasAudio, plate } = segment;
      const camera = this.cameraId(segment);
      this.#statements.nameCamera.run(segment.headerId, plate, camera);
      this.#statements.add.run(
        ...([id, camera, from, to, bytes, frames, state, codec, width, height, hasAudio ? 1 : 0, plate, file] as const),
      );
    }
    if (end) this.#statements.addFragments.run(id, segment.initBytes, segment.mime, packFragments(fragments));
  }

  #fail(thrown: unknown): void {
    this.#parts.tally.add('catalogue.writeFailed');
    if (this.#isFailing) return;
    this.#isFailing = true;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    this.#parts.log.error({ error: message }, 'the catalogue cannot be written');
    this.#parts.faultChanged?.({ code: 'catalogueUnavailable', message });
  }
}

function nameOf({ vehicleId, channel, stream }: CameraKey): string {
  return `${vehicleId}_${channel}_${stream}`;
}

/** What a log that is left beside a new file holds would be written into that. */
function renameIfThere(from: string, to: string): void {
  if (existsSync(from)) renameSync(from, to);
}

/** WAL without a sync per commit: after a power cut the last second may be missing, and the files still have it. */
function openDatabase(path: string): DatabaseSync {
  const database = openSqlite(path);
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
    database.exec('PRAGMA busy_timeout = 1000; PRAGMA cache_size = -16000');
    migrate(database);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

function prepare(database: DatabaseSync) {
  const sql = (text: string): StatementSync => database.prepare(text);
  return {
    cameras: sql('SELECT id, vehicle, channel, stream FROM cameras'),
    addCamera: sql('INSERT INTO cameras (vehicle, channel, stream, header_id, plate) VALUES (?, ?, ?, ?, ?)'),
    nameCamera: sql('UPDATE cameras SET header_id = ?, plate = ? WHERE id = ?'),
    add: sql('INSERT OR REPLACE INTO segments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    change: sql('UPDATE segments SET end_ms = ?, bytes = ?, frames = ?, state = ?, file = ? WHERE id = ?'),
    setState: sql('UPDATE segments SET state = ? WHERE id = ?'),
    setBytes: sql('UPDATE segments SET bytes = ? WHERE id = ?'),
    bytesOf: sql('SELECT bytes FROM segments WHERE id = ?'),
    remove: sql('DELETE FROM segments WHERE id = ?'),
    addFragments: sql('INSERT OR REPLACE INTO fragments VALUES (?, ?, ?, ?)'),
    fragments: sql('SELECT init_bytes, mime, packed FROM fragments WHERE segment = ?'),
    gap: sql(
      `INSERT INTO gaps VALUES (?, ?, ?, ?)
       ON CONFLICT (camera, start_ms) DO UPDATE SET end_ms = excluded.end_ms, cause = excluded.cause`,
    ),
  };
}
