import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Notice } from '../contract.ts';
import { JsonFile } from '../json-file.ts';
import type { Log } from '../log.ts';
import type { Tally } from '../tally.ts';
import { readRecord, type TerminalRecord } from './terminal-record.ts';

/** Version of the file's layout: `{"version": 1, "terminals": [record, …]}`. */
const layoutVersion = 1;
/** Who exists and its code: written this long after the first change, positions and last-seen times later. */
const soonMs = 1000;
const laterMs = 5000;
const retryMinMs = 2000;
const retryMaxMs = 60_000;

export type GiveNotice = (level: Notice['level'], text: string, params?: Notice['params']) => void;

export interface RosterStoreOptions {
  /** Folder; `roster.json` in it. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  readonly notice: GiveNotice;
}

/** The roster on disk. Nothing in it throws: what the file system refuses is told to the operator and tried again. */
export class RosterStore {
  readonly #options: RosterStoreOptions;
  readonly #file: JsonFile;
  /** JSON of records that did not change since they were last written. */
  readonly #texts = new WeakMap<TerminalRecord, string>();
  #records: () => Iterable<TerminalRecord> = () => [];
  #mustSetAside = false;
  #isDirty = false;
  #isFailing = false;
  #retryMs = retryMinMs;
  #dueAt = Number.POSITIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;
  /** The last write that a timer began. */
  #begun: Promise<void> = Promise.resolve();

  constructor(options: RosterStoreOptions) {
    this.#options = options;
    this.#file = new JsonFile(join(options.dataDir, 'roster.json'));
  }

  /**
   * What was written last; empty when there is nothing or it is damaged. A damaged file is set aside.
   * @param records gives what is to be written whenever a write begins
   */
  async load(records: () => Iterable<TerminalRecord>): Promise<TerminalRecord[]> {
    this.#records = records;
    const { clock, log } = this.#options;
    try {
      const loaded = await this.#file.load(clock.now());
      if (loaded.state === 'absent') return [];
      if (loaded.state === 'damaged') return this.#damaged(loaded.setAside);
      const { version, terminals } = (loaded.value ?? {}) as { version?: unknown; terminals?: unknown };
      if (version !== layoutVersion || !Array.isArray(terminals))
        return this.#damaged(await this.#file.setAside(clock.now()));
      const read = terminals.map(readRecord).filter(record => record !== undefined);
      if (read.length < terminals.length) {
        this.#damaged(await this.#file.setAside(clock.now()));
        this.changed(undefined, true);
      }
      return read;
    } catch (error) {
      // Unreadable (rights, a failing disk) but perhaps whole: it must not be overwritten.
      log.error({ error: String(error) }, 'the roster cannot be read');
      this.#mustSetAside = true;
      this.#unwritable(error);
      return [];
    }
  }

  /** A record changed, or (without one) left. @param soon it must survive a crash a second from now */
  changed(record: TerminalRecord | undefined, soon: boolean): void {
    if (record) this.#texts.delete(record);
    this.#isDirty = true;
    this.#schedule(this.#isFailing ? this.#retryMs : soon ? soonMs : laterMs);
  }

  /** Writes what is not written yet. */
  async close(): Promise<void> {
    this.#cancelTimer?.();
    await this.#begun;
    if (this.#isDirty) await this.#write();
    this.#cancelTimer?.();
  }

  #schedule(ms: number): void {
    const dueAt = this.#options.clock.monotonic() + ms;
    if (dueAt >= this.#dueAt) return;
    this.#cancelTimer?.();
    this.#dueAt = dueAt;
    this.#cancelTimer = this.#options.clock.after(ms, () => {
      this.#begun = this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.#isDirty = false;
    const { log, notice } = this.#options;
    try {
      if (this.#mustSetAside) await this.#setAsideIfThere();
      await this.#file.saveText(() => this.#text());
      if (!this.#isFailing) return;
      this.#isFailing = false;
      this.#retryMs = retryMinMs;
      log.info({}, 'the roster is written again');
      notice('info', 'storeWrittenAgain', { file: this.#file.path });
    } catch (error) {
      this.#isDirty = true;
      this.#unwritable(error);
      this.#schedule(this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, retryMaxMs);
    }
  }

  async #setAsideIfThere(): Promise<void> {
    try {
      this.#damaged(await this.#file.setAside(this.#options.clock.now()));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    this.#mustSetAside = false;
  }

  #text(): string {
    const rows: string[] = [];
    for (const record of this.#records()) {
      let text = this.#texts.get(record);
      if (text === undefined) {
        text = JSON.stringify(record);
        this.#texts.set(record, text);
      }
      rows.push(text);
    }
    return `{"version":${layoutVersion},"terminals":[\n${rows.join(',\n')}\n]}\n`;
  }

  #damaged(path: string): [] {
    this.#options.tally.add('device.rosterDamaged');
    this.#options.log.error({ path }, 'the roster was damaged and is set aside');
    this.#options.notice('error', 'storeDamaged', { file: path });
    return [];
  }

  #unwritable(error: unknown): void {
    this.#options.tally.add('device.rosterUnwritable');
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#options.log.error({ path: this.#file.path, error: String(error) }, 'the roster cannot be kept');
    this.#options.notice('error', 'storeUnwritable', { file: this.#file.path, reason: String(error) });
  }
}
