import type { ErrorCode, Result, Rpc, SegmentRow } from '../../../electron/contract.ts';
import { type PlacedFragment, placed } from './placed-fragment.ts';

export interface SegmentSourceOptions {
  fragments(segment: number): Promise<Result<Rpc['archive.fragments']['value']>>;
  /** Bytes `from` to `to` (not included) of the segment's file. Rejects when they cannot be had. */
  bytes(segment: number, from: number, to: number, signal: AbortSignal): Promise<ArrayBuffer>;
  now(): number;
}

/** A file as a player needs it. */
export interface SegmentMap {
  id: number;
  mime: string;
  initBytes: number;
  fragments: readonly PlacedFragment[];
  /** Its newest fragments may not be listed yet. */
  grows: boolean;
}

interface Kept {
  readonly map: Promise<Result<SegmentMap>>;
  readonly at: number;
  readonly grows: boolean;
  init?: Promise<ArrayBuffer>;
}

/** Maps kept: nine panes, the file before and after each. */
const ceiling = 40;
/** A file that is being written is asked about again after this long (ms). */
const growMs = 1000;
/** An answer that was no answer is asked for again after this long (ms). */
const retryMs = 3000;

/** Where fragments lie in the files of the archive, and their bytes. Shared by all panes. */
export class SegmentSource {
  readonly #options: SegmentSourceOptions;
  readonly #kept = new Map<number, Kept>();

  constructor(options: SegmentSourceOptions) {
    this.#options = options;
  }

  map(row: SegmentRow): Promise<Result<SegmentMap>> {
    return this.#entry(row).map;
  }

  /** The header that goes before any fragment. */
  init(map: SegmentMap): Promise<ArrayBuffer> {
    const bytes = () => this.#options.bytes(map.id, 0, map.initBytes, new AbortController().signal);
    const kept = this.#kept.get(map.id);
    if (!kept) return bytes();
    kept.init ??= bytes().catch((reason: unknown) => {
      delete kept.init;
      throw reason;
    });
    return kept.init;
  }

  bytes(map: SegmentMap, from: number, to: number, signal: AbortSignal): Promise<ArrayBuffer> {
    return this.#options.bytes(map.id, from, to, signal);
  }

  #entry(row: SegmentRow): Kept {
    const now = this.#options.now();
    const there = this.#kept.get(row.id);
    const grows = row.state === 'writing';
    if (there && !(there.grows && now - there.at > growMs)) return there;
    const entry: Kept = { at: now, grows, map: this.#ask(row, grows) };
    if (there?.init) entry.init = there.init;
    this.#kept.delete(row.id);
    this.#kept.set(row.id, entry);
    void entry.map.then(answer => {
      if (!answer.ok) setTimeout(() => this.#kept.get(row.id) === entry && this.#kept.delete(row.id), retryMs);
    });
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > ceiling && !oldest.done) this.#kept.delete(oldest.value);
    return entry;
  }

  async #ask(row: SegmentRow, grows: boolean): Promise<Result<SegmentMap>> {
    const answer = await this.#options.fragments(row.id);
    if (!answer.ok) return answer;
    const { initBytes, mime, fragments } = answer.value;
    if (fragments.length === 0 || initBytes <= 0) return nothing('noFootage', 'no fragment in the file yet');
    return { ok: true, value: { id: row.id, mime, initBytes, fragments: placed(fragments), grows } };
  }
}

function nothing(code: ErrorCode, message: string): Result<never> {
  return { ok: false, code, message };
}
