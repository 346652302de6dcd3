import type { SettingKey } from '../config.ts';
import type {
  AppInfo,
  CameraKey,
  Diagnostics,
  ExportJob,
  Health,
  Notice,
  RecorderState,
  RecordingRow,
  Result,
  Rpc,
  SegmentRow,
  ServiceChanges,
  ServiceKind,
  ServiceRows,
  SettingRow,
  SimulatorState,
  StreamRow,
  TraceFormat,
  Vehicle,
} from '../contract.ts';
import type { VehicleEdit } from '../device/vehicle-edit.ts';
import { fail, failure } from '../errors.ts';
import type { Subscriber, Subscription } from '../hub/subscriber.ts';
import type { TalkAsk, TalkHold, TalkListener } from '../hub/talk/talks.ts';
import type { StreamKey } from '../stream-key.ts';
import type {
  Desk,
  DeskCalls,
  DeskSnapshot,
  DeskWatcher,
  ExportFile,
  OpenedPlayback,
  PictureFile,
  PlaybackAsk,
  RecordMethod,
  SegmentFile,
  SegmentFilter,
  ServiceMethod,
  TraceFile,
  UploadFile,
} from './desk.ts';

/** Who records, and knows what was recorded. */
export interface RecordingBackers {
  readonly calls: Pick<DeskCalls, RecordMethod>;
  rows(): RecordingRow[];
  state(): RecorderState;
  exports(): ExportJob[];
  exportFile(id: string, name: string): Promise<Result<ExportFile>>;
  segments(filter: SegmentFilter): Result<SegmentRow[]>;
  segmentFile(id: number): Promise<Result<SegmentFile>>;
  /** A console watches: what passes is kept for looking back. @returns what ends it */
  watch(key: StreamKey): () => void;
}

/** What runs for vehicles beside their streams and recordings. */
export interface ServiceBackers {
  readonly calls: Pick<DeskCalls, ServiceMethod>;
  rows(): ServiceChanges;
  openPlayback(ask: PlaybackAsk, subscriber: Subscriber): Result<OpenedPlayback>;
  listenToPlayback(id: string, subscriber: Subscriber): Result<Subscription>;
  openTalk(ask: TalkAsk, listener: TalkListener): Result<TalkHold>;
  traceFile(id: string, format: TraceFormat, blank: boolean): Promise<Result<TraceFile>>;
  pictureFile(id: number): Promise<Result<PictureFile>>;
  uploadFile(id: string, name: string): Promise<Result<UploadFile>>;
}

/** What the desk stands in front of. */
export interface DeskBackers {
  terminals: {
    get(id: string): Vehicle | undefined;
    list(): Vehicle[];
    update(id: string, edit: VehicleEdit): Result<Vehicle>;
    admit(id: string): Result<Vehicle>;
    forget(id: string): Result<null>;
    unknownMessages(): { id: string; count: number }[];
  };
  hub: { subscribe(key: StreamKey, subscriber: Subscriber): Subscription; rows(): StreamRow[] };
  settings: { rows(): SettingRow[]; set(key: string, value: unknown): Promise<void> };
  simulator: { start(vehicles?: number): Promise<Result<SimulatorState>>; stop(): Promise<Result<SimulatorState>> };
  recordings: RecordingBackers;
  services: ServiceBackers;
  notices: { recent(): Notice[] };
  health(): Health;
  tallies(): Record<string, number>;
  info: AppInfo;
  /** A setting changed by a console; the server applies what can be applied at once. */
  settingChanged(key: SettingKey): void;
}

/** The server's one desk: answers every console and tells the watchers what changed. */
export class ServerDesk implements Desk {
  readonly calls: DeskCalls;
  readonly #backers: DeskBackers;
  readonly #watchers = new Set<DeskWatcher>();

