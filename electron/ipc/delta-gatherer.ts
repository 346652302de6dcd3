import type { Clock } from '../clock.ts';
import type {
  Delta,
  ExportJob,
  Health,
  Notice,
  RecorderState,
  RecordingRow,
  ServiceChanges,
  ServiceKind,
  ServiceRows,
  StreamRow,
  Vehicle,
} from '../contract.ts';
import type { Tally } from '../tally.ts';
import type { Desk, DeskWatcher } from './desk.ts';

/** Notices kept for a console that does not take them; older ones go. */
const maxNotices = 200;

/** Vehicles in one delta, about 0.5 kB each: what a browser's socket takes at once without being held for slow. */
const maxVehicles = 1000;

export interface DeltaGathererParts {
  readonly desk: Desk;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly settings: { readonly deltaMs: number };
  /** False while the console does not keep up: nothing is sent, changes go on being gathered. */
  ready(): boolean;
  send(delta: Delta): void;
}

/**
 * Gathers what changed and tells it every `deltaMs`. The first delta carries everything; of a very large fleet the first
 * `maxVehicles`, and the ones after it carry the rest. Memory is that of the state itself.
 */
export class DeltaGatherer implements DeskWatcher {
  readonly #parts: DeltaGathererParts;
  readonly #unwatch: () => void;
  readonly #vehicles = new Set<string>();
  readonly #removed = new Set<string>();
  readonly #streams = new Map<string, StreamRow>();
  readonly #recordings = new Map<string, RecordingRow>();
  readonly #exports = new Map<string, ExportJob>();
  readonly #services = new Map<ServiceKind, Map<string, ServiceRows[ServiceKind]>>();
  #recorder: RecorderState | undefined;
  #health: Health | undefined;
  #notices: Notice[] = [];
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(parts: DeltaGathererParts) {
    this.#parts = parts;
    this.#unwatch = parts.desk.watch(this);
    const { vehicles, ...rest } = parts.desk.snapshot();
    parts.send({ ...rest, vehicles: vehicles.slice(0, maxVehicles) });
    for (const { id } of vehicles.slice(maxVehicles)) this.vehicle(id);
  }

  vehicle(id: string): void {
    this.#vehicles.add(id);
    this.#removed.delete(id);
    this.#later();
  }

  vehicleRemoved(id: string): void {
    this.#removed.add(id);
    this.#vehicles.delete(id);
    this.#later();
  }

  stream(row: StreamRow): void {
    this.#streams.set(`${row.vehicleId}_${row.channel}_${row.stream}`, row);
    this.#later();
  }

  health(health: Health): void {
    this.#health = health;
    this.#later();
  }

  notice(notice: Notice): void {
    if (this.#notices.length >= maxNotices) {
      this.#notices.shift();
      this.#parts.tally.add('ipc.noticeDropped');
    }
    this.#notices.push(notice);
    this.#later();
  }

  recording(row: RecordingRow): void {
    this.#recordings.set(row.id, row);
    this.#later();
  }

  recorder(state: RecorderState): void {
    this.#recorder = state;
    this.#later();
  }

  exportJob(job: ExportJob): void {
    this.#exports.set(job.id, job);
    this.#later();
  }

  service<Kind extends ServiceKind>(kind: Kind, row: ServiceRows[Kind]): void {
    let rows = this.#services.get(kind);
    if (!rows) {
      rows = new Map();
      this.#services.set(kind, rows);
    }
    rows.set(row.id, row);
    this.#later();
  }

  close(): void {
    this.#closed = true;
    this.#unwatch();
    this.#cancel?.();
  }

  #later(): void {
    if (this.#closed || this.#cancel) return;
    this.#cancel = this.#parts.clock.after(this.#parts.settings.deltaMs, () => this.#tell());
  }

  #tell(): void {
    this.#cancel = undefined;
    if (!this.#parts.ready()) {
      this.#later();
      return;
    }
    const delta: Delta = {};
    const vehicles = this.#takeVehicles();
    if (vehicles.length > 0) delta.vehicles = vehicles;
    if (this.#removed.size > 0) delta.removed = [...this.#removed];
    if (this.#streams.size > 0) delta.streams = [...this.#streams.values()];
    if (this.#health) delta.health = this.#health;
    if (this.#notices.length > 0) delta.notices = this.#notices;
    if (this.#recordings.size > 0) delta.recordings = [...this.#recordings.values()];
    if (this.#recorder) delta.recorder = this.#recorder;
    if (this.#exports.size > 0) delta.exports = [...this.#exports.values()];
    if (this.#services.size > 0) delta.services = this.#takeServices();
    this.#recordings.clear();
    this.#exports.clear();
    this.#recorder = undefined;
    this.#removed.clear();
    this.#streams.clear();
    this.#health = undefined;
    this.#notices = [];
    this.#parts.send(delta);
    if (this.#vehicles.size > 0) this.#later();
  }

  #takeServices(): ServiceChanges {
    const changes = Object.fromEntries([...this.#services].map(([kind, rows]) => [kind, [...rows.values()]]));
    this.#services.clear();
    return changes as ServiceChanges;
  }

  #takeVehicles(): Vehicle[] {
    const vehicles: Vehicle[] = [];
    for (const id of this.#vehicles) {
      if (vehicles.length === maxVehicles) break;
      this.#vehicles.delete(id);
      const vehicle = this.#parts.desk.vehicle(id);
      if (vehicle) vehicles.push(vehicle);
    }
    return vehicles;
  }
}
