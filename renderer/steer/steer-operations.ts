import type { LensStep, Method, Rpc, TurnDirection, ZoomStep } from '../../electron/contract.ts';
import type { Operations } from '../operations.ts';
import type { Station } from '../station.ts';
import { type Camera, cameraName } from '../wall/arrangement.ts';

/** Steps of a lens while its button is held (ms). */
const repeatMs = 350;

/**
 * The camera that is steered. A head turns as long as its key or button is held: every way to let go sends the stop, after
 * the answer to the turn, so that the two cannot overtake one another.
 */
export class SteerOperations {
  readonly #station: Station;
  readonly #operations: Operations;
  #turning: { camera: Camera; direction: TurnDirection } | undefined;
  #sent: Promise<unknown> = Promise.resolve();
  #cancelRepeat: (() => void) | undefined;

  constructor(station: Station, operations: Operations) {
    this.#station = station;
    this.#operations = operations;
  }

  get camera(): Camera | undefined {
    const { cells, focus } = this.#station.wall.getState();
    const camera = cells[focus];
    return camera && cameraName(camera) === this.#station.desk.getState().steered ? camera : undefined;
  }

  /** Only where the terminal says that the camera turns. */
  canTurn(camera: Camera): boolean {
    const vehicle = this.#station.fleet.getState().vehicles.get(camera.vehicleId);
    return vehicle?.channels.find(({ channel }) => channel === camera.channel)?.panTilt === true;
  }

  toggle(cell = this.#station.wall.getState().focus): void {
    const camera = this.#station.wall.getState().cells[cell];
    if (this.camera || !camera) this.leave();
    else if (!this.canTurn(camera)) this.#operations.remark('cannotTurn', {}, 'warning');
    else {
      this.#operations.focus(cell);
      this.#station.desk.setState({ steered: cameraName(camera) });
    }
  }

  leave(): void {
    this.release();
    this.#station.desk.setState({ steered: '' });
  }

  turn(direction: Exclude<TurnDirection, 'stop'>): void {
    const { camera } = this;
    if (!camera || this.#turning?.direction === direction) return;
    this.#turning = { camera, direction };
    const { steerSpeed } = this.#station.preferences.getState();
    this.#send('steer.turn', { ...camera, direction, speed: steerSpeed });
  }

  /** Whatever was held is let go. */
  release(): void {
    this.#cancelRepeat?.();
    this.#cancelRepeat = undefined;
    const turning = this.#turning;
    if (!turning) return;
    this.#turning = undefined;
    this.#send('steer.turn', { ...turning.camera, direction: 'stop' });
  }

  zoom(step: ZoomStep): void {
    this.#hold(camera => this.#send('steer.zoom', { ...camera, step }));
  }

  focus(step: LensStep): void {
    this.#hold(camera => this.#send('steer.focus', { ...camera, step }));
  }

  iris(step: LensStep): void {
    this.#hold(camera => this.#send('steer.iris', { ...camera, step }));
  }

  wiper(on: boolean): void {
    if (this.camera) this.#send('steer.wiper', { ...this.camera, on });
  }

  light(on: boolean): void {
    if (this.camera) this.#send('steer.light', { ...this.camera, on });
  }

  changeSpeed(by: number): void {
    this.#station.preferences.setState(({ steerSpeed }) => ({
      steerSpeed: Math.min(255, Math.max(15, steerSpeed + by)),
    }));
  }

  /** One step, and more while it is held. */
  #hold(step: (camera: Camera) => void): void {
    const { camera } = this;
    if (!camera || this.#cancelRepeat) return;
    step(camera);
    const id = setInterval(() => step(camera), repeatMs);
    this.#cancelRepeat = () => clearInterval(id);
  }

  #send<M extends Method & `steer.${string}`>(method: M, args: Rpc[M]['args']): void {
    this.#sent = this.#sent.then(async () => {
      const answer = await this.#station.link.call(method, args);
      if (answer.ok) return;
      this.release();
      this.#operations.failed(answer);
    });
  }
}
