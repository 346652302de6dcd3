import type { Clock } from '../clock.ts';
import type { MediaSource } from './media-source.ts';

/** Who took a connection for its own although that has said nothing. */
export interface SilentHolder {
  /** Its first bytes are here: what they are, the intake says next. */
  spoke(): void;
  closed(): void;
}

interface Silent {
  /** Monotonic ms. */
  readonly openedAt: number;
  holder?: SilentHolder;
}

/**
 * Connections that stand and have brought no byte: a terminal that was asked to play what it is told may send none, ever.
 * Whose they are, nothing in them says.
 */
export class SilentSources {
  readonly #clock: Clock;
  readonly #sources = new Map<MediaSource, Silent>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  opened(source: MediaSource): void {
    this.#sources.set(source, { openedAt: this.#clock.monotonic() });
  }

  /** To be called before its first bytes are looked at; again is harmless. */
  spoke(source: MediaSource): void {
    const silent = this.#sources.get(source);
    this.#sources.delete(source);
    silent?.holder?.spoke();
  }

  closed(source: MediaSource): void {
    const silent = this.#sources.get(source);
    this.#sources.delete(source);
    silent?.holder?.closed();
  }

  /** Those from one remote address that nobody holds. @param since monotonic ms of when the oldest may have opened */
  from(remote: string, since: number): { source: MediaSource; openedAt: number }[] {
    const address = addressOf(remote);
    return [...this.#sources]
      .filter(([source, { openedAt, holder }]) => !holder && openedAt >= since && addressOf(source.remote) === address)
      .map(([source, { openedAt }]) => ({ source, openedAt }));
  }

  hold(source: MediaSource, holder: SilentHolder): void {
    const silent = this.#sources.get(source);
    if (silent) silent.holder = holder;
  }

  release(source: MediaSource): void {
    const silent = this.#sources.get(source);
    if (silent) delete silent.holder;
  }
}

/** Of `address:port`. */
export function addressOf(remote: string): string {
  return remote.slice(0, remote.lastIndexOf(':'));
}
