import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import {
  type CameraKey,
  type FetchRow,
  type Notice,
  playbackSpeeds,
  type Result,
  type Rpc,
  storages,
  streamKinds,
  type Vehicle,
} from '../../contract.ts';
import { fail } from '../../errors.ts';
import { JsonFile } from '../../json-file.ts';
import type { Log } from '../../log.ts';
import type { Tally } from '../../tally.ts';
import { Fetch, type FetchOrder, type FetchParts } from './fetch.ts';
import type { FootageWriter } from './fetch-run.ts';
import type { Playbacks } from './playbacks.ts';
import type { Span } from './spans.ts';
import type { VehicleSearch } from './vehicle-search.ts';

const tickMs = 1000;

const time = z.number().min(0);
const keptShape = z.object({
  id: z.string().min(1).max(64),
  vehicleId: z.string().min(1).max(40),
  channel: z.int().min(1).max(255),
  stream: z.enum(streamKinds),
  from: time,
  to: time,
  startedAt: time,
  speed: z.literal(playbackSpeeds),
  storage: z.enum(storages),
  state: z.enum(['waiting', 'running', 'paused', 'done', 'failed', 'cancelled']),
});

export interface FetchesParts {
  readonly terminals: { get(id: string): Vehicle | undefined; isOnline(id: string): boolean };
  readonly search: VehicleSearch;
  readonly playbacks: Playbacks;
  /** What recordings hold, and who writes them. */
  readonly recordings: {
    /** Without a catalogue nobody knows what there is. */
    readonly hasCatalogue: boolean;
    held(camera: CameraKey, within: Span): Span[];
    footageWriter(camera: CameraKey, clock: Clock): FootageWriter;
  };
  readonly dataDir: string;
  readonly settings: { readonly fetchesAtOnce: number; readonly maxFetches: number; readonly fetchRetries: number };
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  notice(level: Notice['level'], text: string, params: Notice['params']): void;
  changed(row: FetchRow): void;
}

/** Fetches in the order they were asked for: `fetches.json` in the data folder. One of a vehicle runs at a time. */
export class Fetches {
  readonly #parts: FetchesParts;
  readonly #file: JsonFile;
  readonly #fetches = new Map<string, Fetch>();
  readonly #stopTicking: () => void;
  #isClosed = false;

  constructor(parts: FetchesParts) {
    this.#parts = parts;
    this.#file = new JsonFile(join(parts.dataDir, 'fetches.json'));
    this.#stopTicking = parts.clock.every(tickMs, () => this.#tick());
  }

  /** What ran when the program stopped goes on by itself. Never rejects. */
  async open(): Promise<void> {
    const { clock, tally, log, notice } = this.#parts;
    try {
      const loaded = await this.#file.load(clock.now());
      if (loaded.state === 'damaged') notice('warning', 'storeDamaged', { file: loaded.setAside });
      if (loaded.state !== 'read' || !Array.isArray(loaded.value)) return;
      for (const kept of loaded.value) {
        const row = keptShape.safeParse(kept);
        if (!row.success) {
          tally.add('storage.fetchRejected');
          continue;
        }
        const { state, ...order } = row.data;
        this.#add(order, state === 'running' ? 'waiting' : state);
      }
    } catch (thrown) {
      log.error({ error: String(thrown) }, 'the list of fetches cannot be read');
    }
  }

