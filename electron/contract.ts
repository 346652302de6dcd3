/**
 * The contract between the server (Electron's main process, or `npm run serve`) and a console (a window, or a browser).
 * Types and constants only; imports nothing, so that both sides can. Longer than other files: whoever writes a client
 * reads one file.
 *
 * A console has one control port and one media port per open stream. In Electron they are MessagePorts; in a browser
 * one WebSocket carries them all (docs/web-door.md). Times are milliseconds since 1970 UTC unless a name says otherwise.
 */
export const contractVersion = 1;

/** Every failure that a person or a client can meet. The key is the code; the value is for logs. */
export const errorCodes = {
  internal: 'unexpected failure',
  badRequest: 'the request does not fit the contract',
  unknownMethod: 'no such method',
  unauthorized: 'token missing or wrong',
  unknownTerminal: 'no such terminal',
  terminalOffline: 'the terminal is not connected',
  terminalPending: 'the terminal waits to be admitted',
  unknownChannel: 'channels are numbered 1 to 255',
  notSubscribed: 'no such subscription',
  alreadySubscribed: 'this client has that subscription already',
  tooManySubscriptions: 'too many subscriptions on one client',
  commandTimeout: 'the terminal did not answer in time',
  commandFailed: 'the terminal answered: failed',
  commandBadMessage: 'the terminal answered: message has errors',
  commandUnsupported: 'the terminal answered: not supported',
  terminalGone: 'the terminal disconnected while it was asked',
  tooManyCommands: 'too many unanswered commands to one terminal',
  mediaNotArriving: 'the terminal acknowledged but no media arrives',
  undecodable: 'this codec cannot be decoded here',
  slowConsumer: 'the subscriber does not keep up',
  portInUse: 'the port is in use by another program',
  listenFailed: 'the port cannot be opened',
  peerIdle: 'nothing was received for too long',
  peerOverLimit: 'more than one peer may send',
  tooManyPeers: 'too many connections',
  unrecognised: 'neither JT/T 808 nor JT/T 1078',
  takenOver: 'the same terminal connected again',
  closedByPeer: 'the peer closed the connection',
  socketError: 'the connection broke',
  shuttingDown: 'the server stops',
  storeUnwritable: 'the data folder cannot be written',
  storeDamaged: 'a file in the data folder was unreadable and was set aside',
  settingInvalid: 'the setting is out of its range',
  diskFull: 'the disk is full',
  diskUnwritable: 'the recordings folder cannot be written',
  diskSlow: 'the disk does not keep up',
  folderGone: 'the recordings folder is gone',
  unknownRecording: 'no such recording',
  unknownSegment: 'no such segment',
  noFootage: 'there is no footage in that time',
  exportCancelled: 'the export was cancelled',
  catalogueUnavailable: 'the catalogue cannot be opened',
  simulatorUnavailable: 'the simulator cannot start',
} as const;

export type ErrorCode = keyof typeof errorCodes;

export type Result<T> = { ok: true; value: T } | { ok: false; code: ErrorCode; message: string };

export type StreamKind = 'main' | 'sub';
export const streamKinds = ['main', 'sub'] as const;

/** JT/T 1078 table 12: 98 and 99 are carried to the screen; every other video payload type is named, not decoded. */
export type VideoCodec = 'h264' | 'h265' | 'avs' | 'svac' | 'unknown';

export interface CameraKey {
  /** Terminal phone; leading zeros do not matter. */
  vehicleId: string;
  /** Logical channel, 1 to 255. */
  channel: number;
  stream: StreamKind;
}

// ---------------------------------------------------------------------------------------------------------- vehicles

export type VehicleState = 'online' | 'offline' | 'pending';

/** 0x0200, decoded as far as a console shows it. */
export interface VehiclePosition {
  /** Degrees WGS-84, as sent; positive north and east. */
  latitude: number;
  longitude: number;
  /** Metres. */
  altitude: number;
  /** km/h, in tenths. */
  speed: number;
  /** Degrees clockwise from north. */
  direction: number;
  /** The terminal's clock. */
  deviceTime: number;
  receivedAt: number;
  /** Status bit 1: the position is a fix. */
  fixed: boolean;
  /** Status bit 0. */
  ignition: boolean;
  /** The alarm word of 0x0200, bit n = alarm n of 808-2013 table 24. */
  alarms: number;
  /** 0x14 video alarm bits of 1078 table 14, 0 when absent. */
  videoAlarms: number;
  /** Video channels (1 to 32) that report signal loss (item 0x15). */
  signalLost: number[];
  /** Video channels (1 to 32) that report occlusion (item 0x16). */
  occluded: number[];
}

