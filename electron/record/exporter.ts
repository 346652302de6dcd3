import { randomUUID } from 'node:crypto';
import { lstat, mkdir, rm, rmdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { CameraKey, CoverageGap, ErrorCode, ExportJob, Result, TrackPoint } from '../contract.ts';
import { ConvoyError, fail, failure } from '../errors.ts';
import { exportUrl } from '../export-response.ts';
import type { ExportFile } from '../ipc/desk.ts';
import type { Log } from '../log.ts';
import type { Tally } from '../tally.ts';
import { CameraExport, type ExportedVideo } from './camera-export.ts';
import { type HashedFile, hashFile, writeManifest } from './export-manifest.ts';
import { cutPieces, type Footage, type FootagePiece } from './footage-piece.ts';
import { diskError } from './recording-files.ts';
import { timeName } from './segment-name.ts';

/** What the catalogue tells of one camera. */
export interface ExportSource {
  /** Segments that overlap the stretch, oldest first, with all their fragments. */
  footage(camera: CameraKey, from: number, to: number): Footage[] | Promise<Footage[]>;
  gaps(camera: CameraKey, from: number, to: number): CoverageGap[] | Promise<CoverageGap[]>;
  track(vehicleId: string, from: number, to: number): TrackPoint[] | Promise<TrackPoint[]>;
}

export interface ExporterParts {
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  readonly settings: { readonly maxExports: number };
  readonly source: ExportSource;
  /** The recordings folder. */
  recordings(): string;
  /** Where exports go unless told otherwise; each gets a folder of its own in it. */
  folder(): string;
  changed(job: ExportJob): void;
}

export interface ExportArgs {
  readonly from: number;
  readonly to: number;
  readonly cameras: readonly CameraKey[];
  /** Absolute. */
  readonly folder?: string | undefined;
}

interface Running {
  job: ExportJob;
  readonly parent: string;
  readonly abort: AbortController;
  readonly created: string[];
  /** Its own folder, once that is made. */
  folder: string;
}

/** Consoles hear of progress this often. */
const progressMs = 250;
/** Hashing reads what copying wrote; on the machines measured it takes a tenth of the time per byte. */
const hashShare = 0.1;
const keptJobs = 50;

/** Exports, one after the other, as plain MP4 files with sidecars and a manifest (docs/recording.md). */
export class Exporter {
  readonly #parts: ExporterParts;
  readonly #jobs = new Map<string, Running>();
  #worker: Promise<void> | undefined;
  #isClosed = false;

  constructor(parts: ExporterParts) {
    this.#parts = parts;
  }

  start({ from, to, cameras, folder }: ExportArgs): Result<ExportJob> {
    if (this.#isClosed) return fail('shuttingDown');
    if (!(to > from) || cameras.length === 0)
      return fail('badRequest', 'an export needs a stretch of time and a camera');
    if (folder !== undefined && !isAbsolute(folder)) return fail('badRequest', 'the folder must be an absolute path');
    const waiting = [...this.#jobs.values()].filter(({ job }) => job.state === 'waiting').length;
    if (waiting >= this.#parts.settings.maxExports) {
      this.#parts.tally.add('export.tooMany');
      return fail('badRequest', `${waiting} exports wait already`);
    }
    const job: ExportJob = {
      id: randomUUID(),
      state: 'waiting',
      from,
      to,
      cameras: cameras.map(camera => ({ ...camera })),
      progress: 0,
      secondsLeft: null,
      folder: '',
      files: [],
    };
    this.#jobs.set(job.id, {
      job,
      parent: folder ?? this.#parts.folder(),
      abort: new AbortController(),
      created: [],
      folder: '',
    });
    this.#forgetOld();
    this.#parts.changed(job);
    this.#worker ??= this.#work().finally(() => {
      this.#worker = undefined;
    });
    return { ok: true, value: job };
  }

  /** Removes what the export has written so far. A finished one stays as it is. */
  cancel(id: string): Result<ExportJob> {
    const running = this.#jobs.get(id);
    if (!running) return fail('badRequest', `no export ${id}`);
    if (running.job.state === 'waiting' || running.job.state === 'running') {
      running.abort.abort(new ConvoyError('exportCancelled'));
      this.#change(running, { state: 'cancelled', secondsLeft: null });
    }
    return { ok: true, value: running.job };
  }

  /** Oldest first. */
  list(): ExportJob[] {
    return [...this.#jobs.values()].map(({ job }) => job);
  }

  /** A file that a finished job lists, by its very name. Links are not followed. */
  async file(id: string, name: string): Promise<Result<ExportFile>> {
    const job = this.#jobs.get(id)?.job;
    const listed = job?.files.find(file => file.name === name);
    if (!job || !listed) return fail('unknownExport', id);
    const path = join(job.folder, listed.name);
    const stat = await lstat(path).catch(() => undefined);
    if (!stat?.isFile()) return fail('unknownExport', listed.name);
    return { ok: true, value: { path, bytes: stat.size, name: listed.name } };
  }

  /** Cancels what has not ended and waits until its files are gone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { job } of this.#jobs.values()) this.cancel(job.id);
    await this.#worker;
  }

  async #work(): Promise<void> {
    await Promise.resolve();
    for (;;) {
      const next = [...this.#jobs.values()].find(({ job }) => job.state === 'waiting');
      if (!next) return;
      await this.#run(next);
    }
  }

  async #run(running: Running): Promise<void> {
    this.#change(running, { state: 'running' });
    try {
      const files = await this.#export(running);
      if (!running.abort.signal.aborted)
        this.#change(running, { state: 'done', progress: 1, secondsLeft: null, files });
    } catch (thrown) {
      await this.#remove(running);
      if (running.abort.signal.aborted) return;
      const error = reasonOf(thrown);
      this.#parts.tally.add('export.failed');
      this.#parts.log.error({ export: running.job.id, code: error.code, error: error.message }, 'export failed');
      this.#change(running, { state: 'failed', secondsLeft: null, error });
    }
  }

  async #export(running: Running): Promise<ExportJob['files']> {
    const { source, clock } = this.#parts;
    const { job, abort, created } = running;
    const { from, to } = job;
    const { signal } = abort;
    const plans: { camera: CameraKey; pieces: FootagePiece[]; track: TrackPoint[]; gaps: CoverageGap[] }[] = [];
    for (const camera of job.cameras)
      plans.push({
        camera,
        pieces: cutPieces(await source.footage(camera, from, to), from, to),
        track: await source.track(camera.vehicleId, from - 60_000, to),
        gaps: await source.gaps(camera, from, to),
      });
    const total = plans.flatMap(({ pieces }) => pieces).reduce((sum, { bytes }) => sum + bytes, 0);
    if (total === 0) throw new ConvoyError('noFootage');
    signal.throwIfAborted();
    const folder = await makeFolder(running.parent, `${timeName(from)}_${timeName(to)}`);
    running.folder = folder;
    this.#change(running, { folder });

    const advance = this.#meter(running, total);
    const videos: ExportedVideo[] = [];
    const unreadable: string[] = [];
    for (const { camera, pieces, track } of plans) {
      const work = new CameraExport({
        camera,
        pieces,
        track,
        recordings: this.#parts.recordings(),
        folder,
        signal,
        created: name => created.push(name),
        copied: bytes => advance(bytes),
        unreadable: (file, error) => {
          unreadable.push(file);
          this.#parts.tally.add('export.unreadable');
          this.#parts.log.warn({ file, error: String(error) }, 'recorded file not readable');
        },
      });
      await work.run();
      videos.push(...work.videos);
    }
    if (videos.length === 0) throw new ConvoyError('noFootage', unreadable.join(', '));
    const files: HashedFile[] = [];
    for (const name of created.filter(made => !made.endsWith('_unfinished.mp4')))
      files.push(await hashFile(folder, name, signal, bytes => advance(bytes * hashShare)));
    created.push('manifest.json', 'SHA256SUMS');
    const gaps = plans.map(({ camera, gaps: found }) => ({ camera, gaps: found }));
    const lists = await writeManifest(folder, { from, to, createdAt: clock.now(), videos, gaps, unreadable }, files);
    signal.throwIfAborted();
    return [...files, ...lists].map(file => ({ ...file, url: exportUrl({ id: job.id, name: file.name }) }));
  }

  /** Progress by bytes, told at most every `progressMs`. */
  #meter(running: Running, total: number): (bytes: number) => void {
    const { clock } = this.#parts;
    const begun = clock.monotonic();
    let done = 0;
    let told = begun;
    return bytes => {
      done += bytes;
      const now = clock.monotonic();
      if (now - told < progressMs) return;
      told = now;
      const progress = Math.min(0.99, done / (total * (1 + hashShare)));
      const secondsLeft = progress > 0.01 ? Math.ceil(((now - begun) / 1000) * (1 / progress - 1)) : null;
      this.#change(running, { progress, secondsLeft });
    };
  }

  async #remove({ folder, created }: Running): Promise<void> {
    if (!folder) return;
    for (const name of created) await rm(join(folder, name), { force: true }).catch(() => undefined);
    await rmdir(folder).catch(() => undefined);
  }

  #change(running: Running, change: Partial<ExportJob>): void {
    if (running.job.state === 'cancelled') return;
    running.job = { ...running.job, ...change };
    this.#parts.changed(running.job);
  }

  #forgetOld(): void {
    const ended = [...this.#jobs.values()].filter(({ job }) => job.state !== 'waiting' && job.state !== 'running');
    for (const { job } of ended.slice(0, Math.max(0, ended.length - keptJobs))) this.#jobs.delete(job.id);
  }
}

/** @throws the file system's error */
async function makeFolder(parent: string, name: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  for (let number = 1; ; number++) {
    const folder = join(parent, number === 1 ? name : `${name}_${number}`);
    try {
      await mkdir(folder);
      return folder;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    }
  }
}

function reasonOf(thrown: unknown): { code: ErrorCode; message: string } {
  const isOfDisk = typeof (thrown as NodeJS.ErrnoException | undefined)?.code === 'string';
  const { code, message } = failure(isOfDisk ? diskError(thrown) : thrown) as { code: ErrorCode; message: string };
  return { code, message };
}
