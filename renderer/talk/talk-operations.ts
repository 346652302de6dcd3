import type { TalkMode } from '../../electron/contract.ts';
import type { Operations } from '../operations.ts';
import type { Station } from '../station.ts';
import { isOver } from '../store/talking.ts';
import type { Camera } from '../wall/arrangement.ts';

/** What can be said to drivers. */
export class TalkOperations {
  readonly #station: Station;
  readonly #operations: Operations;

  constructor(station: Station, operations: Operations) {
    this.#station = station;
    this.#operations = operations;
  }

  /** Held: speaks to the vehicle of a tile, which is called first when it is not on the line. */
  press(cell?: number): void {
    this.#speak(cell, false);
  }

  /** Let go: the line stays open for an answer. What was latched goes on. */
  release(): void {
    const { speaking, latched } = this.#station.talking.getState();
    if (speaking && !latched) this.#station.talks.speak(false);
  }

  /** Speaks without holding, until the next press. */
  latch(cell?: number): void {
    this.#speak(cell, true);
  }

  /** Nobody hears an operator who turned to another window. */
  silence(): void {
    if (this.#station.talking.getState().speaking) this.#station.talks.speak(false);
  }

  hangUp(): void {
    this.#station.talks.close();
  }

  /** Hears the cab of a tile without its picture; once more: no longer. */
  monitor(cell?: number): void {
    const camera = this.#camera(cell);
    if (!camera) return;
    const { talk } = this.#station.talking.getState();
    this.#operations.hearing.wake();
    if (talk?.mode === 'monitor' && isOf(talk.camera, camera)) this.hangUp();
    else this.#open('monitor', camera);
  }

  openBroadcast(): void {
    this.#operations.openDialog('broadcast');
  }

  /** @param vehicleId the one to begin with; else that of the selected tile */
  openText(vehicleId?: string): void {
    const chosen = vehicleId ?? this.#camera()?.vehicleId ?? null;
    this.#operations.openDialog('text');
    this.#station.desk.setState({ dialogVehicle: chosen });
  }

  #speak(cell: number | undefined, latched: boolean): void {
    const camera = this.#camera(cell);
    const { talk, speaking } = this.#station.talking.getState();
    if (latched && speaking) {
      this.#station.talks.speak(false);
      return;
    }
    this.#operations.hearing.wake();
    if (talk?.mode !== 'broadcast') {
      if (!camera) {
        this.#operations.remark('noCamera', {}, 'warning');
        return;
      }
      const isOnLine = talk?.mode === 'talk' && isOf(talk.camera, camera) && !isOver(talk.phase);
      if (!isOnLine) this.#open('talk', camera);
    }
    this.#station.talks.speak(true, latched);
  }

  #open(mode: TalkMode, camera: Camera): void {
    void this.#station.talks.open(mode, [camera.vehicleId], camera.channel, camera);
  }

  #camera(cell = this.#station.wall.getState().focus): Camera | null {
    return this.#station.wall.getState().cells[cell] ?? null;
  }
}

/** A vehicle has one line, whichever of its tiles is spoken to. */
function isOf(camera: Camera | null, other: Camera): boolean {
  return camera?.vehicleId === other.vehicleId;
}
