import { mkdir, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type MultimediaData,
  multimediaEvent,
  multimediaFormat,
  multimediaType,
} from '../../codec/jt808/body/multimedia.ts';
import type { PictureRow, Result } from '../../contract.ts';
import { fail } from '../../errors.ts';
import type { PictureFile } from '../../ipc/desk.ts';
import type { Log } from '../../log.ts';
import type { Tally } from '../../tally.ts';
import type { Catalogue } from '../catalogue.ts';
import { dayName, pathWord, timeName } from '../segment-name.ts';
import type { EventRange } from './alarm-book.ts';

const megabyte = 1_000_000;
const dayMs = 86_400_000;
/** Rows that consoles hold; older ones are in the catalogue. */
const maxHeld = 200;
/** Pictures on their way to the disk; more are refused, and the vehicle sends them again. */
const maxWriting = 32;

export interface PictureStoreParts {
  readonly catalogue: Catalogue;
  /** The pictures folder. */
  readonly folder: string;
  readonly settings: { readonly pictureKeepDays: number; readonly pictureQuotaMb: number };
  readonly tally: Tally;
  readonly log: Log;
  now(): number;
  changed(row: PictureRow): void;
}

const endings: Record<string, { ending: string; type: string }> = {
  jpeg: { ending: 'jpg', type: 'image/jpeg' },
  tif: { ending: 'tif', type: 'image/tiff' },
  mp3: { ending: 'mp3', type: 'audio/mpeg' },
  wav: { ending: 'wav', type: 'audio/wav' },
  wmv: { ending: 'wmv', type: 'video/x-ms-wmv' },
  other: { ending: 'bin', type: 'application/octet-stream' },
};

/** Pictures that vehicles sent, as files by day, with what is known of each in the catalogue. */
export class PictureStore {
  readonly #parts: PictureStoreParts;
  /** Oldest first. */
  readonly #held = new Map<string, PictureRow>();
  #usedBytes: number;
  #writing = 0;
  #sweeping: Promise<void> = Promise.resolve();

  constructor(parts: PictureStoreParts) {
    this.#parts = parts;
    const { database } = parts.catalogue;
    this.#usedBytes = Number(database.prepare('SELECT SUM(bytes) AS sum FROM pictures').get()?.sum ?? 0);
    for (const stored of database.prepare(`SELECT * FROM pictures ORDER BY id DESC LIMIT ${maxHeld}`).all().reverse())
      this.#held.set(String(stored.id), pictureOf(stored));
  }

