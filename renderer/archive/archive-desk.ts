import type { CameraKey, ErrorCode, Method, Result, Rpc } from '../../electron/contract.ts';
import { type ArchiveState, type ArchiveStore, bareKey, cameraKeyName, paneCeiling } from '../store/archive.ts';
import { dayAfter, dayOf } from './days.ts';
import { Playback } from './playback.ts';
import type { PaneState } from './player/archive-pane.ts';
import { LaneMap, type Span } from './player/lane-map.ts';
import type { Rate } from './player/master-clock.ts';
import type { SegmentSource } from './player/segment-source.ts';
import { following } from './timeline-scale.ts';

export type Call = <M extends Method>(method: M, args: Rpc[M]['args']) => Promise<Result<Rpc[M]['value']>>;

export interface ArchiveDeskOptions {
  store: ArchiveStore;
  call: Call;
  source: SegmentSource;
  wallClock(): number;
  steadyClock(): number;
  everyFrame(run: () => void): () => void;
  after(ms: number, run: () => void): () => void;
}

/** What is still being written is asked about again after this long (ms). */
const refreshMs = 3000;
/** Loaded beyond what the timeline shows. */
const marginMs = 2 * 3_600_000;
/** Whole panes at first, when nobody has chosen. */
const firstPanes = 4;
/** A bookmark of one moment reaches this far to both sides (ms). */
const aroundMs = 15_000;

/** The archive behind its page: what is asked of the server, what is in the panes, where the clock stands. */
export class ArchiveDesk {
  readonly playback: Playback;
  readonly #options: ArchiveDeskOptions;
  readonly #painters = new Set<(at: number) => void>();
  #open = false;
  #asked = 0;
  #cancelRefresh: () => void = () => undefined;

  constructor(options: ArchiveDeskOptions) {
    this.#options = options;
    this.playback = new Playback(
      {
        source: options.source,
        now: options.steadyClock,
        everyFrame: options.everyFrame,
        changed: (name, state) => this.#paneChanged(name, state),
        soundChanged: (name, kind) => this.#set({ sound: { name, kind } }),
        moved: at => this.#moved(at),
      },
      options.store.getState().day,
    );
    options.store.subscribe((state, before) => {
      if (state.focus !== before.focus || state.cameras !== before.cameras || state.ear !== before.ear) this.#hear();
    });
  }

  get state(): ArchiveState {
    return this.#options.store.getState();
  }

  /** `hint`: cameras that are looked at on the wall, wanted here first. */
  async open(hint: readonly { vehicleId: string; channel: number }[]): Promise<void> {
    this.#open = true;
    // At once: a tile takes its picture when it is mounted.
    this.#arrange();
    await this.#askMonth();
    if (!this.#open) return;
    const { cameras } = this.state;
    if (cameras.length === 0) this.#chooseFirst(hint);
    this.#arrange();
    await this.#askCoverage();
    if (cameras.length === 0) this.#goToFootage();
    void this.#askBookmarks();
  }

  close(): void {
    this.#open = false;
    this.pause();
    this.#cancelRefresh();
    this.playback.arrange([]);
  }

  /** Called with the clock's moment at every picture of the screen, and once at once. */
  paint(run: (at: number) => void): () => void {
    this.#painters.add(run);
    run(this.playback.clock.at());
    return () => this.#painters.delete(run);
  }

  async showMonth(year: number, month: number): Promise<void> {
    const date = new Date(year, month - 1, 1);
    this.#set({ year: date.getFullYear(), month: date.getMonth() + 1 });
    await this.#askMonth();
  }

  async showDay(day: number): Promise<void> {
    const date = new Date(day);
    const sameMonth = date.getMonth() + 1 === this.state.month && date.getFullYear() === this.state.year;
    this.#set({ day, view: { from: day, to: dayAfter(day) }, marks: null });
    if (!sameMonth) await this.showMonth(date.getFullYear(), date.getMonth() + 1);
    if (this.state.cameras.length === 0) this.#chooseFirst([]);
    this.#arrange();
    await this.#askCoverage();
    this.#goToFootage();
  }

  /** These cameras and that day, whether or not there is anything of them. */
  choose(cameras: readonly CameraKey[], day: number): void {
    const date = new Date(day);
    this.#set({
      ...{ cameras: cameras.slice(0, paneCeiling).map(bareKey), focus: 0, enlarged: false, marks: null },
      ...{ day, year: date.getFullYear(), month: date.getMonth() + 1, view: { from: day, to: dayAfter(day) } },
    });
    if (this.#open) void this.refresh();
  }

