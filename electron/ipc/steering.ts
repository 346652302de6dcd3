import {
  apertureAdjustment,
  focusAdjustment,
  infraredState,
  turnDirection,
  wiperState,
  zoomAdjustment,
} from '../codec/jt808/body/camera-control.ts';
import type { Result } from '../contract.ts';
import type { DeskCalls } from './desk.ts';

/** Middle of what 0x9301 can say. */
const ordinarySpeed = 128;
const zoom = { in: zoomAdjustment.larger, out: zoomAdjustment.smaller } as const;

export interface SteeredTerminals {
  command(id: string, messageId: number, value: unknown): Promise<Result<unknown>>;
}

/** Cameras with a head or a lens that moves: 0x9301 to 0x9306 (1078-2016 §5.7). Each is answered by 0x0001. */
export class Steering {
  readonly calls: Pick<
    DeskCalls,
    'steer.turn' | 'steer.focus' | 'steer.iris' | 'steer.wiper' | 'steer.light' | 'steer.zoom'
  >;
  readonly #terminals: SteeredTerminals;

  constructor(terminals: SteeredTerminals) {
    this.#terminals = terminals;
    this.calls = {
      'steer.turn': ({ vehicleId, channel, direction, speed = ordinarySpeed }) =>
        this.#send(vehicleId, 0x9301, {
          channel,
          direction: turnDirection[direction],
          speed: direction === 'stop' ? 0 : speed,
        }),
      'steer.focus': ({ vehicleId, channel, step }) =>
        this.#send(vehicleId, 0x9302, { channel, control: focusAdjustment[step] }),
      'steer.iris': ({ vehicleId, channel, step }) =>
        this.#send(vehicleId, 0x9303, { channel, control: apertureAdjustment[step] }),
      'steer.wiper': ({ vehicleId, channel, on }) =>
        this.#send(vehicleId, 0x9304, { channel, control: on ? wiperState.start : wiperState.stop }),
      'steer.light': ({ vehicleId, channel, on }) =>
        this.#send(vehicleId, 0x9305, { channel, control: on ? infraredState.start : infraredState.stop }),
      'steer.zoom': ({ vehicleId, channel, step }) => this.#send(vehicleId, 0x9306, { channel, control: zoom[step] }),
    };
  }

  async #send(vehicleId: string, messageId: number, value: unknown): Promise<Result<null>> {
    const result = await this.#terminals.command(vehicleId, messageId, value);
    return result.ok ? { ok: true, value: null } : result;
  }
}
