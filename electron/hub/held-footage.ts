import type { Clock } from '../clock.ts';
import type { AudioPacket, Frame } from '../frames/frame.ts';
import type { Tally } from '../tally.ts';
import type { StartInfo } from './subscriber.ts';

interface HeldFootageSink {
  frame(frame: Frame, lead: readonly Frame[], start: StartInfo): void;
  audio(packet: AudioPacket): void;
  /** Pictures were dropped before the next one, which is a key frame. */
  gap(): void;
}

type Entry =
  | { readonly frame: Frame; readonly lead: readonly Frame[]; readonly start: StartInfo; readonly dueAt: number }
  | { readonly packet: AudioPacket; readonly dueAt: number };

/**
 * Footage that came before its time: some devices play as fast as the line allows. Pictures and the sound between them wait
 * here in order; what would wait longer than allowed is dropped up to a key frame that does not.
 */
export class HeldFootage {
  readonly #clock: Clock;
  readonly #tally: Tally;
  readonly #mostMs: number;
  readonly #sink: HeldFootageSink;
  #entries: Entry[] = [];
  #cancel: (() => void) | undefined;
  #dropping = false;

  /** @param mostMs that anything may wait */
  constructor(clock: Clock, tally: Tally, mostMs: number, sink: HeldFootageSink) {
    this.#clock = clock;
    this.#tally = tally;
    this.#mostMs = mostMs;
    this.#sink = sink;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  frame(frame: Frame, lead: readonly Frame[], start: StartInfo, holdMs: number): void {
    if (holdMs > this.#mostMs || (this.#dropping && !frame.key)) {
      this.#dropping = true;
      this.#tally.add('playback.tooFarAhead');
      return;
    }
    if (this.#dropping) this.#sink.gap();
    this.#dropping = false;
    if (holdMs === 0 && this.isEmpty) this.#sink.frame(frame, lead, start);
    else this.#hold({ frame, lead, start, dueAt: this.#clock.monotonic() + holdMs });
  }

  audio(packet: AudioPacket): void {
    const last = this.#entries.at(-1);
    if (last) this.#hold({ packet, dueAt: last.dueAt });
    else if (!this.#dropping) this.#sink.audio(packet);
  }

  clear(): void {
    this.#entries = [];
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #hold(entry: Entry): void {
    this.#entries.push(entry);
    this.#arm();
  }

  #arm(): void {
    const first = this.#entries[0];
    if (!first || this.#cancel) return;
    this.#cancel = this.#clock.after(Math.max(1, first.dueAt - this.#clock.monotonic()), () => this.#release());
  }

  #release(): void {
    this.#cancel = undefined;
    const now = this.#clock.monotonic() + 1;
    let count = 0;
    while (count < this.#entries.length && this.#entries[count]!.dueAt <= now) count++;
    for (const entry of this.#entries.splice(0, count)) {
      if ('packet' in entry) this.#sink.audio(entry.packet);
      else this.#sink.frame(entry.frame, entry.lead, entry.start);
    }
    this.#arm();
  }
}
