import type { Clock } from '../clock.ts';
import { type ErrorCode, errorCodes, type OpeningStep, type StreamPhase, type StreamStatus } from '../contract.ts';
import type { MediaSource } from '../frames/media-source.ts';

/** The times, settings of the same names. */
export interface FeedTimes {
  readonly stalledAfterMs: number;
  readonly lostAfterMs: number;
  readonly openTimeoutMs: number;
  readonly retryMinMs: number;
  readonly retryMaxMs: number;
}

const never = Number.POSITIVE_INFINITY;

/** Failures that are no refusal: nothing was heard of the terminal, and media may come all the same. */
const silentCodes: readonly ErrorCode[] = ['commandTimeout', 'terminalOffline', 'terminalGone'];

/**
 * Where a feed stands, told from what happens to it. Does nothing itself: `dueAt()` says when the stream is to be asked
 * for, `tick` notices silence.
 *
 * ```
 * offline ⇄ opening → live ⇄ waiting        loss → waiting → key frame → live
 *              ↓ ↑      ↓ ↑                 no frame → stalled → lost, asked for again with a doubling pause
 *            refused   stalled → lost       terminal away and no media → offline; back → asked for at once
 * ```
 *
 * Media decides over signalling: while frames arrive a stream is live, whatever the terminal answered and whether or not its
 * signalling connection stands.
 */
export class FeedState {
  readonly #clock: Clock;
  readonly #times: FeedTimes;
  #phase: StreamPhase = 'offline';
  #since: number;
  #steps: { step: OpeningStep; at: number }[] = [];
  #attempts = 0;
  #error: { code: ErrorCode; message: string } | undefined;
  #target: string | undefined;
  #source: MediaSource | undefined;
  #sourceSince = -never;
  #online = false;
  #lastFrameAt = 0;
  #frameSeen: number;
  #packetSeen = -never;
  #askedAt = -never;
  #askAt = never;
  #pause: number;
  /** The media that flows may end with something that happened: ask as soon as it does. */
  #askWhenSilent = false;
  #packetMarked = false;
  #changes = 0;

  constructor(clock: Clock, times: FeedTimes) {
    this.#clock = clock;
    this.#times = times;
    this.#since = clock.now();
    this.#frameSeen = clock.monotonic();
    this.#pause = times.retryMinMs;
  }

  get phase(): StreamPhase {
    return this.#phase;
  }

  /** Grows with every change that subscribers are told of at once. */
  get changes(): number {
    return this.#changes;
  }

  /** Monotonic time from which the stream is to be asked for; infinite while it need not be. */
  get dueAt(): number {
    return this.#online ? this.#askAt : never;
  }

  /** Packets arrive. */
  get receiving(): boolean {
    return this.#source !== undefined && this.#clock.monotonic() - this.#packetSeen < this.#times.stalledAfterMs;
  }

  /** Monotonic times of the last packet, and of when the present source began. */
  get packetSeen(): number {
    return this.#packetSeen;
  }
  get sourceSince(): number {
    return this.#sourceSince;
  }