  /** Asks anew what there is of the cameras. */
  async refresh(): Promise<void> {
    if (!this.#open) return;
    this.#arrange();
    void this.#askMonth();
    await this.#askCoverage();
  }

  toggleCamera(camera: CameraKey): boolean {
    const name = cameraKeyName(camera);
    const { cameras, focus } = this.state;
    const without = cameras.filter(each => cameraKeyName(each) !== name);
    if (without.length === cameras.length && cameras.length >= paneCeiling) return false;
    const next = without.length < cameras.length ? without : [...cameras, bareKey(camera)];
    this.#set({ cameras: next, focus: Math.max(0, Math.min(focus, next.length - 1)), enlarged: false });
    this.#arrange();
    void this.#askCoverage();
    return true;
  }

  /** Goes on being heard whichever pane has the focus; once more: the one that has it is heard again. */
  toggleEar(pane: number): void {
    const camera = this.state.cameras[pane];
    const name = camera && cameraKeyName(camera);
    this.#set({ ear: this.state.ear === name ? undefined : name });
  }

  setView(view: Span): void {
    this.#set({ view });
    const { loaded } = this.state;
    if (view.from < loaded.from || view.to > loaded.to) void this.#askCoverage();
  }

  seek(at: number): void {
    this.playback.seek(Math.min(at, this.#options.wallClock()));
    this.#followView(at);
  }

  play(): void {
    this.playback.clock.play();
    this.#set({ playing: true });
  }

  pause(): void {
    this.playback.clock.pause();
    this.#set({ playing: false });
  }

  setRate(rate: Rate): void {
    this.playback.clock.setRate(rate);
    this.#set({ rate });
  }

  stepFrame(step: 1 | -1): void {
    const camera = this.state.cameras[this.state.focus];
    this.playback.stepFrame(camera && cameraKeyName(camera), step);
    this.#set({ playing: false });
    this.#followView(this.playback.clock.at());
  }

  /** To the next or the last edge of footage of the pane that is chosen; false when there is none. */
  jumpGap(step: 1 | -1): boolean {
    const camera = this.state.cameras[this.state.focus];
    return this.#jump(camera ? (this.state.lanes.get(cameraKeyName(camera))?.edges() ?? []) : [], step);
  }

  jumpEvent(step: 1 | -1): boolean {
    return this.#jump(
      this.state.events.map(event => event.at),
      step,
    );
  }

  mark(side: 'from' | 'to'): void {
    const at = this.playback.clock.at();
    const { marks } = this.state;
    const other = side === 'from' ? (marks?.to ?? at + 2 * aroundMs) : (marks?.from ?? at - 2 * aroundMs);
    const span =
      side === 'from' ? { from: at, to: Math.max(other, at + 1000) } : { from: Math.min(other, at - 1000), to: at };
    this.#set({ marks: span });
  }

  async keep(note: string): Promise<Result<null>> {
    const at = this.playback.clock.at();
    const span = this.state.marks ?? { from: at - aroundMs, to: at + aroundMs };
    const { cameras } = this.state;
    const answer = await this.#options.call('bookmark.add', {
      from: Math.round(span.from),
      to: Math.round(span.to),
      cameras: [...cameras],
      note,
      isProtected: true,
    });
    if (!answer.ok) return answer;
    void this.#askBookmarks();
    return { ok: true, value: null };
  }

  async updateBookmark(change: Rpc['bookmark.update']['args']): Promise<Result<null>> {
    const answer = await this.#options.call('bookmark.update', change);
    void this.#askBookmarks();
    return answer.ok ? { ok: true, value: null } : answer;
  }

  async removeBookmark(id: number): Promise<Result<null>> {
    const answer = await this.#options.call('bookmark.remove', { id });
    void this.#askBookmarks();
    return answer;
  }

