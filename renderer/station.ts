import type { i18n } from 'i18next';
import type { StoreApi } from 'zustand/vanilla';
import type { Delta, ShellCommand } from '../electron/contract.ts';
import { ArchiveDesk } from './archive/archive-desk.ts';
import { dayOf } from './archive/days.ts';
import { SegmentSource, type SegmentSourceOptions } from './archive/player/segment-source.ts';
import { VehicleDesk } from './archive/vehicle/vehicle-desk.ts';
import { createVehicleStore, type VehicleStore } from './archive/vehicle/vehicle-store.ts';
import { isSoundOnly } from './fleet/vehicle-words.ts';
import { createDictionary, systemLanguage } from './i18n/dictionary.ts';
import { Link, type PortOpener } from './link.ts';
import type { Capabilities } from './player/capabilities.ts';
import type { PlayerSnapshot } from './player/player.ts';
import { happeningsOf } from './rail/happenings.ts';
import { AlarmSound } from './recording/alarm-sound.ts';
import { codecName } from './sound/codec-name.ts';
import { Ear } from './sound/ear.ts';
import { Listening } from './sound/listening.ts';
import { RestingEar } from './sound/resting-ear.ts';
import { soundFacts } from './sound/sound-facts.ts';
import { SoundHost } from './sound/sound-host.ts';
import { type AlarmsStore, createAlarmsStore } from './store/alarms.ts';
import { type ArchiveStore, createArchiveStore } from './store/archive.ts';
import { type ConnectionStore, createConnectionStore } from './store/connection.ts';
import { createDeskStore, type DeskStore } from './store/desk.ts';
import { applyVehicles, createFleetStore, type FleetStore } from './store/fleet.ts';
import { createHealthStore, type HealthStore } from './store/health.ts';
import { createHearingStore, type HearingStore } from './store/hearing.ts';
import type { Shelf } from './store/kept.ts';
import { applyNotices, createNoticesStore, type NoticesStore } from './store/notices.ts';
import { createPreferencesStore, type EngineChoice, type PreferencesStore } from './store/preferences.ts';
import { applyRecordings, createRecordingsStore, RecordingFigures, type RecordingsStore } from './store/recordings.ts';
import { createReviewsStore, type ReviewsStore } from './store/reviews.ts';
import { createSelectionStore, type SelectionStore } from './store/selection.ts';
import { applyServices, createServicesStore, type ServicesStore } from './store/services.ts';
import { applyStreams, createStreamsStore, type StreamsStore } from './store/streams.ts';
import { createTalkingStore, type TalkingStore } from './store/talking.ts';
import { createTilesStore, type TilesStore } from './store/tiles.ts';
import { createWallStore, type WallStore, wasArranged } from './store/wall.ts';
import { Talking } from './talk/talking.ts';
import { type Arrangement, type Camera, cameraName, withoutVehicle } from './wall/arrangement.ts';
import { firstWall } from './wall/first-wall.ts';
import type { PanePlayer } from './wall/pane.ts';
import { PlayerPool } from './wall/player-pool.ts';
import { Reviews } from './wall/reviews.ts';
import { DomStage } from './wall/stage.ts';
import { Ticker } from './wall/ticker.ts';

/** Frames that may come before a player's first grant: two seconds at 25 frames a second and a cached GOP. */
const openingCredits = 120;

export interface StationOptions {
  open: PortOpener;
  shelf: Shelf;
  capabilities: Capabilities;
  /** Bytes of recorded files, see bridge.ts. */
  segmentBytes: SegmentSourceOptions['bytes'];
  /** Languages of this computer, preferred first. */
  languages: readonly string[];
  /** Room for the notices rail beside the wall when nobody has chosen yet. */
  wide: boolean;
  createPlayer(
    port: MessagePort,
    engine: EngineChoice,
    capabilities: Capabilities,
    onChange: (snapshot: PlayerSnapshot) => void,
  ): PanePlayer;
  /** Told at the start and at every change. */
  languageChanged(language: string): void;
}

