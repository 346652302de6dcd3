import type { CameraKey, ErrorCode, Result, StreamKind } from '../../electron/contract.ts';
import type { PlayerSnapshot } from '../player/player.ts';
import type { Fit } from '../store/preferences.ts';
import type { TileState } from '../store/tiles.ts';
import type { Camera } from './arrangement.ts';

/** The player as a pane uses it, see player/player.ts. */
export interface PanePlayer {
  readonly element: HTMLElement;
  snapshot(): PlayerSnapshot;
  captureStill(): Promise<Blob>;
  setFit(fit: Fit): void;
  setHold(ms: number): void;
  setHidden(hidden: boolean): void;
  close(): void;
}

/** Where a pane's pictures are put, one above the other; the newest lies beneath until it has a picture. */
export interface Stage {
  show(element: HTMLElement): void;
  await(element: HTMLElement): void;
  remove(element: HTMLElement): void;
}

export interface PaneClock {
  now(): number;
  after(ms: number, run: () => void): () => void;
}

export interface PaneOptions {
  camera: Camera;
  stage: Stage;
  clock: PaneClock;
  open(key: CameraKey): Promise<Result<MessagePort>>;
  createPlayer(port: MessagePort, onChange: (snapshot: PlayerSnapshot) => void): PanePlayer;
  changed(pane: Pane): void;
}

/** How long a better encoding may take to show its first picture before the pane stays with what it has (ms). */
export const switchTimeoutMs = 15_000;
/** Pauses before a stream that the server would not open is asked for again; the last repeats (ms). */
export const reopenPauses = [2000, 4000, 8000, 15_000, 30_000] as const;

interface Feed {
  readonly stream: StreamKind;
  readonly startedAt: number;
  player?: PanePlayer;
  snapshot?: PlayerSnapshot;
  failure?: { code: ErrorCode; message: string };
  /** Its port is dead or its engine given up: kept only for its last picture. */
  stale: boolean;
  closed: boolean;
}

/**
 * One camera on the wall: a feed that is shown and, while encodings are exchanged, a second behind it. The shown one is
 * kept until the other has its first picture, then closed at once, so that a vehicle sends both no longer than that.
 */
export class Pane {
  readonly camera: Camera;
  readonly #options: PaneOptions;
  #wanted: StreamKind | null = null;
  #shown: Feed | undefined;
  #next: Feed | undefined;
  #fallback: ErrorCode | undefined;
  #linkLostAt = 0;
  #failures = 0;
  #hold = 0;
  #cancelReopen: () => void = () => undefined;
  #cancelSwitch: () => void = () => undefined;

  constructor(options: PaneOptions) {
    this.camera = options.camera;
    this.#options = options;
  }

  get wanted(): StreamKind | null {
    return this.#wanted;
  }