  /** Shows what a bookmark or an export names. */
  async visit(span: Span, cameras: readonly CameraKey[]): Promise<void> {
    const around = Math.max(60_000, span.to - span.from);
    const day = dayOf(span.from);
    this.#set({
      day,
      cameras: cameras.length > 0 ? cameras.slice(0, paneCeiling).map(bareKey) : this.state.cameras,
      marks: span,
      view: { from: span.from - around, to: span.to + around },
      focus: 0,
      enlarged: false,
    });
    this.#arrange();
    await this.#askCoverage();
    this.seek(span.from);
  }

  #set(change: Partial<ArchiveState>): void {
    this.#options.store.setState(change);
  }

  #jump(places: readonly number[], step: 1 | -1): boolean {
    const at = this.playback.clock.at();
    // Half a second, so that two presses from a running picture do not find the same place again.
    const next = step > 0 ? places.find(place => place > at + 1) : places.findLast(place => place < at - 500);
    if (next === undefined) return false;
    this.seek(next + 1);
    return true;
  }

  #followView(at: number): void {
    const view = following(this.state.view, at);
    if (view !== this.state.view) this.setView(view);
  }

  #arrange(): void {
    const names = this.state.cameras.map(cameraKeyName);
    this.playback.arrange(names);
    this.#handLanes();
    this.#hear();
  }

  /** One pane is heard: the one that was chosen while it is there, else the one that has the focus. */
  #hear(): void {
    const { cameras, focus, ear, sound } = this.state;
    const names = cameras.map(cameraKeyName);
    const heard = ear !== undefined && names.includes(ear) ? ear : names[focus];
    if (this.#open) this.playback.hear(heard);
    if (sound && sound.name !== heard) this.#set({ sound: undefined });
  }

  #handLanes(): void {
    const { lanes, loaded } = this.state;
    for (const [name, lane] of lanes) this.playback.setLane(name, lane, loaded);
  }

  #chooseFirst(hint: readonly { vehicleId: string; channel: number }[]): void {
    const { found, day } = this.state;
    const date = new Date(day).getDate();
    const today = found.filter(camera => camera.days.some(each => each.day === date));
    const hinted = today.filter(camera =>
      hint.some(each => each.vehicleId === camera.vehicleId && each.channel === camera.channel),
    );
    const chosen = hinted.length > 0 ? hinted : today;
    this.#set({ cameras: chosen.slice(0, firstPanes).map(bareKey), focus: 0 });
  }

  /** To the newest picture of the day, a little before its end: what has just happened is asked for most. */
  #goToFootage(): void {
    const { lanes, cameras, day } = this.state;
    const end = dayAfter(day);
    const spans = cameras.flatMap(camera => lanes.get(cameraKeyName(camera))?.spans ?? []);
    const here = spans.filter(span => span.from < end && span.to > day);
    const to = Math.max(...here.map(span => Math.min(end, span.to)), Number.NEGATIVE_INFINITY);
    const from = Math.min(...here.map(span => Math.max(day, span.from)), Number.POSITIVE_INFINITY);
    // From here on every camera that has something of the end has a picture.
    const all = Math.max(...here.filter(span => span.to > to - 60_000).map(span => span.from));
    if (!Number.isFinite(to)) return;
    const half = Math.max(120_000, (to - from) / 2 + 60_000);
    const middle = (from + to) / 2;
    this.#set({ view: { from: middle - Math.min(half, 43_200_000), to: middle + Math.min(half, 43_200_000) } });
    this.playback.seek(Math.max(from, to - 60_000, Math.min(all + 1, to - 1000)));
  }

  async #askMonth(): Promise<void> {
    const { year, month } = this.state;
    this.#set({ asking: true });
    const utcOffsetMinutes = -new Date(year, month - 1, 15).getTimezoneOffset();
    const answer = await this.#options.call('archive.month', { year, month, utcOffsetMinutes });
    if (this.state.year !== year || this.state.month !== month) return;
    if (answer.ok)
      this.#options.store.setState(
        ({ trouble: _, ...rest }) => ({ ...rest, asking: false, found: answer.value.cameras }),
        true,
      );
    else this.#set({ asking: false, trouble: answer.code });
  }

  async #askCoverage(): Promise<void> {
    this.#cancelRefresh();
    const { cameras, view, day, focus } = this.state;
    const asked = ++this.#asked;
    if (cameras.length === 0) {
      this.#set({ lanes: new Map(), events: [], track: [] });
      return;
    }
    const from = Math.floor(Math.min(view.from - marginMs, day));
    const to = Math.ceil(Math.max(view.to + marginMs, dayAfter(day)));
    const answer = await this.#options.call('archive.coverage', { cameras: [...cameras], from, to });
    if (asked !== this.#asked || !this.#open) return;
    if (!answer.ok) return this.#coverageFailed(answer.code);
    const lanes = new Map(answer.value.lanes.map(lane => [cameraKeyName(lane), new LaneMap(lane)] as const));
    for (const camera of cameras)
      if (!lanes.has(cameraKeyName(camera))) lanes.set(cameraKeyName(camera), new LaneMap({ segments: [], gaps: [] }));
    this.#options.store.setState(
      ({ trouble: _, ...rest }) => ({
        ...rest,
        lanes,
        loaded: { from, to },
        events: [...answer.value.events].sort((a, b) => a.at - b.at),
      }),
      true,
    );
    this.#handLanes();
    const grows = [...lanes.values()].some(lane => lane.segments.some(row => row.state === 'writing'));
    if (grows) this.#cancelRefresh = this.#options.after(refreshMs, () => void this.#askCoverage());
    const vehicleId = (cameras[focus] ?? cameras[0])?.vehicleId;
    if (vehicleId !== undefined) await this.#askTrack(vehicleId, from, to);
  }

  #coverageFailed(code: ErrorCode): void {
    this.#set({ trouble: code });
    this.#cancelRefresh = this.#options.after(refreshMs, () => void this.#askCoverage());
  }

  async #askTrack(vehicleId: string, from: number, to: number): Promise<void> {
    const asked = this.#asked;
    const answer = await this.#options.call('archive.track', { vehicleId, from, to });
    if (answer.ok && asked === this.#asked) this.#set({ track: answer.value });
  }

  async #askBookmarks(): Promise<void> {
    const answer = await this.#options.call('bookmark.list', {});
    if (answer.ok) this.#set({ bookmarks: [...answer.value].sort((a, b) => b.from - a.from) });
  }

  #paneChanged(name: string, state: PaneState): void {
    this.#options.store.setState(({ panes }) => ({ panes: new Map(panes).set(name, state) }));
  }

  #moved(at: number): void {
    const now = this.#options.wallClock();
    if (at > now && this.state.playing) this.pause();
    if (this.state.playing) this.#followView(at);
    for (const paint of this.#painters) paint(at);
  }
}
