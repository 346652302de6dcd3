import { type Clock, systemClock } from './clock.ts';
import type { AppInfo, Health, Result, ShellCommand, SimulatorState } from './contract.ts';
import { DataUse } from './device/data-use.ts';
import { EvidenceBook } from './device/evidence-book.ts';
import { Terminals } from './device/terminals.ts';
import { MediaIntake } from './frames/media-intake.ts';
import { Hub } from './hub/hub.ts';
import { ConsoleLink } from './ipc/console-link.ts';
import type { Desk } from './ipc/desk.ts';
import type { Channel, Port } from './ipc/port.ts';
import { ServerDesk } from './ipc/server-desk.ts';
import { Listeners, type Listening } from './listeners.ts';
import { type Log, silentLog } from './log.ts';
import { LoopDelay } from './loop-delay.ts';
import { NoticeBoard } from './notice-board.ts';
import { RecordingService } from './record/recording-service.ts';
import { TraceTap } from './record/trace/trace-tap.ts';
import { VehicleServices } from './record/vehicle-services.ts';
import type { SettingsStore } from './settings-store.ts';
import { SimulatorSwitch } from './simulator/simulator-switch.ts';
import { Tally } from './tally.ts';
import { VehicleDoors } from './vehicle-doors.ts';
import { webAddress, webEntry } from './web/web-address.ts';
import { WebDoor } from './web/web-door.ts';

/** How often the waits of the reorder windows are looked at; a wait is `reorderMs`, 80 ms unless changed. */
const intakeTickMs = 20;
const healthMs = 1000;

export interface ServerOptions {
  readonly settings: SettingsStore;
  readonly dataDir: string;
  readonly info: AppInfo;
  /** Folder of the built console, served by the web door. */
  readonly staticDir: string;
  /** Folder of the simulator's clips. */
  readonly simulatorDir: string;
  /** Opens the web door whatever the setting says: for a server without a window. */
  readonly web?: boolean;
  readonly clock?: Clock;
  readonly log?: Log;
}

