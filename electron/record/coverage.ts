import type { StatementSync } from 'node:sqlite';
import type {
  CameraKey,
  CoverageGap,
  CoverageLane,
  GapCause,
  Rpc,
  SegmentRow,
  SegmentState,
  StreamKind,
  VideoCodec,
} from '../contract.ts';
import type { SegmentFilter } from '../ipc/desk.ts';
import type { Catalogue } from './catalogue.ts';

/** No segment is longer: they are cut every five minutes, and at the latest when a device sends no key frame for this long. */
export const longestSegmentMs = 3_600_000;
const dayMs = 86_400_000;
/** What of a month is summed up in one go. */
const sliceMs = dayMs / 4;
/** Rows of one answer; a console asks for a month at most. */
const maxRows = 200_000;
/** So many cameras are looked through one by one for a list; more, by age through all. */
const fewCameras = 16;

const columns = `
  s.id, c.vehicle, c.channel, c.stream, c.header_id, s.plate, s.start_ms, s.end_ms, s.bytes, s.frames, s.state, s.codec,
  s.width, s.height, s.has_audio, s.file,
  EXISTS (
    SELECT 1 FROM bookmark_cameras bc JOIN bookmarks b ON b.id = bc.bookmark
    WHERE bc.camera = s.camera AND b.is_protected = 1 AND b.start_ms < s.end_ms AND b.end_ms > s.start_ms
  ) AS is_protected
  FROM segments s JOIN cameras c ON c.id = s.camera`;

type Row = Record<string, unknown>;
/** In the order of the columns that a lane is read by. */
type LaneRow = [
  ...[id: number, plate: string, from: number, to: number, bytes: number, frames: number, state: SegmentState],
  ...[codec: VideoCodec, width: number, height: number, hasAudio: number, file: string],
];
export type MonthCamera = Rpc['archive.month']['value']['cameras'][number];

