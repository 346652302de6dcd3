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
  soundOnly: 'this channel has sound only, and no picture to record',
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
  talkBusy: 'somebody talks with this terminal already',
  talkNotConnected: 'the terminal opened no connection for the talk',
  talkCodec: 'this terminal’s sound cannot be made here',
  talkClosed: 'the talk was closed',
  unknownTalk: 'no such talk',
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
  unknownAlarm: 'no such alarm',
  unknownPicture: 'no such picture',
  noFootage: 'there is no footage in that time',
  exportCancelled: 'the export was cancelled',
  catalogueUnavailable: 'the catalogue cannot be opened',
  unknownTrace: 'no such trace',
  tooManyTraces: 'too many traces run',
  simulatorUnavailable: 'the simulator cannot start',
  answerIncomplete: 'the terminal began to answer and did not finish',
  answerMismatched: 'the terminal answered with the serial of something else',
  playbackBusy: 'the vehicle plays this camera for somebody already',
  playbackEnded: 'the vehicle has played what was asked for',
  unknownPlayback: 'no such playback',
  unknownFetch: 'no such fetch',
  tooManyFetches: 'too many fetches wait',
  unknownUpload: 'no such upload',
  unknownExport: 'no such export',
  tooManyUploads: 'too many uploads are kept',
  uploadFailed: 'the terminal says that the upload failed',
  uploadEmpty: 'the terminal says that it uploaded, and brought no file',
  uploadSilent: 'nothing more of the upload came',
  uploadNoRoom: 'too little room on the disk for what the vehicle would bring',
  uploadTooLarge: 'the upload is larger than is allowed',
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
  /** Item 0x17: bits 0 to 11 main storage 1 to 12, 12 to 15 backup storage 1 to 4; absent when it was not sent. */
  storageFailed?: number;
  /** Item 0x18: bits 0 fatigue, 1 telephone, 2 smoking, 11 to 15 maker's own; fatigue is 0 to 100 where it was sent. */
  driving?: { behaviours: number; fatigue?: number };
  /** From 0x0704: it was there at `deviceTime`, not when it arrived. */
  isStored?: true;
}

