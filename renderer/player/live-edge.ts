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
 */
export const liveEdge = {
  target: 60,
  /** The smallest lead within this time counts, so that a jittery stream keeps what it needs. */
  window: 1500,
  /** Faster when the lead exceeds the target by `above`, until it is down to `until` over the target. */
  faster: [
    { above: 30, until: 0, rate: 1.05 },
    { above: 250, until: 120, rate: 1.12 },
    { above: 1000, until: 500, rate: 1.3 },
  ],
  /** Slower when the lead is `below` under the target, until it is back at `until` under it. */
  slower: { below: 45, until: 15, rate: 0.95 },
  /** Further behind than this the playhead jumps, once a picture was presented and no sooner. */
  seekAbove: 4000,
  /** After a jump nothing is judged for this long. */
  settle: 1000,
} as const;

/** Keeps the playhead of one <video> close behind the newest frame by playing a little faster or slower. */
export class LiveEdge {
  seeks = 0;
  readonly #video: EdgeVideo;
  readonly #samples: { at: number; lead: number }[] = [];
  /** Index into `faster`, or -1. */
  #step = -1;
  #slow = false;
  #quietUntil = 0;

  constructor(video: EdgeVideo) {
    this.#video = video;
  }

  /** A live frame that begins at `beginMs` of the timeline was appended at monotonic time `now`. */
  appended(beginMs: number, now: number, presented: boolean): void {
    const lead = beginMs - this.#video.currentTime * 1000;
    this.#samples.push({ at: now, lead });
    while (now - this.#samples[0]!.at > liveEdge.window) this.#samples.shift();
    if (!presented || this.#video.seeking || now < this.#quietUntil) return;
    const over = this.#smallest() - liveEdge.target;
    if (over > liveEdge.seekAbove) this.#seek(beginMs, now);
    else this.#nudge(over);
  }

  #smallest(): number {
    let smallest = Number.POSITIVE_INFINITY;
    for (const sample of this.#samples) if (sample.lead < smallest) smallest = sample.lead;
    return smallest;
  }

  #nudge(over: number): void {
    const { faster, slower } = liveEdge;
    while (this.#step + 1 < faster.length && over > faster[this.#step + 1]!.above) this.#step += 1;
    while (this.#step >= 0 && over <= faster[this.#step]!.until) this.#step -= 1;
    this.#slow = this.#slow ? over < -slower.until : over < -slower.below;
    const rate = this.#step >= 0 ? faster[this.#step]!.rate : this.#slow ? slower.rate : 1;
    if (this.#video.playbackRate !== rate) this.#video.playbackRate = rate;
  }

  #seek(beginMs: number, now: number): void {
    this.seeks += 1;
    this.#video.currentTime = (beginMs - liveEdge.target) / 1000;
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
