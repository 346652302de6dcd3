import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Settings } from '../config.ts';
import type { Health, Notice, Result, ServiceChanges, ServiceKind, ServiceRows, TraceFormat } from '../contract.ts';
import type { DataUse } from '../device/data-use.ts';
import type { EvidenceBook } from '../device/evidence-book.ts';
import type { Received } from '../device/received.ts';
import type { Terminals } from '../device/terminals.ts';
import type { MediaIntake } from '../frames/media-intake.ts';
import type { Hub } from '../hub/hub.ts';
import type { Subscriber, Subscription } from '../hub/subscriber.ts';
import { type TalkAsk, type TalkHold, type TalkListener, Talks } from '../hub/talk/talks.ts';
import { TextDesk } from '../hub/talk/text-desk.ts';
import { ControlDesk } from '../ipc/control-desk.ts';
import type {
  DeskCalls,
  OpenedPlayback,
  PictureFile,
  PlaybackAsk,
  ServiceMethod,
  TraceFile,
  UploadFile,
} from '../ipc/desk.ts';
import { ParameterDesk } from '../ipc/parameter-desk.ts';
import type { ServiceBackers } from '../ipc/server-desk.ts';
import { Steering } from '../ipc/steering.ts';
import type { Log } from '../log.ts';
import type { Tally } from '../tally.ts';
import { AacEncoder } from './aac-encoder.ts';
import { Doctor } from './doctor.ts';
import { VehicleEvents } from './events/vehicle-events.ts';
import { diskFiles } from './recording-files.ts';
import type { RecordingService } from './recording-service.ts';
import { VehicleStorage } from './storage/vehicle-storage.ts';
import { TerminalOrders } from './terminal-orders.ts';
import { TraceService } from './trace/trace-service.ts';
import type { TraceTap } from './trace/trace-tap.ts';
import { Uploads } from './uploads/uploads.ts';
import { Usage } from './usage.ts';

export interface VehicleServicesParts {
  readonly terminals: Terminals;
  readonly intake: MediaIntake;
  readonly hub: Hub;
  readonly recordings: RecordingService;
  readonly evidence: EvidenceBook;
  /** Bytes of vehicles: who moves some adds them here. */
  readonly dataUse: DataUse;
  readonly tap: TraceTap;
  /** Every port that is open or should be. */
  listening(): Health['listening'];
  readonly settings: Settings;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  notice(level: Notice['level'], text: string, params: Notice['params']): void;
  changed<Kind extends ServiceKind>(kind: Kind, row: ServiceRows[Kind]): void;
}

/** Puts together what a platform does with a vehicle beside watching and recording it. */
export class VehicleServices implements ServiceBackers {
  readonly calls: Pick<DeskCalls, ServiceMethod>;
  readonly #parts: VehicleServicesParts;
  readonly #usage: Usage;
  readonly #traces: TraceService;
  readonly #events: VehicleEvents;
  readonly #talks: Talks;
  readonly #storage: VehicleStorage;
  readonly #uploads: Uploads;

  constructor(parts: VehicleServicesParts) {
    this.#parts = parts;
    const { terminals, hub } = parts;
    const vehicle = (id: string) => terminals.get(id);
    const doctor = new Doctor({ ...parts, vehicle, streams: () => hub.rows() });
    this.#usage = new Usage({ ...parts, vehicle });
    this.#traces = new TraceService({
      ...{ ...parts, vehicle, folder: join(parts.dataDir, 'traces') },
      changed: row => parts.changed('traces', row),
    });
    const orders = new TerminalOrders(terminals);
    this.#talks = new Talks({
      ...{ ...parts, devices: terminals, streams: hub },
      aac: (terms, frame, failed) => new AacEncoder(terms, frame, failed),
      changed: row => parts.changed('talks', row),
    });
    const texts = new TextDesk(terminals, parts.settings);
    this.#storage = new VehicleStorage(parts);
    this.#uploads = new Uploads({
      ...{ ...parts, storage: this.#storage },
      freeBytes: folder => diskFiles.freeBytes(folder),
      changed: row => parts.changed('uploads', row),
    });
    this.#events = new VehicleEvents(parts);
    const control = new ControlDesk({ ...parts, notice: (...given) => parts.notice(...given) });
    this.calls = {
      ...new Steering(terminals).calls,
      ...new ParameterDesk(terminals).calls,
      ...control.calls,
      ...this.#events.calls,
      ...this.#storage.calls,
      ...this.#uploads.calls,
      ...doctor.calls,
      ...this.#usage.calls,
      ...this.#traces.calls,
      ...orders.calls,
      'talk.close': ({ talk }) => this.#talks.close(talk),
      'talk.list': () => ({ ok: true, value: this.#talks.rows() }),
      'text.send': ask => texts.send(ask),
    };
  }

  /** Never rejects. */
  async open(): Promise<void> {
    this.#usage.open();
    await this.#traces.open();
    this.#events.open();
    await this.#storage.open();
    await this.#uploads.open();
    this.#parts.log.debug({}, 'vehicle services open');
  }

  /** Never rejects. */
  async close(): Promise<void> {
    this.#talks.shutDown();
    this.#usage.close();
    await this.#uploads.close();
    await this.#storage.close();
    await this.#traces.close();
    await this.#events.close();
  }

  rows(): ServiceChanges {
    return {
      ...{ ...this.#storage.rows(), ...this.#events.rows() },
      ...{ talks: this.#talks.rows(), traces: this.#traces.rows(), uploads: this.#uploads.rows() },
    };
  }

  pictureFile(id: number): Promise<Result<PictureFile>> {
    return this.#events.pictureFile(id);
  }

  traceFile(id: string, format: TraceFormat, blank: boolean): Promise<Result<TraceFile>> {
    return this.#traces.file(id, format, blank);
  }

  uploadFile(id: string, name: string): Promise<Result<UploadFile>> {
    return this.#uploads.file(id, name);
  }

  /** Ports that are open while something comes over them. */
  get listening(): Health['listening'] {
    const { host } = this.#parts.settings;
    return this.#uploads.port > 0 ? [{ protocol: 'ftp', address: host, port: this.#uploads.port }] : [];
  }

  openPlayback(ask: PlaybackAsk, subscriber: Subscriber): Result<OpenedPlayback> {
    return this.#storage.openPlayback(ask, subscriber);
  }

  listenToPlayback(id: string, subscriber: Subscriber): Result<Subscription> {
    return this.#storage.listenToPlayback(id, subscriber);
  }

  openTalk(ask: TalkAsk, listener: TalkListener): Result<TalkHold> {
    return this.#talks.open(ask, listener);
  }

  /** What a vehicle said, once it was answered where it is. @returns true when a 0x0801 is answered from here */
  received(received: Received): boolean {
    this.#uploads.received(received);
    return this.#events.received(received);
  }

  vehicleOnline(id: string): void {
    this.#talks.vehicleOnline(id);
    this.#storage.vehicleOnline();
    this.#uploads.vehicleOnline(id);
    this.#events.vehicleOnline(id);
  }

  vehicleOffline(id: string): void {
    this.#talks.vehicleOffline(id);
    this.#uploads.vehicleOffline(id);
  }

  vehicleChanged(_id: string): void {}

  vehicleRemoved(id: string): void {
    this.#talks.vehicleRemoved(id);
    this.#storage.vehicleRemoved(id);
    this.#uploads.vehicleRemoved(id);
    this.#traces.vehicleRemoved(id);
    this.#events.vehicleRemoved(id);
  }
}
