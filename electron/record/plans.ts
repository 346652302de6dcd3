import { join } from 'node:path';
import { z } from 'zod';
import { type RecordingPlan, type Result, streamKinds } from '../contract.ts';
import { fail, failure } from '../errors.ts';
import { JsonFile } from '../json-file.ts';
import type { Tally } from '../tally.ts';
import { isWeekGrid } from './week-grid.ts';

/** A plan as an operator, or the file, states it. */
export const planShape = z.object({
  target: z.union([z.literal('all'), z.string().regex(/^group:.{1,64}$/u), z.string().regex(/^[0-9A-F]{1,20}$/)]),
  mode: z.enum(['off', 'always', 'schedule', 'alarm']),
  week: z.string().refine(isWeekGrid),
  stream: z.enum(streamKinds),
  channels: z.array(z.int().min(1).max(255)).max(64),
  preSeconds: z.int().min(0).max(300),
  postSeconds: z.int().min(0).max(3600),
});

export interface PlansParts {
  readonly dataDir: string;
  readonly tally: Tally;
  readonly settings: { readonly maxTerminals: number };
  now(): number;
  /** A plan was set, changed or removed. */
  changed(): void;
}

/** What is recorded by itself: `plans.json` in the data folder. */
export class Plans {
  readonly #parts: PlansParts;
  readonly #file: JsonFile;
  readonly #plans = new Map<string, RecordingPlan>();

  constructor(parts: PlansParts) {
    this.#parts = parts;
    this.#file = new JsonFile(join(parts.dataDir, 'plans.json'));
  }

  /**
   * Rows that are no plans are left out and counted.
   * @returns where a file that was not JSON was set aside; empty when there was none
   * @throws the file system's error when the file is there and cannot be read
   */
  async open(): Promise<string> {
    const loaded = await this.#file.load(this.#parts.now());
    if (loaded.state === 'damaged') return loaded.setAside;
    if (loaded.state === 'absent') return '';
    const rows: unknown[] = Array.isArray(loaded.value) ? loaded.value : [];
    for (const row of rows) {
      const plan = planShape.safeParse(row);
      if (plan.success) this.#plans.set(plan.data.target, plan.data);
      else this.#parts.tally.add('plans.rejected');
    }
    return '';
  }

  /** The widest last: groups and vehicles by name before `all`. */
  list(): RecordingPlan[] {
    return [...this.#plans.values()].sort(
      (a, b) => Number(a.target === 'all') - Number(b.target === 'all') || (a.target < b.target ? -1 : 1),
    );
  }

  /** The vehicle's own, else its group's, else that of all. */
  planOf(vehicleId: string, group: string): RecordingPlan | undefined {
    return (
      this.#plans.get(vehicleId) ?? (group ? this.#plans.get(`group:${group}`) : undefined) ?? this.#plans.get('all')
    );
  }

  get isEmpty(): boolean {
    return this.#plans.size === 0;
  }

  async set(plan: RecordingPlan): Promise<Result<RecordingPlan[]>> {
    const checked = planShape.safeParse(plan);
    if (!checked.success) return fail('badRequest', z.prettifyError(checked.error));
    if (!this.#plans.has(plan.target) && this.#plans.size >= this.#parts.settings.maxTerminals)
      return fail('badRequest', `there are ${this.#plans.size} plans already`);
    this.#plans.set(plan.target, checked.data);
    return this.#save();
  }

  async remove(target: string): Promise<Result<RecordingPlan[]>> {
    if (!this.#plans.delete(target)) return fail('badRequest', `no plan for ${target}`);
    return this.#save();
  }

  /** A plan holds from now on even when it could not be written; the caller is told that it was not. */
  async #save(): Promise<Result<RecordingPlan[]>> {
    this.#parts.changed();
    try {
      await this.#file.save(this.list());
      return { ok: true, value: this.list() };
    } catch (thrown) {
      return fail('storeUnwritable', (failure(thrown) as { message: string }).message);
    }
  }
}