  /** The part of a status that is not measured. */
  status(): Omit<StreamStatus, 'fps' | 'bitsPerSecond' | 'lossRatio'> {
    return {
      phase: this.#phase,
      since: this.#since,
      steps: this.#steps.slice(),
      attempts: this.#attempts,
      lastFrameAt: this.#lastFrameAt,
      ...(this.#error && { error: this.#error }),
      ...(this.#target !== undefined && { target: this.#target }),
      ...(this.#source && { transport: this.#source.transport, source: this.#source.remote }),
    };
  }

  /** The terminal is connected: the stream is asked for now, unless its frames arrive anyway. */
  online(): void {
    this.#online = true;
    this.#pause = this.#times.retryMinMs;
    if (this.#phase === 'live') this.#askWhenSilent = true;
    else this.#askAt = this.#clock.monotonic();
  }

  /** The terminal's connection ended. A live stream stays live for as long as frames come. */
  offline(): void {
    this.#online = false;
    this.#askAt = never;
    if (this.#phase === 'live' || this.#phase === 'waiting') return;
    this.#away();
  }

  /** The command goes out. */
  asked(): void {
    this.#steps = [];
    this.#packetMarked = false;
    this.#attempts++;
    this.#askAt = never;
    this.#askWhenSilent = false;
    this.#askedAt = this.#clock.monotonic();
    if (this.#phase === 'offline') this.#enter('opening');
    this.#mark('commandSent');
    if (this.#source) this.#mark('mediaConnected');
  }

  acknowledged(target: string): void {
    this.#target = target;
    this.#mark('acknowledged');
    if (this.#phase !== 'refused') return;
    this.#error = undefined;
    this.#enter('opening');
  }

  /** The command failed: the terminal said no, or nothing. Its words do not count while its packets arrive. */
  refused(code: ErrorCode, message: string): void {
    if (this.#phase === 'live') return;
    this.#askLater();
    if (this.#clock.monotonic() - this.#packetSeen < this.#times.stalledAfterMs) return;
    this.#error = { code, message };
    this.#changes++;
    if (!silentCodes.includes(code)) this.#enter('refused');
  }

  mediaConnected(source: MediaSource): void {
    this.#source = source;
    this.#sourceSince = this.#clock.monotonic();
    this.#mark('mediaConnected');
    this.#changes++;
  }

  packet(): void {
    this.#packetSeen = this.#clock.monotonic();
    if (!this.#packetMarked) {
      this.#packetMarked = true;
      this.#mark('firstPacket');
    }
    if (this.#phase === 'live' || this.#phase === 'waiting' || this.#phase === 'stalled') return;
    if (this.#phase === 'lost') this.#enter('waiting');
    else if (this.#phase !== 'opening') this.#enter('opening');
  }

  keyFrame(receivedAt: number): void {
    this.#mark('firstKeyFrame');
    this.#attempts = 0;
    this.#error = undefined;
    this.#askAt = never;
    this.#pause = this.#times.retryMinMs;
    this.#saw(receivedAt);
    if (this.#phase !== 'live') this.#enter('live');
  }

  /** A whole frame that follows a key frame without loss. */
  frame(receivedAt: number): void {
    this.#saw(receivedAt);
    if (this.#phase === 'stalled') this.#enter('live');
  }

  /** Frames are missing up to the next key frame. */
  gap(): void {
    if (this.#phase === 'live') this.#enter('waiting');
  }

  /** The connection (or, over UDP, the source) that carried the media is gone. */
  mediaClosed(): void {
    this.#source = undefined;
    this.#changes++;
    if (!this.#online) {
      this.#away();
      return;
    }
    if (this.#phase === 'live' || this.#phase === 'waiting' || this.#phase === 'stalled') this.#enter('lost');
    if (this.#phase === 'lost' || this.#phase === 'opening') this.#askLater();
  }

  /** The terminal was told something that may end this stream too. */
  mayFallSilent(): void {
    this.#askWhenSilent = true;
  }

  close(): void {
    this.#askAt = never;
    this.#enter('closed');
  }

  /** Notices silence. @returns true when the stream has become lost, so that what is cached is of no use */
  tick(): boolean {
    const now = this.#clock.monotonic();
    const { stalledAfterMs, lostAfterMs, openTimeoutMs } = this.#times;
    if (this.#phase === 'opening') this.#watchOpening(now, openTimeoutMs, lostAfterMs);
    if (this.#phase === 'live' && now - this.#frameSeen >= stalledAfterMs) this.#fellSilent(now);
    else if (this.#phase === 'waiting' && now - this.#packetSeen >= stalledAfterMs) this.#fellSilent(now);
    if (this.#phase !== 'stalled' && this.#phase !== 'waiting') return this.#askAgainWhileLost(now, openTimeoutMs);
    if (now - Math.max(this.#frameSeen, this.#askedAt) < lostAfterMs) return false;
    this.#askAt = Math.min(this.#askAt, now);
    if (now - this.#packetSeen < lostAfterMs) return false;
    this.#enter('lost');
    return true;
  }

  #watchOpening(now: number, openTimeoutMs: number, lostAfterMs: number): void {
    if (!this.#online && now - this.#packetSeen >= lostAfterMs) this.#away();
    if (!this.#online || this.#askAt !== never) return;
    const silent = this.#packetSeen < this.#askedAt;
    if (now - this.#askedAt < (silent ? openTimeoutMs : openTimeoutMs + lostAfterMs)) return;
    if (silent) this.#error = { code: 'mediaNotArriving', message: errorCodes.mediaNotArriving };
    this.#changes++;
    this.#askLater();
  }

  #askAgainWhileLost(now: number, openTimeoutMs: number): boolean {
    if (this.#phase === 'lost' && this.#askAt === never && now - this.#askedAt >= openTimeoutMs) this.#askLater();
    return false;
  }

  #fellSilent(now: number): void {
    if (!this.#online) {
      this.#away();
      return;
    }
    this.#enter('stalled');
    if (!this.#askWhenSilent) return;
    this.#askWhenSilent = false;
    this.#askAt = now;
  }

  #away(): void {
    this.#error = undefined;
    this.#askAt = never;
    if (this.#phase !== 'offline') this.#enter('offline');
  }

  #saw(receivedAt: number): void {
    this.#lastFrameAt = receivedAt;
    this.#frameSeen = this.#clock.monotonic();
  }

  #askLater(): void {
    const at = this.#clock.monotonic() + this.#pause;
    this.#pause = Math.min(this.#pause * 2, this.#times.retryMaxMs);
    this.#askAt = Math.min(this.#askAt, at);
  }

  #mark(step: OpeningStep): void {
    for (const done of this.#steps) if (done.step === step) return;
    this.#steps.push({ step, at: this.#clock.now() });
    this.#changes++;
  }

  #enter(phase: StreamPhase): void {
    this.#phase = phase;
    this.#since = this.#clock.now();
    this.#changes++;
  }
}
