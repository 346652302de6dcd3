import type { Clock } from './clock.ts';
import type { Notice } from './contract.ts';

/** Notices kept for a console that opens later. */
const kept = 200;

/** What operators were told lately. */
export class NoticeBoard {
  readonly #clock: Clock;
  readonly #given: (notice: Notice) => void;
  readonly #recent: Notice[] = [];
  #nextId = 1;

  constructor(clock: Clock, given: (notice: Notice) => void) {
    this.#clock = clock;
    this.#given = given;
  }

  /** @param text key of the consoles' dictionary under `notice.`; `params` fill it */
  give(level: Notice['level'], text: string, params: Notice['params'] = {}): void {
    const notice: Notice = { id: this.#nextId++, at: this.#clock.now(), level, text, params };
    this.#recent.push(notice);
    if (this.#recent.length > kept) this.#recent.shift();
    this.#given(notice);
  }

  /** Oldest first. */
  recent(): Notice[] {
    return [...this.#recent];
  }
}
