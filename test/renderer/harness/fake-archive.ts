import type {
  Bookmark,
  CameraKey,
  CoverageLane,
  Delta,
  ErrorCode,
  ExportJob,
  RecorderState,
  RecordingPlan,
  RecordingRow,
  SegmentRow,
} from '../../../electron/contract.ts';
import type { FootageFile } from './footage.ts';

const minute = 60_000;

interface Laid extends SegmentRow {
  footage: FootageFile;
}

const key = (camera: CameraKey): string => `${camera.vehicleId}/${camera.channel}/${camera.stream}`;

/** An archive and a recorder that are made up. Test only. */
export class FakeArchive {
  readonly segments: Laid[] = [];
  readonly recordings = new Map<string, RecordingRow>();
  readonly exports = new Map<string, ExportJob>();
  bookmarks: Bookmark[] = [];
  plans: RecordingPlan[] = [];
  recorder: RecorderState;
  /** Where the footage begins, ms since 1970. */
  readonly start: number;
  readonly #tell: (delta: Delta) => void;
  readonly #footage: readonly FootageFile[];

  constructor(footage: readonly FootageFile[], tell: (delta: Delta) => void) {
    this.#footage = footage;
    this.#tell = tell;
    this.start = Math.floor((Date.now() - 10 * minute) / 1000) * 1000;
    this.recorder = {
      folder: '/srv/convoy/recordings',
      phase: 'well',
      active: 3,
      usedBytes: 212e9,
      quotaBytes: 0,
      freeBytes: 640e9,
      bytesPerDay: 41e9,
      daysLeft: 15.6,
      oldestAt: 0,
    };
    const east = (channel: number): CameraKey => ({ vehicleId: '13912340001', channel, stream: 'main' });
    const south = (channel: number): CameraKey => ({ vehicleId: '13912340005', channel, stream: 'main' });
    for (const [camera, plate, parts] of [
      [east(1), '沪A·D7261', [0, 1, 2]],
      [east(2), '沪A·D7261', [0, 1, 2]],
      [east(3), '沪A·D7261', [0, 2]],
      [south(1), '粤B·2F983', [1, 2]],
      [south(4), '粤B·2F983', [0]],
    ] as const)
      for (const part of parts) this.#lay(camera, plate, part);
  }

