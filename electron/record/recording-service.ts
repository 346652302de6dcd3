import { join, resolve } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Settings } from '../config.ts';
import type {
  CameraKey,
  ExportJob,
  Notice,
  RecorderState,
  RecordingRow,
  Result,
  SegmentRow,
  Vehicle,
} from '../contract.ts';
import { fail, failure } from '../errors.ts';
import type { Bystander, Subscriber, Subscription } from '../hub/subscriber.ts';
import type { DeskCalls, ExportFile, RecordMethod, SegmentFile, SegmentFilter } from '../ipc/desk.ts';
import type { RecordingBackers } from '../ipc/server-desk.ts';
import type { Log } from '../log.ts';
import type { StreamKey } from '../stream-key.ts';
import type { Tally } from '../tally.ts';
import type { ArchiveMethod } from './archive.ts';
import type { CameraRecorder } from './camera-recorder.ts';
import type { DiskFault } from './disk-guard.ts';
import { Exporter } from './exporter.ts';
import { FootageLedger } from './footage-ledger.ts';
import { ManualRecordings } from './manual-recordings.ts';
import { NumbersOnly } from './numbers-only.ts';
import { Planner } from './planner.ts';
import { Plans } from './plans.ts';
import { Recorder } from './recorder.ts';
import { diskFiles } from './recording-files.ts';
import { Rewind } from './rewind.ts';
import { roomLeft } from './room.ts';
import { Shelf } from './shelf.ts';
import { heldSpans, type Span } from './storage/spans.ts';

const stateMs = 2000;
const hourMs = 3_600_000;
const stopWithinMs = 3000;

export interface RecordingServiceParts {
  readonly hub: { subscribe(key: StreamKey, subscriber: Subscriber): Subscription };
  /** By id in any spelling. */
  vehicle(id: string): Vehicle | undefined;
  vehicles(): Vehicle[];
  readonly settings: Settings;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  notice(level: Notice['level'], text: string, params: Notice['params']): void;
  recordingChanged(row: RecordingRow): void;
  recorderChanged(state: RecorderState): void;
  exportChanged(job: ExportJob): void;
}

/**
 * Recording, the archive and exports as the desk sees them: puts the recorder, the catalogue and what keeps house in the
 * folder together. Without a catalogue cameras are still recorded; only looking back is refused.
 */
export class RecordingService implements RecordingBackers {
  readonly calls: Pick<DeskCalls, RecordMethod>;
  readonly folder: string;
  readonly #parts: RecordingServiceParts;
  readonly #recorder: Recorder;
  readonly #exporter: Exporter;
  readonly #plans: Plans;
  readonly #planner: Planner;
  readonly #manual: ManualRecordings;
  readonly #rewind: Rewind;
  readonly #shelf: Shelf | undefined;
  readonly #shelfFault: string = '';
  readonly #cancel: (() => void)[] = [];
  readonly #phases = new Map<string, RecordingRow['phase']>();
  /** Recordings of which it was said that they have no sound. */
  readonly #silent = new Set<string>();
  #state: RecorderState;
  #diskFault: DiskFault | undefined;

