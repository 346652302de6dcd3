import { ArchivePane, type PaneState } from './player/archive-pane.ts';
import { ArchiveSound, type SoundKind } from './player/archive-sound.ts';
import type { LaneMap, Span } from './player/lane-map.ts';
import { MasterClock } from './player/master-clock.ts';
import type { SegmentSource } from './player/segment-source.ts';

/** A pane that has no picture yet holds the clock no longer than this (ms): one bad file does not stop the others. */
const patienceMs = 4000;

export interface PlaybackOptions {
  source: SegmentSource;
  /** A clock that never jumps, ms. */
  now(): number;
  /** Calls `run` before each picture of the screen until the returned function is called. */
  everyFrame(run: () => void): () => void;
  changed(name: string, state: PaneState): void;
  /** What is heard of the pane that is listened to. */
  soundChanged?(name: string, kind: SoundKind): void;
  /** After every step of the clock. */
  moved(at: number): void;
}

/** Panes in step on one clock. Knows nothing of what is around them. */
export class Playback {
  readonly clock: MasterClock;
  readonly #options: PlaybackOptions;
  readonly #panes = new Map<string, ArchivePane>();
  readonly #waitsSince = new Map<string, number>();
  readonly #heardLanes = new Map<string, LaneMap>();
  #sound: { readonly name: string; readonly voice: ArchiveSound } | undefined;
  #level = 1;
  #cancel: (() => void) | undefined;

  constructor(options: PlaybackOptions, at: number) {
    this.#options = options;
    this.clock = new MasterClock(options.now, at);
  }

  /** The panes that are wanted, and no other. */
  arrange(names: readonly string[]): void {
    for (const [name, pane] of this.#panes) {
      if (names.includes(name)) continue;
      pane.close();
      this.#panes.delete(name);
      this.#heardLanes.delete(name);
      if (this.#sound?.name === name) this.hear(undefined);
      this.#waitsSince.delete(name);
    }
    for (const name of names) this.#pane(name);
    if (names.length > 0) this.#cancel ??= this.#options.everyFrame(() => this.#step());
    else {
      this.#cancel?.();
      this.#cancel = undefined;
    }
  }

  /** @param heard what its sound is taken from, where that is not what its pictures are */
  setLane(name: string, lane: LaneMap, bounds: Span, heard: LaneMap = lane): void {
    this.#panes.get(name)?.setLane(lane, bounds);
    this.#heardLanes.set(name, heard);
    if (this.#sound?.name === name) this.#sound.voice.setLane(heard);
  }

  /** Listens to this pane and to no other. */
  hear(name: string | undefined): void {
    if (this.#sound?.name === name) return;
    this.#sound?.voice.close();
    this.#sound = undefined;
    if (name === undefined || !this.#panes.has(name)) return;
    const { source, soundChanged } = this.#options;
    const voice = new ArchiveSound({ source, changed: kind => soundChanged?.(name, kind) });
    voice.setLevel(this.#level);
    const lane = this.#heardLanes.get(name);
    if (lane) voice.setLane(lane);
    this.#sound = { name, voice };
  }

  /** @param level 0 to 1; at 0 nothing is heard */
  setLevel(level: number): void {
    this.#level = level;
    this.#sound?.voice.setLevel(level);
  }

  /** For figures and tests. */
  get sound(): ArchiveSound | undefined {
    return this.#sound?.voice;
  }

  element(name: string): HTMLVideoElement | undefined {
    return this.#panes.get(name)?.element;
  }

  pane(name: string): ArchivePane | undefined {
    return this.#panes.get(name);
  }

  seek(at: number): void {
    this.clock.seek(at);
    this.#waitsSince.clear();
    this.#step();
  }

  /** Pauses and goes to the frame after or before; a 25th of a second where the frames are not known. */
  stepFrame(name: string | undefined, step: 1 | -1): void {
    this.clock.pause();
    const at = this.clock.at();
    const neighbour = name ? this.#panes.get(name)?.neighbour(at, step) : undefined;
    // One ms into the frame: media time is rounded, and a frame is shown from its time on.
    this.seek(neighbour === undefined ? at + step * 40 : neighbour + 1);
  }

  close(): void {
    this.arrange([]);
  }

  #pane(name: string): ArchivePane {
    const there = this.#panes.get(name);
    if (there) return there;
    const pane = new ArchivePane({
      source: this.#options.source,
      now: this.#options.now,
      changed: state => this.#options.changed(name, state),
    });
    this.#panes.set(name, pane);
    return pane;
  }

  #step(): void {
    const { clock } = this;
    const at = clock.at();
    for (const pane of this.#panes.values()) pane.follow(at, clock.rate, clock.running);
    this.#sound?.voice.follow(at, clock.rate, clock.running);
    clock.hold(this.#mustWait());
    this.#options.moved(at);
  }

  #mustWait(): boolean {
    const now = this.#options.now();
    let wait = false;
    for (const [name, pane] of this.#panes) {
      if (!pane.waits) this.#waitsSince.delete(name);
      else {
        const since = this.#waitsSince.get(name) ?? now;
        this.#waitsSince.set(name, since);
        wait ||= now - since < patienceMs;
      }
    }
    return wait;
  }
}
