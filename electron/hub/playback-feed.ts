import {
  type ErrorCode,
  errorCodes,
  type OpeningStep,
  type PlaybackControl,
  type PlaybackMode,
  type PlaybackPhase,
  type PlaybackRow,
  type PlaybackSpeed,
  type Result,
  type StreamStatus,
} from '../contract.ts';
import type { AudioPacket, Frame } from '../frames/frame.ts';
import type { IntakeSink } from '../frames/media-intake.ts';
import type { MediaSource } from '../frames/media-source.ts';
import { unitKind } from '../frames/nal.ts';
import { FeedSubscription } from './feed-subscription.ts';
import { FootageClock } from './footage-clock.ts';
import { HeldFootage } from './held-footage.ts';
import type { PlaybackOrder } from './playback-door.ts';
import type { PlaybackFeedParts } from './playback-feed-parts.ts';
import { PlaybackListeners } from './playback-listeners.ts';
import { PlaybackPace } from './playback-pace.ts';
import { PlaybackReport } from './playback-report.ts';
import { startInfo } from './start-info.ts';
import { StreamStats } from './stream-stats.ts';
import type { StartInfo, Subscriber, Subscription } from './subscriber.ts';

/** A playback that ends by silence has ended well when it is this near to what was asked for. */
const nearEndMs = 3000;
const figuresMs = 500;
/** A source that was told to end may go on for so long. */
const lingerMs = 3000;
const maxLeadUnits = 8;

/**
 * What a vehicle plays from its storage, for one who watches or fetches. Frames are handed on with the wall clock of the
 * footage as `receivedAt`. Media decides over signalling, as with live streams: what was never acknowledged and comes is
 * played. A stream that its terminal closes is over; one that was refused, never comes or falls silent ends with the code
 * for it.
 */
export class PlaybackFeed implements IntakeSink, Subscription {
  readonly #parts: PlaybackFeedParts;
  readonly #subscription: FeedSubscription;
  readonly #listeners: PlaybackListeners;
  readonly #footage: FootageClock;
  readonly #pace = new PlaybackPace();
  readonly #held: HeldFootage;
  readonly #stats: StreamStats;
  readonly #report: PlaybackReport;
  #order: PlaybackOrder;
  #mode: PlaybackMode;
  #speed: PlaybackSpeed;
  #at: number;
  #source: MediaSource | undefined;
  #start: StartInfo | undefined;
  #lead: Frame[] = [];
  #broken = true;
  /** Until the next picture nobody knows when what comes is to be heard. */
  #jumped = false;
  #opens = 0;
  #askedAt = 0;
  #hasPacket = false;
  #packetSeen = Number.NEGATIVE_INFINITY;
  #toldAt = Number.NEGATIVE_INFINITY;
  #error: { code: ErrorCode; message: string } | undefined;
  /** Its source is gone and what was held back is still shown. */
  #isDrained = false;
  #isOver = false;

