import type { Settings } from '../config.ts';
import type { Vehicle } from '../contract.ts';
import type { Tally } from '../tally.ts';
import { Terminal } from './terminal.ts';
import { newRecord, type TerminalRecord, vehicleOf } from './terminal-record.ts';

/** Every terminal that is known, by id. */
export class Roster {
  readonly #settings: Settings;
  readonly #tally: Tally;
  readonly #terminals = new Map<string, Terminal>();

  constructor(settings: Settings, tally: Tally) {
    this.#settings = settings;
    this.#tally = tally;
  }

  get size(): number {
    return this.#terminals.size;
  }

  /** @param id as `terminalId` gives it */
  get(id: string): Terminal | undefined {
    return this.#terminals.get(id);
  }

  terminals(): IterableIterator<Terminal> {
    return this.#terminals.values();
  }

  *records(): Iterable<TerminalRecord> {
    for (const terminal of this.#terminals.values()) yield terminal.record;
  }

  restore(records: readonly TerminalRecord[]): void {
    for (const record of records.slice(0, this.#settings.maxTerminals))
      if (!this.#terminals.has(record.id)) this.#terminals.set(record.id, new Terminal(record));
  }

  /**
   * Takes a new terminal in. At `maxTerminals` the one longest unheard of among those that never authenticated makes
   * room, so that made-up registrations push each other out and not vehicles.
   * @returns undefined when there is no room
   */
  add(id: string, headerId: string, now: number): { terminal: Terminal; evicted: string | undefined } | undefined {
    let evicted: string | undefined;
    if (this.#terminals.size >= this.#settings.maxTerminals) {
      evicted = this.#leastMissed()?.record.id;
      this.#tally.add(evicted === undefined ? 'device.rosterFull' : 'device.rosterEvicted');
      if (evicted === undefined) return undefined;
      this.#terminals.delete(evicted);
    }
    const terminal = new Terminal(newRecord(id, headerId, now));
    this.#terminals.set(id, terminal);
    return { terminal, evicted };
  }

  remove(id: string): boolean {
    return this.#terminals.delete(id);
  }

  vehicle(terminal: Terminal): Vehicle {
    const { transport, defaultChannels } = this.#settings;
    return vehicleOf(terminal.record, terminal.onlineSince, { transport, channels: defaultChannels });
  }

  #leastMissed(): Terminal | undefined {
    let found: Terminal | undefined;
    for (const terminal of this.#terminals.values()) {
      if (terminal.session || terminal.record.authenticatedAt > 0) continue;
      if (!found || isMissedLess(terminal.record, found.record)) found = terminal;
    }
    return found;
  }
}

/** Those that wait to be admitted before those that an operator or the policy let in; then the longest unheard of. */
function isMissedLess(a: TerminalRecord, b: TerminalRecord): boolean {
  return a.admitted === b.admitted ? a.lastSeenAt < b.lastSeenAt : !a.admitted;
}
