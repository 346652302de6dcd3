import type { Clock } from '../../clock.ts';
import type { ResourceList, ResourceQuery } from '../../codec/jt808/body/resource-list.ts';
import {
  type ErrorCode,
  type Result,
  type Rpc,
  type SearchRow,
  type SearchWay,
  type StoredFile,
  type StoredList,
  searchWays,
  type Vehicle,
} from '../../contract.ts';
import type { CommandOptions } from '../../device/session.ts';
import { fail } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Tally } from '../../tally.ts';
import type { Span } from './spans.ts';
import { mediaCode, storageCode, storedFile, streamCode } from './storage-codes.ts';

export type SearchAsk = Omit<Rpc['storage.list']['args'], 'refresh'>;

export interface VehicleSearchParts {
  readonly terminals: {
    get(id: string): Vehicle | undefined;
    command(id: string, messageId: number, value: unknown, options?: CommandOptions): Promise<Result<unknown>>;
  };
  readonly settings: { readonly storageTimeoutMs: number; readonly storageListsKept: number };
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  changed(row: SearchRow): void;
}

/** Answers after which a terminal is asked in another way: it said nothing, or did not like how it was asked. */
const triesAgain: readonly ErrorCode[] = [
  'commandTimeout',
  'answerIncomplete',
  'answerMismatched',
  'commandFailed',
  'commandBadMessage',
  'commandUnsupported',
];
/** A terminal that does not answer 0x8104 either is not waited for longer. */
const parametersTimeoutMs = 8000;

/**
 * What lies on vehicles (0x9205 → 0x1205). One search of a vehicle at a time; the same one asked for twice is made once. Lists
 * are kept until they are asked for anew: what has been recorded stays as it is, but for the newest day.
 *
 * Terminals exist that answer only after their parameters were read, and ones that want 0x9205 without its storage byte.
 * One that says nothing to the standard's way, or no, is asked these ways too, and the one that worked is the first next time.
 */
export class VehicleSearch {
  readonly #parts: VehicleSearchParts;
  readonly #lists = new Map<string, StoredList>();
  readonly #running = new Map<string, Promise<Result<StoredList>>>();
  /** The last search of each vehicle, which the next waits for. */
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #ways = new Map<string, SearchWay>();
  readonly #rows = new Map<string, SearchRow>();
  #count = 0;

  constructor(parts: VehicleSearchParts) {
    this.#parts = parts;
  }

