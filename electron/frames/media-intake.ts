import type { Packet } from '../codec/jt1078/packet.ts';
import { mediaKind } from '../codec/jt1078/payload-type.ts';
import type { MediaKey } from '../stream-key.ts';
import { type ChannelFeeds, Expectations } from './expectations.ts';
import { ExpectedFeed, type IntakeParts, type IntakeSink } from './expected-feed.ts';
import type { MediaSource } from './media-source.ts';
import { Sender } from './sender.ts';
import { SilentSources } from './silent-sources.ts';
import { packetLength, SourceStream } from './source-stream.ts';

export type { IntakeSink } from './expected-feed.ts';

/** So much between two ticks is no delay of a timer. */
const heldUpMs = 60;

/**
 * Takes in the packets of every source and gives the frames of the streams that were asked for; everything else is
 * counted. Media is known by terminal and channel, never by address. A stream that runs is pinned to the source that
 * began it, until that closes or has been silent for `sourceSilenceMs`.
 *
 * Packets do not say whether they are main or sub stream, or what a recorder plays from its disk. A source of a channel goes
 * to the key that was asked for last and has none; the next one to another key that has none. Three things correct that: a source whose picture size changes
 * right after the other key was asked for is a device that switched; the larger picture of two is the main stream; and of two streams
 * that broke off, the one that had its size gets the source that returns first.
 *
 * Sound of a source that brings nothing else goes to a talk that was asked for on that channel, and pictures never do.
 *
 * State exists only for sources that feed an expected stream, so a flood of unknown terminals or addresses leaves none.
 */