export interface VehicleChannel {
  channel: number;
  /** Given by the operator, else undefined: consoles show "CH n". */
  name?: string;
}

/** 0x1003 as reported, in words of the standard. */
export interface VehicleCapabilities {
  /** Payload type of JT/T 1078 table 12. */
  audioPayloadType: number;
  audioChannels: number;
  /** Hz. */
  audioSampleRate: number;
  audioBits: number;
  /** Bytes. */
  audioFrameLength: number;
  audioOutput: boolean;
  videoPayloadType: number;
  maxAudioChannels: number;
  maxVideoChannels: number;
}

export type Transport = 'udp' | 'tcp' | 'both';

export interface Vehicle {
  /** Terminal phone without leading zeros; the identity. */
  id: string;
  /** As the terminal's header carries it, 12 or 20 digits (or hexadecimal digits where a device sends those). */
  headerId: string;
  state: VehicleState;
  plate: string;
  /** JT/T 415 plate colour: 1 blue, 2 yellow, 3 black, 4 white, 9 other; 0 no plate. */
  plateColor: number;
  group: string;
  maker: string;
  model: string;
  version: '2011' | '2013' | '2019';
  remote: string;
  firstSeenAt: number;
  lastSeenAt: number;
  /** When the present connection authenticated; 0 while not online. */
  onlineSince: number;
  channels: VehicleChannel[];
  transport: Transport;
  capabilities?: VehicleCapabilities;
  position?: VehiclePosition;
}

// ----------------------------------------------------------------------------------------------------------- streams

/** The way to a first picture, in order. `firstPicture` is the player's to add. */
export const openingSteps = [
  'commandSent',
  'acknowledged',
  'mediaConnected',
  'firstPacket',
  'firstKeyFrame',
  'firstPicture',
] as const;
export type OpeningStep = (typeof openingSteps)[number];

/**
 * offline: the vehicle is not connected · opening: asked for, no key frame yet · live: frames arrive ·
 * waiting: packets arrive, but after a loss the next key frame has not · stalled: the media source is there, no frame
 * for `stalledAfterMs` · lost: the media source is gone or silent for `lostAfterMs`, and is asked for again ·
 * refused: the terminal said no (see `error`), and is asked again later · closed: nobody wants it.
 */
export type StreamPhase = 'offline' | 'opening' | 'live' | 'waiting' | 'stalled' | 'lost' | 'refused' | 'closed';

export interface StreamStatus {
  phase: StreamPhase;
  /** Since when it is in this phase. */
  since: number;
  /** Steps done since the stream was last asked for, each with its time. */
  steps: { step: OpeningStep; at: number }[];
  /** Times it was asked for without success since the last picture. */
  attempts: number;
  error?: { code: ErrorCode; message: string };
  codec?: VideoCodec;
  /** Payload type as sent, for codecs that are only named. */
  payloadType?: number;
  width?: number;
  height?: number;
  /** Arrival of the last whole frame; 0 before the first. */
  lastFrameAt: number;
  /** Over the last few seconds. */
  fps: number;
  bitsPerSecond: number;
  /** Packets lost of packets sent, 0 to 1, over the last 30 s. */
  lossRatio: number;
  transport?: 'udp' | 'tcp';
  /** Where media comes from: `address:port`. */
  source?: string;
  /** Address and ports that 0x9101 named, e.g. `10.4.2.7 UDP 6611`. */
  target?: string;
}

/** One row of what runs, for the status bar, Diagnostics and `GET /api/stream/stats`. */
export interface StreamRow extends CameraKey {
  headerId: string;
  subscribers: number;
  status: StreamStatus;
  frames: number;
  bytes: number;
  keyFrames: number;
  packetsLost: number;
  framesDropped: number;
}

// -------------------------------------------------------------------------------------------------------- media port

export type GapReason = 'loss' | 'sourceChanged' | 'slowConsumer' | 'overflow' | 'restart';

/** Server → console, on a media port. */
export type MediaDown =
  | { type: 'status'; status: StreamStatus }
  /** Before the first frame, and again whenever the parameter sets change. Sets are NAL units without start code. */
  | { type: 'start'; codec: VideoCodec; parameterSets: Uint8Array[]; width: number; height: number }
  | {
      type: 'frame';
      /** Counts frames of this subscription from 0; a jump means frames dropped between (a `gap` says why). */
      seq: number;
      key: boolean;
      /** From the GOP cache: already past when it was sent; the player catches up over it. */
      cached: boolean;
      /** Device time in milliseconds, unwrapped, in the device's own epoch. */
      ptsMs: number;
      /** Arrival of the last packet. */
      receivedAt: number;
      /** One access unit in Annex-B, exactly as sent; its own exact-size buffer. */
      data: Uint8Array;
    }
  | { type: 'audio'; seq: number; payloadType: number; ptsMs: number; receivedAt: number; data: Uint8Array }
  /** Frames are missing before the next one, which is a key frame. `frames` is 0 when the number is not known. */
  | { type: 'gap'; frames: number; reason: GapReason }
  | { type: 'end'; code: ErrorCode; message: string };

