import type { Clock } from '../clock.ts';
import type { ErrorCode, Result, StreamRow, StreamStatus } from '../contract.ts';
import type { AudioPacket, Frame } from '../frames/frame.ts';
import type { IntakeSink } from '../frames/media-intake.ts';
import type { MediaSource } from '../frames/media-source.ts';
import { unitKind } from '../frames/nal.ts';
import type { Log } from '../log.ts';
import type { StreamKey } from '../stream-key.ts';
import type { Tally } from '../tally.ts';
import { FeedState, type FeedTimes } from './feed-state.ts';
import { FeedSubscription, type QueueLimits } from './feed-subscription.ts';
import { GopCache, type GopLimits } from './gop-cache.ts';
import { startInfo } from './start-info.ts';
import { StreamStats } from './stream-stats.ts';
import type { Bystander, StartInfo, Subscriber, Subscription } from './subscriber.ts';

/** Units before one key frame; VPS, SPS, PPS, a delimiter and SEI are five. */
const maxLeadUnits = 8;

/** Measured figures are told this often while nothing else changes. */
const figuresMs = 1000;

export interface FeedSettings extends FeedTimes, GopLimits, QueueLimits {
  readonly graceMs: number;
  readonly lossReportMs: number;
}

/** What a feed asks of the vehicle's side. */
export interface FeedDoor {
  isOnline(): boolean;
  headerId(): string;
  /** There is no picture: it lives by its sound. */
  isSoundOnly(): boolean;
  /** Media is to be let in from now on. Called before every command, since media may be faster than the answer. */
  expect(sink: IntakeSink): void;
  forget(): void;
  open(): Promise<Result<{ target: string }>>;
  close(): void;
  reportLoss(ratio: number): void;
  /** The feed of the same camera's other encoding, if there is one. */
  sibling(): Feed | undefined;
}

export interface FeedParts {
  readonly key: StreamKey;
  readonly door: FeedDoor;
  readonly settings: FeedSettings;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: Log;
  readonly beside?: Bystander | undefined;
  /** Its figures are told this much before a full second has passed, ms, 0 to 999. */
  readonly figuresEarlyMs: number;
  changed(row: StreamRow): void;
  /** Nobody has wanted it for `graceMs`; it has closed itself. */
  closed(feed: Feed): void;
}

/** One camera in one of its encodings, for everyone who watches it. Driven by its intake and by `tick`. */
export class Feed implements IntakeSink {
  readonly key: StreamKey;
  readonly #parts: FeedParts;
  readonly #state: FeedState;
  readonly #stats: StreamStats;
  readonly #gop: GopCache;
  #subscriptions: readonly FeedSubscription[] = [];
  #lead: Frame[] = [];
  #start: StartInfo | undefined;
  #payloadType: number | undefined;
  /** A key frame must come before the next frame is of use. */
  #broken = true;
  #expected = false;
  /** Number of the command whose answer counts; 0 while none is under way. */
  #asking = 0;
  #asks = 0;
  #unwantedSince: number;
  #reportedAt: number;
  /** Feeds keep to seconds of their own: sixty-four that told their figures in one turn would hold up frames for 5 ms. */
  #figuresAt: number;
  #toldChanges = -1;
  #ended = false;

  constructor(parts: FeedParts) {
    this.key = parts.key;
    this.#parts = parts;
    this.#state = new FeedState(parts.clock, parts.settings);
    this.#stats = new StreamStats(parts.clock);
    this.#gop = new GopCache(parts.settings);
    this.#unwantedSince = parts.clock.monotonic();
    this.#reportedAt = this.#unwantedSince;
    this.#figuresAt = this.#unwantedSince + figuresMs - parts.figuresEarlyMs;
    if (parts.door.isOnline()) this.#state.online();
  }

  /** Somebody watches and packets arrive. */
  get isRunning(): boolean {
    return this.#subscriptions.length > 0 && this.#state.receiving;
  }