export interface VehicleChannel {
  channel: number;
  /** Given by the operator, else undefined: consoles show "CH n". */
  name?: string;
  /** It can be turned (0x9301), as the terminal's channel table 0x0076 says; absent when that says no or is not known. */
  panTilt?: boolean;
  /** That table has it without sound. */
  silent?: boolean;
  /** That table has it with sound alone: there is never a picture. Asked for with data type 3 of 0x9101. */
  soundOnly?: boolean;
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

export const soundLaws = ['auto', 'a', 'mu'] as const;
export const g726Orders = ['auto', 'msb', 'lsb'] as const;
export const g726Rates = ['auto', 16, 24, 32, 40] as const;

/** How a vehicle's sound is read where its packets do not say, or say it wrong. `auto`: found out by what is heard. */
export interface SoundOverride {
  /** Of G.711. */
  law: (typeof soundLaws)[number];
  /** Of G.726: which bits of a byte hold the first sample. */
  g726Order: (typeof g726Orders)[number];
  /** kbit/s of G.726. */
  g726Rate: (typeof g726Rates)[number];
}

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
  /** MB of data a month; absent: what the setting says. */
  dataAllowanceMb?: number;
  /** Absent: everything is found out. */
  sound?: SoundOverride;
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
  /** Sound that the camera sends, by its name in table 12, and whether the files have it; absent while none came. */
  sound?: { codec: string; isKept: boolean };
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
  /** That of an alarm, see `AlarmRow`, `online`, `offline`, `recordingFailed`. */
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
  /** Of a job that is done. `url` is relative to the page (docs/web-door.md). */
  files: { name: string; bytes: number; sha256: string; url: string }[];
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

/** Server → console, on the port of a talk. */
export type TalkDown =
  /** What the cab says, coded as the terminal sends it: `audio` of a media port under another name. */
  | { type: 'sound'; seq: number; payloadType: number; ptsMs: number; receivedAt: number; data: Uint8Array }
  /** A talk with one terminal ended by itself; a broadcast says in its rows what became of each. */
  | { type: 'end'; code: ErrorCode; message: string };

/** Console → server, on the port of a talk. */
export type TalkUp =
  /** The microphone: 8 kHz, one channel, 16 bits; taken while `speak` is on. In JSON: base64 of little-endian samples. */
  | { type: 'sound'; data: Int16Array }
  | { type: 'speak'; on: boolean }
  /** May be sent `frames` more messages of type sound; at none left they are dropped. */
  | { type: 'credit'; frames: number }
  | { type: 'close' };

/** What became of one copy of a text. */
export interface TextResult {
  vehicleId: string;
  /** Absent when the terminal took it. */
  error?: { code: ErrorCode; message: string };
}

// ------------------------------------------------------------------------------------------------------------ doctor

/** The way from a port to a picture, in order. `firstPicture` is the player's to add. */
export const doctorStepNames = [
  'listening',
  'connected',
  'firstBytes',
  'registered',
  'authenticated',
  'capabilities',
  'commandSent',
  'acknowledged',
  'mediaConnected',
  'firstPacket',
  'simMatches',
  'payloadTypes',
  'firstKeyFrame',
  'resolution',
  'firstPicture',
] as const;
export type DoctorStepName = (typeof doctorStepNames)[number];

/** Why a step does not come, as far as can be told; a console has words for each, in which `params` stand. */
export const doctorCauses = [
  // ports and connections
  'portClosed',
  'neverConnected',
  'connectionEnded',
  'connectionIdle',
  'refusedByLimit',
  'strangersFromThere',
  'overRate',
  'noBytes',
  'notJt808',
  // registration
  'notRegistered',
  'pending',
  'rosterFull',
  'registrationRate',
  'registrationUnreadable',
  'notAuthenticated',
  'codeRefused',
  'codeUnknown',
  'capabilitiesSilent',
  // 0x9101
  'vehicleAway',
  'nobodyWatches',
  'noMediaPort',
  'notAcknowledged',
  'commandRefused',
  'commandBadMessage',
  'commandUnsupported',
  'channelMissing',
  // media
  'addressLoopback',
  'addressPrivate',
  'addressOther',
  'portForwarded',
  'mediaBlocked',
  'udpBlocked',
  'tcpOnly',
  'simDiffers',
  'channelDiffers',
  'pinnedElsewhere',
  'mediaUnrecognised',
  'mediaSilent',
  'mediaEnded',
  'switchedAway',
  // pictures
  'soundOnly',
  'codecUnsupported',
  'noKeyFrame',
  'packetLoss',
  'noParameterSets',
  'consoleCannotDecode',
  'consoleNotShowing',
] as const;
export type DoctorCauseName = (typeof doctorCauses)[number];

export interface DoctorCause {
  cause: DoctorCauseName;
  /** Key of the setting that changes it. */
  setting?: string;
  params: Record<string, string | number>;
}

/**
 * done: it happened, see `proof` · waiting: it may still come · failed: it did not, or was refused · skipped: not needed, or
 * a later step shows that it went well without.
 */
export interface DoctorStep {
  step: DoctorStepName;
  state: 'done' | 'waiting' | 'failed' | 'skipped';
  /** When it happened or was refused; 0 when it did not, or when that is not known. */
  at: number;
  /** Addresses, numbers and names that need no translation, and the first bytes that show it, as `7e 01 00 …`. */
  proof?: { text: string; hex?: string };
  causes: DoctorCause[];
}

/** Media that was not taken in: nobody asked for it, or it comes from elsewhere too. */
export interface DoctorRefusal {
  at: number;
  lastAt: number;
  packets: number;
  remote: string;
  transport: 'udp' | 'tcp';
  /** SIM as sent, hexadecimal digits. */
  sim: string;
  channel: number;
  payloadType: number;
  why: 'unwanted' | 'unwantedChannel' | 'otherSource';
  hex: string;
}

export interface DoctorReport {
  vehicleId: string;
  /** 0: of the vehicle. */
  channel: number;
  stream: StreamKind;
  at: number;
  steps: DoctorStep[];
  /** Media that was refused of this terminal, or that comes from its address. */
  refusals: DoctorRefusal[];
}

/** A connection or UDP source that is no terminal's, or was kept out. */
export interface DoctorPeer {
  id: number;
  transport: 'udp' | 'tcp';
  remote: string;
  /** Port of ours that it reached. */
  localPort: number;
  openedAt: number;
  /** 0 while it is open. */
  closedAt: number;
  bytes: number;
  /** Times that the same was seen of the address. */
  times: number;
  /**
   * silent: it sent nothing · unrecognised: neither 808 nor 1078 · refused: a limit kept it out · stranger: 808 of a terminal
   * that was not let in · unwanted: media that nobody asked for.
   */
  kind: 'silent' | 'unrecognised' | 'refused' | 'stranger' | 'unwanted';
  /** What its bytes look like (`TLS`, `HTTP` …), the limit it met, the terminals or SIMs it named. */
  detail: string;
  closed?: ErrorCode;
  hex: string;
}

// ---------------------------------------------------------------------------------------------------------- data use

/** What a vehicle's data is for; `refused` is media that came although nobody asked for it. */
export const usageKinds = [
  'signalIn',
  'signalOut',
  'main',
  'sub',
  'talk',
  'playback',
  'upload',
  'pictures',
  'refused',
] as const;
export type UsageKind = (typeof usageKinds)[number];
export type UsageBytes = Record<UsageKind, number>;

/** One vehicle's month. Bytes of 808 and 1078 themselves: TCP, UDP and IP add some 4 to 8 %. */
export interface UsageRow {
  vehicleId: string;
  plate: string;
  bytes: UsageBytes;
  total: number;
  /** Bytes a month; 0: none. */
  allowance: number;
  /** The allowance is the vehicle's own, not the setting's. */
  isOwn: boolean;
}

export interface UsageMonth {
  /** `2026-11`, of the server's own time zone, as days are. */
  month: string;
  /** Months of which something is kept, newest first. */
  months: string[];
  rows: UsageRow[];
  /** Of the rows together, by day of the month from 1; days without data are left out. */
  days: { day: number; bytes: UsageBytes; total: number }[];
}

// -------------------------------------------------------------------------------------------------- vehicle storage

export const storedMedia = ['audioVideo', 'audio', 'video', 'either'] as const;
/** What a recording on a vehicle holds; `either` (video, with or without sound) is for requests. */
export type StoredMedia = (typeof storedMedia)[number];
export const storedStreams = ['any', 'main', 'sub'] as const;
export type StoredStream = (typeof storedStreams)[number];
export const storages = ['any', 'main', 'backup'] as const;
export type Storage = (typeof storages)[number];

/** One recording that lies on the vehicle, as it says (1078-2016 table 23). Times are the device's. */
export interface StoredFile {
  channel: number;
  from: number;
  to: number;
  media: StoredMedia;
  stream: StoredStream;
  storage: Storage;
  /** Bit n: alarm n of 808-2013 table 24. */
  alarms: number;
  /** Bit n: video alarm n of 1078-2016 table 14. */
  videoAlarms: number;
  bytes: number;
}

/**
 * How a terminal had to be asked: as the standard says · after its parameters had been read, which some want first · without
 * the storage byte, as some read it.
 */
export const searchWays = ['standard', 'afterParameters', 'withoutStorage'] as const;
export type SearchWay = (typeof searchWays)[number];

export interface StoredList {
  /** By channel, oldest first. */
  files: StoredFile[];
  /** When the vehicle was asked; a list may be kept from before. */
  askedAt: number;
  way: SearchWay;
  /** How many the terminal said there are, where that is not how many came. */
  announced?: number;
}

/** A search that is under way. */
export interface SearchRow {
  id: string;
  vehicleId: string;
  /** 0: every one. */
  channel: number;
  from: number;
  to: number;
  way: SearchWay;
  since: number;
  ended?: true;
}

/** Speeds that the standard knows. */
export const playbackSpeeds = [1, 2, 4, 8, 16] as const;
export type PlaybackSpeed = (typeof playbackSpeeds)[number];
export const playbackModes = ['normal', 'fast', 'keyRewind', 'keyPlay'] as const;
export type PlaybackMode = (typeof playbackModes)[number];
export const playbackControls = ['resume', 'pause', 'stop', 'fast', 'keyRewind', 'drag', 'keyPlay'] as const;
export type PlaybackControl = (typeof playbackControls)[number];

/**
 * opening: asked for, no picture yet · playing · paused · stalled: nothing comes, though it was not paused · ended: over; see
 * `error`, of which `playbackEnded` is the good one.
 */
export type PlaybackPhase = 'opening' | 'playing' | 'paused' | 'stalled' | 'ended';

/** What a vehicle plays from its storage for a console. */
export interface PlaybackRow {
  id: string;
  vehicleId: string;
  channel: number;
  phase: PlaybackPhase;
  mode: PlaybackMode;
  speed: PlaybackSpeed;
  from: number;
  /** 0: until there is no more. */
  to: number;
  /** The device's wall clock of the newest picture; `from` before the first. */
  at: number;
  bytes: number;
  error?: { code: ErrorCode; message: string };
  ended?: true;
}

/**
 * waiting: for its turn, or for the vehicle to come back or to end a playback (see `reason`) · running · paused: by an
 * operator · done: what the vehicle has of it is among the recordings · failed · cancelled.
 */
export type FetchState = 'waiting' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled';

/** Footage of a vehicle on its way into our own recordings. */
export interface FetchRow extends CameraKey {
  id: string;
  from: number;
  to: number;
  state: FetchState;
  /** Why it waits: the vehicle is away, it plays that camera for somebody, others come first, or a try failed. */
  reason?: 'offline' | 'busy' | 'turn' | 'retry';
  speed: PlaybackSpeed;
  startedAt: number;
  /** Wall clock of the newest picture that came; `from` before the first. */
  at: number;
  /** ms of footage of the range that are among our recordings, those that were there before included. */
  heldMs: number;
  bytes: number;
  frames: number;
  secondsLeft: number | null;
  error?: { code: ErrorCode; message: string };
  ended?: true;
}

/** Networks over which a terminal may upload (1078-2016 table 26); none named: any. */
export const uploadConditions = ['wifi', 'lan', 'mobile'] as const;
export type UploadCondition = (typeof uploadConditions)[number];

/**
 * asked: the vehicle is told, or will be once it is there (see `reason`) · accepted: it said yes, nothing came yet ·
 * transferring · paused: by an operator · done: the vehicle says that all is here · failed: see `error` · cancelled.
 */
export type UploadPhase = 'asked' | 'accepted' | 'transferring' | 'paused' | 'done' | 'failed' | 'cancelled';

/** Files of a vehicle's storage that it brings by FTP, as they lie there. */
export interface UploadRow {
  id: string;
  vehicleId: string;
  channel: number;
  from: number;
  to: number;
  media: StoredMedia;
  stream: StoredStream;
  storage: Storage;
  conditions: UploadCondition[];
  /** Absent: whatever it was recorded for. */
  alarms?: number;
  videoAlarms?: number;
  phase: UploadPhase;
  /** The vehicle is away. */
  reason?: 'offline';
  startedAt: number;
  /** Of all its files so far. */
  bytes: number;
  /** As the vehicle's list says; 0: not known. */
  expectedBytes: number;
  bitsPerSecond: number;
  secondsLeft: number | null;
  /** Once it is over: what came. `url` is below the page's own address. */
  files: { name: string; bytes: number; url: string }[];
  error?: { code: ErrorCode; message: string };
  ended?: true;
}

// ------------------------------------------------------------------------------------------------------------- trace

export const traceFormats = ['pcapng', 'text'] as const;
/** pcapng for Wireshark, or one line a message (docs/trace.md). */
export type TraceFormat = (typeof traceFormats)[number];

/** A recording of what one vehicle and we said to each other, byte for byte. */
export interface TraceRow {
  id: string;
  vehicleId: string;
  plate: string;
  phase: 'running' | 'done';
  /** Why it is over; crash: the program ended meanwhile. */
  endedBy?: 'operator' | 'size' | 'time' | 'disk' | 'shutdown' | 'crash' | 'forgotten';
  startedAt: number;
  /** 0 while it runs. */
  endedAt: number;
  /** It ends by itself then, or at `maxBytes`. */
  endsAt: number;
  /** Of its file. */
  bytes: number;
  maxBytes: number;
  /** Connections and UDP sources of the vehicle. */
  connections: number;
  /** 808 messages and 1078 packets (or datagrams of them), from the vehicle and to it. */
  messagesIn: number;
  messagesOut: number;
  packetsIn: number;
  packetsOut: number;
  /** Pieces that are neither. */
  junk: number;
  error?: { code: ErrorCode; message: string };
  ended?: true;
}

// ------------------------------------------------------------------------------------------------------------- orders

/** 0x9301. */
export const turnDirections = ['stop', 'up', 'down', 'left', 'right'] as const;
export type TurnDirection = (typeof turnDirections)[number];
/** 0x9302 and 0x9303: focus nearer or farther, iris open or shut, as the terminal takes it. */
export const lensSteps = ['increase', 'decrease'] as const;
export type LensStep = (typeof lensSteps)[number];
/** 0x9306. */
export const zoomSteps = ['in', 'out'] as const;
export type ZoomStep = (typeof zoomSteps)[number];

/** Plain numbers and texts of 808 table 12; structures of 1078 table 2, as `electron/codec/jt808/body/video-parameter.ts` names their fields. */
export type ParameterValue = number | string | boolean | null | ParameterValue[] | { [field: string]: ParameterValue };

/** One that the codec does not know, or whose length does not fit its id, is given as bytes. */
export type TerminalParameter = { id: number; value: ParameterValue } | { id: number; hex: string };

/** What 0x8105 can order, by the standard's number. */
export const terminalOrders = {
  upgrade: 1,
  connectTo: 2,
  powerOff: 3,
  reset: 4,
  factoryReset: 5,
  closeDataLink: 6,
  closeAllRadio: 7,
} as const;
export type TerminalOrder = keyof typeof terminalOrders;

// ---------------------------------------------------------------------------------------------------------- services

/**
 * An alarm of a vehicle, from the report it began in to the one it was gone from. One that comes back within a minute
 * goes on.
 */
export interface AlarmRow {
  /** `a` and a number that grows. */
  id: string;
  vehicleId: string;
  /** Camera it is about, 0: the vehicle. */
  channel: number;
  /**
   * `alarm.<bit>` of the alarm word of 0x0200, `videoAlarm.<bit>` of item 0x14, `storage.<bit>` of item 0x17,
   * `driving.<bit>` of item 0x18.
   */
  kind: string;
  /** `error`: somebody may be in danger. */
  level: Notice['level'];
  begin: number;
  /** 0 while it lasts. */
  end: number;
  /** Where it began; absent without a fix. */
  latitude?: number;
  longitude?: number;
  /** km/h where it began. */
  speed: number;
  /** Fatigue, 0 to 100, of `driving.0`. */
  fatigue?: number;
  /** Told of afterwards, from an area without network. */
  late?: true;
  /** 0 until a person confirmed it. */
  confirmedAt: number;
  confirmedBy: string;
  /** The vehicle was told of the confirmation, and took it. */
  told: boolean;
  /** Too old for the list that consoles hold; `alarm.list` has it. */
  ended?: true;
}

/** Item 0x1005. */
export interface PassengerRow {
  vehicleId: string;
  from: number;
  to: number;
  on: number;
  off: number;
}

/** A picture, or another file, that a vehicle sent by 0x0801; served at `pictures/<id>`. */
export interface PictureRow {
  id: string;
  vehicleId: string;
  channel: number;
  /** When it was taken as far as it says so, else when it arrived. */
  at: number;
  type: 'image' | 'audio' | 'video';
  /** `jpeg`, `tif`, `mp3`, `wav`, `wmv`, or `other`. */
  format: string;
  /** Why it was taken: `platform`, `timer`, `robbery`, `collision`, `doorOpen`, `doorClose`, `doorClosedAbove20`, `distance`, `other`. */
  event: string;
  bytes: number;
  latitude?: number;
  longitude?: number;
  /** Deleted, to make room or for its age. */
  ended?: true;
}

/**
 * What runs for a vehicle beside its streams and recordings, by kind. Every row has an `id` and replaces the one of the
 * same id before it; one with `ended` is the last of its id.
 */
export interface ServiceRows {
  talks: TalkRow;
  searches: SearchRow;
  playbacks: PlaybackRow;
  fetches: FetchRow;
  uploads: UploadRow;
  traces: TraceRow;
  alarms: AlarmRow;
  pictures: PictureRow;
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
  listening: { protocol: 'tcp' | 'udp' | 'http' | 'ftp'; address: string; port: number; error?: ErrorCode }[];
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
    args: {
      vehicleId: string;
      group?: string;
      transport?: Transport;
      channelNames?: Record<string, string>;
      /** MB of data a month; -1: what the setting says. */
      dataAllowanceMb?: number;
    };
    value: Vehicle;
  };
  'fleet.admit': { args: { vehicleId: string }; value: Vehicle };
  'fleet.forget': { args: { vehicleId: string }; value: null };
  /** An absent field is left as it is. What is heard at the moment is heard anew; recordings follow at their next beginning. */
  'sound.setOverride': { args: { vehicleId: string } & Partial<SoundOverride>; value: Vehicle };
  /**
   * The port follows on the control port as `{type: 'port', subscription}` and carries `TalkDown` and `TalkUp`; the talk ends
   * with it. `rows`: how it begins with each terminal, also with those that cannot be reached. Only a broadcast may name
   * more than one vehicle.
   */
  'talk.open': {
    args: { vehicleIds: string[]; channel: number; mode: TalkMode; credits: number };
    value: { talk: number; subscription: number; rows: TalkRow[] };
  };
  'talk.close': { args: { talk: number }; value: null };
  'talk.list': { args: Record<string, never>; value: TalkRow[] };
  /** 0x9301. A camera goes on turning until it is told to stop. `speed` 0 to 255. */
  'steer.turn': { args: { vehicleId: string; channel: number; direction: TurnDirection; speed?: number }; value: null };
  /** 0x9302, one step. */
  'steer.focus': { args: { vehicleId: string; channel: number; step: LensStep }; value: null };
  /** 0x9303, one step. */
  'steer.iris': { args: { vehicleId: string; channel: number; step: LensStep }; value: null };
  /** 0x9304. */
  'steer.wiper': { args: { vehicleId: string; channel: number; on: boolean }; value: null };
  /** 0x9305. */
  'steer.light': { args: { vehicleId: string; channel: number; on: boolean }; value: null };
  /** 0x9306, one step. */
  'steer.zoom': { args: { vehicleId: string; channel: number; step: ZoomStep }; value: null };
  /** 0x8106 for those named, else 0x8104 for all; terminals without 0x8106 are asked for all of them. */
  'parameters.read': { args: { vehicleId: string; ids?: number[] }; value: TerminalParameter[] };
  /** 0x8103. Refuses values out of the standard's ranges with badRequest. */
  'parameters.write': { args: { vehicleId: string; parameters: TerminalParameter[] }; value: null };
  /** 0x8105. `reason` is kept in the log with who it went to. */
  'control.send': {
    args: { vehicleId: string; order: TerminalOrder; parameters?: string[]; reason: string };
    value: null;
  };
  /** 0x8300 to each. `urgent`, `terminalDisplay`, `tts` and `advertisement` are its flags; none set: the display. */
  'text.send': {
    args: {
      vehicleIds: string[];
      text: string;
      urgent?: boolean;
      terminalDisplay?: boolean;
      tts?: boolean;
      advertisement?: boolean;
    };
    value: TextResult[];
  };
  /**
   * The media port follows on the control port as `{type: 'port', subscription}`. Without `audio` it brings no sound; with
   * `video: false` nothing else, and needs no credits.
   */
  'stream.open': {
    args: CameraKey & { credits: number; audio?: boolean; video?: boolean };
    value: { subscription: number };
  };
  'stream.list': { args: Record<string, never>; value: StreamRow[] };
  /**
   * 0x9205. Kept per vehicle and day; `refresh` asks again. May take as long as the vehicle does: see `storageTimeoutMs`.
   * `alarms` and `videoAlarms`: only recordings that were made for one of these bits.
   */
  'storage.list': {
    args: {
      vehicleId: string;
      /** 0: every one. */
      channel: number;
      from: number;
      to: number;
      media?: StoredMedia;
      stream?: StoredStream;
      storage?: Storage;
      alarms?: number;
      videoAlarms?: number;
      refresh?: boolean;
    };
    value: StoredList;
  };
  /**
   * 0x9201. The media port follows as for `stream.open`, and `receivedAt` of what comes there is the device's wall clock of
   * the picture, not arrival. One playback of a channel at a time; it ends with its port.
   */
  'playback.open': {
    args: {
      vehicleId: string;
      channel: number;
      from: number;
      /** 0: until there is no more. */
      to: number;
      media?: StoredMedia;
      stream?: StoredStream;
      storage?: Storage;
      mode?: PlaybackMode;
      speed?: PlaybackSpeed;
      credits: number;
    };
    value: { playback: string; subscription: number };
  };
  /**
   * The sound of a playback, over a port of its own as that of `stream.open` with `video: false`: `receivedAt` is the footage's
   * wall clock here too. It brings some at normal speed only, and `gap` of reason `restart` where what is not heard yet belongs
   * to another place.
   */
  'playback.listen': { args: { playback: string }; value: { subscription: number } };
  /** 0x9202. `speed` for fast and keyRewind; `at` for drag. */
  'playback.control': {
    args: { playback: string; control: PlaybackControl; speed?: PlaybackSpeed; at?: number };
    value: PlaybackRow;
  };
  /** Only what our recordings do not hold already is played. At more than normal speed some devices send key frames only. */
  'storage.fetch': {
    args: {
      vehicleId: string;
      channel: number;
      from: number;
      to: number;
      stream?: StreamKind;
      storage?: Storage;
      speed?: PlaybackSpeed;
    };
    value: FetchRow;
  };
  /** `dismiss` takes one that is over out of the list. */
  'storage.fetchControl': {
    args: { id: string; control: 'pause' | 'resume' | 'cancel' | 'dismiss' };
    value: FetchRow;
  };
  /** 0x9206. The vehicle may be away: it is told when it comes. Survives a restart. */
  'upload.start': {
    args: {
      vehicleId: string;
      channel: number;
      from: number;
      to: number;
      media?: StoredMedia;
      stream?: StoredStream;
      storage?: Storage;
      conditions?: UploadCondition[];
      /** Only recordings that were made for one of these bits, as in `storage.list`. */
      alarms?: number;
      videoAlarms?: number;
    };
    value: UploadRow;
  };
  /** 0x9207 with command 0. */
  'upload.pause': { args: { id: string }; value: UploadRow };
  /** 0x9207 with command 1, or 0x9206 again where the vehicle does not know of it any more; one that failed is asked anew. */
  'upload.resume': { args: { id: string }; value: UploadRow };
  /** 0x9207 with command 2. What came of it is deleted. */
  'upload.cancel': { args: { id: string }; value: UploadRow };
  'upload.list': { args: { vehicleId?: string }; value: UploadRow[] };
  /** Only of one that is over; its files are deleted. */
  'upload.remove': { args: { id: string }; value: null };
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
  /** What is in memory of a camera that consoles watch, oldest first, read like recorded segments; their ids are not kept. */
  'rewind.coverage': { args: CameraKey; value: SegmentRow[] };
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
  /** One trace of a vehicle runs at a time: that one is answered when there is one. Goes on when the vehicle comes back. */
  'trace.start': { args: { vehicleId: string }; value: TraceRow };
  'trace.stop': { args: { vehicleId: string }; value: TraceRow };
  'trace.list': { args: { vehicleId?: string }; value: TraceRow[] };
  /**
   * Makes a file to save, also of one that still runs. `blank` replaces who and where. `url` is below the page's own
   * address; `name` is what the file may be called, and names nobody.
   */
  'trace.export': {
    args: { id: string; vehicleId?: string; format: TraceFormat; blank: boolean };
    value: { url: string; name: string; bytes: number };
  };
  'trace.remove': { args: { id: string; vehicleId?: string }; value: null };
  /**
   * Any command of the 808 table, for engineers: `messageId` is `0x9301`, `value` its body in the words of the table, byte
   * strings as `{hex: '…'}`. Answers with the body of what answers it, or null for a general reply of success.
   */
  'terminal.send': { args: { vehicleId: string; messageId: string; value: unknown }; value: unknown };
  'doctor.vehicle': { args: { vehicleId: string }; value: DoctorReport };
  'doctor.camera': { args: CameraKey; value: DoctorReport };
  /** Connections that became no terminal's, newest first. */
  'doctor.peers': { args: Record<string, never>; value: DoctorPeer[] };
  /** @property month `2026-11`; vehicleId leaves one row */
  'usage.get': { args: { month: string; vehicleId?: string }; value: UsageMonth };
  /** Newest first; times are of what overlaps them. */
  'alarm.list': { args: { from: number; to: number; vehicleId?: string; limit: number }; value: AlarmRow[] };
  /**
   * Keeps who confirmed it, then tells the vehicle where the standard lets a person confirm that alarm: by 0x8203, or with
   * an 808-2011 terminal by 0x8001. A vehicle that is away or refuses leaves `told` false.
   */
  'alarm.confirm': { args: { id: string; by?: string }; value: AlarmRow };
  'passenger.list': { args: { from: number; to: number; vehicleId?: string; limit: number }; value: PassengerRow[] };
  /** 0x8801; pictures follow by themselves. `quality` 1 best to 10 smallest, `resolution` as 808-2013 numbers it, 1 to 8. */
  'picture.take': {
    args: { vehicleId: string; channel: number; count?: number; quality?: number; resolution?: number };
    value: null;
  };
  'picture.list': { args: { from: number; to: number; vehicleId?: string; limit: number }; value: PictureRow[] };
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
  'live',
  'archive',
  'alarms',
  'map',
  'plans',
  'transfers',
  'usage',
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