/** Console → server, on a media port. */
export type MediaUp =
  /** May be sent `frames` more messages of type frame; at none left the server drops to the next key frame. */
  { type: 'credit'; frames: number } | { type: 'close' };

// -------------------------------------------------------------------------------------------------------- recordings

/** Why a recording runs. Several causes may hold one camera; it runs until the last of them ends. */
export const recordingCauses = ['manual', 'schedule', 'alarm', 'always'] as const;
export type RecordingCause = (typeof recordingCauses)[number];

/**
 * waiting: wanted, no key frame yet (the vehicle may be away) · recording: frames reach the disk · failing: frames
 * arrive, the disk does not take them (see `error`) · stopped: over.
 */
export type RecordingPhase = 'waiting' | 'recording' | 'failing' | 'stopped';

export interface RecordingRow extends CameraKey {
  id: string;
  causes: RecordingCause[];
  phase: RecordingPhase;
  startedAt: number;
  /** Written so far, of all its segments. */
  bytes: number;
  frames: number;
  /** Wall clock of the newest frame on disk; 0 before the first. */
  lastFrameAt: number;
  error?: { code: ErrorCode; message: string };
}

export interface RecorderState {
  folder: string;
  phase: 'well' | 'failing';
  error?: { code: ErrorCode; message: string; since: number };
  active: number;
  usedBytes: number;
  /** 0: none set. */
  quotaBytes: number;
  freeBytes: number;
  /** Over the last hour of recording; 0 when not known. */
  bytesPerDay: number;
  /** Until the oldest is overwritten at this rate; null when not known. */
  daysLeft: number | null;
  /** Start of the oldest footage; 0 when there is none. */
  oldestAt: number;
}

/** writing: grows · complete · mended: was cut off by a crash and closed at start-up · missing: its file is gone. */
export type SegmentState = 'writing' | 'complete' | 'mended' | 'missing';

/** One file. Wall-clock times are arrival times; inside the file, media time follows the device's clock. */
export interface SegmentRow extends CameraKey {
  id: number;
  headerId: string;
  plate: string;
  from: number;
  to: number;
  bytes: number;
  frames: number;
  state: SegmentState;
  codec: VideoCodec;
  width: number;
  height: number;
  hasAudio: boolean;
  /** Kept by a bookmark: retention leaves it alone. */
  isProtected: boolean;
  /** Path below the recordings folder. */
  file: string;
}

/**
 * Where a decoder can begin within a segment: a run of fragments of which the first begins with a key frame. A group of
 * pictures longer than two seconds reaches the disk in several: its row grows.
 */
export interface FragmentRow {
  /** Wall clock of its first frame, ms since 1970. */
  at: number;
  /** Media time of its first frame in the file, ms. */
  mediaMs: number;
  durationMs: number;
  /** Byte offset of its first `moof`, and bytes of every `moof` and `mdat` of the run together. */
  offset: number;
  bytes: number;
  frames: number;
}

export const gapCauses = ['loss', 'offline', 'stopped', 'disk', 'crash', 'clock', 'noMedia'] as const;
export type GapCause = (typeof gapCauses)[number];

export interface CoverageGap {
  from: number;
  to: number;
  cause: GapCause;
}

export interface ArchiveEvent {
  id: number;
  at: number;
  vehicleId: string;
  /** 0: of the vehicle. */
  channel: number;
  /** `alarm.<bit>` of 0x0200, `videoAlarm.<bit>` of item 0x14, `online`, `offline`, `recordingFailed`. */
  kind: string;
  level: Notice['level'];
}

export interface Bookmark {
  id: number;
  from: number;
  to: number;
  cameras: CameraKey[];
  note: string;
  isProtected: boolean;
  createdAt: number;
}

/** What exists of one camera in a stretch of time. */
export interface CoverageLane extends CameraKey {
  segments: SegmentRow[];
  gaps: CoverageGap[];
}

/** Positions of a vehicle, oldest first, thinned to what a timeline can show. */
export interface TrackPoint {
  at: number;
  latitude: number;
  longitude: number;
  speed: number;
  direction: number;
}