  constructor(parts: PlaybackFeedParts) {
    this.#parts = parts;
    const { order, clock, settings, tally } = parts;
    this.#order = order;
    this.#mode = order.mode;
    this.#speed = order.speed;
    this.#at = order.from;
    this.#report = new PlaybackReport(clock);
    this.#footage = new FootageClock(order.from, order.to);
    this.#stats = new StreamStats(clock);
    this.#subscription = new FeedSubscription(parts.subscriber, settings, tally, () => this.#stop());
    this.#listeners = new PlaybackListeners(settings, tally);
    this.#held = new HeldFootage(clock, tally, settings.playbackAheadMs, {
      frame: (frame, lead, start) => this.#give(frame, lead, start),
      audio: packet => {
        this.#subscription.audio(packet);
        this.#listeners.audio(packet);
      },
      gap: () => this.#subscription.gap(0, 'overflow'),
    });
  }

  get row(): Pick<PlaybackRow, 'phase' | 'mode' | 'speed' | 'at' | 'bytes' | 'error'> {
    return {
      phase: this.#report.phase,
      mode: this.#mode,
      speed: this.#speed,
      at: Math.round(this.#at),
      bytes: this.#stats.bytes,
      ...(this.#error && { error: this.#error }),
    };
  }

  /** Asks for it. */
  open(): void {
    this.#ask();
    this.#tell();
  }

  // ---------------------------------------------------------------------------------------------------- the subscriber

  close(): void {
    this.#subscription.close();
  }

  drain(): void {
    this.#subscription.drain();
  }

  /** Its sound for one more. */
  listen(subscriber: Subscriber): Subscription {
    const subscription = this.#listeners.add(subscriber);
    subscriber.status(this.#status());
    return subscription;
  }

  /**
   * 0x9202. A terminal that does not know dragging is asked to play from there anew, and so is one whose stream had ended
   * or fallen silent.
   * @param at ms since 1970, for drag
   */
  async control(control: PlaybackControl, speed: PlaybackSpeed, at: number): Promise<Result<unknown>> {
    if (control === 'stop') {
      this.close();
      return { ok: true, value: null };
    }
    const isThere = this.#source !== undefined && !this.#isDrained;
    const goesOn = control === 'drag' || control === 'resume';
    if (!isThere && goesOn && this.#report.phase !== 'opening') return this.#anew(control === 'drag' ? at : this.#at);
    const result = await this.#parts.door.control(control, speed, at);
    if (this.#isOver) return result;
    if (!result.ok) {
      const isUnknown = result.code === 'commandUnsupported' || result.code === 'commandFailed';
      return control === 'drag' && isUnknown ? this.#anew(at) : result;
    }
    this.#obeyed(control, speed, at);
    return result;
  }

  /** To be called several times a second. */
  tick(): void {
    if (this.#isOver) return;
    const { clock, settings, door } = this.#parts;
    const now = clock.monotonic();
    this.#stats.advance();
    if (this.#isDrained && this.#held.isEmpty) {
      this.#end('playbackEnded');
      return;
    }
    const quiet = now - Math.max(this.#packetSeen, this.#askedAt);
    if (this.#report.phase === 'paused') this.#source?.keep?.();
    else if (this.#report.phase === 'opening') {
      // A terminal that answers nothing is told of by its command.
      if (this.#report.target !== undefined && quiet >= settings.openTimeoutMs)
        this.#end(door.isOnline() ? 'mediaNotArriving' : 'terminalGone');
    } else if (!this.#isDrained && this.#held.isEmpty) {
      const isNearEnd = this.#order.to > 0 && this.#at >= this.#order.to - nearEndMs;
      if (quiet >= settings.stalledAfterMs && isNearEnd) this.#end('playbackEnded');
      else if (quiet >= settings.playbackSilenceMs) this.#end(door.isOnline() ? 'mediaNotArriving' : 'terminalGone');
      else if (quiet >= settings.stalledAfterMs && this.#report.phase === 'playing') this.#enter('stalled');
    }
    if (!this.#isOver && now - this.#toldAt >= figuresMs) this.#tell();
  }

  /** Ends it for a reason of ours. */
  end(code: ErrorCode): void {
    this.#end(code);
  }

  // ------------------------------------------------------------------------------------------------- from the intake

  isResting(): boolean {
    return this.#report.phase === 'paused';
  }

  takes(source: MediaSource): boolean {
    const toldAt = this.#parts.former.get(source);
    return toldAt === undefined || this.#parts.clock.monotonic() - toldAt > lingerMs;
  }

  sourceOpened(source: MediaSource): void {
    this.#source = source;
    this.#isDrained = false;
    this.#mark('mediaConnected');
  }

  packet(bytes: number, lost: number): void {
    this.#packetSeen = this.#parts.clock.monotonic();
    this.#stats.packet(bytes, lost);
    if (!this.#hasPacket) this.#mark('firstPacket');
    this.#hasPacket = true;
    if (this.#report.phase === 'stalled') this.#enter('playing');
  }

  sourceClosed(): void {
    this.#source = undefined;
    if (this.#isOver || this.#report.phase === 'paused') return;
    if (this.#report.phase === 'opening') {
      this.#end(this.#stats.bytes > 0 ? 'playbackEnded' : 'mediaNotArriving');
      return;
    }
    this.#isDrained = true;
    if (this.#held.isEmpty) this.#end('playbackEnded');
  }

  frame(frame: Frame): void {
    if (this.#isOver) return;
    if (!frame.key && unitKind(frame.data, frame.data.byteLength, frame.codec, false) === 'sets') {
      if (this.#lead.length < maxLeadUnits) this.#lead.push(frame);
      return;
    }
    const lead = this.#lead;
    this.#lead = [];
    if (frame.key) {
      this.#start = startInfo(frame, lead, this.#start);
      this.#report.payloadType = frame.payloadType;
      this.#broken = false;
    } else if (this.#broken || !this.#start) {
      this.#stats.framesDropped++;
      this.#parts.tally.add('playback.noKeyFrame');
      return;
    }
    this.#stats.frame(frame.key);
    const now = this.#parts.clock.monotonic();
    const at = this.#footage.time(Number(frame.deviceMs), now, this.#mode, this.#speed);
    if (!this.#parts.isPaced) {
      this.#give({ ...frame, receivedAt: at }, lead, this.#start);
      return;
    }
    const { ptsMs, holdMs } = this.#pace.next(frame.ptsMs, at, now, this.#mode, this.#speed);
    this.#jumped = false;
    this.#held.frame({ ...frame, ptsMs, receivedAt: at }, lead, this.#start, holdMs);
  }

  audio(packet: AudioPacket): void {
    // At any other speed it is noise.
    if (this.#isOver || this.#mode !== 'normal') return;
    if (!this.#parts.isPaced) {
      this.#subscription.audio(packet);
      return;
    }
    if (this.#jumped) return;
    const ptsMs = packet.ptsMs + this.#pace.offset;
    const receivedAt = this.#pace.isUnknown ? this.#at : ptsMs + this.#pace.wallOffset;
    this.#held.audio({ ...packet, ptsMs, receivedAt });
  }

  gap(frames: number, reason: 'loss' | 'sourceChanged' | 'overflow'): void {
    this.#broken = true;
    this.#lead = [];
    this.#stats.framesDropped += frames;
    this.#subscription.gap(frames, reason);
  }

  // ---------------------------------------------------------------------------------------------------------- inwards

  #ask(): void {
    const { door, clock } = this.#parts;
    const open = ++this.#opens;
    this.#askedAt = clock.monotonic();
    this.#report.asked();
    this.#hasPacket = false;
    door.expect(this);
    this.#mark('commandSent');
    void door.open(this.#order).then(result => {
      if (this.#isOver || open !== this.#opens) return;
      if (result.ok) {
        this.#report.target = result.value.target;
        this.#askedAt = clock.monotonic();
        this.#mark('acknowledged');
      } else if (this.#report.phase === 'opening' && this.#packetSeen < this.#askedAt)
        this.#end(result.code, result.message);
    });
  }

  async #anew(from: number): Promise<Result<unknown>> {
    const { door } = this.#parts;
    if (this.#source) {
      this.#parts.former.set(this.#source, this.#parts.clock.monotonic());
      void door.control('stop', 1, 0);
    }
    door.forget();
    this.#source = undefined;
    this.#isDrained = false;
    this.#order = { ...this.#order, from, mode: 'normal', speed: 1 };
    this.#jump(from);
    this.#enter('opening');
    this.#ask();
    return { ok: true, value: null };
  }

  #obeyed(control: PlaybackControl, speed: PlaybackSpeed, at: number): void {
    if (control === 'pause') {
      this.#enter('paused');
      return;
    }
    const mode: PlaybackMode =
      control === 'fast' || control === 'keyRewind' || control === 'keyPlay' ? control : 'normal';
    this.#mode = mode;
    this.#speed = mode === 'fast' || mode === 'keyRewind' ? speed : 1;
    this.#pace.restart();
    this.#listeners.restart();
    this.#footage.restartJudging();
    this.#askedAt = this.#parts.clock.monotonic();
    if (control === 'drag') this.#jump(at);
    if (this.#report.phase !== 'opening') this.#enter('playing');
  }

  /** What was to be shown of before is not shown any more, nor is anything that refers to it. */
  #jump(at: number): void {
    this.#mode = 'normal';
    this.#speed = 1;
    this.#at = at;
    this.#footage.seek(at);
    this.#pace.restart();
    this.#held.clear();
    this.#broken = true;
    this.#jumped = !this.#pace.isUnknown;
    this.#subscription.gap(0, 'restart');
    this.#listeners.restart();
  }

  #give(frame: Frame, lead: readonly Frame[], start: StartInfo): void {
    if (this.#isOver) return;
    this.#at = frame.receivedAt;
    this.#report.shown();
    if (this.#report.phase === 'opening' || this.#report.phase === 'stalled') {
      this.#mark('firstKeyFrame');
      this.#enter('playing');
    }
    this.#subscription.offer(frame, lead, start);
  }

  #stop(): void {
    if (this.#isOver) return;
    const { door } = this.#parts;
    if (door.isOnline()) void door.control('stop', 1, 0);
    this.#finish();
  }

  #end(code: ErrorCode, message: string = errorCodes[code]): void {
    if (this.#isOver) return;
    this.#error = { code, message };
    this.#subscription.end(code, message);
    this.#listeners.end(code, message);
    // One that did not end by itself may go on sending.
    if (
      code !== 'playbackEnded' &&
      (this.#report.target !== undefined || this.#stats.bytes > 0) &&
      this.#parts.door.isOnline()
    )
      void this.#parts.door.control('stop', 1, 0);
    this.#finish();
  }

  #finish(): void {
    this.#isOver = true;
    this.#listeners.end('playbackEnded', errorCodes.playbackEnded);
    if (this.#source) this.#parts.former.set(this.#source, this.#parts.clock.monotonic());
    this.#held.clear();
    this.#parts.door.forget();
    this.#report.enter('ended');
    this.#parts.over();
  }

  #mark(step: OpeningStep): void {
    if (this.#report.mark(step)) this.#tell();
  }

  #enter(phase: PlaybackPhase): void {
    if (this.#report.enter(phase)) this.#tell();
  }

  #tell(): void {
    if (this.#isOver) return;
    this.#toldAt = this.#parts.clock.monotonic();
    const status = this.#status();
    this.#subscription.status(status);
    this.#listeners.status(status);
    this.#parts.changed();
  }

  #status(): StreamStatus {
    return this.#report.status(this.#stats, this.#start, this.#source);
  }
}
