import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, systemClock } from '../../electron/clock.ts';
import type {
  CameraKey,
  DoctorCauseName,
  DoctorPeer,
  DoctorReport,
  DoctorStep,
  DoctorStepName,
} from '../../electron/contract.ts';
import type { Subscription } from '../../electron/hub/subscriber.ts';
import { ConvoyServer } from '../../electron/server.ts';
import { SettingsStore } from '../../electron/settings-store.ts';

/** The system's clock, put forward by hand; timers keep their pace. */
export class LeapClock implements Clock {
  #ahead = 0;
  readonly after = systemClock.after;
  readonly every = systemClock.every;

  leap(ms: number): void {
    this.#ahead += ms;
  }

  now(): number {
    return systemClock.now() + this.#ahead;
  }

  monotonic(): number {
    return systemClock.monotonic() + this.#ahead;
  }
}

/** A whole server of this process on ports that the system picks, asked over its own desk. */
export class DeskServer {
  readonly server: ConvoyServer;
  readonly dataDir: string;

  private constructor(server: ConvoyServer, dataDir: string) {
    this.server = server;
    this.dataDir = dataDir;
  }

  static async start(
    settings: Record<string, string | number> = {},
    dataDir?: string,
    clock: Clock = systemClock,
  ): Promise<DeskServer> {
    const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'convoy-desk-'));
    const store = await SettingsStore.open(folder, { host: '127.0.0.1', signalPort: 0, mediaPort: 0, ...settings }, 0);
    const info = {
      name: 'Convoy',
      version: '0',
      contractVersion: 1,
      host: 'web',
      versions: {},
      dataDir: folder,
    } as const;
    const server = new ConvoyServer({
      settings: store,
      dataDir: folder,
      info,
      staticDir: folder,
      simulatorDir: folder,
      clock,
    });
    await server.start();
    return new DeskServer(server, folder);
  }

  async stop(keep = false): Promise<void> {
    await this.server.stop();
    if (!keep) rmSync(this.dataDir, { recursive: true, force: true });
  }

  watch(key: CameraKey): Subscription {
    const nothing = () => undefined;
    const result = this.server.desk.subscribe(key, {
      ...{ status: nothing, start: nothing, audio: nothing, gap: nothing, end: nothing },
      frame: () => true,
    });
    if (!result.ok) throw new Error(result.code);
    return result.value;
  }

  async camera(key: CameraKey): Promise<DoctorReport> {
    const answer = await this.server.desk.calls['doctor.camera'](key);
    if (!answer.ok) throw new Error(answer.code);
    return answer.value;
  }

  async vehicle(vehicleId: string): Promise<DoctorReport> {
    const answer = await this.server.desk.calls['doctor.vehicle']({ vehicleId });
    if (!answer.ok) throw new Error(answer.code);
    return answer.value;
  }

  async peers(): Promise<DoctorPeer[]> {
    const answer = await this.server.desk.calls['doctor.peers']({});
    if (!answer.ok) throw new Error(answer.code);
    return answer.value;
  }
}

export function stepOf(report: DoctorReport, name: DoctorStepName): DoctorStep {
  const found = report.steps.find(({ step }) => step === name);
  if (!found) throw new Error(`no step ${name}`);
  return found;
}

export const causesOf = (step: DoctorStep): DoctorCauseName[] => step.causes.map(({ cause }) => cause);

/** Asks until the step is as wanted; the report. */
export async function untilStep(
  ask: () => Promise<DoctorReport>,
  name: DoctorStepName,
  state: DoctorStep['state'],
  ms = 20_000,
): Promise<DoctorReport> {
  const end = performance.now() + ms;
  for (;;) {
    const report = await ask();
    if (stepOf(report, name).state === state) return report;
    if (performance.now() > end) throw new Error(`${name} is ${JSON.stringify(report.steps, undefined, 1)}`);
    await sleep(50);
  }
}
