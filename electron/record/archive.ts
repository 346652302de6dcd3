import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { normaliseTerminalId } from '../codec/terminal-id.ts';
import type { CameraKey, CoverageGap, CoverageLane, Result, SegmentRow, TrackPoint } from '../contract.ts';
import { fail } from '../errors.ts';
import type { DeskCalls, SegmentFile, SegmentFilter } from '../ipc/desk.ts';
import { Bookmarks } from './bookmarks.ts';
import type { Catalogue } from './catalogue.ts';
import { Coverage } from './coverage.ts';
import type { Footage } from './footage-piece.ts';
import type { JourneyLog } from './journey-log.ts';

export type ArchiveMethod = Extract<keyof DeskCalls, `archive.${string}` | `bookmark.${string}`>;

export interface ArchiveParts {
  readonly catalogue: Catalogue;
  readonly journey: JourneyLog;
  /** The recordings folder. */
  readonly folder: string;
  now(): number;
  bookmarksChanged(): void;
}

/** What was recorded, as consoles and exports ask for it. */
export class Archive {
  readonly coverage: Coverage;
  readonly bookmarks: Bookmarks;
  readonly calls: Pick<DeskCalls, ArchiveMethod>;
  readonly #parts: ArchiveParts;

  constructor(parts: ArchiveParts) {
    this.#parts = parts;
    const { catalogue, journey } = parts;
    const coverage = new Coverage(catalogue);
    this.coverage = coverage;
    const bookmarks = new Bookmarks(catalogue, parts.now, () => parts.bookmarksChanged());
    this.bookmarks = bookmarks;
    this.calls = {
      'archive.month': async ({ year, month, utcOffsetMinutes }) => ({
        ok: true,
        value: { cameras: await coverage.month(year, month, utcOffsetMinutes) },
      }),
      'archive.coverage': async ({ cameras, from, to }) => {
        const asked = cameras.map(known);
        const vehicles = [...new Set(asked.map(({ vehicleId }) => vehicleId))];
        const isAsked = (camera: CameraKey) => asked.some(one => isSame(one, camera));
        const lanes: CoverageLane[] = [];
        for (const camera of asked) {
          lanes.push(coverage.lane(camera, from, to));
          await new Promise(resolve => setImmediate(resolve));
        }
        return {
          ok: true,
          value: {
            lanes,
            events: journey.events(vehicles, from, to),
            bookmarks: bookmarks.list(from, to).filter(bookmark => bookmark.cameras.some(isAsked)),
          },
        };
      },
      'archive.fragments': ({ segment }) => {
        const value = catalogue.fragments(segment);
        return value ? { ok: true, value } : fail('unknownSegment', String(segment));
      },
      'archive.track': ({ vehicleId, from, to }) => ({ ok: true, value: this.track(vehicleId, from, to) }),
      'bookmark.add': args => bookmarks.add({ ...args, cameras: args.cameras.map(known) }),
      'bookmark.update': args => bookmarks.update(args),
      'bookmark.remove': ({ id }) => bookmarks.remove(id),
      'bookmark.list': () => ({ ok: true, value: bookmarks.list() }),
    };
  }

  segments({ vehicleId, ...filter }: SegmentFilter): SegmentRow[] {
    return this.coverage.list({
      ...filter,
      ...(vehicleId !== undefined && { vehicleId: normaliseTerminalId(vehicleId) }),
    });
  }

  /** A file is renamed when it is finished: one that is not where it was is looked for once more. */
  async segmentFile(id: number): Promise<Result<SegmentFile>> {
    for (let attempt = 0; attempt < 2; attempt++) {
      const row = this.coverage.segment(id);
      if (!row || row.state === 'missing') break;
      const path = join(this.#parts.folder, row.file);
      const size = (await stat(path).catch(() => undefined))?.size;
      const finished = this.#parts.catalogue.finishedBytes(id);
      if (size !== undefined)
        return {
          ok: true,
          value: { path, bytes: Math.min(size, finished ?? size), isGrowing: finished !== undefined },
        };
    }
    return fail('unknownSegment', String(id));
  }

  footage(camera: CameraKey, from: number, to: number): Footage[] {
    const { segments } = this.coverage.lane(known(camera), from, to);
    return segments
      .filter(({ state }) => state !== 'missing')
      .map(segment => ({ segment, fragments: this.#parts.catalogue.fragments(segment.id)?.fragments ?? [] }));
  }

  gaps(camera: CameraKey, from: number, to: number): CoverageGap[] {
    return this.coverage.lane(known(camera), from, to).gaps;
  }

  track(vehicleId: string, from: number, to: number): TrackPoint[] {
    return this.#parts.journey.track(normaliseTerminalId(vehicleId), from, to);
  }
}

function known(camera: CameraKey): CameraKey {
  return { ...camera, vehicleId: normaliseTerminalId(camera.vehicleId) };
}

function isSame(a: CameraKey, b: CameraKey): boolean {
  return a.vehicleId === b.vehicleId && a.channel === b.channel && a.stream === b.stream;
}
