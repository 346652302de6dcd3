import type {
  CameraKey,
  FetchRow,
  PlaybackControl,
  PlaybackRow,
  PlaybackSpeed,
  Result,
  Rpc,
} from '../../../electron/contract.ts';
import type { PlayerSnapshot } from '../../player/player.ts';
import type { Ear, EarOptions } from '../../sound/ear.ts';
import { type ArchiveStore, bareKey, cameraKeyName } from '../../store/archive.ts';
import type { ServicesStore } from '../../store/services.ts';
import type { PanePlayer } from '../../wall/pane.ts';
import type { ArchiveDesk, Call } from '../archive-desk.ts';
import { dayAfter } from '../days.ts';
import type { Span } from '../player/lane-map.ts';
import { listName, type VehicleList, type VehiclePlay, type VehicleStore, type VehicleView } from './vehicle-store.ts';

/** What the sound of a playback has to know of it. */
export interface VehicleEarAsk extends Pick<EarOptions, 'camera' | 'picture' | 'hold' | 'rests' | 'changed'> {
  readonly playback: string;
}

type OpenedPlayback = { playback: string; port: MessagePort };

export interface VehicleDeskOptions {
  store: VehicleStore;
  archive: ArchiveStore;
  services: ServicesStore;
  desk: ArchiveDesk;
  call: Call;
  openPlayback(ask: Omit<Rpc['playback.open']['args'], 'credits'>): Promise<Result<OpenedPlayback>>;
  createPlayer(port: MessagePort, onChange: (snapshot: PlayerSnapshot) => void): PanePlayer;
  /** Begins to hear what is played. */
  createEar(ask: VehicleEarAsk): Ear;
  wallClock(): number;
}

/** How far a playback goes at most that was begun with a click (ms): a vehicle's data is paid for. */
const playMs = 30 * 60_000;

/** What the vehicles of the archive's cameras hold themselves: asked for, played in a pane, fetched. */
export class VehicleDesk {
  readonly #options: VehicleDeskOptions;
  #player: PanePlayer | undefined;
  #ear: Ear | undefined;
  #opening = 0;
  #lastAt: number | undefined;

  constructor(options: VehicleDeskOptions) {
    this.#options = options;
    options.archive.subscribe((state, before) => {
      if (state.cameras === before.cameras && state.day === before.day) return;
      const { play } = this.state;
      if (play && !state.cameras.some(camera => cameraKeyName(camera) === play.name)) this.stop();
      if (this.state.open) this.#askAll(false);
    });
    options.services.subscribe((state, before) => {
      this.#lastAt = this.row?.at ?? this.#lastAt;
      if (state.playbacks !== before.playbacks) this.#ear?.follow();
      if (state.fetches !== before.fetches) this.#fetchesChanged(state.fetches, before.fetches);
    });
  }

  get state(): VehicleView {
    return this.#options.store.getState();
  }

  /** Of the playback that is shown; absent before the server told of it and after its end. */
  get row(): PlaybackRow | undefined {
    const { play } = this.state;
    return play?.playback === undefined ? undefined : this.#options.services.getState().playbacks.get(play.playback);
  }

  /** What is heard of it. */
  get ear(): Ear | undefined {
    return this.#ear;
  }

  /** Wall clock of the last picture of the playback that is shown, also when it is over. */
  get lastAt(): number | undefined {
    return this.#lastAt;
  }

  setOpen(open: boolean): void {
    if (open === this.state.open) return;
    this.#set({ open });
    if (open) this.#askAll(false);
    else this.stop();
  }

  /** Asks the vehicles anew. */
  refresh(): void {
    this.#askAll(true);
  }

