import type { CameraKey, Result } from '../../electron/contract.ts';
import type { PlayerSnapshot } from '../player/player.ts';
import type { Fit } from '../store/preferences.ts';
import { type TilesStore, withTile } from '../store/tiles.ts';
import { type Arrangement, type Camera, cameraName } from './arrangement.ts';
import { Pane, type PaneClock, type PanePlayer, type Stage } from './pane.ts';
import { wantedStream } from './wanted.ts';

/** A hidden tile's stream is closed after this long: a look at one camera and back costs no new opening (ms). */
export const pauseAfterMs = 4000;
/** A page that nobody can see closes its streams after this long (ms). */
export const hiddenPageMs = 60_000;

export interface PoolOptions<S extends Stage> {
  tiles: TilesStore;
  clock: PaneClock;
  open(key: CameraKey): Promise<Result<MessagePort>>;
  createPlayer(port: MessagePort, onChange: (snapshot: PlayerSnapshot) => void): PanePlayer;
  createStage(): S;
  /** Its channel has no picture: nothing is opened. */
  isSoundOnly(camera: Camera): boolean;
}

interface Entry<S> {
  pane: Pane;
  stage: S;
  cancelPause: (() => void) | undefined;
}

/** The players of the wall, by camera and not by cell: moving a camera moves its element, never its player. */
export class PlayerPool<S extends Stage> {
  readonly #options: PoolOptions<S>;
  readonly #entries = new Map<string, Entry<S>>();
  #arrangement: Arrangement | undefined;
  #pageHidden = false;
  #cancelPageHidden: () => void = () => undefined;
  #linked = false;
  #fit: Fit = 'contain';

  constructor(options: PoolOptions<S>) {
    this.#options = options;
  }

  /** Follows the wall: opens, closes, pauses and exchanges encodings as wanted.ts says. */
  arrange(arrangement: Arrangement): void {
    this.#arrangement = arrangement;
    const present = new Set<string>();
    arrangement.cells.forEach((camera, cell) => {
      if (!camera) return;
      present.add(cameraName(camera));
      const isPicture = !this.#options.isSoundOnly(camera);
      const wanted = isPicture ? wantedStream(arrangement, cell, this.#pageHidden) : null;
      const entry = this.#entry(camera);
      if (wanted !== null || entry.pane.wanted === null) {
        entry.cancelPause?.();
        entry.cancelPause = undefined;
        entry.pane.want(wanted);
      } else
        entry.cancelPause ??= this.#options.clock.after(this.#pageHidden ? 0 : pauseAfterMs, () => {
          entry.cancelPause = undefined;
          entry.pane.want(null);
        });
    });
    for (const [name, entry] of this.#entries) {
      if (present.has(name)) continue;
      entry.cancelPause?.();
      entry.pane.close();
      this.#entries.delete(name);
      this.#options.tiles.setState(state => withTile(state, name, undefined));
    }
  }

  linkLost(): void {
    this.#linked = false;
    for (const { pane } of this.#entries.values()) pane.linkLost();
  }

  linkBack(): void {
    this.#linked = true;
    for (const { pane } of this.#entries.values()) pane.linkBack();
  }

  /** Nobody can see the page (minimised, another tab): after a while the vehicles are let go. */
  setPageHidden(hidden: boolean): void {
    this.#cancelPageHidden();
    for (const { pane } of this.#entries.values()) pane.player()?.setHidden(hidden);
    if (hidden) this.#cancelPageHidden = this.#options.clock.after(hiddenPageMs, () => this.#applyPageHidden(true));
    else this.#applyPageHidden(false);
  }

  setFit(fit: Fit): void {
    this.#fit = fit;
    for (const { pane } of this.#entries.values()) pane.player()?.setFit(fit);
  }

  /** Another engine was chosen: every player is made anew behind its picture. */
  renew(): void {
    for (const { pane } of this.#entries.values()) pane.renew();
  }

  stage(camera: Camera): S {
    return this.#entry(camera).stage;
  }

  snapshot(camera: Camera): PlayerSnapshot | undefined {
    return this.#entries.get(cameraName(camera))?.pane.snapshot();
  }

  /** The camera's pictures wait this much for its sound (ms). */
  setHold(camera: Camera, ms: number): void {
    this.#entries.get(cameraName(camera))?.pane.setHold(ms);
  }

  captureStill(camera: Camera): Promise<Blob> | undefined {
    return this.#entries.get(cameraName(camera))?.pane.player()?.captureStill();
  }

  #applyPageHidden(hidden: boolean): void {
    if (hidden === this.#pageHidden) return;
    this.#pageHidden = hidden;
    if (this.#arrangement) this.arrange(this.#arrangement);
  }

  #entry(camera: Camera): Entry<S> {
    const name = cameraName(camera);
    const there = this.#entries.get(name);
    if (there) return there;
    const stage = this.#options.createStage();
    const pane = new Pane({
      camera,
      stage,
      clock: this.#options.clock,
      open: this.#options.open,
      createPlayer: (port, onChange) => {
        const player = this.#options.createPlayer(port, onChange);
        player.setFit(this.#fit);
        return player;
      },
      changed: pane => this.#options.tiles.setState(state => withTile(state, name, pane.state())),
    });
    if (!this.#linked) pane.linkLost();
    const entry: Entry<S> = { pane, stage, cancelPause: undefined };
    this.#entries.set(name, entry);
    return entry;
  }
}
