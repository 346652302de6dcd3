import { ConvoyError } from './errors.ts';
import { isLoopback } from './loopback.ts';
import { recordSettings } from './record-settings.ts';
import { uploadSettings } from './upload-settings.ts';

interface NumberRow {
  default: number;
  min: number;
  max: number;
  unit: string;
  restart?: true;
  doc: string;
}
interface TextRow {
  default: string;
  choices?: readonly string[];
  restart?: true;
  doc: string;
}
interface FlagRow {
  default: boolean;
  restart?: true;
  doc: string;
}

/**
 * Every setting and limit, one row each; docs/settings.md lists the same rows and a test compares them.
 * `restart` marks what takes effect only at the next start.
 */
export const settingTable = {
  // listening
  host: { default: '0.0.0.0', restart: true, doc: 'Address the vehicle ports bind to' },
  signalPort: {
    default: 7611,
    min: 0,
    max: 65535,
    unit: '',
    restart: true,
    doc: 'TCP port for JT/T 808 (1078 is understood there too); 0 picks one',
  },
  mediaPort: {
    default: 6611,
    min: 0,
    max: 65535,
    unit: '',
    restart: true,
    doc: 'UDP and TCP port for JT/T 1078 (808 is understood there too); 0 picks one',
  },
  webEnabled: { default: false, restart: true, doc: 'Open the web door in the desktop application' },
  webHost: {
    default: '127.0.0.1',
    restart: true,
    doc: 'Address the web door binds to; any other than loopback needs a token',
  },
  webPort: { default: 3000, min: 0, max: 65535, unit: '', restart: true, doc: 'Port of the web door; 0 picks one' },
  webToken: { default: '', restart: true, doc: 'Token that clients of the web door must give' },
  webCertificate: {
    default: '',
    restart: true,
    doc: 'PEM file with the certificate; with a key, the web door speaks TLS',
  },
  webKey: { default: '', restart: true, doc: 'PEM file with the key of the certificate' },

  // sockets
  maxConnections: {
    default: 4000,
    min: 1,
    max: 60000,
    unit: 'connections',
    doc: 'Vehicle connections at once, all TCP ports together',
  },
  maxConnectionsPerAddress: {
    default: 2000,
    min: 1,
    max: 60000,
    unit: 'connections',
    doc: 'Of these from one address (a whole fleet may share one NAT)',
  },
  connectRatePerAddress: {
    default: 500,
    min: 1,
    max: 100000,
    unit: 'per second',
    doc: 'New connections a second from one address',
  },
  firstByteMs: {
    default: 30000,
    min: 1000,
    max: 600000,
    unit: 'ms',
    doc: 'A connection that sends nothing recognisable for this long after it opened is closed',
  },
  idleSignalMs: {
    default: 300000,
    min: 10000,
    max: 3600000,
    unit: 'ms',
    doc: 'A signalling connection without a message for this long is closed',
  },
  idleMediaMs: {
    default: 120000,
    min: 5000,
    max: 3600000,
    unit: 'ms',
    doc: 'A media connection without a packet for this long is closed',
  },
  keepAliveMs: { default: 30000, min: 1000, max: 600000, unit: 'ms', restart: true, doc: 'TCP keepalive' },
  maxBytesPerSecondPerPeer: {
    default: 125000000,
    min: 10000,
    max: 1000000000,
    unit: 'bytes/s',
    doc: 'A peer that sends more, over ten seconds, is closed (TCP) or its surplus dropped (UDP)',
  },
  maxJunkBytes: {
    default: 65536,
    min: 256,
    max: 10485760,
    unit: 'bytes',
    doc: 'Junk without one good message or packet between, after which a connection is closed',
  },
  maxWriteBuffer: {
    default: 1048576,
    min: 4096,
    max: 67108864,
    unit: 'bytes',
    doc: 'Unsent bytes to one peer, after which it is closed',
  },
  udpReceiveBuffer: {
    default: 4194304,
    min: 65536,
    max: 268435456,
    unit: 'bytes',
    restart: true,
    doc: 'Receive buffer asked of the kernel for UDP',
  },
  maxUdpSources: {
    default: 8192,
    min: 16,
    max: 1000000,
    unit: 'sources',
    doc: 'UDP source addresses remembered at once',
  },

  // terminals
  registration: {
    default: 'open',
    choices: ['open', 'list'],
    doc: 'open: any terminal may register; list: unknown ones wait as pending until admitted. Neither proves who registers: any peer that names an admitted phone is given its code, so keep the ports within a network that you trust',
  },
  maxTerminals: { default: 20000, min: 1, max: 1000000, unit: 'terminals', doc: 'Terminals kept in the roster' },
  maxTerminalsPerConnection: {
    default: 256,
    min: 1,
    max: 65535,
    unit: 'terminals',
    doc: 'Terminals that one connection may speak for (a gateway may carry many)',
  },
  registrationsPerMinutePerAddress: {
    default: 3000,
    min: 1,
    max: 1000000,
    unit: 'per minute',
    doc: '0x0100 accepted a minute from one address',
  },
  heartbeatTimeoutMs: {
    default: 180000,
    min: 10000,
    max: 3600000,
    unit: 'ms',
    doc: 'A terminal without a message for this long is offline',
  },
  commandTimeoutMs: {
    default: 10000,
    min: 500,
    max: 120000,
    unit: 'ms',
    doc: 'Time for a terminal to answer a command',
  },
  maxPendingCommands: { default: 32, min: 1, max: 1000, unit: 'commands', doc: 'Unanswered commands to one terminal' },
  maxPartsPerMessage: { default: 2048, min: 1, max: 65535, unit: 'parts', doc: 'Sub-packages of one 808 message' },
  maxMessageBytes: {
    default: 2097152,
    min: 1024,
    max: 67108864,
    unit: 'bytes',
    doc: 'An 808 message put together from sub-packages',
  },
  maxOpenMessages: {
    default: 8,
    min: 1,
    max: 256,
    unit: 'messages',
    doc: 'Sub-packaged messages under way per terminal',
  },
  partsTimeoutMs: {
    default: 5000,
    min: 500,
    max: 120000,
    unit: 'ms',
    doc: 'Silence after which missing sub-packages are asked for again (0x8003)',
  },
  partsRetries: { default: 3, min: 0, max: 20, unit: 'times', doc: 'Times that missing sub-packages are asked for' },
  defaultChannels: {
    default: 4,
    min: 1,
    max: 64,
    unit: 'channels',
    doc: 'Cameras shown for a terminal that does not say how many it has',
  },

  alarmMaskOrder: {
    default: 'standard',
    choices: ['standard', 'wordsSwapped'],
    doc: 'Alarm mask in searches and uploads of what a vehicle recorded; wordsSwapped: alarms of JT/T 808 before video alarms',
  },

  doctorKept: {
    default: 2000,
    min: 16,
    max: 100000,
    unit: '',
    doc: 'Terminals, cameras and closed connections of which the connection doctor keeps what it saw, each',
  },
  dataAllowanceMb: {
    default: 0,
    min: 0,
    max: 100000000,
    unit: 'MB',
    doc: 'Data of one vehicle in a calendar month, unless set per vehicle; said at 80 % and at 100 %; 0: no allowance',
  },
  dataKeepMonths: {
    default: 13,
    min: 1,
    max: 120,
    unit: 'months',
    doc: 'Months of data use that are kept',
  },

  // what lies on vehicles
  storageTimeoutMs: {
    default: 20000,
    min: 1000,
    max: 300000,
    unit: 'ms',
    doc: 'Time for a terminal to begin its list of recordings (0x1205), and between two parts of it, before it is asked otherwise',
  },
  storageListsKept: {
    default: 200,
    min: 1,
    max: 10000,
    unit: 'lists',
    doc: 'Lists of what vehicles hold, one per vehicle and day, that are kept until asked for anew',
  },
  playbackTransport: {
    default: 'tcp',
    choices: ['tcp', 'udp', 'both'],
    doc: 'Transport offered for playback (0x9201); over TCP nothing of the footage is lost, and its end is told',
  },
  playbackSilenceMs: {
    default: 15000,
    min: 2000,
    max: 300000,
    unit: 'ms',
    doc: 'A playback that was not paused and brings nothing for this long is over',
  },
  playbackAheadMs: {
    default: 30000,
    min: 1000,
    max: 300000,
    unit: 'ms',
    doc: 'Footage that a console is sent before its time at most, by devices that play as fast as the line allows; more is dropped',
  },
  fetchesAtOnce: {
    default: 4,
    min: 1,
    max: 64,
    unit: 'vehicles',
    doc: 'Vehicles of which footage is fetched at once, one camera of each',
  },
  maxFetches: {
    default: 200,
    min: 1,
    max: 10000,
    unit: 'fetches',
    doc: 'Fetches that are kept: those that wait, and those that are over',
  },
  fetchRetries: {
    default: 5,
    min: 0,
    max: 100,
    unit: 'times',
    doc: 'Times that a fetch which brought nothing new is tried again before it has failed',
  },

  // streams
  mediaAddress: {
    default: '',
    doc: 'Address named in 0x9101; empty: the local address of the terminal’s own connection',
  },
  mediaPortPublic: {
    default: 0,
    min: 0,
    max: 65535,
    unit: '',
    doc: 'Port named in 0x9101 when it is forwarded; 0: the media port itself',
  },
  transport: {
    default: 'both',
    choices: ['udp', 'tcp', 'both'],
    doc: 'Transport offered in 0x9101 unless set per vehicle; the port not offered is 0',
  },
  graceMs: {
    default: 5000,
    min: 0,
    max: 600000,
    unit: 'ms',
    doc: 'A stream that nobody wants is closed after this long',
  },
  stalledAfterMs: {
    default: 2000,
    min: 200,
    max: 60000,
    unit: 'ms',
    doc: 'Without a frame for this long a stream is stalled',
  },
  lostAfterMs: {
    default: 10000,
    min: 1000,
    max: 600000,
    unit: 'ms',
    doc: 'Without a frame for this long a stream is lost and asked for again',
  },
  openTimeoutMs: {
    default: 8000,
    min: 1000,
    max: 120000,
    unit: 'ms',
    doc: 'Time from 0x9101 to the first packet, after which it is asked for again',
  },
  retryMinMs: {
    default: 1000,
    min: 100,
    max: 60000,
    unit: 'ms',
    doc: 'First pause before a stream is asked for again; doubles each time',
  },
  retryMaxMs: { default: 30000, min: 1000, max: 600000, unit: 'ms', doc: 'Longest such pause' },
  lossReportMs: { default: 30000, min: 1000, max: 600000, unit: 'ms', doc: 'Interval of 0x9105' },
  sourceSilenceMs: {
    default: 2000,
    min: 200,
    max: 60000,
    unit: 'ms',
    doc: 'Another source may take over a stream whose first has been silent for this long',
  },
  reorderPackets: { default: 16, min: 1, max: 1024, unit: 'packets', doc: 'Reorder window per UDP source' },
  reorderMs: { default: 80, min: 1, max: 5000, unit: 'ms', doc: 'Longest wait for a missing UDP packet' },
  maxPacketBytes: {
    default: 65535,
    min: 950,
    max: 65535,
    unit: 'bytes',
    doc: 'Payload of one 1078 packet (the standard says 950)',
  },
  maxFrameBytes: {
    default: 2097152,
    min: 65536,
    max: 67108864,
    unit: 'bytes',
    doc: 'One access unit; a larger one is dropped',
  },
  gopFrames: {
    default: 300,
    min: 1,
    max: 5000,
    unit: 'frames',
    doc: 'Frames since the last key frame kept for a new subscriber',
  },
  gopBytes: { default: 4194304, min: 65536, max: 268435456, unit: 'bytes', doc: 'Bytes of these' },
  queueFrames: {
    default: 120,
    min: 2,
    max: 5000,
    unit: 'frames',
    doc: 'Queue of one subscriber; a full one drops to the next key frame',
  },
  queueBytes: { default: 8388608, min: 65536, max: 268435456, unit: 'bytes', doc: 'Bytes of one subscriber’s queue' },
  maxSubscriptions: {
    default: 128,
    min: 1,
    max: 4096,
    unit: 'subscriptions',
    doc: 'Open streams of one window or client',
  },
  talkOpenMs: {
    default: 10000,
    min: 1000,
    max: 120000,
    unit: 'ms',
    doc: 'Time for a terminal to open its connection for a talk, after which the talk is given up',
  },
  talkBufferMs: {
    default: 600,
    min: 100,
    max: 5000,
    unit: 'ms',
    doc: 'Microphone sound that may wait to be sent to one terminal; older sound is dropped',
  },
  talkUnsentBytes: {
    default: 16384,
    min: 1024,
    max: 1048576,
    unit: 'bytes',
    doc: 'Sound that a terminal has not read yet; above it, more is dropped rather than heard late',
  },
  maxTalkVehicles: {
    default: 200,
    min: 1,
    max: 2000,
    unit: 'vehicles',
    doc: 'Vehicles of one broadcast or text',
  },
  maxTalks: { default: 64, min: 1, max: 1000, unit: 'talks', doc: 'Talks, monitors and broadcasts open at once' },
  maxTalkEncoders: {
    default: 8,
    min: 1,
    max: 64,
    unit: 'encoders',
    doc: 'AAC encoders of all talks, 20 MB each; terminals of a broadcast that take the same AAC share one',
  },

  ...recordSettings,
  ...uploadSettings,

  // consoles
  deltaMs: {
    default: 250,
    min: 50,
    max: 5000,
    unit: 'ms',
    doc: 'State changes are gathered for this long before consoles are told',
  },
  maxWebClients: { default: 256, min: 1, max: 10000, unit: 'clients', restart: true, doc: 'WebSocket clients at once' },
  webPingMs: {
    default: 15000,
    min: 1000,
    max: 120000,
    unit: 'ms',
    restart: true,
    doc: 'WebSocket ping interval; a client that misses two is dropped',
  },
  webMessageBytes: {
    default: 65536,
    min: 1024,
    max: 1048576,
    unit: 'bytes',
    restart: true,
    doc: 'Largest message a WebSocket client may send',
  },
  webBufferBytes: {
    default: 1048576,
    min: 65536,
    max: 67108864,
    unit: 'bytes',
    doc: 'Unsent bytes of one WebSocket client beyond which its frames wait; eight times as much and it is dropped',
  },

  // program
  logLevel: {
    default: 'info',
    choices: ['debug', 'info', 'warn', 'error'],
    restart: true,
    doc: 'What is written to the log',
  },
  simulatorAlarmsPerHour: {
    default: 6,
    min: 0,
    max: 3600,
    unit: 'per hour',
    doc: 'Incidents of each vehicle of the built-in simulator, on average',
  },
  mapFile: { default: '', doc: 'PMTiles archive with the streets behind the map; empty: a grid of coordinates' },
  simulatorVehicles: { default: 6, min: 1, max: 200, unit: 'vehicles', doc: 'Vehicles of the built-in simulator' },
} as const satisfies Record<string, NumberRow | TextRow | FlagRow>;