  constructor(parts: RecordingServiceParts) {
    this.#parts = parts;
    const { clock, tally, log, settings, dataDir } = parts;
    this.folder = resolve(settings.recordFolder || join(dataDir, 'recordings'));
    this.#manual = new ManualRecordings({
      ...{ dataDir, tally, log },
      now: () => clock.now(),
      hold: camera => this.#recorder.hold(camera, 'manual').ok,
      rested: (camera, from) =>
        this.#shelf?.catalogue.gap(camera, { from, to: Math.max(from, clock.now()), cause: 'stopped' }),
    });
    this.#rewind = new Rewind({ clock, tally, settings });
    try {
      this.#shelf = new Shelf({
        folder: this.folder,
        ...{ dataDir, settings, clock, tally, log },
        notice: parts.notice,
      });
    } catch (thrown) {
      this.#shelfFault = (failure(thrown) as { message: string }).message;
      tally.add('catalogue.unavailable');
      log.error({ error: this.#shelfFault }, 'no catalogue: recordings are written, and cannot be looked at');
    }
    const { folder } = this;
    this.#recorder = new Recorder({
      folder,
      files: diskFiles,
      ledger: this.#shelf?.catalogue ?? new NumbersOnly(clock),
      hub: parts.hub,
      vehicle: id => parts.vehicle(id),
      ...{ settings, clock, tally, log },
      changed: row => this.#recordingChanged(row),
      faultChanged: fault => this.#faultChanged(fault),
    });
    this.#exporter = new Exporter({
      ...{ clock, tally, log, settings },
      source: {
        footage: (camera, from, to) => this.#shelf?.archive.footage(camera, from, to) ?? [],
        gaps: (camera, from, to) => this.#shelf?.archive.gaps(camera, from, to) ?? [],
        track: (vehicleId, from, to) => this.#shelf?.archive.track(vehicleId, from, to) ?? [],
      },
      recordings: () => folder,
      folder: () => resolve(settings.exportFolder || join(dataDir, 'exports')),
      changed: job => parts.exportChanged(job),
    });
    this.#plans = new Plans({
      ...{ dataDir, tally, settings },
      now: () => clock.now(),
      changed: () => this.#planner.apply(),
    });
    this.#planner = new Planner({
      ...{ clock, settings },
      plans: this.#plans,
      control: {
        want: (camera, cause, preSeconds) =>
          this.#recorder.hold(camera, cause, preSeconds > 0 ? clock.now() - preSeconds * 1000 : undefined),
        unwant: (camera, cause) => this.#recorder.release(camera, cause),
        arm: camera => this.#recorder.arm(camera),
        disarm: camera => this.#recorder.disarm(camera),
      },
      vehicles: () => parts.vehicles(),
    });
    this.#state = this.#measure();
    this.calls = { ...this.#recordCalls(), ...this.#archiveCalls() };
  }

  /** Makes the folder, closes what a crash left open, and begins to keep house. Never rejects. */
  async open(): Promise<void> {
    const { clock, notice } = this.#parts;
    await this.#recorder.open();
    if (this.#shelfFault) notice('error', 'catalogueUnavailable', { reason: this.#shelfFault });
    await this.#shelf?.open();
    this.#cancel.push(clock.every(stateMs, () => this.#tellState()));
    await this.#openPlans();
    const resumed = await this.#manual.resume();
    await this.#keepManual();
    if (resumed > 0) notice('info', 'recordingsGoOn', { count: resumed });
    this.#tellState();
  }

  /** Finishes what is written. Never rejects. */
  async close(): Promise<void> {
    for (const cancel of this.#cancel.splice(0)) cancel();
    await this.#keepManual(this.#parts.clock.now());
    this.#planner.close();
    this.#rewind.close();
    await Promise.all([this.#recorder.close(), this.#exporter.close(), this.#shelf?.rest()]);
    this.#shelf?.close();
  }

  vehicleChanged(id: string): void {
    const vehicle = this.#parts.vehicle(id);
    if (!vehicle) return;
    this.#shelf?.journey.vehicleChanged(vehicle);
    this.#planner.vehicleChanged(vehicle);
    this.#manual.vehicleChanged(id);
  }

  vehicleRemoved(id: string): void {
    this.#planner.vehicleRemoved(id);
    this.#recorder.forget(id);
    this.#shelf?.journey.vehicleRemoved(id);
    this.#manual.vehicleRemoved(id);
    void this.#keepManual();
  }

  get hasCatalogue(): boolean {
    return this.#shelf !== undefined;
  }

  /** What recordings hold of a camera, as far as there is a catalogue to tell. */
  held(camera: CameraKey, within: Span): Span[] {
    return this.#shelf ? heldSpans(this.#shelf.archive.coverage.lane(camera, within.from, within.to), within) : [];
  }

  /** Writes footage of a known vehicle that is no live stream. @param clock tells the footage's own time */
  footageWriter(camera: CameraKey, clock: Clock): CameraRecorder {
    const shelf = this.#shelf;
    const ledger = new FootageLedger({
      ledger: shelf?.catalogue ?? new NumbersOnly(this.#parts.clock),
      filled: (filled, from, to) => shelf?.gapFiller.fill(filled, from, to),
    });
    return this.#recorder.footageWriter(camera, clock, ledger);
  }

  rows(): RecordingRow[] {
    return this.#recorder.rows();
  }

  state(): RecorderState {
    return this.#state;
  }

  exports(): ExportJob[] {
    return this.#exporter.list();
  }

  exportFile(id: string, name: string): Promise<Result<ExportFile>> {
    return this.#exporter.file(id, name);
  }

  segments(filter: SegmentFilter): Result<SegmentRow[]> {
    return this.#shelf ? { ok: true, value: this.#shelf.archive.segments(filter) } : this.#noCatalogue();
  }

  async segmentFile(id: number): Promise<Result<SegmentFile>> {
    const reel = await this.#rewind.file(id);
    return reel ?? (this.#shelf ? this.#shelf.archive.segmentFile(id) : this.#noCatalogue());
  }

  /** The catalogue, and what vehicles did; undefined where there can be none. */
  get shelf(): Pick<Shelf, 'catalogue' | 'journey'> | undefined {
    return this.#shelf;
  }

  /** Why there is no catalogue. */
  get shelfFault(): string {
    return this.#shelfFault;
  }

  /** Who keeps what passes a feed for looking back. */
  beside(key: StreamKey): Bystander {
    return this.#rewind.beside(key);
  }

  watch(key: StreamKey): () => void {
    return this.#rewind.watch(key);
  }

  #keepManual(stoppedAt: number | null = null): Promise<void> {
    const running = this.#recorder.rows().filter(({ causes }) => causes.includes('manual'));
    return this.#manual.save(running, stoppedAt);
  }

  async #openPlans(): Promise<void> {
    const { notice, log } = this.#parts;
    try {
      const setAside = await this.#plans.open();
      if (setAside) notice('warning', 'storeDamaged', { file: setAside });
    } catch (thrown) {
      log.error({ error: String(thrown) }, 'the recording plans cannot be read');
      notice('error', 'plansUnreadable', { reason: String(thrown) });
    }
    this.#planner.apply();
  }

  #recordCalls(): Pick<DeskCalls, Exclude<RecordMethod, ArchiveMethod>> {
    return {
      'record.start': camera => this.#start(camera),
      'record.stop': ({ id }) => this.#stop(id),
      'record.list': () => ({ ok: true, value: this.rows() }),
      'record.plans': () => ({ ok: true, value: this.#plans.list() }),
      'record.setPlan': ({ plan }) => this.#plans.set(plan),
      'record.removePlan': ({ target }) => this.#plans.remove(target),
      'rewind.coverage': camera => ({ ok: true, value: this.#rewind.coverage(camera) }),
      'recorder.state': () => ({ ok: true, value: this.#measure() }),
      'export.start': args => (this.#shelf ? this.#exporter.start(args) : this.#noCatalogue()),
      'export.cancel': ({ id }) => this.#exporter.cancel(id),
      'export.list': () => ({ ok: true, value: this.exports() }),
    };
  }

  #archiveCalls(): Pick<DeskCalls, ArchiveMethod> {
    const refuse = () => this.#noCatalogue();
    const calls = this.#shelf?.archive.calls ?? {
      'archive.month': refuse,
      'archive.coverage': refuse,
      'archive.fragments': refuse,
      'archive.track': refuse,
      'bookmark.add': refuse,
      'bookmark.update': refuse,
      'bookmark.remove': refuse,
      'bookmark.list': refuse,
    };
    const ofDisk = calls['archive.fragments'];
    return {
      ...calls,
      'archive.fragments': async args => (await this.#rewind.fragments(args.segment)) ?? ofDisk(args),
    };
  }

  #noCatalogue(): { ok: false; code: 'catalogueUnavailable'; message: string } {
    return { ok: false, code: 'catalogueUnavailable', message: this.#shelfFault };
  }

  #start({ vehicleId, channel, stream }: CameraKey): Result<RecordingRow> {
    const vehicle = this.#parts.vehicle(vehicleId);
    if (!vehicle) return fail('unknownTerminal', vehicleId);
    if (vehicle.state === 'pending') return fail('terminalPending', vehicle.plate || vehicle.id);
    if (!(Number.isInteger(channel) && channel >= 1 && channel <= 255)) return fail('unknownChannel', String(channel));
    if (vehicle.channels.some(each => each.channel === channel && each.soundOnly))
      return fail('soundOnly', String(channel));
    const held = this.#recorder.hold({ vehicleId: vehicle.id, channel, stream }, 'manual');
    if (held.ok) void this.#keepManual();
    return held;
  }

  /** Waits for the file to be finished, so that whoever ended it can fetch it; on a disk that hangs, not for ever. */
  async #stop(id: string): Promise<Result<RecordingRow>> {
    const stopped = this.#recorder.stop(id);
    if (stopped.ok) void this.#keepManual();
    if (!stopped.ok || stopped.value.phase !== 'stopped') return stopped;
    await Promise.race([
      this.#recorder.settled(),
      new Promise<void>(late => this.#parts.clock.after(stopWithinMs, late)),
    ]);
    return stopped;
  }

  #recordingChanged(row: RecordingRow): void {
    const before = this.#phases.get(row.id);
    if (row.phase === 'stopped') this.#phases.delete(row.id);
    else this.#phases.set(row.id, row.phase);
    this.#soundOf(row);
    if (row.phase === 'failing' && before !== 'failing')
      this.#shelf?.journey.add({
        at: this.#parts.clock.now(),
        vehicleId: row.vehicleId,
        channel: row.channel,
        kind: 'recordingFailed',
        level: 'error',
      });
    this.#parts.recordingChanged(row);
  }

  /** Once for each recording: a codec that nothing here decodes, or too many that are encoded at once. */
  #soundOf({ id, phase, vehicleId, channel, sound }: RecordingRow): void {
    if (phase === 'stopped') this.#silent.delete(id);
    else if (sound && !sound.isKept && !this.#silent.has(id)) {
      this.#silent.add(id);
      const vehicle = this.#parts.vehicle(vehicleId)?.plate || vehicleId;
      this.#parts.notice('warning', 'soundNotKept', { vehicle, channel, codec: sound.codec });
    }
  }

  #faultChanged(fault: DiskFault | undefined): void {
    const { notice, log } = this.#parts;
    const before = this.#diskFault;
    this.#diskFault = fault;
    if (fault) {
      log.error({ ...fault, folder: this.folder }, 'recordings do not reach the disk');
      notice('error', 'recordingFailed', { code: fault.code, folder: this.folder });
      if (fault.code === 'diskFull') void this.#shelf?.sweep();
    } else if (before) {
      log.info({ folder: this.folder }, 'recordings reach the disk again');
      notice('info', 'recordingResumed', { folder: this.folder });
    }
    this.#tellState();
  }

  #tellState(): void {
    const state = this.#measure();
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    this.#parts.recorderChanged(state);
  }

  #measure(): RecorderState {
    const { clock, settings } = this.#parts;
    const now = clock.now();
    const fault = this.#recorder.fault;
    const { archive, catalogue } = this.#shelf ?? {};
    const written = archive?.coverage.writtenSince(now - hourMs) ?? { bytes: 0, first: 0 };
    const oldestAt = archive?.coverage.oldestAt() ?? 0;
    const usedBytes = catalogue?.usedBytes ?? 0;
    const { freeBytes } = this.#recorder;
    return {
      folder: this.folder,
      phase: fault ? 'failing' : 'well',
      ...(fault && { error: { code: fault.code, message: fault.message, since: fault.since } }),
      active: this.#recorder.rows().length,
      usedBytes,
      freeBytes,
      oldestAt,
      ...roomLeft({ ...{ now, written, oldestAt, usedBytes, freeBytes }, settings }),
    };
  }
}
