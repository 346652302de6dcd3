import type { Clock } from '../clock.ts';
import type { Settings } from '../config.ts';
import type { Notice, ServiceChanges, ServiceKind, ServiceRows } from '../contract.ts';
import type { Terminals } from '../device/terminals.ts';
import type { MediaIntake } from '../frames/media-intake.ts';
import type { Hub } from '../hub/hub.ts';
import type { DeskCalls, ServiceMethod } from '../ipc/desk.ts';
import type { ServiceBackers } from '../ipc/server-desk.ts';
import type { Log } from '../log.ts';
import type { Tally } from '../tally.ts';
import type { RecordingService } from './recording-service.ts';

export interface VehicleServicesParts {
  readonly terminals: Terminals;
  readonly intake: MediaIntake;
  readonly hub: Hub;
  readonly recordings: RecordingService;
  readonly settings: Settings;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  notice(level: Notice['level'], text: string, params: Notice['params']): void;
  changed<Kind extends ServiceKind>(kind: Kind, row: ServiceRows[Kind]): void;
}

/** Puts together what a platform does with a vehicle beside watching and recording it. */
export class VehicleServices implements ServiceBackers {
  readonly calls: Pick<DeskCalls, ServiceMethod>;
  readonly #parts: VehicleServicesParts;

  constructor(parts: VehicleServicesParts) {
    this.#parts = parts;
    this.calls = {};
  }

  /** Never rejects. */
  async open(): Promise<void> {
    this.#parts.log.debug({}, 'vehicle services open');
  }

  /** Never rejects. */
  async close(): Promise<void> {}

  rows(): ServiceChanges {
    return {};
  }

  vehicleOnline(_id: string): void {}

  vehicleOffline(_id: string): void {}

  vehicleChanged(_id: string): void {}

  vehicleRemoved(_id: string): void {}
}