export type SettingKey = keyof typeof settingTable;

type ValueOf<Row> = Row extends { choices: readonly (infer Choice)[] }
  ? Choice
  : Row extends { default: number }
    ? number
    : Row extends { default: boolean }
      ? boolean
      : string;

export type Settings = { [Key in SettingKey]: ValueOf<(typeof settingTable)[Key]> };

export function defaultSettings(): Settings {
  return Object.fromEntries(Object.entries(settingTable).map(([key, row]) => [key, row.default])) as Settings;
}

/**
 * Checks one value against its row.
 * @throws ConvoyError settingInvalid, naming the key and the range
 */
export function checkSetting(key: string, value: unknown): string | number | boolean {
  const row: NumberRow | TextRow | FlagRow | undefined = (
    settingTable as Record<string, NumberRow | TextRow | FlagRow>
  )[key];
  if (!row) throw new ConvoyError('settingInvalid', `there is no setting ${key}`);
  if (typeof value !== typeof row.default)
    throw new ConvoyError('settingInvalid', `${key} must be a ${typeof row.default}`);
  if (typeof value === 'number' && 'min' in row && !(Number.isInteger(value) && value >= row.min && value <= row.max))
    throw new ConvoyError('settingInvalid', `${key} must be a whole number from ${row.min} to ${row.max}`);
  if (typeof value === 'string' && 'choices' in row && row.choices && !row.choices.includes(value))
    throw new ConvoyError('settingInvalid', `${key} must be one of ${row.choices.join(', ')}`);
  return value as string | number | boolean;
}

/**
 * Refuses a change after which the web door would stand open to other machines without a token.
 * @param settings as they would be
 * @throws ConvoyError settingInvalid
 */
export function checkTogether(key: string, settings: Settings): void {
  if (key !== 'webHost' && key !== 'webToken' && !(key === 'webEnabled' && settings.webEnabled)) return;
  if (settings.webToken !== '' || isLoopback(settings.webHost)) return;
  throw new ConvoyError('settingInvalid', `webHost ${settings.webHost} needs a webToken: other machines reach it`);
}