/** Half-hours of a week that are recorded: 336 characters of 0 and 1, from Monday 00:00 local time. */
export type WeekGrid = string;

export interface RecordingPlan {
  /** A vehicle's id, `group:<name>`, or `all`; the most particular one holds. */
  target: string;
  mode: 'off' | 'always' | 'schedule' | 'alarm';
  week: WeekGrid;
  stream: StreamKind;
  /** Empty: every channel. */
  channels: number[];
  preSeconds: number;
  postSeconds: number;
}

export interface ExportJob {
  id: string;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  from: number;
  to: number;
  cameras: CameraKey[];
  /** 0 to 1. */
  progress: number;
  secondsLeft: number | null;
  folder: string;
  files: { name: string; bytes: number; sha256: string }[];
  error?: { code: ErrorCode; message: string };
}

// -------------------------------------------------------------------------------------------------------------- talk

export const talkModes = ['talk', 'monitor', 'broadcast'] as const;
/** 0x9101 data types 2, 3 and 4: both ways · the cab is heard only · the drivers are spoken to only. */
export type TalkMode = (typeof talkModes)[number];

/**
 * opening: asked for, no connection of the terminal's yet · ready: open, nobody speaks · talking: the microphone's sound
 * goes out · refused: the terminal said no · busy: another console has this terminal · closed: over.
 */
export type TalkPhase = 'opening' | 'ready' | 'talking' | 'refused' | 'busy' | 'closed';

/** One terminal that is talked with; a broadcast has a row for each of its terminals. */
export interface TalkRow {
  id: string;
  /** The talk it belongs to, see `talk.open`. */
  talk: number;
  vehicleId: string;
  channel: number;
  mode: TalkMode;
  phase: TalkPhase;
  since: number;
  /** Payload type of JT/T 1078 table 12 that goes out; 0 before it is known. */
  payloadType: number;
  bytesOut: number;
  bytesIn: number;
  error?: { code: ErrorCode; message: string };
  ended?: true;
}

// ---------------------------------------------------------------------------------------------------------- services

/**
 * What runs for a vehicle beside its streams and recordings, by kind. Every row has an `id` and replaces the one of the
 * same id before it; one with `ended` is the last of its id.
 */
export interface ServiceRows {
  talks: TalkRow;
}
export type ServiceKind = keyof ServiceRows;
export type ServiceChanges = { [Kind in ServiceKind]?: ServiceRows[Kind][] };

// ------------------------------------------------------------------------------------------------------ control port

export interface Notice {
  id: number;
  at: number;
  level: 'info' | 'warning' | 'error';
  /** Key of the console's dictionary under `notice.`; `params` fill it. */
  text: string;
  params: Record<string, string | number>;
}

export interface Health {
  /** Listening sockets, e.g. `{protocol: 'tcp', port: 7611}`, each with its error if it could not open. */
  listening: { protocol: 'tcp' | 'udp' | 'http'; address: string; port: number; error?: ErrorCode }[];
  /** Event-loop delay over the last seconds, ms. */
  loopP50: number;
  loopP99: number;
  vehiclesOnline: number;
  vehiclesKnown: number;
  streams: number;
  bitsPerSecondIn: number;
  packetsPerSecond: number;
  connections: number;
  simulator: SimulatorState;
  /** Receive buffer the kernel granted for UDP, bytes; 0 when unknown. */
  udpReceiveBuffer: number;
  /** What was asked for, in the same unit. */
  udpReceiveBufferAsked: number;
}

export interface SimulatorState {
  running: boolean;
  vehicles: number;
}

export interface Diagnostics {
  tallies: Record<string, number>;
  health: Health;
  unknownMessages: { id: string; count: number }[];
  streams: StreamRow[];
  versions: Record<string, string>;
}

export interface AppInfo {
  name: string;
  version: string;
  contractVersion: number;
  /** Where the console runs: an Electron window, or a browser over the web door. */
  host: 'electron' | 'web';
  versions: Record<string, string>;
  dataDir: string;
}

export interface SettingRow {
  key: string;
  value: string | number | boolean;
  default: string | number | boolean;
  min?: number;
  max?: number;
  choices?: string[];
  unit?: string;
  /** True when a change takes effect only after a restart. */
  restart: boolean;
  doc: string;
}

