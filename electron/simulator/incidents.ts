import { confirmableAlarms } from '../codec/jt808/body/alarm-confirmation.ts';
import type { LocationItem } from '../codec/jt808/body/location-item.ts';
import type { Faults } from './faults.ts';
import type { Random } from './random.ts';

/** What may happen to a vehicle. */
export const incidentKinds = ['sos', 'fatigue', 'overspeed', 'occlusion', 'signalLoss'] as const;
export type IncidentKind = (typeof incidentKinds)[number];

/** Seconds an incident lasts; an emergency ends when it is confirmed, too. */
const lasts: Record<IncidentKind, { from: number; to: number }> = {
  sos: { from: 90, to: 240 },
  fatigue: { from: 30, to: 90 },
  overspeed: { from: 10, to: 40 },
  occlusion: { from: 30, to: 120 },
  signalLoss: { from: 20, to: 60 },
};

interface Incident {
  readonly kind: IncidentKind;
  readonly channel: number;
  /** Monotonic ms. */
  readonly until: number;
}

export interface IncidentsOptions {
  readonly channels: number;
  readonly faults: Readonly<Pick<Faults, 'alarmsPerHour'>>;
  readonly random: Random;
}

/** What happens to a simulated vehicle now and then, as its reports carry it. */
export class Incidents {
  readonly #options: IncidentsOptions;
  #running: Incident[] = [];
  #at = 0;

  constructor(options: IncidentsOptions) {
    this.#options = options;
  }

  /** @param nowMs monotonic */
  begin(kind: IncidentKind, nowMs: number, seconds?: number, channel?: number): void {
    const { random, channels } = this.#options;
    const { from, to } = lasts[kind];
    const until = nowMs + 1000 * (seconds ?? from + (to - from) * random());
    this.#running.push({ kind, channel: channel ?? 1 + Math.floor(random() * channels), until });
  }

  /** Lets time pass: incidents end, and as many begin as `alarmsPerHour` says. */
  advance(nowMs: number): void {
    const hours = Math.min(nowMs - this.#at, 60_000) / 3_600_000;
    this.#at = nowMs;
    this.#running = this.#running.filter(each => each.until > nowMs);
    const { faults, random } = this.#options;
    if (faults.alarmsPerHour > 0 && random() < faults.alarmsPerHour * hours)
      this.begin(incidentKinds[Math.floor(random() * incidentKinds.length)] as IncidentKind, nowMs);
  }

  /** 0x8203. */
  confirm(alarms: number): void {
    if (alarms & confirmableAlarms & 1) this.#running = this.#running.filter(each => each.kind !== 'sos');
  }

  /** Alarm word of 0x0200. */
  get alarms(): number {
    return (this.#is('sos') ? 1 : 0) | (this.#is('overspeed') ? 2 : 0) | (this.#is('fatigue') ? 4 : 0);
  }

  /** Items 0x14 to 0x18 that are not silent. */
  get items(): LocationItem[] {
    const lost = this.#channels('signalLoss');
    const occluded = this.#channels('occlusion');
    const isTired = this.#is('fatigue');
    const video = (lost ? 1 : 0) | (occluded ? 2 : 0) | (isTired ? 0x20 : 0);
    return [
      ...(video ? [{ id: 0x14 as const, value: video }] : []),
      ...(lost ? [{ id: 0x15 as const, value: lost }] : []),
      ...(occluded ? [{ id: 0x16 as const, value: occluded }] : []),
      ...(isTired ? [{ id: 0x18 as const, value: { behaviours: 1, fatigue: 72 } }] : []),
    ];
  }

  #is(kind: IncidentKind): boolean {
    return this.#running.some(each => each.kind === kind);
  }

  /** Bit n = channel n + 1. */
  #channels(kind: IncidentKind): number {
    return this.#running.reduce((bits, each) => (each.kind === kind ? bits | (1 << (each.channel - 1)) : bits), 0);
  }
}