  /** Plays a camera from a moment on, in its pane; goes there when it plays already. */
  async play(camera: CameraKey, at: number): Promise<void> {
    const { openPlayback, createPlayer, desk } = this.#options;
    const name = cameraKeyName(camera);
    const { play } = this.state;
    if (play?.name === name && this.row) {
      await this.control('drag', 1, at);
      return;
    }
    this.stop();
    desk.pause();
    const opening = ++this.#opening;
    this.#lastAt = undefined;
    this.#set({ play: { camera: bareKey(camera), name } });
    const opened = await openPlayback({
      vehicleId: camera.vehicleId,
      channel: camera.channel,
      stream: camera.stream,
      from: Math.floor(at / 1000) * 1000,
      to: Math.min(Math.floor(at / 1000) * 1000 + playMs, Math.floor(this.#options.wallClock() / 1000) * 1000),
    });
    if (opening !== this.#opening) {
      if (opened.ok) opened.value.port.postMessage({ type: 'close' });
      return;
    }
    if (!opened.ok) {
      this.#change({ error: { code: opened.code } });
      return;
    }
    const player = createPlayer(opened.value.port, snapshot => {
      if (opening === this.#opening) this.#pictured(snapshot);
    });
    this.#player = player;
    this.#change({ playback: opened.value.playback, element: player.element });
    this.#listen(opened.value.playback, camera, player);
  }

  /** @param at ms since 1970, for drag */
  async control(
    control: PlaybackControl,
    speed?: PlaybackSpeed,
    at?: number,
  ): Promise<Result<PlaybackRow> | undefined> {
    const { play } = this.state;
    if (play?.playback === undefined) return undefined;
    return this.#options.call('playback.control', {
      playback: play.playback,
      control,
      ...(speed !== undefined && { speed }),
      ...(at !== undefined && { at: Math.floor(at) }),
    });
  }

  /** The pane is the archive's again. */
  stop(): void {
    this.#opening++;
    this.#closeEar();
    this.#player?.close();
    this.#player = undefined;
    if (this.state.play) this.#set({ play: null });
  }

  /** The way to the server is gone, and what came over it: the last picture stays, and is marked. */
  linkLost(): void {
    if (this.state.play?.playback === undefined) return;
    this.#closeEar();
    this.#change({ error: { code: 'socketError' } });
  }

  fetch(camera: CameraKey, { from, to }: Span, speed: PlaybackSpeed): Promise<Result<FetchRow>> {
    const { vehicleId, channel, stream } = camera;
    return this.#options.call('storage.fetch', {
      vehicleId,
      channel,
      stream,
      from: Math.floor(from),
      to: Math.ceil(to),
      speed,
    });
  }

  #askAll(refresh: boolean): void {
    const { cameras, day } = this.#options.archive.getState();
    for (const vehicleId of new Set(cameras.map(camera => camera.vehicleId))) void this.#ask(vehicleId, day, refresh);
  }

  async #ask(vehicleId: string, day: number, refresh: boolean): Promise<void> {
    const name = listName(vehicleId, day);
    const known = this.state.lists.get(name);
    if (known?.kind === 'asking' || (known?.kind === 'list' && (!refresh || known.isAskedAgain))) return;
    this.#setList(name, known?.kind === 'list' ? { ...known, isAskedAgain: true } : { kind: 'asking' });
    const answer = await this.#options.call('storage.list', {
      vehicleId,
      channel: 0,
      from: day,
      to: dayAfter(day) - 1000,
      ...(refresh && { refresh }),
    });
    this.#setList(name, answer.ok ? { kind: 'list', list: answer.value } : { kind: 'failed', code: answer.code });
  }

  #setList(name: string, list: VehicleList): void {
    this.#set({ lists: new Map(this.state.lists).set(name, list) });
  }

  #pictured({ state }: PlayerSnapshot): void {
    if (state.kind === 'ended') {
      this.#closeEar();
      this.#change({ picture: state, error: { code: state.code } });
      return;
    }
    this.#change({ picture: state });
  }

  #listen(playback: string, camera: CameraKey, player: PanePlayer): void {
    const ear: Ear = this.#options.createEar({
      playback,
      camera,
      picture: () => {
        const { shown } = player.snapshot();
        return { stream: camera.stream, ...(shown && { shown }) };
      },
      hold: ms => player.setHold(ms),
      rests: () => this.#isSilent(),
      changed: () => {
        if (this.#ear === ear) this.#change({ ear: ear.state() });
      },
    });
    this.#ear = ear;
    this.#change({ ear: ear.state() });
  }

  /** Sound goes with pictures that move as they were taken. */
  #isSilent(): boolean {
    const { row } = this;
    return row !== undefined && (row.phase === 'paused' || row.mode !== 'normal');
  }

  #closeEar(): void {
    this.#ear?.close();
    this.#ear = undefined;
  }

  /** Footage that came is shown as soon as there is some of it. */
  #fetchesChanged(rows: ReadonlyMap<string, FetchRow>, before: ReadonlyMap<string, FetchRow>): void {
    const shown = this.#options.archive.getState().cameras.map(cameraKeyName);
    for (const [id, row] of rows) {
      const old = before.get(id);
      const isNews = old && (old.state !== row.state || (old.frames === 0 && row.frames > 0));
      if (isNews && shown.includes(cameraKeyName(row))) void this.#options.desk.refresh();
    }
  }

  #change(change: Partial<VehiclePlay>): void {
    const { play } = this.state;
    if (play) this.#set({ play: { ...play, ...change } });
  }

  #set(change: Partial<VehicleView>): void {
    this.#options.store.setState(change);
  }
}
