import type { Clock } from '../clock.ts';
import type { CameraKey, RecordingCause, RecordingPlan, Vehicle } from '../contract.ts';
import { AlarmWatch } from './alarm-watch.ts';
import type { Plans } from './plans.ts';
import { isPainted } from './week-grid.ts';

/** A half-hour of the grid begins at most this late. */
const tickMs = 5000;

/** What a vehicle must tell for its plan. */
export type PlannedVehicle = Pick<Vehicle, 'id' | 'group' | 'channels' | 'position' | 'state'>;

/** The recorder, as plans use it. Asking twice for the same is harmless. */
export interface PlanControl {
  /** @param preSeconds how far back the recording begins, as far as memory reaches */
  want(camera: CameraKey, cause: RecordingCause, preSeconds: number): void;
  unwant(camera: CameraKey, cause: RecordingCause): void;
  /** The camera's last seconds are kept in memory, which keeps its stream open. */
  arm(camera: CameraKey, seconds: number): void;
  disarm(camera: CameraKey): void;
}

export interface PlannerParts {
  readonly clock: Clock;
  readonly settings: { readonly alarmRecordMinutes: number };
  readonly plans: Plans;
  readonly control: PlanControl;
  vehicles(): Iterable<PlannedVehicle>;
}

interface Wish {
  readonly camera: CameraKey;
  readonly cause: RecordingCause | undefined;
  readonly armSeconds: number;
}

/** Turns plans into causes of the recorder: looked at every few seconds, at once when a plan changes or an alarm turns on. */
export class Planner {
  readonly #parts: PlannerParts;
  readonly #alarms: AlarmWatch;
  #wishes = new Map<string, Wish>();
  readonly #stopTicking: () => void;
  #isClosed = false;

  constructor(parts: PlannerParts) {
    this.#parts = parts;
    this.#alarms = new AlarmWatch(parts.settings, parts.clock.now());
    this.#stopTicking = parts.clock.every(tickMs, () => this.apply());
  }

  /** A vehicle reported something. */
  vehicleChanged(vehicle: PlannedVehicle): void {
    if (!vehicle.position || this.#parts.plans.isEmpty) return;
    const plan = this.#parts.plans.planOf(vehicle.id, vehicle.group);
    if (plan?.mode === 'alarm' && this.#alarms.report(vehicle, vehicle.position, plan.postSeconds)) this.apply();
  }

  vehicleRemoved(vehicleId: string): void {
    this.#alarms.forget(vehicleId);
    this.apply();
  }

  /** Compares what is wanted now with what was asked for, and asks for the difference. */
  apply(): void {
    if (this.#isClosed || (this.#parts.plans.isEmpty && this.#wishes.size === 0)) return;
    const { control, plans, vehicles } = this.#parts;
    const wishes = new Map<string, Wish>();
    for (const vehicle of vehicles()) {
      const plan = plans.planOf(vehicle.id, vehicle.group);
      if (!plan || plan.mode === 'off' || vehicle.state === 'pending') continue;
      const { cause, armSeconds } = this.#wishOf(vehicle.id, plan);
      if (!cause && armSeconds === 0) continue;
      for (const channel of channelsOf(vehicle, plan)) {
        const camera: CameraKey = { vehicleId: vehicle.id, channel, stream: plan.stream };
        wishes.set(nameOf(camera), { camera, cause, armSeconds });
      }
    }
    const before = this.#wishes;
    this.#wishes = wishes;
    for (const [name, { camera, cause, armSeconds }] of wishes) {
      const was = before.get(name);
      if (armSeconds > 0 && was?.armSeconds !== armSeconds) control.arm(camera, armSeconds);
      if (cause && was?.cause !== cause) control.want(camera, cause, cause === 'alarm' ? armSeconds : 0);
    }
    for (const [name, { camera, cause, armSeconds }] of before) {
      const now = wishes.get(name);
      if (cause && now?.cause !== cause) control.unwant(camera, cause);
      if (armSeconds > 0 && !now?.armSeconds) control.disarm(camera);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#stopTicking();
  }

  #wishOf(vehicleId: string, plan: RecordingPlan): { cause: RecordingCause | undefined; armSeconds: number } {
    const now = this.#parts.clock.now();
    switch (plan.mode) {
      case 'always':
        return { cause: 'always', armSeconds: 0 };
      case 'schedule':
        return { cause: isPainted(plan.week, now) ? 'schedule' : undefined, armSeconds: 0 };
      case 'alarm':
        return { cause: this.#alarms.isHeld(vehicleId, now) ? 'alarm' : undefined, armSeconds: plan.preSeconds };
      default:
        return { cause: undefined, armSeconds: 0 };
    }
  }
}

function channelsOf(vehicle: PlannedVehicle, plan: RecordingPlan): number[] {
  const pictureless = new Set(vehicle.channels.filter(each => each.soundOnly).map(({ channel }) => channel));
  const wanted = plan.channels.length > 0 ? plan.channels : vehicle.channels.map(({ channel }) => channel);
  return wanted.filter(channel => !pictureless.has(channel));
}

function nameOf({ vehicleId, channel, stream }: CameraKey): string {
  return `${vehicleId}_${channel}_${stream}`;
}