/** Questions to the catalogue about what there is. Each writes what waits first, so that the answer is of now. */
export class Coverage {
  readonly #catalogue: Catalogue;
  readonly #laneSegments: StatementSync;
  readonly #headerId: StatementSync;
  readonly #protected: StatementSync;
  readonly #laneGaps: StatementSync;
  readonly #segment: StatementSync;
  readonly #placesOfCamera: StatementSync;
  readonly #placesByAge: StatementSync;
  readonly #cameras: StatementSync;
  readonly #seconds: StatementSync;
  readonly #oldest: StatementSync;
  readonly #sinceBytes: StatementSync;

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
    const { database } = catalogue;
    this.#laneSegments = database.prepare(
      `SELECT id, plate, start_ms, end_ms, bytes, frames, state, codec, width, height, has_audio, file
       FROM segments WHERE camera = ? AND start_ms > ? AND start_ms < ? AND end_ms > ? ORDER BY start_ms LIMIT ${maxRows}`,
    );
    // Half the time of objects with names, over the 18,432 segments that 64 cameras have in a day.
    this.#laneSegments.setReturnArrays(true);
    this.#headerId = database.prepare('SELECT header_id FROM cameras WHERE id = ?');
    this.#protected = database.prepare(
      `SELECT b.start_ms AS start, b.end_ms AS end FROM bookmark_cameras bc JOIN bookmarks b ON b.id = bc.bookmark
       WHERE bc.camera = ? AND b.is_protected = 1 AND b.start_ms < ? AND b.end_ms > ?`,
    );
    this.#laneGaps = database.prepare(
      `SELECT start_ms, end_ms, cause FROM gaps WHERE camera = ? AND end_ms > ? AND start_ms < ?
       ORDER BY start_ms LIMIT ${maxRows}`,
    );
    this.#segment = database.prepare(`SELECT ${columns} WHERE s.id = ?`);
    // What a list is made of, from an index alone. The end of the longest segment that reaches into a stretch bounds its start.
    const place = `start_ms >= ?1 AND start_ms < ?2 AND end_ms > ?3 AND (start_ms, id) > (?4, ?5)`;
    this.#placesOfCamera = database.prepare(
      `SELECT id, start_ms AS start FROM segments INDEXED BY segments_of_camera
       WHERE ${place} AND camera = ?7 ORDER BY start_ms, id LIMIT ?6`,
    );
    this.#placesByAge = database.prepare(
      `SELECT id, start_ms AS start FROM segments INDEXED BY segments_by_age
       WHERE ${place} AND (?7 = '' OR camera IN (SELECT value FROM json_each(?7))) ORDER BY start_ms, id LIMIT ?6`,
    );
    this.#cameras = database.prepare('SELECT id, vehicle, channel, stream, plate FROM cameras');
    this.#seconds = database.prepare(
      `SELECT camera, SUM(MIN(end_ms, ?2) - MAX(start_ms, ?1)) / 1000.0 AS seconds
       FROM segments INDEXED BY segments_by_age
       WHERE start_ms > ?3 AND start_ms < ?2 AND end_ms > ?1 AND end_ms > start_ms GROUP BY camera`,
    );
    this.#oldest = database.prepare(`SELECT MIN(start_ms) AS at FROM segments WHERE state <> 'missing'`);
    this.#sinceBytes = database.prepare(
      'SELECT SUM(bytes) AS bytes, MIN(start_ms) AS first FROM segments WHERE start_ms > ?',
    );
  }

  lane(camera: CameraKey, from: number, to: number): CoverageLane {
    this.#catalogue.flush();
    const { vehicleId, channel, stream } = camera;
    const id = this.#catalogue.knownCamera(camera);
    if (id === undefined) return { vehicleId, channel, stream, segments: [], gaps: [] };
    const headerId = String(this.#headerId.get(id)?.header_id ?? vehicleId);
    const kept = this.#protected.all(id, to + longestSegmentMs, from - longestSegmentMs) as {
      start: number;
      end: number;
    }[];
    const rows = this.#laneSegments.all(id, from - longestSegmentMs, to, from) as unknown as LaneRow[];
    const segments = rows.map(row => laneSegment(row, { vehicleId, channel, stream, headerId }, kept));
    const gaps = this.#laneGaps.all(id, from, to).map(gapRow);
    return { vehicleId, channel, stream, segments, gaps };
  }

  segment(id: number): SegmentRow | undefined {
    this.#catalogue.flush();
    const row = this.#segment.get(id);
    return row && segmentRow(row);
  }

  /** Oldest first. */
  list({
    from = 0,
    to = Number.MAX_SAFE_INTEGER,
    limit,
    after = { from: 0, id: -1 },
    ...key
  }: SegmentFilter): SegmentRow[] {
    this.#catalogue.flush();
    const cameras = this.#camerasOf(key);
    const bounds = [Math.max(from - longestSegmentMs, after.from, 0), to, from, after.from, after.id, limit];
    const few = cameras && cameras.length <= fewCameras;
    const found = (few
      ? cameras.flatMap(camera => this.#placesOfCamera.all(...bounds, camera))
      : this.#placesByAge.all(...bounds, cameras ? JSON.stringify(cameras) : '')) as unknown as {
      id: number;
      start: number;
    }[];
    const places = few ? found.sort((a, b) => a.start - b.start || a.id - b.id).slice(0, limit) : found;
    return places.map(({ id }) => segmentRow(this.#segment.get(id) as Row));
  }

  /** Undefined for all. */
  #camerasOf({ vehicleId, channel, stream }: Partial<CameraKey>): number[] | undefined {
    if (vehicleId === undefined && channel === undefined && stream === undefined) return undefined;
    return (this.#cameras.all() as Row[])
      .filter(row => vehicleId === undefined || row.vehicle === vehicleId)
      .filter(row => channel === undefined || row.channel === channel)
      .filter(row => stream === undefined || row.stream === stream)
      .map(row => Number(row.id));
  }

  /**
   * Seconds of footage of every camera by local day. A quarter of a day of 64 cameras is 3 ms of work; between quarters
   * others have their turn.
   * @param month 1 to 12
   */
  async month(year: number, month: number, utcOffsetMinutes: number): Promise<MonthCamera[]> {
    this.#catalogue.flush();
    const cameras = new Map<number, MonthCamera>();
    for (const { id, vehicle, channel, stream, plate } of this.#cameras.all() as Row[])
      cameras.set(Number(id), {
        vehicleId: String(vehicle),
        channel: Number(channel),
        stream: stream as StreamKind,
        plate: String(plate),
        days: [],
      });
    const first = Date.UTC(year, month - 1, 1) - utcOffsetMinutes * 60_000;
    const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
    for (let day = 1; day <= days; day++) {
      const seconds = await this.#secondsOfDay(first + (day - 1) * dayMs);
      for (const [camera, sum] of seconds) cameras.get(camera)?.days.push({ day, seconds: Math.round(sum) });
    }
    return [...cameras.values()].filter(camera => camera.days.length > 0);
  }

  async #secondsOfDay(start: number): Promise<Map<number, number>> {
    const seconds = new Map<number, number>();
    for (let from = start; from < start + dayMs; from += sliceMs) {
      for (const row of this.#seconds.all(from, from + sliceMs, from - longestSegmentMs)) {
        const camera = Number(row.camera);
        seconds.set(camera, (seconds.get(camera) ?? 0) + Number(row.seconds));
      }
      await new Promise(resolve => setImmediate(resolve));
    }
    return seconds;
  }

  /** Start of the oldest footage that is there, 0 when there is none. */
  oldestAt(): number {
    return Number(this.#oldest.get()?.at ?? 0);
  }

  /** Bytes of the segments that began after `since`, and when the first of them did (0: none). */
  writtenSince(since: number): { bytes: number; first: number } {
    const row = this.#sinceBytes.get(since);
    return { bytes: Number(row?.bytes ?? 0), first: Number(row?.first ?? 0) };
  }
}

function laneSegment(
  row: LaneRow,
  { vehicleId, channel, stream, headerId }: CameraKey & { headerId: string },
  kept: readonly { start: number; end: number }[],
): SegmentRow {
  const [id, plate, from, to, bytes, frames, state, codec, width, height, hasAudio, file] = row;
  const isProtected = kept.some(({ start, end }) => start < to && end > from);
  const camera = { vehicleId, channel, stream, headerId, plate };
  return {
    id,
    ...camera,
    from,
    to,
    bytes,
    frames,
    state,
    codec,
    width,
    height,
    hasAudio: hasAudio === 1,
    isProtected,
    file,
  };
}

export function segmentRow(row: Row): SegmentRow {
  return {
    id: Number(row.id),
    vehicleId: String(row.vehicle),
    channel: Number(row.channel),
    stream: row.stream as StreamKind,
    headerId: String(row.header_id),
    plate: String(row.plate),
    from: Number(row.start_ms),
    to: Number(row.end_ms),
    bytes: Number(row.bytes),
    frames: Number(row.frames),
    state: row.state as SegmentState,
    codec: row.codec as VideoCodec,
    width: Number(row.width),
    height: Number(row.height),
    hasAudio: row.has_audio === 1,
    isProtected: row.is_protected === 1,
    file: String(row.file),
  };
}

function gapRow(row: Row): CoverageGap {
  return { from: Number(row.start_ms), to: Number(row.end_ms), cause: row.cause as GapCause };
}
