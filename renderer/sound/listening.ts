import type { CameraKey, Result, StreamKind } from '../../electron/contract.ts';
import type { ShownPicture } from '../player/engine.ts';
import { type HearingStore, withEar } from '../store/hearing.ts';
import { type Camera, cameraName } from '../wall/arrangement.ts';
import { Ear, type EarClock } from './ear.ts';
import type { SoundFacts } from './packet-decoder.ts';
import type { Voice, VoiceListener } from './sound-host.ts';

export interface Loudspeaker {
  open(facts: SoundFacts, listener: VoiceListener): Voice;
  /** 0 to 1. */
  setLevel(level: number): void;
}

export interface ListeningOptions {
  store: HearingStore;
  clock: EarClock;
  host: Loudspeaker;
  open(key: CameraKey): Promise<Result<MessagePort>>;
  facts(camera: Camera): SoundFacts;
  picture(camera: Camera): { stream: StreamKind; shown?: ShownPicture } | undefined;
  /** Its tile shows a recording. */
  rests(camera: Camera): boolean;
  /** Holds a camera's pictures back by so much, ms. */
  hold(camera: Camera, ms: number): void;
  codecName(payloadType: number): string;
}

/** Which cameras are heard: one at a time, and those that were pinned. By camera, so that moving a tile changes nothing. */
export class Listening {
  readonly #options: ListeningOptions;
  readonly #ears = new Map<string, Ear>();
  #linked = false;
  #volume = 1;

  constructor(options: ListeningOptions) {
    this.#options = options;
  }

  /** Listens to this camera instead of the last one, or no longer to it. */
  toggle(camera: Camera): void {
    const ear = this.#ears.get(cameraName(camera));
    if (ear) {
      this.#drop(ear);
      return;
    }
    for (const other of [...this.#ears.values()]) if (!other.pinned) this.#drop(other);
    this.#listen(camera);
  }

  /** Listens to this camera beside the others until it is told otherwise. */
  togglePinned(camera: Camera): void {
    const ear = this.#ears.get(cameraName(camera));
    if (ear?.pinned) {
      this.#drop(ear);
      return;
    }
    const pinned = ear ?? this.#listen(camera);
    pinned.pinned = true;
    this.#tell(pinned);
  }

  toggleMuted(): boolean {
    const muted = !this.#options.store.getState().muted;
    this.#options.store.setState({ muted });
    this.#setLevel();
    return muted;
  }

  /** 0 to 1, of everything. */
  setVolume(volume: number): void {
    this.#volume = volume;
    this.#setLevel();
  }

  /** Cameras that left the wall are not heard any more. */
  keepOnly(cameras: readonly (Camera | null)[]): void {
    const names = new Set(cameras.map(camera => camera && cameraName(camera)));
    for (const [name, ear] of [...this.#ears]) if (!names.has(name)) this.#drop(ear);
  }

  /** Tiles may show other encodings. */
  follow(): void {
    for (const ear of this.#ears.values()) ear.follow();
  }

  linkLost(): void {
    this.#linked = false;
    for (const ear of this.#ears.values()) ear.linkLost();
  }

  linkBack(): void {
    this.#linked = true;
    for (const ear of this.#ears.values()) ear.linkBack();
  }

  ear(camera: Camera): Ear | undefined {
    return this.#ears.get(cameraName(camera));
  }

  #listen(camera: Camera): Ear {
    const { clock, host, open, facts, picture, hold, rests, codecName } = this.#options;
    const ear: Ear = new Ear(
      {
        camera,
        clock,
        facts: () => facts(camera),
        open,
        voice: (given, listener) => host.open(given, listener),
        picture: () => picture(camera),
        hold: ms => hold(camera, ms),
        rests: () => rests(camera),
        codecName,
        changed: () => this.#tell(ear),
      },
      this.#linked,
    );
    this.#ears.set(cameraName(camera), ear);
    this.#tell(ear);
    return ear;
  }

  #drop(ear: Ear): void {
    const name = cameraName(ear.camera);
    this.#ears.delete(name);
    ear.close();
    this.#options.store.setState(state => withEar(state, name, undefined));
  }

  #tell(ear: Ear): void {
    const name = cameraName(ear.camera);
    if (this.#ears.get(name) === ear) this.#options.store.setState(state => withEar(state, name, ear.state()));
  }

  #setLevel(): void {
    this.#options.host.setLevel(this.#options.store.getState().muted ? 0 : this.#volume);
  }
}
