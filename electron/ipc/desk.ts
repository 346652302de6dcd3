import type {
  CameraKey,
  ExportJob,
  Health,
  Method,
  Notice,
  RecorderState,
  RecordingRow,
  Result,
  Rpc,
  SegmentRow,
  ServiceChanges,
  ServiceKind,
  ServiceRows,
  StreamRow,
  TraceFormat,
  Vehicle,
} from '../contract.ts';
import type { Subscriber, Subscription } from '../hub/subscriber.ts';
import type { TalkAsk, TalkHold, TalkListener } from '../hub/talk/talks.ts';

/** Methods that a desk answers itself. Those that come with a media port are made of it and a call by the console's link. */
export type DeskMethod = Exclude<Method, PortMethod>;
export type PortMethod = 'stream.open' | 'playback.open' | 'playback.listen' | 'talk.open';

/** One function per method. Arguments were checked against the contract; a throw becomes `internal`. */
export type DeskCalls = {
  readonly [M in DeskMethod]: (args: Rpc[M]['args']) => Result<Rpc[M]['value']> | Promise<Result<Rpc[M]['value']>>;
};

/** Methods about recordings; whoever records answers them. */
export type RecordMethod = Extract<
  DeskMethod,
  | `record.${string}`
  | `recorder.${string}`
  | `rewind.${string}`
  | `archive.${string}`
  | `bookmark.${string}`
  | `export.${string}`
>;

/** Methods of what runs for a vehicle beside its streams and recordings. */
export type ServiceMethod = Extract<
  DeskMethod,
  | `talk.${string}`
  | `text.${string}`
  | `doctor.${string}`
  | `usage.${string}`
  | `storage.${string}`
  | `playback.${string}`
  | `upload.${string}`
  | `trace.${string}`
  | `alarm.${string}`
  | `passenger.${string}`
  | `picture.${string}`
  | `terminal.${string}`
  | `steer.${string}`
  | `parameters.${string}`
  | `control.${string}`
>;

export type PlaybackAsk = Omit<Rpc['playback.open']['args'], 'credits'>;

export interface OpenedPlayback {
  readonly playback: string;
  readonly subscription: Subscription;
}

/** Which segments a list is made of; what is left out does not narrow it. Times are ms since 1970. */
export interface SegmentFilter extends Partial<CameraKey> {
  readonly from?: number;
  readonly to?: number;
  /** Rows at most. */
  readonly limit: number;
  /** Only what comes later in the list than this row, which may be gone by now. */
  readonly after?: Pick<SegmentRow, 'from' | 'id'>;
}

/** A recorded file as far as it may be read now. */
export interface SegmentFile {
  readonly path: string;
  /** Up to the end of the last finished fragment. */
  readonly bytes: number;
  /** It is still written: asked again, it may be longer. */
  readonly isGrowing: boolean;
  /** Bytes of a reel in memory that went already, `to` not included. */
  readonly gone?: { readonly from: number; readonly to: number };
  /** Of what is no file: bytes `from` to `to` (not included), fewer when they went meanwhile. */
  read?(from: number, to: number): Promise<Uint8Array>;
}

/** A picture, or another file, that a vehicle sent. */
export interface PictureFile {
  readonly path: string;
  readonly bytes: number;
  /** `image/jpeg`. */
  readonly type: string;
}

/** A file that a vehicle uploaded. */
export interface UploadFile {
  readonly path: string;
  readonly bytes: number;
  readonly name: string;
}

/** A file of a finished export. */
export interface ExportFile {
  readonly path: string;
  readonly bytes: number;
  readonly name: string;
}

/** A trace as it was asked for. */
export interface TraceFile {
  readonly path: string;
  readonly bytes: number;
  /** To save it as. */
  readonly name: string;
}

/** Everything a console shows at first sight. */
export interface DeskSnapshot {
  vehicles: Vehicle[];
  streams: StreamRow[];
  health: Health;
  notices: Notice[];
  recordings: RecordingRow[];
  recorder: RecorderState;
  exports: ExportJob[];
  services: ServiceChanges;
}

/** Who is told of changes. Each call is cheap: links gather them and tell their console every `deltaMs`. */
export interface DeskWatcher {
  /** The vehicle is new or changed; its present state is fetched with `Desk.vehicle` when the console is told. */
  vehicle(id: string): void;
  vehicleRemoved(id: string): void;
  /** A row of phase `closed` is the stream's last. */
  stream(row: StreamRow): void;
  health(health: Health): void;
  notice(notice: Notice): void;
  /** A row of phase `stopped` is the recording's last. */
  recording(row: RecordingRow): void;
  recorder(state: RecorderState): void;
  exportJob(job: ExportJob): void;
  service<Kind extends ServiceKind>(kind: Kind, row: ServiceRows[Kind]): void;
}

/** What a console may ask of the server. Implemented once, by the server, for windows, browsers and tests alike. */
export interface Desk {
  readonly calls: DeskCalls;
  /** By id in any spelling, with or without leading zeros. */
  vehicle(id: string): Vehicle | undefined;
  /**
   * Subscribes to a camera of a known vehicle, online or not. `key.vehicleId` in any spelling.
   * Refuses with unknownTerminal, terminalPending or unknownChannel.
   */
  subscribe(key: CameraKey, subscriber: Subscriber): Result<Subscription>;
  /** Refuses as `Talks.open` does. */
  openTalk(ask: TalkAsk, listener: TalkListener): Result<TalkHold>;
  /** 0x9201. Refuses with unknownTerminal, terminalPending, terminalOffline, playbackBusy; the rest is told the subscriber. */
  openPlayback(ask: PlaybackAsk, subscriber: Subscriber): Result<OpenedPlayback>;
  /** The sound of one that runs. Refuses with unknownPlayback. */
  listenToPlayback(id: string, subscriber: Subscriber): Result<Subscription>;
  /** Recorded segments, oldest first. Refuses with catalogueUnavailable. */
  segments(filter: SegmentFilter): Result<SegmentRow[]>;
  /** Refuses with unknownSegment, also for a segment whose file is gone, and catalogueUnavailable. */
  segmentFile(id: number): Promise<Result<SegmentFile>>;
  /** Refuses with unknownPicture, also for one whose file is gone, and catalogueUnavailable. */
  pictureFile(id: number): Promise<Result<PictureFile>>;
  /** Refuses with unknownTrace, storeDamaged, or a code of the disk. */
  traceFile(id: string, format: TraceFormat, blank: boolean): Promise<Result<TraceFile>>;
  /** Refuses with unknownUpload, also for a file that is gone or was not uploaded. */
  uploadFile(id: string, name: string): Promise<Result<UploadFile>>;
  /** Refuses with unknownExport, also for a file that is gone or that the job does not list. */
  exportFile(id: string, name: string): Promise<Result<ExportFile>>;
  snapshot(): DeskSnapshot;
  /** Returns what ends the watch. */
  watch(watcher: DeskWatcher): () => void;
}
