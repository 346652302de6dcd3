import type { Clock } from '../clock.ts';
import type { Result, StreamRow } from '../contract.ts';
import type { IntakeSink } from '../frames/media-intake.ts';
import type { Log } from '../log.ts';
import { type StreamKey, streamName } from '../stream-key.ts';
import type { Tally } from '../tally.ts';
import { Feed, type FeedSettings } from './feed.ts';
import type { Bystander, Subscriber, Subscription } from './subscriber.ts';

/** Silence, retries, grace and figures are looked at this often. */
const tickMs = 100;
/** Feeds that were opened together tell their figures in as many different turns. */
const turns = 10;

/** The signalling side, as the hub uses it. */
export interface HubDevices {
  isOnline(terminal: string): boolean;
  get(terminal: string): { readonly headerId: string } | undefined;
  /** The channel has no picture. */
  isSoundOnly(terminal: string, channel: number): boolean;
  /** Sends 0x9101 and waits for its answer. */
  openStream(key: StreamKey): Promise<Result<{ target: string }>>;
  /** Sends 0x9102; nobody waits for the answer. */
  closeStream(key: StreamKey): void;
  /** Sends 0x9105. @param ratio 0 to 1 */
  reportLoss(key: StreamKey, ratio: number): void;
}

/** The media side: only what is expected is let in. */
export interface HubIntake {
  expect(key: StreamKey, sink: IntakeSink): void;
  forget(key: StreamKey): void;
}

export interface HubParts {
  readonly clock: Clock;
  readonly tally: Tally;
  readonly settings: FeedSettings;
  readonly log: Log;
  readonly devices: HubDevices;
  readonly intake: HubIntake;
  /** Who stands beside a feed that opens. */
  beside?(key: StreamKey): Bystander;
  /** A feed opened, changed, or closed (phase `closed`, the last word on it). */
  changed(row: StreamRow): void;
}

/**
 * (terminal, channel, stream) → feed. A feed lives from its first subscriber until `graceMs` after its last, also while
 * the terminal is away: the stream is asked for again when that returns.
 */
export class Hub {
  readonly #parts: HubParts;
  readonly #feeds = new Map<string, Feed>();
  readonly #stopTicking: () => void;
  #opened = 0;
  #closed = false;

  constructor(parts: HubParts) {
    this.#parts = parts;
    this.#stopTicking = parts.clock.every(tickMs, () => this.#tick());
  }

  /** The subscriber is told its status before this returns, and handed the cached picture when there is one. */
  subscribe(key: StreamKey, subscriber: Subscriber): Subscription {
    if (this.#closed) {
      subscriber.end('shuttingDown', 'the hub is closed');
      return { close: () => undefined, drain: () => undefined };
    }
    const name = streamName(key);
    let feed = this.#feeds.get(name);
    if (!feed) {
      feed = this.#open(key, name);
      this.#feeds.set(name, feed);
    }
    return feed.subscribe(subscriber);
  }

  terminalOnline(terminal: string): void {
    for (const feed of this.#feeds.values()) if (feed.key.terminal === terminal) feed.terminalOnline();
  }

  terminalOffline(terminal: string): void {
    for (const feed of this.#feeds.values()) if (feed.key.terminal === terminal) feed.terminalOffline();
  }

  /** Ends the feeds of a terminal that is no longer known. */
  terminalForgotten(terminal: string): void {
    for (const feed of [...this.#feeds.values()])
      if (feed.key.terminal === terminal) feed.end('unknownTerminal', 'the terminal was removed');
  }

  rows(): StreamRow[] {
    return [...this.#feeds.values()].map(feed => feed.row());
  }

  /** Ends every feed; terminals that are connected are told to stop sending. */
  close(): void {
    this.#closed = true;
    this.#stopTicking();
    for (const feed of [...this.#feeds.values()]) feed.end('shuttingDown', 'the server stops');
  }

  #open(key: StreamKey, name: string): Feed {
    const { clock, tally, settings, log, devices, intake, changed } = this.#parts;
    return new Feed({
      key,
      settings,
      clock,
      tally,
      log: log.child({ stream: name }),
      figuresEarlyMs: (this.#opened++ % turns) * tickMs,
      changed,
      beside: this.#parts.beside?.(key),
      closed: () => this.#feeds.delete(name),
      door: {
        isOnline: () => devices.isOnline(key.terminal),
        headerId: () => devices.get(key.terminal)?.headerId ?? key.terminal,
        expect: sink => intake.expect(key, sink),
        forget: () => intake.forget(key),
        isSoundOnly: () => devices.isSoundOnly(key.terminal, key.channel),
        open: () => devices.openStream(key),
        close: () => devices.closeStream(key),
        reportLoss: ratio => devices.reportLoss(key, ratio),
        sibling: () => this.#feeds.get(streamName({ ...key, stream: key.stream === 'main' ? 'sub' : 'main' })),
      },
    });
  }

  #tick(): void {
    for (const feed of this.#feeds.values()) feed.tick();
  }
}
