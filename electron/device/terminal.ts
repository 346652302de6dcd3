import type { Session } from './session.ts';
import type { TerminalRecord } from './terminal-record.ts';

/** Unknown message ids logged once; further ones are only counted. */
const maxLoggedIds = 64;

/** A terminal of the roster: what is kept of it, and its connection while it has one. */
export class Terminal {
  readonly record: TerminalRecord;
  /** The authenticated session that commands go to. */
  session: Session | undefined;
  /** ms since 1970; 0 while there is no session. */
  onlineSince = 0;
  readonly #loggedIds = new Set<number>();

  constructor(record: TerminalRecord) {
    this.record = record;
  }

  /** What 0x0076 has with sound only is asked for in another way. */
  isSoundOnly(channel: number): boolean {
    return this.record.cameras?.some(each => each.channel === channel && each.soundOnly) ?? false;
  }

  /** True the first time it is asked for an id. */
  isNewUnknown(id: number): boolean {
    if (this.#loggedIds.has(id) || this.#loggedIds.size >= maxLoggedIds) return false;
    this.#loggedIds.add(id);
    return true;
  }
}