  constructor(backers: DeskBackers) {
    this.#backers = backers;
    const { terminals, hub, settings, simulator } = backers;
    this.calls = {
      'app.info': () => ({ ok: true, value: backers.info }),
      'fleet.list': () => ({ ok: true, value: terminals.list() }),
      'fleet.update': ({ vehicleId, ...edit }) => terminals.update(vehicleId, edit),
      'fleet.admit': ({ vehicleId }) => terminals.admit(vehicleId),
      'fleet.forget': ({ vehicleId }) => terminals.forget(vehicleId),
      'sound.setOverride': ({ vehicleId, ...sound }) => terminals.update(vehicleId, { sound }),
      'stream.list': () => ({ ok: true, value: hub.rows() }),
      'settings.list': () => ({ ok: true, value: settings.rows() }),
      'settings.set': args => this.#setSetting(args),
      'diagnostics.get': () => ({ ok: true, value: this.#diagnostics() }),
      'simulator.start': ({ vehicles }) => simulator.start(vehicles),
      'simulator.stop': () => simulator.stop(),
      ...backers.recordings.calls,
      ...backers.services.calls,
    };
  }

  vehicle(id: string): Vehicle | undefined {
    return this.#backers.terminals.get(id);
  }

  subscribe(key: CameraKey, subscriber: Subscriber): Result<Subscription> {
    const vehicle = this.vehicle(key.vehicleId);
    if (!vehicle) return fail('unknownTerminal', key.vehicleId);
    if (vehicle.state === 'pending') return fail('terminalPending', vehicle.plate || vehicle.id);
    if (!(Number.isInteger(key.channel) && key.channel >= 1 && key.channel <= 255))
      return fail('unknownChannel', String(key.channel));
    const { channel, stream } = key;
    const { hub, recordings } = this.#backers;
    const wanted = { terminal: vehicle.id, channel, stream };
    const leave = recordings.watch(wanted);
    const subscription = hub.subscribe(wanted, subscriber);
    const close = () => {
      leave();
      subscription.close();
    };
    return { ok: true, value: { close, drain: () => subscription.drain() } };
  }

  openTalk(ask: TalkAsk, listener: TalkListener): Result<TalkHold> {
    return this.#backers.services.openTalk(ask, listener);
  }

  openPlayback(ask: PlaybackAsk, subscriber: Subscriber): Result<OpenedPlayback> {
    return this.#backers.services.openPlayback(ask, subscriber);
  }

  listenToPlayback(id: string, subscriber: Subscriber): Result<Subscription> {
    return this.#backers.services.listenToPlayback(id, subscriber);
  }

  segments(filter: SegmentFilter): Result<SegmentRow[]> {
    return this.#backers.recordings.segments(filter);
  }

  segmentFile(id: number): Promise<Result<SegmentFile>> {
    return this.#backers.recordings.segmentFile(id);
  }

  pictureFile(id: number): Promise<Result<PictureFile>> {
    return this.#backers.services.pictureFile(id);
  }

  traceFile(id: string, format: TraceFormat, blank: boolean): Promise<Result<TraceFile>> {
    return this.#backers.services.traceFile(id, format, blank);
  }

  uploadFile(id: string, name: string): Promise<Result<UploadFile>> {
    return this.#backers.services.uploadFile(id, name);
  }

  exportFile(id: string, name: string): Promise<Result<ExportFile>> {
    return this.#backers.recordings.exportFile(id, name);
  }

  snapshot(): DeskSnapshot {
    const { terminals, hub, health, notices, recordings, services } = this.#backers;
    return {
      vehicles: terminals.list(),
      streams: hub.rows(),
      health: health(),
      notices: notices.recent(),
      recordings: recordings.rows(),
      recorder: recordings.state(),
      exports: recordings.exports(),
      services: services.rows(),
    };
  }

  watch(watcher: DeskWatcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  vehicleChanged(id: string): void {
    for (const watcher of this.#watchers) watcher.vehicle(id);
  }

  vehicleRemoved(id: string): void {
    for (const watcher of this.#watchers) watcher.vehicleRemoved(id);
  }

  streamChanged(row: StreamRow): void {
    for (const watcher of this.#watchers) watcher.stream(row);
  }

  healthChanged(health: Health): void {
    for (const watcher of this.#watchers) watcher.health(health);
  }

  noticeGiven(notice: Notice): void {
    for (const watcher of this.#watchers) watcher.notice(notice);
  }

  recordingChanged(row: RecordingRow): void {
    for (const watcher of this.#watchers) watcher.recording(row);
  }

  recorderChanged(state: RecorderState): void {
    for (const watcher of this.#watchers) watcher.recorder(state);
  }

  exportChanged(job: ExportJob): void {
    for (const watcher of this.#watchers) watcher.exportJob(job);
  }

  serviceChanged<Kind extends ServiceKind>(kind: Kind, row: ServiceRows[Kind]): void {
    for (const watcher of this.#watchers) watcher.service(kind, row);
  }

  async #setSetting({ key, value }: Rpc['settings.set']['args']): Promise<Result<SettingRow[]>> {
    const { settings, settingChanged } = this.#backers;
    try {
      await settings.set(key, value);
    } catch (thrown) {
      const result = failure(thrown);
      return !result.ok && result.code === 'internal' ? fail('storeUnwritable', result.message) : result;
    }
    settingChanged(key as SettingKey);
    return { ok: true, value: settings.rows() };
  }

  #diagnostics(): Diagnostics {
    const { terminals, hub, health, tallies, info } = this.#backers;
    return {
      tallies: tallies(),
      health: health(),
      unknownMessages: terminals.unknownMessages(),
      streams: hub.rows(),
      versions: info.versions,
    };
  }
}