const pageTimer = {
  now: () => Date.now(),
  after(ms: number, run: () => void): () => void {
    const id = setTimeout(run, ms);
    return () => clearTimeout(id);
  },
};

function everyFrame(run: () => void): () => void {
  let id = 0;
  const frame = (): void => {
    id = requestAnimationFrame(frame);
    run();
  };
  id = requestAnimationFrame(frame);
  return () => cancelAnimationFrame(id);
}

/** One operator's place: its stores, its way to the server and its players. React draws it; it draws nothing. */
export class Station {
  readonly connection: ConnectionStore = createConnectionStore(Date.now());
  readonly fleet: FleetStore = createFleetStore();
  readonly streams: StreamsStore = createStreamsStore();
  readonly notices: NoticesStore = createNoticesStore();
  readonly health: HealthStore = createHealthStore();
  readonly selection: SelectionStore = createSelectionStore();
  readonly tiles: TilesStore = createTilesStore();
  readonly hearing: HearingStore = createHearingStore();
  readonly talking: TalkingStore = createTalkingStore();
  readonly desk: DeskStore = createDeskStore();
  readonly recordings: RecordingsStore = createRecordingsStore();
  readonly services: ServicesStore = createServicesStore();
  readonly recordingFigures: RecordingFigures = new RecordingFigures();
  readonly reviewing: ReviewsStore = createReviewsStore();
  readonly archive: ArchiveStore = createArchiveStore(dayOf(Date.now()));
  readonly alarms: AlarmsStore = createAlarmsStore();
  readonly archiveDesk: ArchiveDesk;
  readonly vehicleStorage: VehicleStore = createVehicleStore();
  readonly vehicleDesk: VehicleDesk;
  readonly reviews: Reviews;
  readonly #alarmSound: AlarmSound = new AlarmSound();
  readonly preferences: PreferencesStore;
  readonly wall: WallStore;
  readonly pool: PlayerPool<DomStage>;
  readonly soundHost: SoundHost = new SoundHost(blocked => this.hearing.setState({ blocked }));
  readonly listening: Listening;
  readonly talks: Talking;
  readonly ticker: Ticker;
  readonly dictionary: i18n;
  readonly link: Link;
  readonly capabilities: Capabilities;
  #happenings = 0;
  /** What is on a wall that nobody has arranged yet. */
  #firstCells: Arrangement['cells'] | undefined;
  /** Set by what knows the commands; menu entries of the shell arrive here. */
  onCommand: (command: ShellCommand) => void = () => undefined;