/** Method → arguments and value. Every method answers `Result<value>`. */
export interface Rpc {
  'app.info': { args: Record<string, never>; value: AppInfo };
  'fleet.list': { args: Record<string, never>; value: Vehicle[] };
  /** Operator's own words for a vehicle; an absent field is left as it is. */
  'fleet.update': {
    args: { vehicleId: string; group?: string; transport?: Transport; channelNames?: Record<string, string> };
    value: Vehicle;
  };
  'fleet.admit': { args: { vehicleId: string }; value: Vehicle };
  'fleet.forget': { args: { vehicleId: string }; value: null };
  /**
   * The media port follows on the control port as `{type: 'port', subscription}`. Without `audio` it brings no sound; with
   * `video: false` nothing else, and needs no credits.
   */
  'stream.open': {
    args: CameraKey & { credits: number; audio?: boolean; video?: boolean };
    value: { subscription: number };
  };
  'stream.list': { args: Record<string, never>; value: StreamRow[] };
  'settings.list': { args: Record<string, never>; value: SettingRow[] };
  'settings.set': { args: { key: string; value: string | number | boolean }; value: SettingRow[] };
  'diagnostics.get': { args: Record<string, never>; value: Diagnostics };
  'simulator.start': { args: { vehicles?: number }; value: SimulatorState };
  'simulator.stop': { args: Record<string, never>; value: SimulatorState };
  'record.start': { args: CameraKey; value: RecordingRow };
  /** Ends the manual cause; other causes may keep it running. */
  'record.stop': { args: { id: string }; value: RecordingRow };
  'record.list': { args: Record<string, never>; value: RecordingRow[] };
  'record.plans': { args: Record<string, never>; value: RecordingPlan[] };
  /** Mode `off` for a target other than `all` still overrides a wider plan. */
  'record.setPlan': { args: { plan: RecordingPlan }; value: RecordingPlan[] };
  'record.removePlan': { args: { target: string }; value: RecordingPlan[] };
  'recorder.state': { args: Record<string, never>; value: RecorderState };
  /** Cameras that have footage at all, and on which local days of the month (1 to 12) how many seconds. */
  'archive.month': {
    args: { year: number; month: number; utcOffsetMinutes: number };
    value: { cameras: (CameraKey & { plate: string; days: { day: number; seconds: number }[] })[] };
  };
  'archive.coverage': {
    args: { cameras: CameraKey[]; from: number; to: number };
    value: { lanes: CoverageLane[]; events: ArchiveEvent[]; bookmarks: Bookmark[] };
  };
  /** `initBytes`: length of the header that goes before any fragment. Grows while the segment is written. */
  'archive.fragments': {
    args: { segment: number };
    value: { initBytes: number; mime: string; fragments: FragmentRow[] };
  };
  'archive.track': { args: { vehicleId: string; from: number; to: number }; value: TrackPoint[] };
  'bookmark.add': {
    args: { from: number; to: number; cameras: CameraKey[]; note: string; isProtected: boolean };
    value: Bookmark;
  };
  'bookmark.update': { args: { id: number; note?: string; isProtected?: boolean }; value: Bookmark };
  'bookmark.remove': { args: { id: number }; value: null };
  'bookmark.list': { args: Record<string, never>; value: Bookmark[] };
  'export.start': { args: { from: number; to: number; cameras: CameraKey[] }; value: ExportJob };
  'export.cancel': { args: { id: string }; value: ExportJob };
  'export.list': { args: Record<string, never>; value: ExportJob[] };
}

export type Method = keyof Rpc;

/** Coalesced state: what changed since the last one, at most a few times a second; the first one carries everything. */
export interface Delta {
  vehicles?: Vehicle[];
  removed?: string[];
  streams?: StreamRow[];
  health?: Health;
  notices?: Notice[];
  recordings?: RecordingRow[];
  recorder?: RecorderState;
  exports?: ExportJob[];
  services?: ServiceChanges;
}

/** Console → server, on the control port. */
export type ControlUp = { type: 'call'; id: number; method: Method; args: unknown };

/** Server → console, on the control port. */
export type ControlDown =
  | { type: 'reply'; id: number; result: Result<unknown> }
  | { type: 'delta'; delta: Delta }
  /** The transferred port of this message is the media port of `subscription`. */
  | { type: 'port'; subscription: number }
  | { type: 'command'; command: ShellCommand };

/** What a menu entry of the shell asks the console to do. */
export const menuCommands = [
  'layout1',
  'layout4',
  'layout9',
  'layout16',
  'toggleStats',
  'search',
  'settings',
  'diagnostics',
  'keys',
  'about',
] as const;
export type MenuCommand = (typeof menuCommands)[number];

/** Beside the menu: whether the window can be seen. A page that is never throttled is not told by its browser. */
export type ShellCommand = MenuCommand | 'windowHidden' | 'windowShown';

/** Name under which the preload re-posts the control port into the page: `window.postMessage(portMessage, origin, [port])`. */
export const portMessage = 'convoy:port';
