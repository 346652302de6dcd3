import { isSoundOnly } from '../fleet/vehicle-words.ts';
import type { Operations } from '../operations.ts';
import type { Station } from '../station.ts';
import { type Camera, cameraName } from '../wall/arrangement.ts';

/** What can be done with the sound of the wall. */
export class HearingOperations {
  readonly #station: Station;
  readonly #operations: Operations;

  constructor(station: Station, operations: Operations) {
    this.#station = station;
    this.#operations = operations;
  }

  /** Listens to a tile, and to no other but the pinned ones; once more: no longer. */
  listen(cell = this.#station.wall.getState().focus): void {
    const camera = this.#station.wall.getState().cells[cell];
    this.wake();
    if (camera && this.#mayBeHeard(camera)) this.#station.listening.toggle(camera);
  }

  /** What has sound only is put on the wall to be heard. */
  placed(camera: Camera): void {
    const vehicle = this.#station.fleet.getState().vehicles.get(camera.vehicleId);
    if (!isSoundOnly(vehicle, camera.channel) || this.#station.listening.ear(camera)) return;
    this.wake();
    this.#station.listening.toggle(camera);
  }

  /** Keeps a tile audible beside others; once more: no longer. */
  pin(cell = this.#station.wall.getState().focus): void {
    const camera = this.#station.wall.getState().cells[cell];
    this.wake();
    if (camera && this.#mayBeHeard(camera)) this.#station.listening.togglePinned(camera);
  }

  /** Not where the terminal's channel table has the camera without sound. */
  hasSound({ vehicleId, channel }: Camera): boolean {
    const vehicle = this.#station.fleet.getState().vehicles.get(vehicleId);
    return !vehicle?.channels.find(each => each.channel === channel)?.silent;
  }

  /** One that is listened to already can be let go, whatever its table says. */
  #mayBeHeard(camera: Camera): boolean {
    if (this.#station.hearing.getState().ears.has(cameraName(camera)) || this.hasSound(camera)) return true;
    this.#operations.remark('cannotHear', {}, 'warning');
    return false;
  }

  mute(): void {
    this.wake();
    const muted = this.#station.listening.toggleMuted();
    this.#operations.remark(muted ? 'muted' : 'unmuted');
  }

  /** Within a click or a key: a browser lets nothing be heard before one. */
  wake(): void {
    this.#station.soundHost.wake();
  }
}
