import type { Clock } from '../../clock.ts';
import { normaliseTerminalId } from '../../codec/terminal-id.ts';
import { TraceDamaged } from '../../codec/trace/trace-unit.ts';
import type { Settings } from '../../config.ts';
import type { Result, Rpc, TraceFormat, TraceRow, Vehicle } from '../../contract.ts';
import { fail } from '../../errors.ts';
import type { DeskCalls, ServiceMethod, TraceFile } from '../../ipc/desk.ts';
import type { Log } from '../../log.ts';
import type { Tally } from '../../tally.ts';
import { diskError, diskFiles } from '../recording-files.ts';
import { TraceRecording } from './trace-recording.ts';
import { exportName, TraceShelf } from './trace-shelf.ts';
import type { TraceTap } from './trace-tap.ts';

const tickMs = 1000;

export interface TraceServiceParts {
  /** The traces folder. */
  readonly folder: string;
  readonly tap: TraceTap;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  vehicle(id: string): Vehicle | undefined;
  changed(row: TraceRow): void;
}

/** Records what single vehicles and we say to each other, and gives it away. */
export class TraceService {
  readonly calls: Pick<DeskCalls, Extract<ServiceMethod, `trace.${string}`>>;
  readonly #parts: TraceServiceParts;
  readonly #shelf: TraceShelf;
  readonly #rows = new Map<string, TraceRow>();
  /** By vehicle. */
  readonly #running = new Map<string, TraceRecording>();
  /** Starts and ends follow each other. */
  #turn: Promise<unknown> = Promise.resolve();
  #told = new Map<string, number>();
  #stopTicking: () => void = () => undefined;
  /** Traces that are over and not on disk to their end. */
  readonly #closing = new Map<string, Promise<void>>();
  #isClosed = false;
  #lastId = '';

