import type { ErrorCode, GapReason, StreamStatus, VideoCodec } from '../contract.ts';
import type { AudioPacket, Frame } from '../frames/frame.ts';

/** What a decoder needs before the first frame. */
export interface StartInfo {
  readonly codec: VideoCodec;
  /** VPS, SPS, PPS as NAL units without start code, in that order; empty when the codec has none or is not known. */
  readonly parameterSets: readonly Uint8Array[];
  /** Pixels, 0 when not known. */
  readonly width: number;
  readonly height: number;
}

/**
 * One who watches a feed: a console's media port, a WebSocket client, the recorder. Called synchronously from the feed;
 * must not throw, and must not keep the loop busy. Everything handed over is shared and read-only.
 *
 * Order: `status` at any time; `start` before the first frame and again when the parameter sets change; the first frame
 * and the first one after every `gap` is a key frame (or a unit that carries only the parameter sets of the key frame
 * which follows it).
 */
export interface Subscriber {
  /** What is known of the stream: at once on subscribing, at once on a change of phase or step, else about once a second. */
  status(status: StreamStatus): void;
  start(info: StartInfo): void;
  /**
   * @param cached from the GOP cache: already past when it was handed over
   * @returns false when the subscriber cannot take it now: it was not taken, waits in this subscription's bounded queue,
   *   and is offered again after `Subscription.drain()`
   */
  frame(frame: Frame, cached: boolean): boolean;
  /** Live audio; none is queued, so a subscriber that is behind misses some. */
  audio(packet: AudioPacket): void;
  /** Frames are missing before the next one; `frames` is 0 when their number is not known. */
  gap(frames: number, reason: GapReason): void;
  /** The last call: the feed ended by itself, not by `Subscription.close()`. */
  end(code: ErrorCode, message: string): void;
}

/**
 * Who stands beside a feed and keeps what passes: it is counted nowhere, keeps no stream open and is never behind. Called
 * like a subscriber, and as little allowed to throw.
 */
export interface Bystander {
  /** @param lead parameter-set units that came right before `frame` */
  frame(frame: Frame, lead: readonly Frame[], start: StartInfo): void;
  /** Frames are missing; the next one is a key frame. */
  gap(): void;
  /** The last call: the feed is over. */
  closed(): void;
}

/** A subscriber's hold on a feed. Both methods may be called at any time, also from within a call of the subscriber. */
export interface Subscription {
  /** Nothing is called any more after this returns. Closing twice is harmless. */
  close(): void;
  /** The subscriber can take frames again: hands over what waits in its queue, until `frame` says false. */
  drain(): void;
}