  /** Resolves when what was written has its name. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopTicking();
    await Promise.all([...this.#fetches.values()].map(fetch => fetch.close()));
    await this.#save();
  }

  rows(): FetchRow[] {
    return [...this.#fetches.values()].map(fetch => fetch.row());
  }

  /** Refuses with unknownTerminal, terminalPending, badRequest, catalogueUnavailable, tooManyFetches. The vehicle may be away. */
  start(ask: Rpc['storage.fetch']['args']): Result<FetchRow> {
    const { terminals, settings, clock } = this.#parts;
    const vehicle = terminals.get(ask.vehicleId);
    if (!vehicle) return fail('unknownTerminal', ask.vehicleId);
    if (vehicle.state === 'pending') return fail('terminalPending', vehicle.plate || vehicle.id);
    if (ask.to <= ask.from) return fail('badRequest', 'the end is not after the start');
    if (!this.#parts.recordings.hasCatalogue) return fail('catalogueUnavailable');
    this.#forgetOldest(settings.maxFetches - 1);
    if (this.#fetches.size >= settings.maxFetches) return fail('tooManyFetches', String(this.#fetches.size));
    const now = clock.now();
    let number = 1;
    while (this.#fetches.has(`f${now.toString(36)}-${number}`)) number++;
    const order: FetchOrder = {
      id: `f${now.toString(36)}-${number}`,
      vehicleId: vehicle.id,
      channel: ask.channel,
      stream: ask.stream ?? 'main',
      // What has not happened yet cannot be played.
      from: Math.floor(ask.from / 1000) * 1000,
      to: Math.min(Math.ceil(ask.to / 1000) * 1000, now),
      startedAt: now,
      speed: ask.speed ?? 1,
      storage: ask.storage ?? 'any',
    };
    if (order.to <= order.from) return fail('badRequest', 'it has not happened yet');
    const fetch = this.#add(order, 'waiting');
    this.#changed(fetch, true);
    this.#pump();
    return { ok: true, value: fetch.row() };
  }

  control({ id, control }: Rpc['storage.fetchControl']['args']): Result<FetchRow> {
    const fetch = this.#fetches.get(id);
    if (!fetch) return fail('unknownFetch', id);
    if (control === 'pause') fetch.pause();
    else if (control === 'resume') fetch.resume();
    else if (control === 'cancel') fetch.cancel();
    else if (fetch.isOver) this.#dismiss(fetch);
    else return fail('badRequest', 'it is not over');
    this.#pump();
    return { ok: true, value: fetch.row() };
  }

  forget(vehicleId: string): void {
    for (const fetch of [...this.#fetches.values()]) {
      if (fetch.order.vehicleId !== vehicleId) continue;
      fetch.cancel();
      this.#dismiss(fetch);
    }
  }

  /** Somebody may go on: a vehicle came, or a channel is free. */
  look(): void {
    this.#pump();
  }

  #add(order: FetchOrder, state: FetchParts['state']): Fetch {
    const { search, playbacks, recordings, clock, settings } = this.#parts;
    const fetch = new Fetch({
      order,
      state,
      play: (ask, subscriber) => playbacks.fetch(ask, subscriber),
      list: ({ vehicleId, channel, from, to }) => search.list({ vehicleId, channel, from, to, refresh: true }),
      held: ({ vehicleId, channel, stream, from, to }) => recordings.held({ vehicleId, channel, stream }, { from, to }),
      writer: ({ vehicleId, channel, stream }, its) => recordings.footageWriter({ vehicleId, channel, stream }, its),
      clock,
      retries: settings.fetchRetries,
      changed: (changed, isState) => this.#changed(changed, isState),
    });
    this.#fetches.set(order.id, fetch);
    return fetch;
  }

  #changed(fetch: Fetch, isState: boolean): void {
    this.#parts.changed(fetch.row());
    if (isState && !this.#isClosed) void this.#save();
    if (isState && fetch.isOver && !this.#isClosed) queueMicrotask(() => this.#pump());
  }

  #dismiss(fetch: Fetch): void {
    this.#fetches.delete(fetch.order.id);
    this.#parts.changed({ ...fetch.row(), ended: true });
    void this.#save();
  }

  /** Room for a new one: those that are over leave first. */
  #forgetOldest(most: number): void {
    for (const fetch of [...this.#fetches.values()]) {
      if (this.#fetches.size <= most) return;
      if (fetch.isOver) this.#dismiss(fetch);
    }
  }

  #tick(): void {
    for (const fetch of this.#fetches.values()) fetch.tick();
    this.#pump();
  }

  #pump(): void {
    const { terminals, playbacks, settings, recordings } = this.#parts;
    if (this.#isClosed || !recordings.hasCatalogue) return;
    const all = [...this.#fetches.values()];
    const running = new Set(all.filter(({ state }) => state === 'running').map(({ order }) => order.vehicleId));
    for (const fetch of all) {
      if (fetch.state !== 'waiting') continue;
      const { vehicleId, channel } = fetch.order;
      if (!terminals.isOnline(vehicleId)) fetch.wait('offline');
      else if (running.has(vehicleId) || running.size >= settings.fetchesAtOnce) fetch.wait('turn');
      else if (playbacks.isBusy(vehicleId, channel)) fetch.wait('busy');
      else if (fetch.isDue) {
        running.add(vehicleId);
        void fetch.begin();
      }
    }
  }

  async #save(): Promise<void> {
    const { tally, log } = this.#parts;
    try {
      await this.#file.saveText(() =>
        JSON.stringify([...this.#fetches.values()].map(({ order, state }) => ({ ...order, state }))),
      );
    } catch (thrown) {
      tally.add('storage.fetchesUnwritable');
      log.error({ error: String(thrown) }, 'the list of fetches cannot be written');
    }
  }
}