  constructor(parts: TraceServiceParts) {
    this.#parts = parts;
    this.#shelf = new TraceShelf(parts.folder);
    this.calls = {
      'trace.start': ({ vehicleId }) => this.#inTurn(() => this.#start(vehicleId)),
      'trace.stop': ({ vehicleId }) => this.#inTurn(() => this.#stop(vehicleId)),
      'trace.list': ({ vehicleId }) => ({ ok: true, value: this.#list(vehicleId) }),
      'trace.export': args => this.#export(args),
      'trace.remove': args => this.#inTurn(() => this.#remove(args)),
    };
  }

  /** Never rejects. */
  async open(): Promise<void> {
    const { clock, log, tally } = this.#parts;
    try {
      for (const row of await this.#shelf.open(clock.now())) this.#rows.set(row.id, row);
    } catch (thrown) {
      tally.add('trace.folderFailed');
      log.warn({ error: String(thrown) }, 'the traces folder cannot be read');
    }
    this.#stopTicking = clock.every(tickMs, () => this.#tick());
  }

  /** Never rejects. */
  async close(): Promise<void> {
    this.#stopTicking();
    this.#isClosed = true;
    await this.#inTurn(() => Promise.all([...this.#running.values()].map(each => this.#end(each, 'shutdown'))));
  }

  rows(): TraceRow[] {
    return [...this.#rows.values()].map(row => ({ ...row }));
  }

  vehicleRemoved(id: string): void {
    const running = this.#running.get(id);
    if (running) void this.#inTurn(() => this.#end(running, 'forgotten'));
  }

  /** The file that `trace.export` spoke of; made when it is not there. */
  async file(id: string, format: TraceFormat, blank: boolean): Promise<Result<TraceFile>> {
    const row = this.#rows.get(id);
    if (!row) return fail('unknownTrace', id);
    const running = this.#running.get(row.vehicleId);
    const isGrowing = running?.row.id === id;
    try {
      if (isGrowing) await running?.flush();
      await this.#closing.get(id);
      const { path, bytes } = await this.#shelf.export(id, format, blank, isGrowing);
      return { ok: true, value: { path, bytes, name: `trace-${exportName(id, format, blank)}` } };
    } catch (thrown) {
      this.#parts.tally.add('trace.exportFailed');
      if (thrown instanceof TraceDamaged) return fail('storeDamaged', thrown.message);
      const { code, message } = diskError(thrown);
      return { ok: false, code, message };
    }
  }

  async #start(wanted: string): Promise<Result<TraceRow>> {
    const { settings, clock, tally, vehicle } = this.#parts;
    const known = vehicle(wanted);
    if (!known) return fail('unknownTerminal', wanted);
    if (this.#isClosed) return fail('shuttingDown');
    const present = this.#running.get(known.id);
    if (present) return { ok: true, value: { ...present.row } };
    if (!(await this.#makeRoom())) return fail('tooManyTraces', `${settings.maxTraces} run`);
    const startedAt = clock.now();
    const row: TraceRow = {
      ...{ id: this.#newId(startedAt), vehicleId: known.id, plate: known.plate, phase: 'running' },
      ...{ startedAt, endedAt: 0, endsAt: startedAt + settings.traceMinutes * 60_000 },
      ...{ bytes: 0, maxBytes: settings.traceMb * 1_000_000, connections: 0 },
      ...{ messagesIn: 0, messagesOut: 0, packetsIn: 0, packetsOut: 0, junk: 0 },
    };
    try {
      await diskFiles.makeFolder(this.#shelf.folder);
      const file = await diskFiles.create(this.#shelf.path(row.id));
      const recording: TraceRecording = new TraceRecording({
        ...{ row, file, clock, tally, queueBytes: settings.recordQueueBytes },
        full: why => void this.#end(recording, why),
      });
      this.#rows.set(row.id, row);
      this.#running.set(known.id, recording);
      this.#parts.tap.set(known.id, recording);
      await this.#shelf.keep(row);
    } catch (thrown) {
      const running = this.#running.get(known.id);
      if (running) await this.#end(running, 'disk');
      const { code, message } = diskError(thrown);
      return { ok: false, code, message };
    }
    this.#tell(row);
    return { ok: true, value: { ...row } };
  }

  async #stop(wanted: string): Promise<Result<TraceRow>> {
    const id = this.#parts.vehicle(wanted)?.id ?? normaliseTerminalId(wanted);
    const running = this.#running.get(id);
    if (!running) return fail('unknownTrace', `none runs of ${wanted}`);
    await this.#end(running, 'operator');
    return { ok: true, value: { ...running.row } };
  }

  #list(wanted: string | undefined): TraceRow[] {
    if (wanted === undefined) return this.rows();
    const id = normaliseTerminalId(wanted);
    return this.rows().filter(row => row.vehicleId === id);
  }

  async #export({
    id,
    vehicleId,
    format,
    blank,
  }: Rpc['trace.export']['args']): Promise<Result<Rpc['trace.export']['value']>> {
    if (!this.#isOf(id, vehicleId)) return fail('unknownTrace', id);
    const made = await this.file(id, format, blank);
    if (!made.ok) return made;
    const { name, bytes } = made.value;
    return { ok: true, value: { url: `traces/${exportName(id, format, blank)}`, name, bytes } };
  }

  async #remove({ id, vehicleId }: Rpc['trace.remove']['args']): Promise<Result<null>> {
    const row = this.#rows.get(id);
    if (!row || !this.#isOf(id, vehicleId)) return fail('unknownTrace', id);
    const running = this.#running.get(row.vehicleId);
    if (running?.row.id === id) await this.#end(running, 'operator');
    return this.#delete(row);
  }

  async #delete(row: TraceRow): Promise<Result<null>> {
    try {
      await this.#shelf.remove(row.id);
    } catch (thrown) {
      const { code, message } = diskError(thrown);
      return { ok: false, code, message };
    }
    this.#rows.delete(row.id);
    this.#told.delete(row.id);
    this.#parts.changed({ ...row, ended: true });
    return { ok: true, value: null };
  }

  /** The oldest that is over goes; false when all run. */
  async #makeRoom(): Promise<boolean> {
    while (this.#rows.size >= this.#parts.settings.maxTraces) {
      const oldest = [...this.#rows.values()].find(row => row.phase === 'done');
      if (!oldest || !(await this.#delete(oldest)).ok) return false;
    }
    return true;
  }

  async #end(recording: TraceRecording, why: NonNullable<TraceRow['endedBy']>): Promise<void> {
    const { row } = recording;
    if (this.#running.get(row.vehicleId) !== recording) return;
    this.#running.delete(row.vehicleId);
    this.#parts.tap.set(row.vehicleId, undefined);
    Object.assign(row, { phase: 'done', endedBy: why, endedAt: this.#parts.clock.now() });
    const closing = recording.end();
    this.#closing.set(row.id, closing);
    await closing;
    this.#closing.delete(row.id);
    await this.#shelf.keep(row).catch(() => this.#parts.tally.add('trace.writeFailed'));
    this.#parts.log.info({ trace: row.id, why, bytes: row.bytes }, 'trace ended');
    this.#tell(row);
  }

  #tick(): void {
    const now = this.#parts.clock.now();
    for (const recording of this.#running.values()) {
      const { row } = recording;
      void recording.flush();
      if (now >= row.endsAt) void this.#end(recording, 'time');
      else if (this.#told.get(row.id) !== row.bytes) this.#tell(row);
    }
  }

  #tell(row: TraceRow): void {
    this.#told.set(row.id, row.bytes);
    this.#parts.changed({ ...row });
  }

  #isOf(id: string, vehicleId: string | undefined): boolean {
    const row = this.#rows.get(id);
    return row !== undefined && (vehicleId === undefined || normaliseTerminalId(vehicleId) === row.vehicleId);
  }

  /** `20261123-030405-1`: when, and which of that second. One is never given twice, not after its trace was removed either. */
  #newId(at: number): string {
    const stamp = new Date(at).toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
    let number = this.#lastId.startsWith(stamp) ? Number(this.#lastId.slice(stamp.length + 1)) : 0;
    do number++;
    while (this.#rows.has(`${stamp}-${number}`));
    this.#lastId = `${stamp}-${number}`;
    return this.#lastId;
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(run);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
