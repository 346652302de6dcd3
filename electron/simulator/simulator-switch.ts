import type { Clock } from '../clock.ts';
import type { ErrorCode, Result, SimulatorState } from '../contract.ts';
import { fail, failure } from '../errors.ts';
import type { Log } from '../log.ts';
import { Fleet } from './fleet.ts';

export interface SimulatorSwitchParts {
  /** Folder of the clips. */
  readonly mediaDir: string;
  readonly settings: { readonly simulatorVehicles: number; readonly simulatorAlarmsPerHour: number };
  readonly clock: Clock;
  readonly log: Log;
  /** Where the fleet connects to. */
  signal(): { address: string; port: number; error?: ErrorCode };
}

/** The built-in fleet, on and off. */
export class SimulatorSwitch {
  readonly #parts: SimulatorSwitchParts;
  #fleet: Fleet | undefined;

  constructor(parts: SimulatorSwitchParts) {
    this.#parts = parts;
  }

  get state(): SimulatorState {
    return { running: this.#fleet !== undefined, vehicles: this.#fleet?.vehicles.length ?? 0 };
  }

  async start(vehicles?: number): Promise<Result<SimulatorState>> {
    if (this.#fleet) return { ok: true, value: this.state };
    const { mediaDir, settings, clock, log, signal } = this.#parts;
    const { address, port, error } = signal();
    if (error) return fail('simulatorUnavailable', `the signalling port is not open: ${error}`);
    const isEverywhere = address === '0.0.0.0' || address === '::';
    const fleet = new Fleet({
      vehicles: vehicles ?? settings.simulatorVehicles,
      host: isEverywhere ? '127.0.0.1' : address,
      signalPort: port,
      clock,
      log,
      mediaDir,
      faults: { alarmsPerHour: settings.simulatorAlarmsPerHour },
    });
    this.#fleet = fleet;
    try {
      await fleet.start();
    } catch (thrown) {
      this.#fleet = undefined;
      const { message } = failure(thrown) as { message: string };
      return fail('simulatorUnavailable', message);
    }
    return { ok: true, value: this.state };
  }

  async stop(): Promise<Result<SimulatorState>> {
    const fleet = this.#fleet;
    this.#fleet = undefined;
    await fleet?.stop();
    return { ok: true, value: this.state };
  }
}