  subscribe(subscriber: Subscriber): Subscription {
    const { settings, tally } = this.#parts;
    const subscription = new FeedSubscription(subscriber, settings, tally, left => this.#leave(left));
    this.#subscriptions = [...this.#subscriptions, subscription];
    this.#askWhenDue();
    this.#tellRow();
    subscription.status(this.#status());
    subscription.begin(this.#gop.frames, this.#start, !this.#broken);
    return subscription;
  }

  terminalOnline(): void {
    this.#asking = 0;
    this.#state.online();
    this.#askWhenDue();
    this.#tellChanges();
  }

  terminalOffline(): void {
    this.#asking = 0;
    this.#state.offline();
    if (this.#state.phase === 'offline') this.#breakOff();
    this.#tellChanges();
  }

  /** To be called several times a second. */
  tick(): void {
    const { clock, settings } = this.#parts;
    const now = clock.monotonic();
    this.#stats.advance();
    if (this.#subscriptions.length === 0 && now - this.#unwantedSince >= settings.graceMs) {
      this.#close();
      return;
    }
    if (this.#state.tick()) this.#breakOff();
    this.#askWhenDue();
    if (now - this.#reportedAt >= settings.lossReportMs) this.#reportLoss(now);
    const isDue = now >= this.#figuresAt;
    if (isDue) this.#figuresAt = Math.max(this.#figuresAt + figuresMs, now);
    if (isDue || this.#state.changes !== this.#toldChanges) this.#tell();
  }

  /** Ends every subscription, for example because the server stops. */
  end(code: ErrorCode, message: string): void {
    const subscriptions = this.#subscriptions;
    this.#subscriptions = [];
    for (const subscription of subscriptions) subscription.end(code, message);
    this.#close();
  }

  row(): StreamRow {
    const { terminal, channel, stream } = this.key;
    return {
      vehicleId: terminal,
      channel,
      stream,
      headerId: this.#parts.door.headerId(),
      subscribers: this.#subscriptions.length,
      status: this.#status(),
      frames: this.#stats.frames,
      bytes: this.#stats.bytes,
      keyFrames: this.#stats.keyFrames,
      packetsLost: this.#stats.packetsLost,
      framesDropped: this.#stats.framesDropped,
    };
  }

  // ------------------------------------------------------------------------------------------------ from the intake

  sourceOpened(source: MediaSource): void {
    this.#state.mediaConnected(source);
    this.#tellChanges();
  }

  packet(bytes: number, lost: number): void {
    this.#stats.packet(bytes, lost);
    this.#state.packet();
    this.#tellChanges();
  }

  sourceClosed(): void {
    this.#breakOff();
    this.#state.mediaClosed();
    this.#tellChanges();
  }

  frame(frame: Frame): void {
    if (!frame.key && unitKind(frame.data, frame.data.byteLength, frame.codec, false) === 'sets') {
      this.#keepLead(frame);
      return;
    }
    const lead = this.#lead;
    this.#lead = [];
    if (frame.key) this.#keyFrame(frame, lead);
    else if (this.#broken || !this.#start) {
      this.#stats.framesDropped++;
      this.#parts.tally.add('hub.noKeyFrame');
      return;
    }
    this.#stats.frame(frame.key);
    if (!this.#gop.add(frame, lead)) this.#parts.tally.add('hub.gopGivenUp');
    if (frame.key) this.#state.keyFrame(frame.receivedAt);
    else this.#state.frame(frame.receivedAt);
    for (const subscription of this.#subscriptions) subscription.offer(frame, lead, this.#start!);
    this.#parts.beside?.frame(frame, lead, this.#start!);
    this.#tellChanges();
  }

  audio(packet: AudioPacket): void {
    if (!this.#start && this.#parts.door.isSoundOnly()) this.#soundAlone(packet);
    for (const subscription of this.#subscriptions) subscription.audio(packet);
  }

  gap(frames: number, reason: 'loss' | 'sourceChanged' | 'overflow'): void {
    this.#broken = true;
    this.#lead = [];
    this.#stats.framesDropped += frames;
    this.#state.gap();
    for (const subscription of this.#subscriptions) subscription.gap(frames, reason);
    this.#parts.beside?.gap();
    this.#tellChanges();
  }

  // ------------------------------------------------------------------------------------------------------- inwards

  /** Where there is no picture every packet of sound is whole, and the stream lives by it. */
  #soundAlone({ payloadType, receivedAt }: AudioPacket): void {
    this.#payloadType = payloadType;
    this.#state.keyFrame(receivedAt);
    this.#tellChanges();
  }

  #keyFrame(frame: Frame, lead: readonly Frame[]): void {
    const start = startInfo(frame, lead, this.#start);
    if (start !== this.#start) this.#toldChanges = -1;
    this.#start = start;
    this.#payloadType = frame.payloadType;
    if (this.#broken && this.#stats.frames === 0) this.#stats.restartRates();
    this.#broken = false;
  }

  #keepLead(unit: Frame): void {
    if (this.#lead.length < maxLeadUnits) this.#lead.push(unit);
    else this.#parts.tally.add('hub.leadOverflow');
  }

  /** The picture so far leads nowhere: viewers wait for a key frame, newcomers are not shown an old one. */
  #breakOff(): void {
    this.#gop.clear();
    if (this.#broken) return;
    this.#broken = true;
    this.#lead = [];
    for (const subscription of this.#subscriptions) subscription.gap(0, 'restart');
    this.#parts.beside?.gap();
  }

  #leave(subscription: FeedSubscription): void {
    this.#subscriptions = this.#subscriptions.filter(other => other !== subscription);
    if (this.#subscriptions.length === 0) this.#unwantedSince = this.#parts.clock.monotonic();
    if (!this.#ended) this.#tellRow();
  }

  #askWhenDue(): void {
    const { clock, door, log } = this.#parts;
    if (this.#asking !== 0 || this.#subscriptions.length === 0 || this.#state.dueAt > clock.monotonic()) return;
    if (this.#state.phase === 'lost' && this.#isSwitchedAway()) return;
    this.#expected = true;
    door.expect(this);
    this.#state.asked();
    const ask = ++this.#asks;
    this.#asking = ask;
    door.open().then(
      result => this.#answered(ask, result),
      (thrown: unknown) => {
        log.error({ error: String(thrown) }, 'asking for a stream failed');
        this.#answered(ask, { ok: false, code: 'internal', message: String(thrown) });
      },
    );
  }

  /**
   * Recorders exist that send one encoding of a camera at a time: asked for the other, they switch. The one that lost its
   * media so is not asked for again while the other is there, or the two would take it from each other for ever.
   */
  #isSwitchedAway(): boolean {
    const sibling = this.#parts.door.sibling();
    return sibling?.isRunning === true && this.#state.packetSeen <= sibling.#state.sourceSince;
  }

  #answered(ask: number, result: Result<{ target: string }>): void {
    if (this.#asking !== ask || this.#ended) return;
    this.#asking = 0;
    if (result.ok) this.#state.acknowledged(result.value.target);
    else this.#state.refused(result.code, result.message);
    this.#tellChanges();
  }

  #reportLoss(now: number): void {
    this.#reportedAt = now;
    const loss = this.#stats.takeLossReport();
    if (loss !== undefined && this.#parts.door.isOnline()) this.#parts.door.reportLoss(loss);
  }

  #close(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#expected) {
      this.#parts.door.forget();
      this.#closeOnVehicle();
    }
    this.#gop.clear();
    this.#parts.beside?.closed();
    this.#state.close();
    this.#tellRow();
    this.#parts.closed(this);
  }

  /**
   * 0x9102 names a channel but no encoding (1078-2016 table 18), so it may end the camera's other stream as well: it is
   * left out when this one has nothing to end, and the other one is asked for again should it fall silent.
   */
  #closeOnVehicle(): void {
    const { door } = this.#parts;
    if (!door.isOnline()) return;
    const sibling = door.sibling();
    if (sibling?.isRunning) {
      if (!this.#state.receiving) return;
      sibling.#state.mayFallSilent();
    }
    door.close();
  }

  #status(): StreamStatus {
    return {
      ...this.#state.status(),
      ...(this.#start && { codec: this.#start.codec, width: this.#start.width, height: this.#start.height }),
      ...(this.#payloadType !== undefined && { payloadType: this.#payloadType }),
      fps: this.#stats.fps,
      bitsPerSecond: this.#stats.bitsPerSecond,
      lossRatio: this.#stats.lossRatio,
    };
  }

  #tellChanges(): void {
    if (this.#state.changes !== this.#toldChanges && !this.#ended) this.#tell();
  }

  #tell(): void {
    this.#toldChanges = this.#state.changes;
    const status = this.#status();
    for (const subscription of this.#subscriptions) subscription.status(status);
    this.#tellRow();
  }

  #tellRow(): void {
    this.#parts.changed(this.row());
  }
}
