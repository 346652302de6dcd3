import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Settings } from '../config.ts';
import { type Notice, type Result, type UsageBytes, type UsageMonth, usageKinds, type Vehicle } from '../contract.ts';
import { type DataUse, noBytes } from '../device/data-use.ts';
import { fail } from '../errors.ts';
import type { DeskCalls } from '../ipc/desk.ts';
import type { Log } from '../log.ts';
import type { Tally } from '../tally.ts';
import { type UsageDay, UsageStore } from './usage-store.ts';

export interface UsageParts {
  readonly clock: Clock;
  readonly tally: Tally;
  readonly settings: Settings;
  readonly log: Log;
  readonly dataDir: string;
  readonly dataUse: DataUse;
  vehicle(id: string): Vehicle | undefined;
  notice(level: Notice['level'], text: string, params: Notice['params']): void;
}

/** Counters are taken this often; a crash loses so much. */
const takeMs = 30_000;
/** Rows written in one turn: about a millisecond. */
const rowsPerTurn = 200;
const turnMs = 5;
const warnings = [80, 100] as const;
const megabyte = 1_000_000;

/** Bytes of every vehicle by day and month, what it may use, and the word when that is nearly or wholly used up. */
export class Usage {
  readonly calls: Pick<DeskCalls, 'usage.get'>;
  readonly #parts: UsageParts;
  /** Taken and not yet written, by day and vehicle. */
  readonly #waiting = new Map<string, UsageDay>();
  /** Of the present month, by vehicle. */
  readonly #totals = new Map<string, number>();
  #store: UsageStore | undefined;
  #month = '';
  #warned = new Set<string>();
  #stop: () => void = () => undefined;
  #cancelTurn: (() => void) | undefined;
  #isFailing = false;

  constructor(parts: UsageParts) {
    this.#parts = parts;
    this.calls = { 'usage.get': ({ month, vehicleId }) => this.#get(month, vehicleId) };
  }

  /** Never throws: without its file data use is counted for the allowance, and not kept. */
  open(): void {
    const { clock, dataDir, tally, log, notice } = this.#parts;
    const path = join(dataDir, 'usage.db');
    try {
      this.#store = UsageStore.open(path, clock.now());
      if (this.#store.setAside) {
        tally.add('usage.damaged');
        notice('warning', 'storeDamaged', { file: this.#store.setAside });
      }
    } catch (thrown) {
      tally.add('usage.unavailable');
      log.error({ error: String(thrown) }, 'data use is not kept');
    }
    this.#begin(monthOf(dayOf(clock.now())));
    this.#stop = clock.every(takeMs, () => {
      this.#take();
      this.#writeSome();
    });
  }

  close(): void {
    this.#stop();
    this.#cancelTurn?.();
    this.#take();
    this.#writeAll();
    this.#store?.close();
    this.#store = undefined;
  }

  #begin(month: string): void {
    const store = this.#store;
    this.#month = month;
    this.#totals.clear();
    this.#warned = new Set();
    if (!store) return;
    try {
      store.prune(monthsBefore(month, this.#parts.settings.dataKeepMonths - 1));
      for (const { vehicle, bytes } of store.month(month)) this.#count(vehicle, bytes);
      this.#warned = store.warned(month);
    } catch (thrown) {
      this.#failed(thrown);
    }
  }

  #take(): void {
    const day = dayOf(this.#parts.clock.now());
    if (monthOf(day) !== this.#month) this.#begin(monthOf(day));
    this.#parts.dataUse.take((vehicle, bytes) => {
      const key = `${day} ${vehicle}`;
      const waiting = this.#waiting.get(key);
      if (waiting) for (const kind of usageKinds) waiting.bytes[kind] += bytes[kind];
      else this.#waiting.set(key, { day, vehicle, bytes });
      this.#count(vehicle, bytes);
      this.#warn(vehicle);
    });
  }

  #count(vehicle: string, bytes: UsageBytes): void {
    this.#totals.set(vehicle, (this.#totals.get(vehicle) ?? 0) + total(bytes));
  }