  #lay(camera: CameraKey, plate: string, part: number): void {
    const footage = this.#footage[part % this.#footage.length]!;
    const from = this.start + part * footage.seconds * 1000;
    this.segments.push({
      ...camera,
      id: this.segments.length + 1,
      headerId: `0${camera.vehicleId}`,
      plate,
      from,
      to: from + footage.seconds * 1000,
      bytes: 1_000_000,
      frames: footage.seconds * 15,
      state: 'complete',
      codec: 'h264',
      width: 704,
      height: 576,
      hasAudio: false,
      isProtected: false,
      file: footage.file,
      footage,
    });
  }

  /** The file behind a segment: what the harness's server serves. */
  partOf(id: number): number {
    const row = this.segments.find(each => each.id === id);
    return row ? this.#footage.indexOf(row.footage) : -1;
  }

  whole(): Delta {
    return {
      recordings: [...this.recordings.values()],
      recorder: this.recorder,
      exports: [...this.exports.values()],
    };
  }

  fail(code: ErrorCode | undefined): void {
    const { error: _, ...well } = this.recorder;
    this.recorder = code
      ? { ...well, phase: 'failing', error: { code, message: '', since: Date.now() } }
      : { ...well, phase: 'well' };
    this.#tell({ recorder: this.recorder });
  }

  /** Undefined for a method that is none of the archive's. */
  answer(method: string, args: Record<string, never>): unknown {
    if (method === 'record.start') return this.#record(args as unknown as CameraKey);
    if (method === 'record.stop') return this.#stop(args.id as unknown as string);
    if (method === 'record.plans') return this.plans;
    if (method === 'record.setPlan') {
      const plan = args.plan as unknown as RecordingPlan;
      this.plans = [...this.plans.filter(each => each.target !== plan.target), plan];
      return this.plans;
    }
    if (method === 'record.removePlan') {
      this.plans = this.plans.filter(each => each.target !== (args.target as unknown as string));
      return this.plans;
    }
    if (method === 'archive.month') return this.#month();
    if (method === 'archive.coverage')
      return this.#coverage(args.cameras as unknown as CameraKey[], Number(args.from), Number(args.to));
    if (method === 'archive.fragments') return this.#fragments(Number(args.segment));
    if (method === 'archive.track') return this.#track(Number(args.from));
    if (method === 'bookmark.list') return this.bookmarks;
    if (method === 'bookmark.add') {
      const bookmark = { ...(args as unknown as Bookmark), id: this.bookmarks.length + 1, createdAt: Date.now() };
      this.bookmarks = [...this.bookmarks, bookmark];
      return bookmark;
    }
    if (method === 'export.start') return this.#export(args as unknown as ExportJob);
    if (method === 'export.cancel') return this.#endExport(args.id as unknown as string, 'cancelled');
    return undefined;
  }

  #record(camera: CameraKey): RecordingRow {
    const now = Date.now();
    const row: RecordingRow = {
      ...camera,
      id: key(camera),
      causes: ['manual'],
      phase: 'recording',
      startedAt: now,
      bytes: 0,
      frames: 0,
      lastFrameAt: now,
    };
    this.recordings.set(row.id, row);
    this.#tell({ recordings: [row] });
    setInterval(() => {
      const running = this.recordings.get(row.id);
      if (!running) return;
      const next = { ...running, bytes: running.bytes + 190_000, lastFrameAt: Date.now() };
      this.recordings.set(row.id, next);
      this.#tell({ recordings: [next] });
    }, 1000);
    return row;
  }

  #stop(id: string): RecordingRow {
    const row: RecordingRow = { ...this.recordings.get(id)!, phase: 'stopped' };
    this.recordings.delete(id);
    this.#tell({ recordings: [row] });
    return row;
  }

  #month() {
    const byCamera = Map.groupBy(this.segments, key);
    const day = new Date(this.start).getDate();
    const cameras = [...byCamera.values()].map(rows => {
      const { vehicleId, channel, stream, plate } = rows[0]!;
      const seconds = rows.reduce((sum, row) => sum + (row.to - row.from) / 1000, 0);
      return { vehicleId, channel, stream, plate, days: [{ day, seconds }] };
    });
    return { cameras };
  }

  #coverage(cameras: CameraKey[], from: number, to: number) {
    const lanes = cameras.map((camera): CoverageLane => {
      const segments = this.segments.filter(row => key(row) === key(camera) && row.to > from && row.from < to);
      const holes = segments.slice(1).flatMap((row, i) => {
        const before = segments[i]!.to;
        return row.from - before > 1000 ? [{ from: before, to: row.from, cause: 'loss' as const }] : [];
      });
      return { ...camera, segments: segments.map(({ footage: _, ...row }) => row), gaps: holes };
    });
    const at = this.start;
    const events = [
      { id: 1, at: at + 25_000, vehicleId: '13912340001', channel: 2, kind: 'alarm.2', level: 'warning' as const },
      { id: 2, at: at + 70_000, vehicleId: '13912340001', channel: 0, kind: 'alarm.0', level: 'error' as const },
    ];
    return { lanes, events, bookmarks: this.bookmarks };
  }

  #fragments(segment: number) {
    const row = this.segments.find(each => each.id === segment)!;
    const { initBytes, mime, fragments } = row.footage;
    return { initBytes, mime, fragments: fragments.map(each => ({ ...each, at: each.at + row.from })) };
  }

  #track(from: number) {
    return Array.from({ length: 40 }, (_, i) => ({
      at: Math.max(from, this.start) + i * 5000,
      latitude: 31.2,
      longitude: 121.4,
      speed: 50 + 20 * Math.sin(i / 5),
      direction: 90,
    }));
  }

  #export(wanted: Pick<ExportJob, 'from' | 'to' | 'cameras'>): ExportJob {
    const job: ExportJob = {
      ...wanted,
      id: String(this.exports.size + 1),
      state: 'running',
      progress: 0.35,
      secondsLeft: 12,
      folder: '/srv/convoy/exports/2026-11-23',
      files: [],
    };
    this.exports.set(job.id, job);
    this.#tell({ exports: [job] });
    return job;
  }

  #endExport(id: string, state: ExportJob['state']): ExportJob {
    const job: ExportJob = { ...this.exports.get(id)!, state };
    this.exports.set(id, job);
    this.#tell({ exports: [job] });
    return job;
  }
}