export class MediaIntake {
  readonly #parts: IntakeParts;
  /** Connections that have brought nothing yet, kept by whoever accepts them. */
  readonly silent: SilentSources;
  readonly #expectations = new Expectations();
  readonly #senders = new Map<MediaSource, Map<string, Sender>>();
  #orders = 0;
  #tickedAt = Number.NEGATIVE_INFINITY;
  /** The last tick was late and gave nothing up; the next one does, however late it is. */
  #isForgiven = false;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
    this.silent = new SilentSources(parts.clock);
  }

  /** Asked for again, a stream keeps its source. */
  expect(key: MediaKey, sink: IntakeSink): void {
    const now = this.#parts.clock.monotonic();
    this.#orders++;
    const feed = this.#expectations.get(key);
    if (!feed) {
      this.#expectations.add(new ExpectedFeed(key, sink, now, this.#orders));
      return;
    }
    feed.sink = sink;
    feed.expectedAt = now;
    feed.order = this.#orders;
  }

  /** The sink is told nothing more. */
  forget(key: MediaKey): void {
    const feed = this.#expectations.get(key);
    if (!feed) return;
    this.#expectations.delete(key);
    this.#unpin(feed);
  }

  isWanted(terminal: string): boolean {
    return this.#expectations.has(terminal);
  }

  /** `packet` is only looked at during the call. Never throws for what is in it. */
  packet(source: MediaSource, packet: Packet): void {
    const now = this.#parts.clock.monotonic();
    let sender = this.#senders.get(source)?.get(packet.terminal);
    let stream = sender?.streams.get(packet.channel);
    if (stream?.feed.key.stream === 'talk' && !isSound(packet)) {
      this.#wasNoTalk(stream);
      stream = undefined;
      sender = undefined;
    }
    if (stream) {
      stream.lastPacketAt = now;
      stream.saw(packet);
    } else {
      const feed = this.#claim(source, packet, now);
      if (feed) sender = this.#pin(feed, source, packet, now);
    }
    sender?.accept(packet, now);
  }

  sourceClosed(source: MediaSource): void {
    const senders = this.#senders.get(source);
    if (!senders) return;
    for (const sender of senders.values()) {
      sender.end();
      for (const stream of sender.streams.values()) {
        const { feed } = stream;
        feed.stream = undefined;
        stream.ended();
        feed.sink.sourceClosed();
      }
    }
    this.#senders.delete(source);
  }

  /**
   * To be called about every 20 ms: waits for missing packets end here. When the process was held up, what was missing may
   * lie in the socket, unread: it has until the next tick.
   */
  tick(): void {
    const now = this.#parts.clock.monotonic();
    const wasHeldUp = now - this.#tickedAt > heldUpMs && !this.#isForgiven;
    this.#tickedAt = now;
    this.#isForgiven = wasHeldUp;
    if (wasHeldUp) return;
    for (const senders of this.#senders.values()) for (const sender of senders.values()) sender.tick(now);
  }

  /** The feed that a source may take, or undefined, counted. */
  #claim(source: MediaSource, packet: Packet, now: number): ExpectedFeed | undefined {
    const { tally, settings } = this.#parts;
    const feeds = this.#expectations.channel(packet.terminal, packet.channel);
    if (!feeds) {
      const isExpected = this.#expectations.has(packet.terminal);
      tally.add(isExpected ? 'intake.unwantedChannel' : 'intake.unwanted');
      this.#refused(source, packet, isExpected ? 'unwantedChannel' : 'unwanted');
      return undefined;
    }
    const { talk } = feeds;
    if (talk?.isFree(source, now, settings.sourceSilenceMs) && isSound(packet)) return talk;
    let latest: ExpectedFeed | undefined;
    for (const feed of Object.values(feeds))
      if (feed !== talk && feed.isFree(source, now, settings.sourceSilenceMs) && (!latest || feed.order > latest.order))
        latest = feed;
    if (latest) return latest;
    tally.add('intake.otherSource');
    this.#refused(source, packet, 'otherSource');
    return undefined;
  }

  #refused(source: MediaSource, packet: Packet, why: 'unwanted' | 'unwantedChannel' | 'otherSource'): void {
    const { dataUse, evidence } = this.#parts;
    const use = dataUse?.known(packet.terminal);
    if (use) use.refused += packetLength(packet);
    evidence?.mediaRefused(source, packet, why);
  }

  #pin(feed: ExpectedFeed, source: MediaSource, packet: Packet, now: number): Sender {
    this.#unpin(feed);
    const { terminal, channel } = feed.key;
    const stream = new SourceStream(source, feed, this.#parts, (changed, hadSize) =>
      this.#sizeChanged(changed, hadSize),
    );
    stream.lastPacketAt = now;
    stream.opened(packet);
    const sender = this.#senderOf(source, terminal);
    sender.streams.set(channel, stream);
    feed.stream = stream;
    feed.sink.sourceOpened(source, stream.sim);
    if (feed.hadSource) stream.assembler.sourceChanged();
    feed.hadSource = true;
    this.#parts.log.debug({ stream: feed.name, peer: source.remote, transport: source.transport }, 'media begins');
    return sender;
  }

  /** A live stream that began with a packet of sound while a talk was awaited. */
  #wasNoTalk({ feed }: SourceStream): void {
    this.#parts.tally.add('intake.talkWasLive');
    this.#unpin(feed);
    feed.sink.sourceMistaken?.();
  }

  #senderOf(source: MediaSource, terminal: string): Sender {
    let senders = this.#senders.get(source);
    if (!senders) {
      senders = new Map();
      this.#senders.set(source, senders);
    }
    let sender = senders.get(terminal);
    if (!sender) {
      sender = new Sender(source, terminal, this.#parts);
      senders.set(terminal, sender);
    }
    return sender;
  }

  #unpin(feed: ExpectedFeed): void {
    const { stream } = feed;
    if (!stream) return;
    feed.stream = undefined;
    stream.ended();
    const senders = this.#senders.get(stream.source);
    const sender = senders?.get(feed.key.terminal);
    if (!senders || !sender) return;
    sender.streams.delete(feed.key.channel);
    if (sender.streams.size === 0) senders.delete(sender.terminal);
    if (senders.size === 0) this.#senders.delete(stream.source);
  }

  /** The unit at hand still has to be handed on: it goes to whichever feed the stream has afterwards. */
  #sizeChanged(stream: SourceStream, hadSize: boolean): void {
    this.#place(stream, hadSize);
    stream.feed.pixels = stream.pixels;
  }

  #place(stream: SourceStream, hadSize: boolean): void {
    const { feed, pixels } = stream;
    const feeds = this.#expectations.channel(feed.key.terminal, feed.key.channel);
    const isLive = feed.key.stream === 'main' || feed.key.stream === 'sub';
    const other = isLive ? feeds?.[feed.key.stream === 'main' ? 'sub' : 'main'] : undefined;
    if (!feeds || !other || feed.stream !== stream) return;
    if (!other.stream) {
      const sinceAsked = this.#parts.clock.monotonic() - other.expectedAt;
      const isSwitched = hadSize && sinceAsked < this.#parts.settings.openTimeoutMs;
      const isReturned = !hadSize && pixels === other.pixels && feed.pixels > 0 && pixels !== feed.pixels;
      if (isSwitched || isReturned) this.#moveTo(other, stream);
    } else if (isSwapped(feeds)) this.#swap(stream, other.stream);
  }

  /** What comes is the other stream of its channel. */
  #moveTo(other: ExpectedFeed, stream: SourceStream): void {
    const { feed } = stream;
    this.#parts.tally.add('intake.switchedStream');
    feed.stream = undefined;
    stream.attributeTo(other);
    other.stream = stream;
    other.hadSource = true;
    feed.sink.sourceClosed();
    other.sink.sourceOpened(stream.source, stream.sim);
  }

  #swap(stream: SourceStream, counterpart: SourceStream): void {
    this.#parts.tally.add('intake.swappedStreams');
    stream.swapWith(counterpart);
    stream.feed.stream = stream;
    counterpart.feed.stream = counterpart;
    for (const moved of [stream, counterpart]) {
      moved.feed.pixels = moved.pixels;
      moved.feed.sink.sourceOpened(moved.source, moved.sim);
    }
    stream.gap(0, 'sourceChanged');
    counterpart.assembler.sourceChanged();
  }
}

function isSound(packet: Packet): boolean {
  return mediaKind(packet.payloadType, packet.dataType) === 'audio';
}

function isSwapped({ main, sub }: ChannelFeeds): boolean {
  const mainPixels = main?.stream?.pixels ?? 0;
  const subPixels = sub?.stream?.pixels ?? 0;
  return mainPixels > 0 && subPixels > mainPixels;
}
