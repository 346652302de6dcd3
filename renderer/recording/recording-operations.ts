import type { Operations } from '../operations.ts';
import type { Station } from '../station.ts';
import { type Camera, cameraName } from '../wall/arrangement.ts';

/** A press of an arrow rewinds a tile by this much (ms). */
const stride = 5000;

/** What can be done with a tile's recording. */
export class RecordingOperations {
  readonly #station: Station;
  readonly #operations: Operations;

  constructor(station: Station, operations: Operations) {
    this.#station = station;
    this.#operations = operations;
  }

  /** Starts recording a tile's main stream, or ends what was started by hand. */
  async toggle(cell = this.#station.wall.getState().focus): Promise<void> {
    const camera = this.#station.wall.getState().cells[cell];
    if (!camera) return;
    const running = this.#station.recordings.getState().rows.get(cameraName(camera));
    if (!running || (!running.causes.includes('manual') && running.phase !== 'failing')) {
      const answer = await this.#station.link.call('record.start', { ...camera, stream: 'main' });
      if (answer.ok) this.#operations.remark('recordingStarted');
      else this.#operations.failed(answer);
      return;
    }
    const answer = await this.#station.link.call('record.stop', { id: running.id });
    if (!answer.ok) this.#operations.failed(answer);
    else if (answer.value.phase === 'stopped') this.#operations.remark('recordingStopped');
    else this.#operations.remark('recordingGoesOn', {}, 'info');
  }

  /** Space: pauses a tile at the picture it shows, recorded or not, then plays and pauses it. */
  async pause(cell = this.#station.wall.getState().focus): Promise<void> {
    const camera = this.#station.wall.getState().cells[cell];
    if (!camera) return;
    if (this.#station.reviews.has(camera)) return this.#station.reviews.togglePlaying(camera);
    const { pool, tiles, reviews } = this.#station;
    const tile = tiles.getState().tiles.get(cameraName(camera));
    const paused = {
      stream: tile?.stream ?? 'sub',
      at: Date.now() - (pool.snapshot(camera)?.latencyMs ?? 0),
      frozen: pool.stage(camera).freeze(),
    };
    if (!(await reviews.open(camera, paused))) this.#operations.remark('nothingYet', {}, 'warning');
  }

  live(cell?: number): void {
    this.#withCamera(camera => this.#station.reviews.end(camera), cell);
  }

  rewind(strides: number, cell?: number): void {
    this.#withCamera(camera => this.#station.reviews.move(camera, strides * stride), cell);
  }

  step(step: 1 | -1): void {
    this.#withCamera(camera => this.#station.reviews.step(camera, step));
  }

  /** The chosen tile shows its recording, not the live picture: some keys then mean something else. */
  get reviewing(): boolean {
    const { cells, focus } = this.#station.wall.getState();
    const camera = cells[focus];
    return !!camera && this.#station.reviews.has(camera);
  }

  #withCamera(run: (camera: Camera) => void, cell = this.#station.wall.getState().focus): void {
    const camera = this.#station.wall.getState().cells[cell];
    if (camera) run(camera);
  }
}