  /** Encodings that are open or being opened now, for tests and for counting. */
  get streams(): StreamKind[] {
    return [this.#shown, this.#next].filter(feed => feed && !feed.stale && !feed.failure).map(feed => feed!.stream);
  }

  want(stream: StreamKind | null): void {
    if (stream === this.#wanted) return;
    this.#wanted = stream;
    this.#fallback = undefined;
    this.#failures = 0;
    this.#reconcile();
  }

  /** The ports are dead; the last picture stays, and is marked. */
  linkLost(): void {
    this.#linkLostAt = this.#options.clock.now();
    this.#cancelReopen();
    this.#dropNext();
    if (this.#shown) this.#shown.stale = true;
    this.#tell();
  }

  linkBack(): void {
    this.#linkLostAt = 0;
    this.#failures = 0;
    this.#reconcile();
  }

  /** Makes the player anew, behind the picture that goes on meanwhile: another engine was chosen. */
  renew(): void {
    const wanted = this.#wanted;
    if (!this.#shown || this.#shown.stale || this.#linkLostAt || wanted === null) return;
    this.#dropNext();
    if (hasPicture(this.#shown)) this.#openBehind(wanted);
    else {
      this.#dropShown();
      this.#shown = this.#start(wanted);
    }
    this.#tell();
  }

  snapshot(): PlayerSnapshot | undefined {
    return this.#shown?.player?.snapshot();
  }

  player(): PanePlayer | undefined {
    return this.#shown?.player;
  }

  /** Pictures wait for their sound, see player.ts. */
  setHold(ms: number): void {
    this.#hold = ms;
    for (const feed of [this.#shown, this.#next]) feed?.player?.setHold(ms);
  }

  close(): void {
    this.#wanted = null;
    this.#cancelReopen();
    this.#dropNext();
    this.#dropShown();
  }

  /** What the tile says now. */
  state(): TileState {
    const shown = this.#shown;
    const speaker = shown?.stale && this.#next ? this.#next : shown;
    const status = speaker?.snapshot?.status;
    const picture = speaker?.snapshot?.state;
    const state: TileState = {
      kind: 'opening',
      stream: speaker?.stream ?? this.#wanted ?? 'sub',
      hasPicture: !!shown && hasPicture(shown),
      since: speaker?.startedAt ?? 0,
      steps: status?.steps ?? [],
      attempts: status?.attempts ?? 0,
    };
    if (this.#next && this.#next !== speaker && this.#next.stream !== state.stream) state.next = this.#next.stream;
    if (this.#fallback) state.fallback = this.#fallback;
    if (status?.target) state.target = status.target;
    if (status?.codec) state.codec = status.codec;
    if (this.#linkLostAt) return { ...state, kind: 'disconnected', since: this.#linkLostAt };
    if (this.#wanted === null && !shown) return { ...state, kind: 'paused' };
    if (speaker?.failure) return { ...state, kind: 'refused', ...speaker.failure };
    if (!picture) return state;
    state.kind = picture.kind;
    if (picture.kind === 'offline' && status) state.since = status.since;
    if (picture.kind === 'refused' || picture.kind === 'ended') {
      state.code = picture.code;
      state.message = picture.message;
    }
    if (picture.kind === 'undecodable') {
      state.codec = picture.codec;
      state.reason = picture.reason;
      if (picture.payloadType !== undefined) state.payloadType = picture.payloadType;
    }
    return state;
  }

  #reconcile(): void {
    const wanted = this.#wanted;
    const shown = this.#shown;
    if (wanted === null) {
      this.#cancelReopen();
      this.#dropNext();
      this.#dropShown();
    } else if (this.#linkLostAt) {
      // Opened when the way is back.
    } else if (shown && !shown.stale && shown.stream === wanted) this.#dropNext();
    else if (this.#next?.stream !== wanted) {
      this.#dropNext();
      this.#cancelReopen();
      if (shown && hasPicture(shown)) this.#openBehind(wanted);
      else {
        this.#dropShown();
        this.#shown = this.#start(wanted);
      }
    }
    this.#tell();
  }

  #openBehind(wanted: StreamKind): void {
    this.#next = this.#start(wanted);
    this.#cancelSwitch = this.#options.clock.after(switchTimeoutMs, () => {
      if (this.#shown?.stale) this.#promote();
      else this.#giveUpNext('mediaNotArriving');
      this.#tell();
    });
  }

  #start(stream: StreamKind): Feed {
    const feed: Feed = { stream, startedAt: this.#options.clock.now(), stale: false, closed: false };
    void this.#open(feed);
    return feed;
  }

  async #open(feed: Feed): Promise<void> {
    const opened = await this.#options.open({ ...this.camera, stream: feed.stream });
    if (feed.closed || feed.stale) {
      if (opened.ok) opened.value.postMessage({ type: 'close' });
      if (opened.ok) opened.value.close();
      return;
    }
    if (!opened.ok) return this.#failed(feed, opened.code, opened.message);
    const player = this.#options.createPlayer(opened.value, snapshot => this.#playerChanged(feed, snapshot));
    feed.player = player;
    if (this.#hold > 0) player.setHold(this.#hold);
    feed.snapshot = player.snapshot();
    if (feed === this.#next) this.#options.stage.await(player.element);
    else this.#options.stage.show(player.element);
    this.#playerChanged(feed, feed.snapshot);
  }

  #playerChanged(feed: Feed, snapshot: PlayerSnapshot): void {
    feed.snapshot = snapshot;
    if (feed.closed || feed.stale || !feed.player) return;
    const { state } = snapshot;
    if (feed === this.#next) {
      if (state.kind === 'live') this.#promote();
      else if (state.kind !== 'opening' && this.#shown?.stale) this.#promote();
      else if (state.kind === 'refused' || state.kind === 'ended') this.#giveUpNext(state.code);
      else if (state.kind === 'undecodable') this.#giveUpNext('undecodable');
    }
    if (feed === this.#shown && state.kind === 'ended') this.#reopenLater(feed);
    if (feed === this.#shown && state.kind === 'live') this.#failures = 0;
    this.#tell();
  }

  #failed(feed: Feed, code: ErrorCode, message: string): void {
    if (feed === this.#next && !this.#shown?.stale) this.#giveUpNext(code);
    else {
      if (feed === this.#next) this.#promote();
      feed.failure = { code, message };
      this.#reopenLater(feed);
    }
    this.#tell();
  }

  /** The server said no, or ended it: asked again after a growing pause, behind whatever picture there is. */
  #reopenLater(feed: Feed): void {
    this.#cancelReopen();
    const pause = reopenPauses[Math.min(this.#failures, reopenPauses.length - 1)] ?? 30_000;
    this.#failures++;
    this.#cancelReopen = this.#options.clock.after(pause, () => {
      feed.stale = true;
      this.#reconcile();
    });
  }

  #promote(): void {
    const next = this.#next;
    if (!next) return;
    this.#cancelSwitch();
    this.#next = undefined;
    if (next.player) this.#options.stage.show(next.player.element);
    this.#dropShown();
    this.#shown = next;
  }

  #giveUpNext(code: ErrorCode): void {
    if (this.#next?.stream !== this.#shown?.stream) this.#fallback = code;
    this.#dropNext();
  }

  #dropNext(): void {
    this.#cancelSwitch();
    this.#drop(this.#next);
    this.#next = undefined;
  }

  #dropShown(): void {
    this.#drop(this.#shown);
    this.#shown = undefined;
  }

  #drop(feed: Feed | undefined): void {
    if (!feed || feed.closed) return;
    feed.closed = true;
    if (!feed.player) return;
    this.#options.stage.remove(feed.player.element);
    feed.player.close();
  }

  #tell(): void {
    this.#options.changed(this);
  }
}

function hasPicture(feed: Feed): boolean {
  return (feed.snapshot?.framesPresented ?? 0) > 0;
}
