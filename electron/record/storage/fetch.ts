import type { Clock } from '../../clock.ts';
import type { ErrorCode, FetchRow, FetchState, PlaybackSpeed, Result, Storage, StoredList } from '../../contract.ts';
import type { PlaybackFeed } from '../../hub/playback-feed.ts';
import type { Subscriber } from '../../hub/subscriber.ts';
import type { PlaybackAsk } from '../../ipc/desk.ts';
import { FetchRun, type FootageWriter } from './fetch-run.ts';
import { clipped, common, joined, lengthOf, type Span, without } from './spans.ts';

/** A shorter stretch that is missing is the seam of two key frames, ms. */
const seamMs = 5000;
/** Files of a vehicle that are this near hold everything between, ms. */
const fileSeamMs = 3000;
/** Less than this is nothing, ms. */
const leastMs = 1000;
const retryMs = 5000;
const mostRetryMs = 120_000;

/** What is kept of a fetch over a restart. */
export interface FetchOrder extends Pick<FetchRow, 'vehicleId' | 'channel' | 'stream' | 'from' | 'to' | 'id'> {
  readonly startedAt: number;
  readonly speed: PlaybackSpeed;
  readonly storage: Storage;
}

export interface FetchParts {
  readonly order: FetchOrder;
  readonly state: FetchState;
  play(ask: PlaybackAsk, subscriber: Subscriber): Result<PlaybackFeed>;
  /** What the vehicle says it has. */
  list(order: FetchOrder): Promise<Result<StoredList>>;
  /** What our recordings hold of it. */
  held(order: FetchOrder): Span[];
  writer(order: FetchOrder, clock: Clock): FootageWriter;
  readonly clock: Clock;
  readonly retries: number;
  /** @param state true when it is another one, which is to be kept */
  changed(fetch: Fetch, state: boolean): void;
}

/**
 * Footage of one camera on its way from the vehicle into our recordings. What is missing is worked out anew each time it
 * runs, from what our recordings hold and what the vehicle lists: so it goes on after a drop or a restart where it was, and
 * plays nothing twice.
 */
export class Fetch {
  readonly order: FetchOrder;
  readonly #parts: FetchParts;
  #state: FetchState;
  #reason: FetchRow['reason'];
  #error: { code: ErrorCode; message: string } | undefined;
  #run: FetchRun | undefined;
  #feed: PlaybackFeed | undefined;
  #number = 0;
  #at: number;
  #heldMs = 0;
  #bytes = 0;
  #frames = 0;
  #failures = 0;
  #retryAt = Number.NEGATIVE_INFINITY;
  /** Ends of stretches that the vehicle has nothing more of, although it listed it. */
  readonly #nothing: Span[] = [];
  /** The last one that brought nothing. */
  #empty: Span | undefined;
  #runBegan = 0;
  #runFrom = 0;

  constructor(parts: FetchParts) {
    this.#parts = parts;
    this.order = parts.order;
    this.#state = parts.state;
    this.#at = parts.order.from;
    this.#measure();
  }

  get state(): FetchState {
    return this.#state;
  }

  get isOver(): boolean {
    return this.#state === 'done' || this.#state === 'failed' || this.#state === 'cancelled';
  }

  /** It may be begun now, as far as it is concerned itself. */
  get isDue(): boolean {
    return this.#state === 'waiting' && this.#parts.clock.monotonic() >= this.#retryAt;
  }