  constructor(options: StationOptions) {
    this.capabilities = options.capabilities;
    const language = systemLanguage(options.languages);
    this.preferences = createPreferencesStore(options.shelf, { language, rail: options.wide });
    this.wall = createWallStore(options.shelf);
    if (!wasArranged(options.shelf)) this.#firstCells = this.wall.getState().cells;
    this.dictionary = createDictionary(this.preferences.getState().language);
    this.ticker = new Ticker((ms, run) => {
      const id = setInterval(run, ms);
      return () => clearInterval(id);
    });
    this.link = new Link({
      open: options.open,
      listener: {
        delta: (delta, whole) => this.#apply(delta, whole),
        command: command => this.onCommand(command),
        connected: () => this.#connected(),
        lost: attempt => this.#lost(attempt),
        mismatch: version => this.connection.setState({ mismatch: version }),
      },
    });
    this.pool = new PlayerPool({
      tiles: this.tiles,
      clock: pageTimer,
      open: key => this.link.openStream(key, openingCredits),
      createPlayer: (port, onChange) =>
        options.createPlayer(port, this.preferences.getState().engine, options.capabilities, onChange),
      createStage: () => new DomStage(),
      isSoundOnly: camera => this.#isSoundOnly(camera),
    });
    this.listening = new Listening({
      store: this.hearing,
      clock: { monotonic: () => performance.now(), after: pageTimer.after },
      host: this.soundHost,
      open: key => this.link.openSound(key),
      facts: camera => soundFacts(this.fleet.getState().vehicles.get(camera.vehicleId)),
      picture: camera => {
        if (this.#isSoundOnly(camera)) return { stream: 'main' };
        const tile = this.tiles.getState().tiles.get(cameraName(camera));
        if (!tile || tile.kind === 'paused') return undefined;
        const shown = this.pool.snapshot(camera)?.shown;
        return { stream: tile.stream, ...(shown ? { shown } : {}) };
      },
      rests: camera => this.reviewing.getState().reviews.has(cameraName(camera)),
      hold: (camera, ms) => this.pool.setHold(camera, ms),
      codecName,
    });
    this.talks = new Talking({
      store: this.talking,
      loudspeaker: this.soundHost,
      open: args => this.link.openTalk(args),
      facts: vehicleId => soundFacts(this.fleet.getState().vehicles.get(vehicleId)),
      isHeard: camera => this.hearing.getState().ears.get(cameraName(camera))?.kind === 'heard',
      after: pageTimer.after,
    });
    const source = new SegmentSource({
      fragments: segment => this.link.call('archive.fragments', { segment }),
      bytes: options.segmentBytes,
      now: () => performance.now(),
    });
    const behindPages = {
      source,
      call: this.link.call.bind(this.link) as Link['call'],
      wallClock: () => Date.now(),
      steadyClock: () => performance.now(),
      everyFrame,
      after: pageTimer.after,
    };
    this.archiveDesk = new ArchiveDesk({ ...behindPages, store: this.archive });
    this.vehicleDesk = new VehicleDesk({
      ...{ store: this.vehicleStorage, archive: this.archive, services: this.services, desk: this.archiveDesk },
      ...{ call: behindPages.call, wallClock: behindPages.wallClock },
      openPlayback: ask => this.link.openPlayback({ ...ask, credits: openingCredits }),
      createPlayer: (port, onChange) =>
        options.createPlayer(port, this.preferences.getState().engine, options.capabilities, onChange),
      createEar: ({ playback, ...ask }) =>
        new Ear(
          {
            ...ask,
            clock: { monotonic: () => performance.now(), after: pageTimer.after },
            facts: () => soundFacts(this.fleet.getState().vehicles.get(ask.camera.vehicleId)),
            open: () => this.link.openPlaybackSound(playback),
            voice: (facts, listener) => this.soundHost.open(facts, listener),
            codecName,
          },
          true,
        ),
    });
    this.reviews = new Reviews({
      ...{ ...behindPages, store: this.reviewing },
      isHeard: name => this.hearing.getState().ears.has(name),
    });
    this.#follow(options);
  }

  start(): void {
    const { cells, focus } = this.wall.getState();
    this.selection.setState({ vehicle: cells[focus]?.vehicleId ?? null });
    this.pool.arrange(this.wall.getState());
    this.link.start();
  }

  /** Calls `run` when what `pick` takes out of a store has changed. */
  static watch<State, Value>(store: StoreApi<State>, pick: (state: State) => Value, run: (value: Value) => void): void {
    store.subscribe((state, before) => {
      const value = pick(state);
      if (!Object.is(value, pick(before))) run(value);
    });
  }

  #follow(options: StationOptions): void {
    const { preferences } = this;
    options.languageChanged(preferences.getState().language);
    this.pool.setFit(preferences.getState().fit);
    this.wall.subscribe(arrangement => {
      if (arrangement.cells !== this.#firstCells) this.#firstCells = undefined;
      this.pool.arrange(arrangement);
      this.reviews.keepOnly(arrangement.cells);
      this.listening.keepOnly(arrangement.cells);
    });
    Station.watch(
      this.fleet,
      ({ vehicles }) =>
        this.wall
          .getState()
          .cells.map(camera => camera !== null && isSoundOnly(vehicles.get(camera.vehicleId), camera.channel))
          .join(),
      () => this.pool.arrange(this.wall.getState()),
    );
    this.tiles.subscribe(() => this.listening.follow());
    this.reviewing.subscribe(() => this.listening.follow());
    Station.watch(
      preferences,
      state => state.language,
      language => {
        void this.dictionary.changeLanguage(language);
        options.languageChanged(language);
      },
    );
    Station.watch(
      preferences,
      state => state.fit,
      fit => this.pool.setFit(fit),
    );
    const setLevels = (): void => {
      const volume = preferences.getState().volume / 100;
      this.listening.setVolume(volume);
      const isTaken = this.hearing.getState().muted || this.vehicleStorage.getState().play !== null;
      this.archiveDesk.playback.setLevel(isTaken ? 0 : volume);
      this.reviews.setLevel(this.hearing.getState().muted ? 0 : volume);
    };
    setLevels();
    Station.watch(preferences, state => state.volume, setLevels);
    Station.watch(this.hearing, state => state.muted, setLevels);
    Station.watch(
      this.hearing,
      state => state.ears,
      () => this.reviews.follow(),
    );
    Station.watch(this.vehicleStorage, state => state.play !== null, setLevels);
    const resting = new RestingEar(this.listening, this.hearing);
    Station.watch(
      this.desk,
      state => state.page === 'archive',
      isArchive => (isArchive ? resting.rest(this.wall.getState().cells) : resting.wake(this.wall.getState().cells)),
    );
    Station.watch(
      preferences,
      state => state.engine,
      () => this.pool.renew(),
    );
    Station.watch(
      preferences,
      state => state.rail,
      () => this.notices.setState({ unseen: 0 }),
    );
  }

  #isSoundOnly({ vehicleId, channel }: Camera): boolean {
    return isSoundOnly(this.fleet.getState().vehicles.get(vehicleId), channel);
  }

