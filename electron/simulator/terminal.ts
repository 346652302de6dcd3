import type { Clock } from '../clock.ts';
import { replyResult } from '../codec/jt808/body/general-reply.ts';
import { type Location, statusBit } from '../codec/jt808/body/location.ts';
import type { Message } from '../codec/jt808/frame.ts';
import { readMessage } from '../codec/jt808/messages.ts';
import type { StreamKind } from '../contract.ts';
import type { Log } from '../log.ts';
import { CameraHead } from './camera-head.ts';
import { CameraShots } from './camera-shots.ts';
import { Drive } from './drive.ts';
import { type Faults, noFaults } from './faults.ts';
import { type IncidentKind, Incidents } from './incidents.ts';
import { MediaDesk } from './media-desk.ts';
import { PassengerCount } from './passenger-count.ts';
import { childSeed, type Random, seededRandom } from './random.ts';
import { RequestDesk } from './request-desk.ts';
import { Route } from './route.ts';
import type { SceneShelf } from './scene-shelf.ts';
import { SignalLink } from './signal-link.ts';
import { StorageDesk } from './storage-desk.ts';
import { StoredFootage } from './stored-footage.ts';
import { TerminalParameters } from './terminal-parameters.ts';
import { Timer, type TimerHeap } from './timer-heap.ts';
import { UploadDesk } from './upload-desk.ts';
import type { VehicleIdentity } from './vehicle-identity.ts';

/** waiting: the connection failed or was cut, the next attempt comes by itself. */
export type TerminalState = 'off' | 'connecting' | 'registering' | 'authenticating' | 'online' | 'waiting';

export interface TerminalOptions {
  readonly identity: VehicleIdentity;
  readonly host: string;
  readonly signalPort: number;
  readonly clock: Clock;
  readonly timers: TimerHeap;
  readonly log: Log;
  readonly random: Random;
  readonly scenes: SceneShelf;
  readonly faults?: Partial<Faults>;
}

/** Cameras of every simulated vehicle. */
export const cameraCount = 4;

const answerTimeoutMs = 10_000;
const firstPauseMs = 1000;
const longestPauseMs = 30_000;
/** Positions kept without a connection, an hour of them; and in one 0x0704, which is then a few kB. */
const maxBlind = 720;
const blindPerMessage = 50;
/** An order to restart is answered before it is obeyed. */
const restartMs = 200;
/** A logout is given this long to leave before the socket is closed hard. */
const farewellMs = 500;

/** One simulated terminal: one 808 connection, its drive, and the streams that the platform asked for. */
export class Terminal {
  readonly identity: VehicleIdentity;
  /** This terminal's own; may be changed at any time. */
  readonly faults: Faults;
  readonly #options: TerminalOptions;
  readonly #log: Log;
  readonly #drive: Drive;
  readonly #media: MediaDesk;
  readonly #storage: StorageDesk;
  readonly #uploads: UploadDesk;
  readonly #parameters: TerminalParameters;
  readonly #requests: RequestDesk;
  readonly #incidents: Incidents;
  readonly #passengers: PassengerCount | undefined;
  readonly #head: CameraHead;
  readonly #restart: Timer;
  readonly #retry: Timer;
  readonly #heartbeat: Timer;
  readonly #report: Timer;
  readonly #patience: Timer;
  #state: TerminalState = 'off';
  #link: SignalLink | undefined;
  #authCode: string | undefined;
  #pauseMs = firstPauseMs;
  #farewell: (() => void) | undefined;
  /** Where it was while it could not say so. */
  #blind: Location[] = [];

