import type { CameraKey, StreamKind } from '../../electron/contract.ts';
import type { ArchiveDeskOptions } from '../archive/archive-desk.ts';
import { Playback } from '../archive/playback.ts';
import { LaneMap, type Span } from '../archive/player/lane-map.ts';
import type { Review, ReviewsStore } from '../store/reviews.ts';
import { type Camera, cameraName } from './arrangement.ts';
import { recordedLane, reviewLane } from './review-lane.ts';

/** How far back a tile can be rewound in place (ms); the archive has the rest. */
export const reviewReachMs = 30 * 60_000;
/** What is being written is asked about again after this long (ms). */
const refreshMs = 1000;
/** Distance (ms) from the end of what there is at which a picture can be shown: shorter than a frame. */
const beforeEndMs = 30;

interface Entry {
  readonly key: CameraKey;
  readonly playback: Playback;
  /** Last live picture: shown until the review has one. */
  readonly frozen: HTMLCanvasElement | undefined;
  lane: LaneMap;
  cancelRefresh(): void;
}

/** Where a tile stands when it is paused. */
export interface PausedAt {
  /** The encoding that the tile shows. */
  stream: StreamKind;
  /** Arrival of the picture on the screen at the server, ms since 1970 as far as it is known. */
  at: number;
  frozen: HTMLCanvasElement | undefined;
}

export interface ReviewsOptions extends Omit<ArchiveDeskOptions, 'store'> {
  store: ReviewsStore;
  /** The camera is listened to. */
  isHeard(name: string): boolean;
}

/** Tiles that are paused or rewound, each on a clock of its own. The live player goes on beneath. */
export class Reviews {
  readonly #options: ReviewsOptions;
  readonly #entries = new Map<string, Entry>();
  #level = 1;

  constructor(options: ReviewsOptions) {
    this.#options = options;
  }

  has(camera: Camera): boolean {
    return this.#entries.has(cameraName(camera));
  }

