import type { Clock } from '../clock.ts';
import {
  apertureAdjustment,
  type CameraControl,
  type CameraTurn,
  focusAdjustment,
  infraredState,
  turnDirection,
  wiperState,
  zoomAdjustment,
} from '../codec/jt808/body/camera-control.ts';

/** Degrees a second at speed 255. */
const fastest = 40;
const reach = { pan: 170, tilt: 45 } as const;
const mostZoom = 20;

/** Which way a direction moves the head: degrees right and up. */
const ways: Readonly<Record<number, readonly [number, number]>> = {
  [turnDirection.stop]: [0, 0],
  [turnDirection.up]: [0, 1],
  [turnDirection.down]: [0, -1],
  [turnDirection.left]: [-1, 0],
  [turnDirection.right]: [1, 0],
};

export type HeadControlId = 0x9302 | 0x9303 | 0x9304 | 0x9305 | 0x9306;

/** A camera that turns, zooms and has a wiper and a light: obeys 0x9301 to 0x9306, and shows in its caption where it is. */
export class CameraHead {
  readonly #clock: Clock;
  #pan = 0;
  #tilt = 0;
  #way: readonly [number, number] = [0, 0];
  #speed = 0;
  #since = 0;
  #zoom = 1;
  #focus = 0;
  #iris = 0;
  #wiper = false;
  #light = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** False for a direction that the standard does not have. */
  turn({ direction, speed }: CameraTurn): boolean {
    const way = ways[direction];
    if (!way) return false;
    this.#settle();
    this.#way = way;
    this.#speed = speed;
    return true;
  }

  control(id: HeadControlId, { control }: CameraControl): boolean {
    if (control > 1) return false;
    if (id === 0x9302) this.#focus += control === focusAdjustment.increase ? 1 : -1;
    else if (id === 0x9303) this.#iris += control === apertureAdjustment.increase ? 1 : -1;
    else if (id === 0x9304) this.#wiper = control === wiperState.start;
    else if (id === 0x9305) this.#light = control === infraredState.start;
    else this.#zoom = Math.min(mostZoom, Math.max(1, this.#zoom + (control === zoomAdjustment.larger ? 1 : -1)));
    return true;
  }

  /** For the caption: degrees right and up, zoom, and what is switched on. */
  get words(): string {
    this.#settle();
    const degrees = (value: number) =>
      `${value < 0 ? '-' : '+'}${String(Math.round(Math.abs(value))).padStart(3, '0')}`;
    const lens = `${this.#focus === 0 ? '' : ` F${this.#focus}`}${this.#iris === 0 ? '' : ` I${this.#iris}`}`;
    return `P${degrees(this.#pan)}T${degrees(this.#tilt)}Z${this.#zoom}${lens}${this.#wiper ? ' W' : ''}${this.#light ? ' L' : ''}`;
  }

  #settle(): void {
    const now = this.#clock.monotonic();
    const degrees = (fastest * (this.#speed / 255) * (now - this.#since)) / 1000;
    this.#since = now;
    const [right, up] = this.#way;
    this.#pan = Math.min(reach.pan, Math.max(-reach.pan, this.#pan + right * degrees));
    this.#tilt = Math.min(reach.tilt, Math.max(-reach.tilt, this.#tilt + up * degrees));
  }
}
