import type { MediaKey, StreamUse } from '../stream-key.ts';
import type { ExpectedFeed } from './expected-feed.ts';

/** What one channel is expected to send: nothing in a packet tells which of these it is for. */
export type ChannelFeeds = Partial<Record<StreamUse, ExpectedFeed>>;

/** Which streams were asked for, by terminal and channel. Grows only as the hub asks. */
export class Expectations {
  readonly #terminals = new Map<string, Map<number, ChannelFeeds>>();

  has(terminal: string): boolean {
    return this.#terminals.has(terminal);
  }

  channel(terminal: string, channel: number): ChannelFeeds | undefined {
    return this.#terminals.get(terminal)?.get(channel);
  }

  get(key: MediaKey): ExpectedFeed | undefined {
    return this.channel(key.terminal, key.channel)?.[key.stream];
  }

  add(feed: ExpectedFeed): void {
    const { terminal, channel, stream } = feed.key;
    let channels = this.#terminals.get(terminal);
    if (!channels) {
      channels = new Map();
      this.#terminals.set(terminal, channels);
    }
    const feeds = channels.get(channel) ?? {};
    feeds[stream] = feed;
    channels.set(channel, feeds);
  }

  delete(key: MediaKey): void {
    const channels = this.#terminals.get(key.terminal);
    const feeds = channels?.get(key.channel);
    if (!channels || !feeds) return;
    delete feeds[key.stream];
    if (Object.keys(feeds).length > 0) return;
    channels.delete(key.channel);
    if (channels.size === 0) this.#terminals.delete(key.terminal);
  }
}