/** Wires the stages: the one place that sees them all. Of its own it only starts, stops and measures. */
export class ConvoyServer {
  readonly tally = new Tally();
  readonly #options: ServerOptions;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #desk: ServerDesk;
  readonly #notices: NoticeBoard;
  readonly #terminals: Terminals;
  readonly #intake: MediaIntake;
  readonly #hub: Hub;
  readonly #recordings: RecordingService;
  readonly #services: VehicleServices;
  readonly #simulator: SimulatorSwitch;
  readonly #vehicleDoors: VehicleDoors;
  readonly #loop = new LoopDelay();
  readonly #links = new Set<ConsoleLink>();
  readonly #listeners: Listeners;
  readonly #cancel: (() => void)[] = [];
  readonly #doors: { signal: Listening; media: Listening; udp: Listening; web?: Listening };
  readonly #receiveBufferAsked: number;
  #webToken = '';
  #health: Health;
  #stopping = false;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? silentLog;
    const { tally } = this;
    const clock = this.#clock;
    const settings = options.settings.values;
    const { host, signalPort, mediaPort, webHost, webPort, webEnabled } = settings;
    this.#doors = {
      signal: { protocol: 'tcp', address: host, port: signalPort },
      media: { protocol: 'tcp', address: host, port: mediaPort },
      udp: { protocol: 'udp', address: host, port: mediaPort },
      ...((options.web || webEnabled) && { web: { protocol: 'http', address: webHost, port: webPort } }),
    };
    this.#receiveBufferAsked = settings.udpReceiveBuffer;
    const evidence = new EvidenceBook(clock, settings);
    const dataUse = new DataUse();
    const tap = new TraceTap();
    this.#notices = new NoticeBoard(clock, notice => this.#desk.noticeGiven(notice));
    const strict = options.web === true;
    this.#listeners = new Listeners({ clock, tally, log: this.#log, notices: this.#notices, strict });
    this.#terminals = new Terminals({
      ...{ clock, tally, settings, evidence, dataUse },
      log: this.#log.child({ stage: 'device' }),
      dataDir: options.dataDir,
      ports: () => {
        const { signal, media, udp } = this.#doors;
        return { signal: openPort(signal), media: openPort(media), udp: openPort(udp) };
      },
      changed: id => {
        this.#recordings.vehicleChanged(id);
        this.#services.vehicleChanged(id);
        this.#desk.vehicleChanged(id);
      },
      removed: id => {
        this.#recordings.vehicleRemoved(id);
        this.#services.vehicleRemoved(id);
        this.#hub.terminalForgotten(id);
        this.#desk.vehicleRemoved(id);
      },
      online: id => {
        this.#hub.terminalOnline(id);
        this.#services.vehicleOnline(id);
      },
      offline: id => {
        this.#hub.terminalOffline(id);
        this.#services.vehicleOffline(id);
      },
      notice: (level, text, params) => this.#notices.give(level, text, params),
      received: received => this.#services.received(received),
    });
    this.#intake = new MediaIntake({
      ...{ clock, tally, settings, evidence, dataUse },
      log: this.#log.child({ stage: 'frames' }),
    });
    this.#vehicleDoors = new VehicleDoors({
      ...{ clock, tally, settings },
      log: this.#log.child({ stage: 'accept' }),
      ...{ terminals: this.#terminals, intake: this.#intake, evidence, tap },
    });
    this.#hub = new Hub({
      clock,
      tally,
      settings,
      log: this.#log.child({ stage: 'hub' }),
      devices: this.#terminals,
      intake: this.#intake,
      beside: key => this.#recordings.beside(key),
      changed: row => {
        if (row.status.phase === 'live') this.#terminals.sawChannel(row.vehicleId, row.channel);
        this.#desk.streamChanged(row);
      },
    });
    this.#simulator = new SimulatorSwitch({
      ...{ clock, settings },
      log: this.#log.child({ stage: 'simulator' }),
      mediaDir: options.simulatorDir,
      signal: () => this.#doors.signal,
    });
    this.#recordings = new RecordingService({
      ...{ clock, tally, settings },
      log: this.#log.child({ stage: 'record' }),
      dataDir: options.dataDir,
      hub: this.#hub,
      vehicle: id => this.#terminals.get(id),
      vehicles: () => this.#terminals.list(),
      notice: (level, text, params) => this.#notices.give(level, text, params),
      recordingChanged: row => this.#desk.recordingChanged(row),
      recorderChanged: state => this.#desk.recorderChanged(state),
      exportChanged: job => this.#desk.exportChanged(job),
    });
    this.#services = new VehicleServices({
      ...{ clock, tally, settings },
      log: this.#log.child({ stage: 'services' }),
      dataDir: options.dataDir,
      ...{ terminals: this.#terminals, intake: this.#intake, hub: this.#hub, recordings: this.#recordings },
      ...{ evidence, dataUse, tap },
      listening: () => this.listening,
      notice: (level, text, params) => this.#notices.give(level, text, params),
      changed: (kind, row) => this.#desk.serviceChanged(kind, row),
    });
    this.#desk = new ServerDesk({
      terminals: this.#terminals,
      hub: this.#hub,
      settings: options.settings,
      simulator: this.#simulator,
      recordings: this.#recordings,
      services: this.#services,
      notices: this.#notices,
      health: () => this.#health,
      tallies: () => tally.snapshot(),
      info: options.info,
      settingChanged: key => this.#log.info({ key }, 'setting changed'),
    });
    this.#health = this.#measureHealth();
  }

  get desk(): Desk {
    return this.#desk;
  }

  /** The PMTiles archive behind the map; empty for none. */
  get mapFile(): string {
    return this.#options.settings.values.mapFile;
  }

  /** Every port this server opens or tries to, with the error of those that are not open now. */
  get listening(): Listening[] {
    const { signal, media, udp, web } = this.#doors;
    return [signal, media, udp, ...(web ? [web] : [])];
  }

  /** Ports in force. The web port is 0 while that door is closed. */
  get ports(): { signal: number; media: number; web: number } {
    const { signal, media, web } = this.#doors;
    return { signal: signal.port, media: media.port, web: web && !web.error ? web.port : 0 };
  }

  /** Where a browser on this machine finds the console; empty while the web door is closed. */
  get webAddress(): string {
    const { web } = this.#doors;
    return !web || web.error ? '' : webAddress(web, this.#options.settings.values.webCertificate !== '');
  }

  /** The same, with the token in force: what a browser is started with. */
  get webEntry(): string {
    return this.webAddress && webEntry(this.webAddress, this.#webToken);
  }

  /**
   * Opens the ports. One that cannot be opened is said in `listening`, given as a notice, and tried again.
   * @throws ConvoyError settingInvalid in a server without a window whose web door would stand open without a token
   */
  async start(): Promise<void> {
    const { settings } = this.#options;
    this.#loop.start();
    await this.#terminals.open();
    await this.#recordings.open();
    await this.#services.open();
    if (settings.damaged) this.#notices.give('warning', 'storeDamaged', { file: settings.damaged });
    for (const key of settings.rejected) this.#notices.give('warning', 'settingRejected', { key });
    const { signal, media, udp, web } = this.#doors;
    await this.#listeners.open(signal, () => this.#vehicleDoors.tcp(signal));
    await this.#listeners.openPair(
      media,
      () => this.#vehicleDoors.tcp(media),
      udp,
      () => this.#vehicleDoors.udp(udp),
    );
    if (web) await this.#listeners.open(web, () => this.#webDoor());
    this.#cancel.push(
      this.#clock.every(intakeTickMs, () => this.#intake.tick()),
      this.#clock.every(healthMs, () => {
        this.#health = this.#measureHealth();
        this.#desk.healthChanged(this.#health);
      }),
    );
  }

  /** Ends the streams on the vehicles, keeps the roster, closes every port. */
  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    for (const cancel of this.#cancel) cancel();
    for (const link of [...this.#links]) link.end('shuttingDown');
    await this.#services.close();
    await this.#recordings.close();
    this.#hub.close();
    await this.#simulator.stop();
    await this.#listeners.close();
    await this.#terminals.close();
    this.#loop.stop();
  }

  /** A window's control port. */
  connectConsole(
    control: Port,
    makeChannel: () => Channel,
  ): { command(command: ShellCommand): void; streams(): number } {
    const link: ConsoleLink = new ConsoleLink({
      control,
      makeChannel,
      desk: this.#desk,
      settings: this.#options.settings.values,
      tally: this.tally,
      clock: this.#clock,
      closed: () => this.#links.delete(link),
    });
    this.#links.add(link);
    return { command: command => link.command(command), streams: () => link.streams };
  }

  startSimulator(vehicles?: number): Promise<Result<SimulatorState>> {
    return this.#simulator.start(vehicles);
  }

  stopSimulator(): Promise<Result<SimulatorState>> {
    return this.#simulator.stop();
  }

  #webDoor(): WebDoor {
    this.#webToken = this.#options.settings.values.webToken;
    return new WebDoor({
      desk: this.#desk,
      settings: this.#options.settings.values,
      staticDir: this.#options.staticDir,
      tally: this.tally,
      clock: this.#clock,
      log: this.#log.child({ stage: 'web' }),
    });
  }

  #measureHealth(): Health {
    const delay = this.#loop.read();
    const { known, online } = this.#terminals.counts();
    const { bytes, packets } = this.#vehicleDoors.takeCounts();
    return {
      listening: [...this.listening.map(entry => ({ ...entry })), ...this.#services.listening],
      loopP50: delay.p50,
      loopP99: delay.p99,
      vehiclesOnline: online,
      vehiclesKnown: known,
      streams: this.#hub.rows().length,
      bitsPerSecondIn: Math.round((bytes * 8 * 1000) / healthMs),
      packetsPerSecond: Math.round((packets * 1000) / healthMs),
      connections: this.#vehicleDoors.connections,
      simulator: this.#simulator.state,
      udpReceiveBuffer: this.#vehicleDoors.receiveBuffer,
      udpReceiveBufferAsked: this.#receiveBufferAsked,
    };
  }
}

/** 0 while it is not open. */
function openPort({ port, error }: Listening): number {
  return error ? 0 : port;
}
