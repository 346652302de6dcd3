import type { HearingStore } from '../store/hearing.ts';
import { type Camera, cameraName } from '../wall/arrangement.ts';
import type { Listening } from './listening.ts';

/** The camera that was listened to before a page with sound of its own was opened; pinned ones go on beside that. */
export class RestingEar {
  readonly #listening: Pick<Listening, 'toggle'>;
  readonly #hearing: HearingStore;
  #camera: Camera | undefined;

  constructor(listening: Pick<Listening, 'toggle'>, hearing: HearingStore) {
    this.#listening = listening;
    this.#hearing = hearing;
  }

  rest(cameras: readonly (Camera | null)[]): void {
    const ears = this.#hearing.getState().ears;
    for (const camera of cameras) {
      if (!camera || ears.get(cameraName(camera))?.pinned !== false) continue;
      this.#camera = camera;
      this.#listening.toggle(camera);
    }
  }

  /** Unless something else is listened to meanwhile, or the camera is gone from the wall. */
  wake(cameras: readonly (Camera | null)[]): void {
    const camera = this.#camera;
    this.#camera = undefined;
    const isTaken = [...this.#hearing.getState().ears.values()].some(ear => !ear.pinned);
    const isThere = camera && cameras.some(each => each && cameraName(each) === cameraName(camera));
    if (camera && isThere && !isTaken) this.#listening.toggle(camera);
  }
}
