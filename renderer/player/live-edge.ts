import { timelineLimits } from './timeline.ts';

/** What the live edge needs of a <video>. */
export interface EdgeVideo {
  /** Seconds. */
  currentTime: number;
  playbackRate: number;
  readonly paused: boolean;
  readonly seeking: boolean;
  play(): Promise<void>;
}

/**
 * All numbers of the live edge, ms unless said otherwise. The lead is how far the newest frame begins ahead of the
 * playhead when it is appended: the time until it is seen, and the jitter that can be borne.
 *
 * Chromium's renderer counts a picture as spent once half its duration has passed, and stops the clock to rebuffer when
 * the next one is not decoded by then: the least lead that plays is half an interval, the decoder's time and two ticks of
 * the display.
 */
export const liveEdge = {
  /** The lead aimed at is half a frame interval, this much, and what was learnt from rebuffering. */
  target: 45,
  /** Learnt with each rebuffering, unlearnt per second without, and the most of it. */
  learn: 10,
  unlearn: 3,
  learnt: 80,
  /** Rebufferings closer together than this are one. */
  learnEvery: 200,
  /** A picture that is shown sooner than this and an interval before its time. */
  early: 50,
  /** With frames further apart than this nothing is gathered: the wait would be worse. */
  longInterval: 250,
  /** The smallest lead within this time counts, so that a jittery stream keeps what it needs. */
  window: 800,
  /** Faster when the lead exceeds the target by `above`, until it is down to `until` over the target. */
  faster: [
    { above: 25, until: 0, rate: 1.06 },
    { above: 100, until: 40, rate: 1.15 },
    { above: 300, until: 150, rate: 1.3 },
  ],
  /**
   * Slower when the lead is `below` under the target, until it is `until` under it; over a shorter time, lest it goes on
   * when the lead is long there.
   */
  slower: { below: 25, until: 5, rate: 0.96, window: 300 },
  /** Further behind than this the playhead jumps, once a picture was presented and no sooner. */
  seekAbove: 4000,
  /** After a jump nothing is judged for this long. */
  settle: 1000,
} as const;

/** Keeps the playhead of one <video> close behind the newest frame by playing a little faster or slower. */
export class LiveEdge {
  seeks = 0;
  rebufferings = 0;
  /** Asked for on top of the lead that play-out needs, ms. */
  hold = 0;
  readonly #video: EdgeVideo;
  readonly #samples: { at: number; lead: number }[] = [];
  #interval: number = timelineLimits.firstInterval;
  #learnt = 0;
  #learntAt = Number.NEGATIVE_INFINITY;
  #unlearntAt = 0;
  /** Index into `faster`, or -1. */
  #step = -1;
  #slow = false;
  #quietUntil = 0;

  constructor(video: EdgeVideo) {
    this.#video = video;
  }

  /** The lead aimed at now. */
  get target(): number {
    return this.#interval / 2 + liveEdge.target + this.#learnt + this.hold;
  }

  /** There is a picture: leads from before the clock ran say nothing. */
  started(): void {
    this.#samples.length = 0;
  }

  /** A live frame that begins at `beginMs` of the timeline was appended at monotonic time `now`. */
  appended(beginMs: number, intervalMs: number, now: number, presented: boolean): void {
    this.#interval = intervalMs;
    const seconds = (now - this.#unlearntAt) / 1000;
    this.#unlearntAt = now;
    this.#learnt = Math.max(0, this.#learnt - liveEdge.unlearn * Math.min(seconds, 1));
    this.#samples.push({ at: now, lead: beginMs - this.#video.currentTime * 1000 });
    while (now - this.#samples[0]!.at > liveEdge.window) this.#samples.shift();
    if (!presented || this.#video.seeking || now < this.#quietUntil) return;
    const over = this.#smallest(now - liveEdge.window) - this.target;
    if (over > liveEdge.seekAbove) this.#seek(beginMs, now);
    else this.#nudge(over, this.#smallest(now - liveEdge.slower.window) - this.target);
  }

  /**
   * The clock stopped for want of a picture. Returns how many of the coming frames to gather before they are appended
   * together: a single frame is shown at once, the clock stops again behind it, and so on for ever, the playhead falling
   * back all the while.
   */
  rebuffered(now: number): number {
    if (now - this.#learntAt < liveEdge.learnEvery || this.#interval > liveEdge.longInterval) return 0;
    this.#learntAt = now;
    this.rebufferings += 1;
    this.#samples.length = 0;
    this.#learnt = Math.min(this.#learnt + liveEdge.learn, liveEdge.learnt);
    return 1 + Math.max(1, Math.round(this.target / this.#interval));
  }

  /** A picture for `mediaMs` was shown: long before its time means that the clock keeps stopping behind every picture. */
  shown(mediaMs: number, now: number): number {
    const early = mediaMs - this.#video.currentTime * 1000;
    return early > liveEdge.early && early > this.#interval ? this.rebuffered(now) : 0;
  }

  #smallest(since: number): number {
    let smallest = Number.POSITIVE_INFINITY;
    for (const { at, lead } of this.#samples) if (at >= since && lead < smallest) smallest = lead;
    return smallest;
  }

  #nudge(over: number, overLately: number): void {
    const { faster, slower } = liveEdge;
    while (this.#step + 1 < faster.length && over > faster[this.#step + 1]!.above) this.#step += 1;
    while (this.#step >= 0 && over <= faster[this.#step]!.until) this.#step -= 1;
    this.#slow = this.#slow ? overLately < -slower.until : overLately < -slower.below;
    const rate = this.#step >= 0 ? faster[this.#step]!.rate : this.#slow ? slower.rate : 1;
    if (this.#video.playbackRate !== rate) this.#video.playbackRate = rate;
  }

  #seek(beginMs: number, now: number): void {
    this.seeks += 1;
    this.#video.currentTime = (beginMs - this.target) / 1000;
    this.#video.playbackRate = 1;
    this.#step = -1;
    this.#slow = false;
    this.#samples.length = 0;
    this.#quietUntil = now + liveEdge.settle;
  }

  /** Something paused the element (a power saver, a media key): a live picture never rests. */
  keepPlaying(): void {
    if (this.#video.paused) this.#video.play().catch(() => undefined);
  }
}