  /** Newest last. */
  rows(): PictureRow[] {
    return [...this.#held.values()];
  }

  /** @param plate for the file's name @returns false when it could not be kept. Never rejects */
  async keep(vehicleId: string, plate: string, media: MultimediaData, receivedAt: number): Promise<boolean> {
    const { tally, log, folder } = this.#parts;
    if (this.#writing >= maxWriting) {
      tally.add('picture.tooMany');
      return false;
    }
    const row = rowOf(vehicleId, media, receivedAt);
    this.#writing++;
    try {
      if (this.#isKnown(media.mediaId, row)) {
        tally.add('picture.again');
        return true;
      }
      let file = fileOf(plate || vehicleId, row, media.mediaId, '');
      if (await stat(join(folder, file)).catch(() => undefined))
        file = fileOf(plate || vehicleId, row, media.mediaId, `.${receivedAt}`);
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), media.data);
      this.#add(row, media.mediaId, file);
      tally.add('picture.kept');
    } catch (thrown) {
      tally.add('picture.writeFailed');
      log.warn({ vehicle: vehicleId, error: String(thrown) }, 'a picture could not be kept');
      return false;
    } finally {
      this.#writing--;
    }
    void this.sweep();
    return true;
  }

  /** Newest first. @throws when the catalogue cannot be read */
  list({ from, to, vehicleId = '', limit }: EventRange): PictureRow[] {
    return this.#parts.catalogue.database
      .prepare(
        `SELECT * FROM pictures WHERE (? = '' OR vehicle = ?) AND at < ? AND at >= ? ORDER BY at DESC, id DESC LIMIT ?`,
      )
      .all(vehicleId, vehicleId, to, from, limit)
      .map(pictureOf);
  }

  async file(id: number): Promise<Result<PictureFile>> {
    const stored = this.#parts.catalogue.database.prepare('SELECT file, format FROM pictures WHERE id = ?').get(id);
    if (!stored) return fail('unknownPicture', String(id));
    const path = join(this.#parts.folder, String(stored.file));
    const there = await stat(path).catch(() => undefined);
    if (!there?.isFile()) return fail('unknownPicture', `${id}: its file is gone`);
    return { ok: true, value: { path, bytes: there.size, type: kindOf(String(stored.format)).type } };
  }

  /** Deletes what is too old, and the oldest of what is too much. One sweep at a time. Never rejects. */
  sweep(): Promise<void> {
    this.#sweeping = this.#sweeping.then(() => this.#sweep()).catch(() => this.#parts.tally.add('picture.sweepFailed'));
    return this.#sweeping;
  }

  async #sweep(): Promise<void> {
    const { catalogue, settings, now } = this.#parts;
    const limit = now() - settings.pictureKeepDays * dayMs;
    const oldest = catalogue.database.prepare('SELECT id, at, bytes, file FROM pictures ORDER BY at, id LIMIT 32');
    for (;;) {
      const rows = oldest.all();
      const going = rows.filter(
        (row, at) =>
          Number(row.at) < limit ||
          this.#usedBytes - rows.slice(0, at).reduce((sum, each) => sum + Number(each.bytes), 0) >
            settings.pictureQuotaMb * megabyte,
      );
      if (going.length === 0) return;
      for (const row of going) await this.#delete(Number(row.id), Number(row.bytes), String(row.file));
    }
  }

  async #delete(id: number, bytes: number, file: string): Promise<void> {
    const { catalogue, folder, tally, changed } = this.#parts;
    const path = join(folder, file);
    await rm(path, { force: true });
    await rmdir(dirname(path)).catch(() => undefined);
    catalogue.database.prepare('DELETE FROM pictures WHERE id = ?').run(id);
    this.#usedBytes -= bytes;
    tally.add('picture.deleted');
    const row = this.#held.get(String(id));
    if (row && this.#held.delete(row.id)) changed({ ...row, ended: true });
  }

  #isKnown(mediaId: number, row: PictureRow): boolean {
    return (
      this.#parts.catalogue.database
        .prepare('SELECT 1 FROM pictures WHERE vehicle = ? AND media_id = ? AND at = ? AND channel = ? AND bytes = ?')
        .get(row.vehicleId, mediaId, row.at, row.channel, row.bytes) !== undefined
    );
  }

  #add(row: Omit<PictureRow, 'id'>, mediaId: number, file: string): void {
    const { catalogue, changed } = this.#parts;
    const { lastInsertRowid } = catalogue.database
      .prepare(
        `INSERT INTO pictures (vehicle, channel, media_id, at, type, format, event, bytes, latitude, longitude, file)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[row.vehicleId, row.channel, mediaId, row.at, row.type, row.format, row.event, row.bytes],
        ...[row.latitude ?? null, row.longitude ?? null, file],
      );
    this.#usedBytes += row.bytes;
    const kept = { ...row, id: String(lastInsertRowid) };
    this.#held.set(kept.id, kept);
    changed(kept);
    if (this.#held.size <= maxHeld) return;
    const [oldest] = this.#held.values();
    if (oldest && this.#held.delete(oldest.id)) changed({ ...oldest, ended: true });
  }
}

function wordOf(words: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(words).find(word => words[word] === value) ?? 'other';
}

function kindOf(format: string): { ending: string; type: string } {
  return endings[format] ?? { ending: 'bin', type: 'application/octet-stream' };
}

/** A time that the vehicle's clock cannot mean (0, or a day ahead) is the time of arrival. */
function rowOf(vehicleId: string, media: MultimediaData, receivedAt: number): PictureRow {
  const { location } = media;
  const type = wordOf(multimediaType, media.type);
  const taken = location?.time ?? 0;
  const fixed = location !== undefined && (location.status & 2) !== 0;
  return {
    id: '',
    vehicleId,
    channel: media.channel,
    at: taken > 0 && taken < receivedAt + dayMs ? taken : receivedAt,
    type: type === 'audio' || type === 'video' ? type : 'image',
    format: wordOf(multimediaFormat, media.format),
    event: wordOf(multimediaEvent, media.event),
    bytes: media.data.length,
    ...(fixed && { latitude: location.latitude, longitude: location.longitude }),
  };
}

function pictureOf(stored: Record<string, unknown>): PictureRow {
  const { latitude, longitude } = stored;
  return {
    id: String(stored.id),
    vehicleId: String(stored.vehicle),
    channel: Number(stored.channel),
    at: Number(stored.at),
    type: stored.type as PictureRow['type'],
    format: String(stored.format),
    event: String(stored.event),
    bytes: Number(stored.bytes),
    ...(latitude !== null && { latitude: Number(latitude), longitude: Number(longitude) }),
  };
}

/** `2026-11-23/沪A-D7261_4_20261123-130405_123.jpg`, in local time. A second one of that name has when it came behind. */
function fileOf(plate: string, row: PictureRow, mediaId: number, attempt: string): string {
  const stem = `${pathWord(plate)}_${row.channel}_${timeName(row.at)}_${mediaId}${attempt}`;
  return join(dayName(row.at), `${stem}.${kindOf(row.format).ending}`);
}