  row(): FetchRow {
    const { vehicleId, channel, stream, id, from, to, speed, startedAt } = this.order;
    const figures = this.#run?.figures();
    return {
      ...{ vehicleId, channel, stream, id, from, to, speed, startedAt },
      state: this.#state,
      ...(this.#state === 'waiting' && this.#reason && { reason: this.#reason }),
      at: Math.round(this.#run?.at ?? this.#at),
      heldMs: Math.round(this.#heldMs + (this.#run ? this.#run.at - this.#runFrom : 0)),
      bytes: this.#bytes + (figures?.bytes ?? 0),
      frames: this.#frames + (figures?.frames ?? 0),
      secondsLeft: this.#secondsLeft(),
      ...(this.#error && { error: this.#error }),
    };
  }

  /** Why it does not run, for whoever looks. */
  wait(reason: NonNullable<FetchRow['reason']>): void {
    if (this.#state !== 'waiting' || this.#reason === reason) return;
    if (this.#reason === 'retry' && !this.isDue) return;
    this.#reason = reason;
    this.#parts.changed(this, false);
  }

  /** Asks the vehicle what it has and plays what is missing, stretch by stretch. */
  async begin(): Promise<void> {
    const number = ++this.#number;
    this.#enter('running');
    const listed = await this.#parts.list(this.order);
    if (number !== this.#number) return;
    const awayCodes: ErrorCode[] = ['terminalOffline', 'terminalGone', 'unknownTerminal', 'terminalPending'];
    if (!listed.ok && awayCodes.includes(listed.code)) {
      this.#again(listed.code, listed.message);
      return;
    }
    const { from, to, channel } = this.order;
    // One that lists nothing for it may play all the same; one whose list is empty has nothing.
    const files = listed.ok ? listed.value.files.filter(file => file.channel === channel) : [{ from, to }];
    await this.#next(number, clipped(joined(files, fileSeamMs), { from, to }));
  }

  pause(): void {
    if (this.#state !== 'running' && this.#state !== 'waiting') return;
    void this.#leave();
    this.#enter('paused');
  }

  resume(): void {
    if (this.#state !== 'paused' && this.#state !== 'failed') return;
    this.#failures = 0;
    this.#retryAt = Number.NEGATIVE_INFINITY;
    this.#nothing.length = 0;
    this.#empty = undefined;
    this.#error = undefined;
    this.#reason = undefined;
    this.#enter('waiting');
  }

  cancel(): void {
    if (this.isOver) return;
    void this.#leave();
    this.#enter('cancelled');
  }

  /** The program stops: it goes on with the next start. Resolves when its file has its name. */
  async close(): Promise<void> {
    await this.#leave();
  }

  tick(): void {
    if (this.#state !== 'running') return;
    const error = this.#run?.figures().error;
    if (error && this.#run) {
      const run = this.#run;
      run.end(error.code, error.message);
      return;
    }
    this.#parts.changed(this, false);
  }

  async #next(number: number, files: readonly Span[]): Promise<void> {
    if (number !== this.#number) return;
    const held = this.#parts.held(this.order);
    this.#heldMs = lengthOf(held);
    const wanted = without(without(files, held), this.#nothing);
    const piece = wanted.find(({ from, to }) => to - from >= seamMs || lengthOf(files) < seamMs);
    if (!piece) {
      this.#finish(files, held);
      return;
    }
    const followsOurs = held.some(({ to }) => Math.abs(to - piece.from) < seamMs);
    const { vehicleId, channel, stream, storage, speed } = this.order;
    const run: FetchRun = new FetchRun({
      camera: { vehicleId, channel, stream },
      piece,
      followsOurs,
      clock: this.#parts.clock,
      writer: clock => this.#parts.writer(this.order, clock),
      ended: (code, message) => void this.#ended(number, files, piece, code, message),
    });
    this.#run = run;
    this.#runFrom = piece.from;
    this.#runBegan = this.#parts.clock.monotonic();
    const played = this.#parts.play(
      {
        ...{ vehicleId, channel, from: piece.from, to: piece.to, stream, storage },
        ...(speed > 1 && { mode: 'fast', speed }),
      },
      run,
    );
    if (played.ok) this.#feed = played.value;
    else run.end(played.code, played.message);
    this.#parts.changed(this, false);
  }

  async #ended(number: number, files: readonly Span[], piece: Span, code: ErrorCode, message: string): Promise<void> {
    const got = (this.#run?.at ?? piece.from) - piece.from;
    const heldBefore = this.#heldMs;
    await this.#leave(false);
    if (number !== this.#number) return;
    if (got >= leastMs && this.#heldMs - heldBefore < got / 4) {
      this.#again('diskUnwritable', 'what came did not reach the disk');
      return;
    }
    if (got >= leastMs) this.#failures = 0;
    // A line that broke ends like footage does: what does not come twice is not there.
    if (code === 'playbackEnded' && got < leastMs && this.#empty?.from !== piece.from) {
      this.#empty = piece;
      this.#again('mediaNotArriving', 'the vehicle ended it at once');
      return;
    }
    if (code === 'playbackEnded') {
      if (got < leastMs) this.#nothing.push(piece);
      await this.#next(number, files);
      return;
    }
    this.#again(code, message);
  }

  #again(code: ErrorCode, message: string): void {
    this.#number++;
    const isAway = code === 'terminalOffline' || code === 'terminalGone';
    this.#reason = isAway ? 'offline' : code === 'playbackBusy' ? 'busy' : 'retry';
    if (this.#reason === 'retry') {
      this.#error = { code, message };
      if (++this.#failures > this.#parts.retries) {
        this.#enter('failed');
        return;
      }
      const pause = Math.min(retryMs * 2 ** (this.#failures - 1), mostRetryMs);
      this.#retryAt = this.#parts.clock.monotonic() + pause;
    }
    this.#enter('waiting');
  }

  #finish(files: readonly Span[], held: readonly Span[]): void {
    this.#number++;
    if (lengthOf(common(files, held)) === 0) {
      this.#error = { code: 'noFootage', message: 'the vehicle has nothing of it' };
      this.#enter('failed');
      return;
    }
    this.#error = undefined;
    this.#at = this.order.to;
    this.#enter('done');
  }

  /** @param isGivenUp its playback is to end too, and whatever comes of it is not waited for */
  async #leave(isGivenUp = true): Promise<void> {
    const run = this.#run;
    const feed = this.#feed;
    if (isGivenUp) this.#number++;
    this.#run = undefined;
    this.#feed = undefined;
    feed?.close();
    if (!run) return;
    this.#at = run.at;
    await run.stop();
    const { bytes, frames } = run.figures();
    this.#bytes += bytes;
    this.#frames += frames;
    this.#measure();
    if (isGivenUp) this.#parts.changed(this, false);
  }

  #measure(): void {
    this.#heldMs = lengthOf(this.#parts.held(this.order));
  }

  #secondsLeft(): number | null {
    const run = this.#run;
    const got = run ? run.at - this.#runFrom : 0;
    if (!run || got < leastMs) return null;
    const passed = this.#parts.clock.monotonic() - this.#runBegan;
    return Math.max(0, Math.round(((this.order.to - run.at) * passed) / got / 1000));
  }

  #enter(state: FetchState): void {
    this.#state = state;
    this.#parts.changed(this, true);
  }
}