  #apply(delta: Delta, whole: boolean): void {
    const rail = this.preferences.getState().rail;
    if (!whole) this.#tell(delta, rail);
    this.fleet.setState(state => applyVehicles(state, delta, whole));
    this.streams.setState(state => applyStreams(state, delta, whole));
    this.recordingFigures.apply(delta, whole);
    const wasFailing = this.recordings.getState().recorder?.phase === 'failing';
    this.recordings.setState(state => applyRecordings(state, delta, whole));
    this.services.setState(state => applyServices(state, delta, whole));
    if (delta.services) this.talks.rows(delta.services);
    if (delta.recorder?.phase === 'failing' && !wasFailing) this.#alarmSound.play();
    if (delta.health) this.health.setState({ health: delta.health });
    if (delta.notices?.length) this.notices.setState(state => applyNotices(state, delta.notices ?? [], rail || whole));
    for (const id of delta.removed ?? []) this.wall.setState(state => withoutVehicle(state, id));
    if (this.#firstCells && this.health.getState().health?.simulator.running) this.#arrangeFirst();
  }

  #arrangeFirst(): void {
    const next = firstWall(this.wall.getState(), this.fleet.getState().vehicles.values());
    this.#firstCells = next.cells;
    this.wall.setState(next, true);
  }

  #tell(delta: Delta, rail: boolean): void {
    const { vehicles } = this.fleet.getState();
    const { rows } = this.streams.getState();
    const found = happeningsOf(vehicles, rows, delta);
    if (found.length === 0) return;
    const at = Date.now();
    // Below zero, where the server's ids never are.
    const notices = found.map(happening => ({ ...happening, id: --this.#happenings, at }));
    this.notices.setState(state => applyNotices(state, notices, rail));
  }

  #connected(): void {
    this.connection.setState({ state: 'connected', since: Date.now(), attempt: 0 });
    this.pool.linkBack();
    this.listening.linkBack();
  }

  #lost(attempt: number): void {
    const { state, since } = this.connection.getState();
    const first = state === 'connected';
    this.connection.setState({ state: 'lost', since: first ? Date.now() : since, attempt });
    if (!first) return;
    this.pool.linkLost();
    this.talks.linkLost();
    this.vehicleDesk.linkLost();
    this.listening.linkLost();
  }
}