  constructor(options: TerminalOptions) {
    const { identity, clock, timers, random } = options;
    this.identity = identity;
    this.faults = { ...noFaults, ...options.faults };
    this.#options = options;
    this.#log = options.log.child({ terminal: identity.phone });
    this.#drive = new Drive(new Route(identity.city.loop), random, clock.monotonic());
    this.#parameters = new TerminalParameters(options.host, options.signalPort, cameraCount);
    this.#head = new CameraHead(clock);
    this.#restart = new Timer(() => this.drop());
    this.#media = new MediaDesk({
      log: this.#log,
      identity,
      clock,
      timers,
      random,
      faults: this.faults,
      scenes: options.scenes,
      drive: this.#drive,
      remark: channel => (channel === cameraCount ? this.#head.words : ''),
    });
    const footage = new StoredFootage(() => clock.now(), cameraCount, Number(identity.phone.slice(-4)));
    this.#uploads = new UploadDesk({
      ...{ clock, faults: this.faults, footage, log: this.#log },
      scene: channel => this.#media.scene(channel, 'sub'),
      told: (replySerial, result) => this.#link?.send(0x1206, { replySerial, result }),
    });
    this.#storage = new StorageDesk({
      ...{ identity, clock, timers, random, faults: this.faults },
      footage,
      scene: (channel, stream) => this.#media.scene(channel, stream),
      murmur: () => options.scenes.murmur(),
    });
    // Apart from the faults' draws, so that a fleet without incidents drives as it ever did.
    const chance = seededRandom(childSeed(Number(identity.phone.slice(-6)), 1));
    this.#incidents = new Incidents({ channels: cameraCount, faults: this.faults, random: chance });
    // Yellow plates are those of buses and lorries.
    this.#passengers = identity.plateColor === 2 ? new PassengerCount(chance) : undefined;
    this.#requests = new RequestDesk({
      incidents: this.#incidents,
      shots: new CameraShots({
        channels: cameraCount,
        picture: channel => this.#media.still(channel),
        location: () => this.#location(),
      }),
      identity,
      channels: cameraCount,
      faults: this.faults,
      media: this.#media,
      head: channel => (channel === cameraCount ? this.#head : undefined),
      restart: () => timers.arm(this.#restart, restartMs),
      storage: this.#storage,
      uploads: this.#uploads,
      parameters: this.#parameters,
      serverAddress: () => this.#link?.remoteAddress ?? options.host,
      send: (id, value) => this.#link?.send(id, value),
      sendAgain: request => this.#link?.sendAgain(request),
    });
    this.#retry = new Timer(() => this.#connect());
    this.#heartbeat = new Timer(() => this.#beat());
    this.#report = new Timer(() => this.#sendLocation());
    this.#patience = new Timer(() => this.#link?.cut());
  }

  get state(): TerminalState {
    return this.#state;
  }

  /** Streams that run now. */
  get streams(): readonly { channel: number; stream: StreamKind; transport: 'udp' | 'tcp'; paused: boolean }[] {
    return this.#media.streams;
  }

  /** Texts of the platform, the newest last. */
  get texts(): readonly string[] {
    return this.#requests.texts;
  }

  /** What is heard in the cab over talks that are open. */
  get heard(): MediaDesk['heard'] {
    return this.#media.heard;
  }

  /** Comes online after `delayMs`, and again by itself whenever the connection ends. */
  start(delayMs = 0): void {
    if (this.#state !== 'off') return;
    this.#state = 'waiting';
    this.#options.timers.arm(this.#retry, delayMs);
  }

  /** Logs out and closes everything; resolves when the connection is gone. */
  stop(): Promise<void> {
    const { timers, clock } = this.#options;
    const link = this.#link;
    const wasOnline = this.#state === 'online';
    this.#state = 'off';
    timers.disarm(this.#retry);
    this.#disarm();
    this.#media.close();
    this.#storage.close();
    this.#uploads.close();
    if (!link) return Promise.resolve();
    return new Promise(resolve => {
      const cancel = clock.after(farewellMs, () => link.cut());
      this.#farewell = () => {
        cancel();
        resolve();
      };
      if (wasOnline) link.send(0x0003, null);
      if (link.isOpen) link.end();
      else link.cut();
    });
  }

  /** Cuts the 808 connection and every stream, as in a tunnel; the terminal comes back by itself. */
  drop(): void {
    this.#link?.cut();
  }

  /** Cuts the media connections only; the terminal does not mend them unasked. */
  dropMedia(): void {
    this.#media.close();
    this.#storage.close();
  }

  /** Something happens to it, as its reports say from the next one on. @param seconds drawn unless given */
  raise(kind: IncidentKind, seconds?: number, channel?: number): void {
    this.#incidents.begin(kind, this.#options.clock.monotonic(), seconds, channel);
    if (this.#state === 'online') this.#sendLocation();
  }

  /** Streams send nothing for `seconds`, then go on with the picture of that moment. */
  stall(seconds: number): void {
    this.#media.stall(seconds * 1000);
  }

  #connect(): void {
    this.#state = 'connecting';
    this.#link = new SignalLink({
      identity: this.identity,
      host: this.#options.host,
      port: this.#options.signalPort,
      faults: this.faults,
      random: this.#options.random,
      opened: () => this.#opened(),
      message: message => this.#message(message),
      closed: () => this.#closed(),
    });
    this.#expectAnswer();
  }

  #expectAnswer(): void {
    this.#options.timers.arm(this.#patience, answerTimeoutMs);
  }

  #opened(): void {
    if (this.#authCode === undefined) this.#register();
    else this.#authenticate(this.#authCode);
  }

  #register(): void {
    const { identity } = this;
    this.#state = 'registering';
    this.#link?.send(0x0100, {
      layout: identity.version,
      province: identity.city.province,
      city: identity.city.code,
      maker: 'CONVY',
      model: 'SIM-4CH',
      deviceId: identity.deviceId,
      plateColor: identity.plateColor,
      plate: identity.plate,
    });
    this.#expectAnswer();
  }

  #authenticate(code: string): void {
    this.#state = 'authenticating';
    this.#link?.send(0x0102, { code, imei: `86${this.identity.phone}0`, softwareVersion: 'SIM 1' });
    this.#expectAnswer();
  }

  #online(): void {
    this.#state = 'online';
    this.#pauseMs = firstPauseMs;
    this.#options.timers.disarm(this.#patience);
    this.#log.debug({}, 'simulated terminal online');
    this.#sendBlind();
    this.#sendLocation();
    this.#options.timers.arm(this.#heartbeat, this.#parameters.heartbeatMs);
  }

  #closed(): void {
    this.#link = undefined;
    this.#disarm();
    this.#media.close();
    this.#storage.close();
    this.#uploads.close();
    if (this.#state === 'off') {
      this.#farewell?.();
      return;
    }
    this.#state = 'waiting';
    if (this.#authCode !== undefined) this.#options.timers.arm(this.#report, this.#parameters.reportMs);
    this.#options.timers.arm(this.#retry, this.#pauseMs * (0.75 + 0.5 * this.#options.random()));
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
  }

  #disarm(): void {
    const { timers } = this.#options;
    for (const timer of [this.#heartbeat, this.#report, this.#patience, this.#restart]) timers.disarm(timer);
  }

  #beat(): void {
    this.#link?.send(0x0002, null);
    this.#options.timers.arm(this.#heartbeat, this.#parameters.heartbeatMs);
  }

  /** Reports where it is, or keeps it for later while there is no connection. */
  #sendLocation(): void {
    const { clock, timers } = this.#options;
    this.#drive.advance(clock.monotonic());
    this.#incidents.advance(clock.monotonic());
    const location = this.#location();
    if (this.#state === 'online') {
      this.#link?.send(0x0200, location);
      const flow = this.#passengers?.look(this.#drive.standing, clock.now());
      if (flow) this.#link?.send(0x1005, flow);
    } else if (this.#blind.length < maxBlind) this.#blind.push(location);
    timers.arm(this.#report, this.#parameters.reportMs);
  }

  /** 0x0704 of the blind area that it has just left. */
  #sendBlind(): void {
    while (this.#blind.length > 0)
      this.#link?.send(0x0704, { kind: 1, locations: this.#blind.splice(0, blindPerMessage) });
  }

  #location(): Location {
    const { clock, random } = this.#options;
    const place = this.#drive.place;
    return {
      alarms: this.#incidents.alarms,
      status: statusBit.ignition | statusBit.fixed,
      latitude: place.latitude,
      longitude: place.longitude,
      altitude: Math.round(this.identity.city.altitude + 2 * Math.sin(this.#drive.driven / 400)),
      speed: this.#drive.speed,
      direction: Math.floor(place.heading) % 360,
      time: clock.now(),
      items: [
        { id: 0x01, value: Math.round(this.#drive.driven / 100) },
        { id: 0x30, value: 18 + Math.floor(random() * 13) },
        { id: 0x31, value: 9 + Math.floor(random() * 8) },
        ...this.#incidents.items,
      ],
    };
  }

  #message(message: Message): void {
    const reading = readMessage(message);
    if (typeof reading === 'string') {
      if (!this.faults.neverAnswers) this.#requests.refuse(message, reading);
      return;
    }
    if (reading.id === 0x8100) this.#registered(reading.value.result, reading.value.authCode);
    else if (reading.id === 0x8001) this.#generalReply(reading.value.replyId, reading.value.result);
    else if (!this.faults.neverAnswers) this.#requests.answer(message, reading);
  }

  #registered(code: number, authCode: string): void {
    if (this.#state !== 'registering') return;
    if (code === 0) {
      this.#authCode = authCode;
      this.#authenticate(authCode);
    } else this.#link?.end();
  }

  #generalReply(id: number, code: number): void {
    if (id !== 0x0102 || this.#state !== 'authenticating') return;
    if (code === replyResult.ok) this.#online();
    else {
      this.#authCode = undefined;
      this.#register();
    }
  }
}
