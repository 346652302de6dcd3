import type { CameraKey } from '../../electron/contract.ts';
import type { ArchiveDeskOptions } from '../archive/archive-desk.ts';
import { Playback } from '../archive/playback.ts';
import { LaneMap } from '../archive/player/lane-map.ts';
import { cameraKeyName } from '../store/archive.ts';
import type { Review, ReviewsStore } from '../store/reviews.ts';
import { type Camera, cameraName } from './arrangement.ts';

/** How far back a tile can be rewound in place (ms); the archive has the rest. */
export const reviewReachMs = 30 * 60_000;
/** What is being written is asked about again after this long (ms). */
const refreshMs = 1000;
/** Distance (ms) from the end of what is on disk at which a review begins, so that there is a picture at once. */
const beginBehindMs = 300;

interface Entry {
  readonly key: CameraKey;
  readonly playback: Playback;
  /** End of what is known to be on disk. */
  end: number;
  cancelRefresh(): void;
}

export interface ReviewsOptions extends Omit<ArchiveDeskOptions, 'store'> {
  store: ReviewsStore;
}

/** Tiles that are paused or rewound, each on a clock of its own. The live player goes on beneath. */
export class Reviews {
  readonly #options: ReviewsOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: ReviewsOptions) {
    this.#options = options;
  }

  has(camera: Camera): boolean {
    return this.#entries.has(cameraName(camera));
  }

  /** Pauses a camera at the newest picture on disk; false when nothing of the last half hour is there. */
  async open(key: CameraKey): Promise<boolean> {
    const name = cameraName(key);
    if (this.#entries.has(name)) return true;
    const now = this.#options.wallClock();
    const playback = new Playback(
      {
        source: this.#options.source,
        now: this.#options.steadyClock,
        everyFrame: this.#options.everyFrame,
        changed: (_, pane) => this.#change(name, { pane }),
        moved: () => undefined,
      },
      now,
    );
    const entry: Entry = { key, playback, end: 0, cancelRefresh: () => undefined };
    this.#entries.set(name, entry);
    playback.arrange([cameraKeyName(key)]);
    await this.#refresh(name, entry);
    if (entry.end === 0) {
      this.end(key);
      return false;
    }
    playback.seek(Math.min(now, entry.end - beginBehindMs));
    this.#options.store.setState(({ reviews }) => ({
      reviews: new Map(reviews).set(name, { playing: false, pane: { kind: 'loading' } }),
    }));
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

  togglePlaying(camera: Camera): void {
    const entry = this.#entries.get(cameraName(camera));
    if (!entry) return;
    const { clock } = entry.playback;
    if (clock.playing) clock.pause();
    else clock.play();
    this.#change(cameraName(camera), { playing: clock.playing });
  }

  /** `byMs` back (negative) or on; no further than what is on disk. */
  move(camera: Camera, byMs: number): void {
    const entry = this.#entries.get(cameraName(camera));
    if (!entry) return;
    const earliest = this.#options.wallClock() - reviewReachMs;
    entry.playback.seek(Math.max(earliest, Math.min(entry.end - beginBehindMs, entry.playback.clock.at() + byMs)));
  }

  step(camera: Camera, step: 1 | -1): void {
    const entry = this.#entries.get(cameraName(camera));
    entry?.playback.stepFrame(cameraKeyName(entry.key), step);
    if (entry) this.#change(cameraName(camera), { playing: false });
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
    const entry = this.#entries.get(cameraName(camera));
    return entry?.playback.element(cameraKeyName(entry.key));
  }

  captureStill(camera: Camera): Promise<Blob | undefined> | undefined {
    const entry = this.#entries.get(cameraName(camera));
    return entry?.playback.pane(cameraKeyName(entry.key))?.captureStill();
  }

  /** A camera that left the wall ends its review. */
  keepOnly(cells: readonly (Camera | null)[]): void {
    const names = new Set(cells.flatMap(camera => (camera ? [cameraName(camera)] : [])));
    for (const [name, entry] of this.#entries) if (!names.has(name)) this.end(entry.key);
  }

  async #refresh(name: string, entry: Entry): Promise<void> {
    const now = this.#options.wallClock();
    const bounds = { from: now - reviewReachMs - 300_000, to: now + 60_000 };
    const answer = await this.#options.call('archive.coverage', { cameras: [entry.key], ...bounds });
    if (this.#entries.get(name) !== entry) return;
    const lane = answer.ok ? answer.value.lanes[0] : undefined;
    if (lane) {
      const map = new LaneMap(lane);
      entry.end = map.spans.at(-1)?.to ?? 0;
      entry.playback.setLane(cameraKeyName(entry.key), map, bounds);
    }
    entry.cancelRefresh = this.#options.after(refreshMs, () => void this.#refresh(name, entry));
  }

  #change(name: string, change: Partial<Review>): void {
    this.#options.store.setState(state => {
      const before = state.reviews.get(name);
      return before ? { reviews: new Map(state.reviews).set(name, { ...before, ...change }) } : state;
    });
  }
}