  rows(): SearchRow[] {
    return [...this.#rows.values()];
  }

  forget(vehicleId: string): void {
    this.#ways.delete(vehicleId);
    for (const name of [...this.#lists.keys()]) if (name.startsWith(`${vehicleId} `)) this.#lists.delete(name);
  }

  /** Bytes of what overlaps a span, as the newest kept list that covers it says; 0: not known. */
  listedBytes(vehicleId: string, channel: number, { from, to }: Span): number {
    for (const [name, list] of [...this.#lists].reverse()) {
      const [vehicle, of, begin, end, ...narrowed] = name.split(' ');
      if (vehicle !== vehicleId || (of !== '0' && of !== String(channel)) || narrowed.join('') !== '') continue;
      if (Number(begin) > from || Number(end) < to) continue;
      return list.files
        .filter(file => file.channel === channel && file.to > from && file.from < to)
        .reduce((sum, { bytes }) => sum + bytes, 0);
    }
    return 0;
  }

  /** Fails as a command does, and with answerIncomplete for a list of which parts stay away. */
  async list({ refresh, ...given }: Rpc['storage.list']['args']): Promise<Result<StoredList>> {
    const vehicle = this.#parts.terminals.get(given.vehicleId);
    if (!vehicle) return fail('unknownTerminal', given.vehicleId);
    if (given.to <= given.from) return fail('badRequest', 'the end is not after the start');
    const ask = { ...given, vehicleId: vehicle.id };
    const name = nameOf(ask);
    const kept = refresh ? undefined : this.#lists.get(name);
    if (kept) return { ok: true, value: kept };
    const running = this.#running.get(name);
    if (running) return running;
    const before = this.#turns.get(vehicle.id);
    const search = (async () => {
      await before;
      return this.#search(ask);
    })().finally(() => {
      this.#running.delete(name);
      if (this.#turns.get(vehicle.id) === search) this.#turns.delete(vehicle.id);
    });
    this.#running.set(name, search);
    this.#turns.set(vehicle.id, search);
    const result = await search;
    if (result.ok) this.#keep(name, result.value);
    return result;
  }

  async #search(ask: SearchAsk): Promise<Result<StoredList>> {
    const { clock, tally, log, changed } = this.#parts;
    const { vehicleId, channel, from, to } = ask;
    const known = this.#ways.get(vehicleId);
    const ways = known ? [known, ...searchWays.filter(way => way !== known)] : searchWays;
    const id = `s${++this.#count}`;
    let refusal: Result<StoredList> | undefined;
    for (const way of ways) {
      const row: SearchRow = { id, vehicleId, channel, from, to, way, since: clock.now() };
      this.#rows.set(id, row);
      changed(row);
      const result = await this.#ask(ask, way);
      if (result.ok) {
        this.#ways.set(vehicleId, way);
        this.#end(row);
        return { ok: true, value: listOf(result.value as ResourceList | null, way, clock.now()) };
      }
      // The first no is the terminal's answer to the standard's way: what the others bring is told only when it is a list.
      if (!refusal || (refusal as { code: ErrorCode }).code === 'commandTimeout') refusal = result;
      if (!triesAgain.includes(result.code)) break;
      tally.add('storage.askedOtherwise');
      log.debug({ terminal: vehicleId, way, code: result.code }, 'search not answered');
    }
    this.#end(this.#rows.get(id)!);
    return refusal!;
  }

  async #ask(ask: SearchAsk, way: SearchWay): Promise<Result<unknown>> {
    const { terminals, settings } = this.#parts;
    if (way === 'afterParameters') {
      const timeoutMs = Math.min(parametersTimeoutMs, settings.storageTimeoutMs);
      const read = await terminals.command(ask.vehicleId, 0x8104, null, { replyId: 0x0104, timeoutMs });
      if (!read.ok && !triesAgain.includes(read.code)) return read;
    }
    const query: ResourceQuery = {
      channel: ask.channel,
      start: ask.from,
      end: ask.to,
      alarms: ask.alarms ?? 0,
      videoAlarms: ask.videoAlarms ?? 0,
      media: mediaCode[ask.media ?? 'audioVideo'],
      stream: streamCode[ask.stream ?? 'any'],
      storage: storageCode[ask.storage ?? 'any'],
      ...(way === 'withoutStorage' && { withoutStorage: true }),
    };
    return terminals.command(ask.vehicleId, 0x9205, query, { replyId: 0x1205, timeoutMs: settings.storageTimeoutMs });
  }

  #end(row: SearchRow): void {
    this.#rows.delete(row.id);
    this.#parts.changed({ ...row, ended: true });
  }

  #keep(name: string, list: StoredList): void {
    this.#lists.delete(name);
    this.#lists.set(name, list);
    for (const oldest of this.#lists.keys()) {
      if (this.#lists.size <= this.#parts.settings.storageListsKept) return;
      this.#lists.delete(oldest);
    }
  }
}

function listOf(answer: ResourceList | null, way: SearchWay, askedAt: number): StoredList {
  const files = (answer?.resources ?? []).map(storedFile).filter(file => file !== undefined);
  files.sort((a: StoredFile, b: StoredFile) => a.channel - b.channel || a.from - b.from);
  return { files, askedAt, way, ...(answer?.announced !== undefined && { announced: answer.announced }) };
}

function nameOf(ask: SearchAsk): string {
  const { vehicleId, channel, from, to, media, stream, storage, alarms, videoAlarms } = ask;
  return [vehicleId, channel, from, to, media, stream, storage, alarms, videoAlarms].join(' ');
}