  #warn(id: string): void {
    const vehicle = this.#parts.vehicle(id);
    const { bytes: allowance } = this.#allowance(vehicle);
    const used = this.#totals.get(id) ?? 0;
    if (allowance === 0) return;
    for (const percent of warnings.toReversed()) {
      if (used < (allowance * percent) / 100) continue;
      if (this.#warned.has(`${id} ${percent}`)) return;
      for (const said of warnings)
        if (said <= percent) {
          this.#warned.add(`${id} ${said}`);
          this.#tryStore(store => store.warn(this.#month, id, said));
        }
      const params = { vehicle: vehicle?.plate || id, megabytes: Math.round(allowance / megabyte) };
      if (percent === 100) this.#parts.notice('error', 'dataUsedUp', params);
      else this.#parts.notice('warning', 'dataNearlyUsedUp', { ...params, percent });
      return;
    }
  }

  #allowance(vehicle: Vehicle | undefined): { bytes: number; isOwn: boolean } {
    const own = vehicle?.dataAllowanceMb;
    return { bytes: (own ?? this.#parts.settings.dataAllowanceMb) * megabyte, isOwn: own !== undefined };
  }

  #writeSome(): void {
    if (this.#cancelTurn || this.#waiting.size === 0) return;
    if (!this.#write(rowsPerTurn) || this.#waiting.size === 0) return;
    this.#cancelTurn = this.#parts.clock.after(turnMs, () => {
      this.#cancelTurn = undefined;
      this.#writeSome();
    });
  }

  #writeAll(): void {
    while (this.#waiting.size > 0 && this.#write(rowsPerTurn));
  }

  #write(most: number): boolean {
    const batch = [...this.#waiting].slice(0, most);
    const isDone = this.#tryStore(store => store.add(batch.map(([, row]) => row)));
    if (isDone || !this.#store) for (const [key] of batch) this.#waiting.delete(key);
    return isDone;
  }

  #tryStore(run: (store: UsageStore) => void): boolean {
    if (!this.#store) return false;
    try {
      run(this.#store);
      this.#isFailing = false;
      return true;
    } catch (thrown) {
      this.#failed(thrown);
      return false;
    }
  }

  #failed(thrown: unknown): void {
    this.#parts.tally.add('usage.writeFailed');
    if (!this.#isFailing) this.#parts.log.error({ error: String(thrown) }, 'data use cannot be written');
    this.#isFailing = true;
  }

  #get(month: string, vehicleId?: string): Result<UsageMonth> {
    const { vehicle } = this.#parts;
    if (!this.#store) return fail('catalogueUnavailable', 'usage.db');
    const id = vehicleId === undefined ? undefined : (vehicle(vehicleId)?.id ?? vehicleId);
    this.#take();
    this.#writeAll();
    const perVehicle = new Map<string, UsageBytes>();
    const perDay = new Map<number, UsageBytes>();
    let months: string[];
    try {
      for (const row of this.#store.month(month, id)) {
        addTo(perVehicle, row.vehicle, row.bytes);
        addTo(perDay, Number(row.day.slice(8)), row.bytes);
      }
      months = this.#store.months();
    } catch (thrown) {
      return fail('catalogueUnavailable', String(thrown));
    }
    const rows = [...perVehicle].map(([vehicleId, bytes]) => {
      const known = vehicle(vehicleId);
      const { bytes: allowance, isOwn } = this.#allowance(known);
      return { vehicleId, plate: known?.plate ?? '', bytes, total: total(bytes), allowance, isOwn };
    });
    const days = [...perDay].map(([day, bytes]) => ({ day, bytes, total: total(bytes) }));
    rows.sort((a, b) => b.total - a.total);
    days.sort((a, b) => a.day - b.day);
    return { ok: true, value: { month, months, rows, days } };
  }
}

function addTo<Key>(sums: Map<Key, UsageBytes>, key: Key, bytes: UsageBytes): void {
  const sum = sums.get(key) ?? noBytes();
  for (const kind of usageKinds) sum[kind] += bytes[kind];
  sums.set(key, sum);
}

function total(bytes: UsageBytes): number {
  let sum = 0;
  for (const kind of usageKinds) sum += bytes[kind];
  return sum;
}

/** `2026-11-23` in this machine's time zone. */
export function dayOf(now: number): string {
  const date = new Date(now);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

const monthOf = (day: string) => day.slice(0, 7);

function monthsBefore(month: string, count: number): string {
  const months = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 - count;
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`;
}