  /**
   * Pauses a camera at once at the picture that is shown; what was recorded or kept in memory is fetched behind it.
   * @returns false when there is nothing of the last half hour: the tile is live again
   */
  async open(camera: Camera, { stream, at, frozen }: PausedAt): Promise<boolean> {
    const name = cameraName(camera);
    if (this.#entries.has(name)) return true;
    const playback = new Playback(
      {
        source: this.#options.source,
        now: this.#options.steadyClock,
        everyFrame: this.#options.everyFrame,
        changed: (_, pane) => this.#change(name, { pane, ...(pane.kind === 'picture' && { frozen: undefined }) }),
        soundChanged: (_, sound) => this.#change(name, { sound }),
        moved: () => undefined,
      },
      at,
    );
    const { vehicleId, channel } = camera;
    const lane = new LaneMap({ segments: [], gaps: [] });
    const entry: Entry = {
      key: { vehicleId, channel, stream },
      playback,
      frozen,
      lane,
      cancelRefresh: () => undefined,
    };
    this.#entries.set(name, entry);
    playback.arrange([name]);
    playback.setLevel(this.#level);
    this.#options.store.setState(({ reviews }) => ({
      reviews: new Map(reviews).set(name, { playing: false, pane: { kind: 'loading' }, frozen, sound: undefined }),
    }));
    this.#hear(name, entry);
    await this.#refresh(name, entry);
    if (this.#entries.get(name) !== entry) return true;
    if (entry.lane.spans.length === 0) {
      this.end(camera);
      return false;
    }
    // A moment that was moved meanwhile stays where it was moved to.
    playback.seek(this.#within(entry, playback.clock.at()));
    return true;
  }

  /** Back to the live picture. */
  end(camera: Camera): void {
    const name = cameraName(camera);
    const entry = this.#entries.get(name);
    if (!entry) return;
    entry.cancelRefresh();
    entry.playback.close();
    this.#entries.delete(name);
    this.#options.store.setState(({ reviews }) => {
      const next = new Map(reviews);
      next.delete(name);
      return { reviews: next };
    });
  }

  /** Other cameras may be listened to. */
  follow(): void {
    for (const [name, entry] of this.#entries) this.#hear(name, entry);
  }

  /** @param level 0 to 1; at 0 nothing is heard */
  setLevel(level: number): void {
    this.#level = level;
    for (const { playback } of this.#entries.values()) playback.setLevel(level);
  }

  togglePlaying(camera: Camera): void {
    const entry = this.#entries.get(cameraName(camera));
    if (!entry) return;
    const { clock } = entry.playback;
    if (clock.playing) clock.pause();
    else clock.play();
    this.#change(cameraName(camera), { playing: clock.playing });
  }

  /** `byMs` back (negative) or on; no further than what there is. */
  move(camera: Camera, byMs: number): void {
    const entry = this.#entries.get(cameraName(camera));
    if (entry) entry.playback.seek(this.#within(entry, entry.playback.clock.at() + byMs));
  }

  step(camera: Camera, step: 1 | -1): void {
    const name = cameraName(camera);
    const entry = this.#entries.get(name);
    entry?.playback.stepFrame(name, step);
    if (entry) this.#change(name, { playing: false });
  }

  /** How far behind now the picture is, ms. */
  behind(camera: Camera): number {
    const entry = this.#entries.get(cameraName(camera));
    return entry ? Math.max(0, this.#options.wallClock() - entry.playback.clock.at()) : 0;
  }

  at(camera: Camera): number {
    return this.#entries.get(cameraName(camera))?.playback.clock.at() ?? 0;
  }

  element(camera: Camera): HTMLVideoElement | undefined {
    const name = cameraName(camera);
    return this.#entries.get(name)?.playback.element(name);
  }

  captureStill(camera: Camera): Promise<Blob | undefined> | undefined {
    const name = cameraName(camera);
    const entry = this.#entries.get(name);
    const frozen = this.#options.store.getState().reviews.get(name)?.frozen;
    if (frozen) return new Promise(resolve => frozen.toBlob(blob => resolve(blob ?? undefined), 'image/png'));
    return entry?.playback.pane(name)?.captureStill();
  }

  /** A camera that left the wall ends its review. */
  keepOnly(cells: readonly (Camera | null)[]): void {
    const names = new Set(cells.flatMap(camera => (camera ? [cameraName(camera)] : [])));
    for (const [name, entry] of this.#entries) if (!names.has(name)) this.end(entry.key);
  }

  #within(entry: Entry, at: number): number {
    const { spans } = entry.lane;
    const first = spans[0];
    const last = spans.at(-1);
    if (!first || !last) return at;
    const earliest = Math.max(first.from, this.#options.wallClock() - reviewReachMs);
    return Math.max(earliest, Math.min(last.to - beforeEndMs, at));
  }

  async #refresh(name: string, entry: Entry): Promise<void> {
    const now = this.#options.wallClock();
    const bounds = { from: Math.floor(now) - reviewReachMs - 300_000, to: Math.ceil(now) + 60_000 };
    const { key } = entry;
    const cameras = (['main', 'sub'] as const).map(stream => ({ ...key, stream }));
    const [memory, recorded] = await Promise.all([
      this.#options.call('rewind.coverage', key),
      this.#options.call('archive.coverage', { cameras, ...bounds }),
    ]);
    if (this.#entries.get(name) !== entry) return;
    if (memory.ok || recorded.ok) {
      const disk = recordedLane(recorded.ok ? recorded.value.lanes : []);
      // Memory keeps pictures only.
      const lanes = { lane: new LaneMap(reviewLane(memory.ok ? memory.value : [], disk)), heard: new LaneMap(disk) };
      this.#take(name, entry, lanes, bounds);
    }
    entry.cancelRefresh = this.#options.after(refreshMs, () => void this.#refresh(name, entry));
  }

  #hear(name: string, { playback }: Entry): void {
    const isHeard = this.#options.isHeard(name);
    playback.hear(isHeard ? name : undefined);
    if (!isHeard && this.#options.store.getState().reviews.get(name)?.sound) this.#change(name, { sound: undefined });
  }

  #take(name: string, entry: Entry, { lane, heard }: { lane: LaneMap; heard: LaneMap }, bounds: Span): void {
    const { clock } = entry.playback;
    const at = clock.at();
    const isGone = entry.lane.spanAt(at) !== undefined && lane.spanAt(at) === undefined;
    // The picture that is paused stays on the screen when memory lets go of it.
    if (isGone && !clock.playing) return;
    entry.lane = lane;
    entry.playback.setLane(name, lane, bounds, heard);
    const next = lane.nextStart(at);
    if (isGone && next !== undefined) entry.playback.seek(next + 1);
  }

  #change(name: string, change: Partial<Review>): void {
    this.#options.store.setState(state => {
      const before = state.reviews.get(name);
      return before ? { reviews: new Map(state.reviews).set(name, { ...before, ...change }) } : state;
    });
  }
}
