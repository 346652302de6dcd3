import type { MediaDown, MediaUp, StreamStatus } from '../../../../electron/contract.ts';
import { splitNals } from '../../../../renderer/player/annex-b.ts';
import type { FeedOptions } from './feeder-messages.ts';

export interface FeedClip {
  fps: number;
  width: number;
  height: number;
  units: { key: boolean; data: Uint8Array }[];
}

/** One simulated camera behind the hub: paces a clip into a media port and keeps the port's rules. */
export class Feed {
  sent = 0;
  keys = 0;
  starved = 0;
  closed = false;
  readonly #port: MessagePort;
  readonly #options: FeedOptions;
  #clip: FeedClip;
  #next = 0;
  #seq = 0;
  #pts = 5_000_000;
  #credits: number;
  #dueAt: number;
  #lastAt = 0;
  #awaitsKey = false;
  #lose = 0;
  #corrupt = 0;
  #startedFor: FeedClip | undefined;
  #stalledUntil = 0;
  #nextStall: number;

  constructor(port: MessagePort, options: FeedOptions, clip: FeedClip, now: number) {
    this.#port = port;
    this.#options = options;
    this.#clip = clip;
    this.#credits = options.credits ?? 60;
    // Cameras are not in step with one another.
    this.#dueAt = now + (options.cached || options.burst ? 0 : Math.random() * (1000 / clip.fps));
    this.#nextStall = now + (options.stall?.everyMs ?? Number.POSITIVE_INFINITY) * (0.5 + Math.random());
    port.onmessage = event => this.#up(event.data as MediaUp);
    this.#status();
    for (let i = 0; i < (options.cached ?? 0); i += 1) this.#emit(now - 2000, true);
    for (let i = 0; i < (options.burst ?? 0); i += 1) this.#emit(now, false);
  }

  change(clip: FeedClip): void {
    this.#clip = clip;
    this.#next = 0;
  }

  lose(frames: number, honest: boolean): void {
    this.#lose = frames;
    this.#awaitsKey = honest;
    if (honest) this.#post({ type: 'gap', frames, reason: 'loss' });
  }

  corrupt(frames: number): void {
    this.#corrupt = frames;
  }

  pause(ms: number, now: number): void {
    this.#dueAt = now + ms;
    this.#pts += ms;
    this.#lastAt = 0;
  }

  end(): void {
    this.#post({ type: 'end', code: 'terminalGone', message: 'the test ends it' });
    this.closed = true;
  }

  /** The device's clock at `now` (ms): a picture is sent when its own time has come. */
  ptsAt(now: number): number {
    return this.#pts + 1000 / this.#clip.fps - (this.#dueAt - now);
  }

  /** Device ms since the last picture that begins the clip, at device time `pts`. */
  sinceBeginning(pts: number): number {
    const interval = 1000 / this.#clip.fps;
    const beginning = this.#pts - (this.#next - 1) * interval;
    const length = this.#clip.units.length * interval;
    return (((pts - beginning) % length) + length) % length;
  }

  /** Sends what is due at `now` (ms). */
  tick(now: number): void {
    const { stall, jitterMs = 0, rate = 1 } = this.#options;
    if (stall && now >= this.#nextStall) {
      this.#stalledUntil = now + stall.forMs;
      this.#nextStall = now + stall.everyMs * (0.8 + 0.4 * Math.random());
    }
    while (!this.closed && now >= this.#stalledUntil) {
      const late = jitterMs > 0 ? this.#lateness(jitterMs) : 0;
      if (now < this.#dueAt + late) return;
      this.#lateBy = undefined;
      this.#emit(now, false);
      this.#dueAt += 1000 / this.#clip.fps / rate;
      if (this.#seq % 15 === 0) this.#status();
    }
  }

  #lateBy: number | undefined;
  #lateness(jitterMs: number): number {
    this.#lateBy ??= Math.random() * jitterMs;
    return this.#lateBy;
  }

  #emit(now: number, cached: boolean): void {
    const unit = this.#clip.units[this.#next]!;
    this.#next = (this.#next + 1) % this.#clip.units.length;
    this.#pts += 1000 / this.#clip.fps;
    if (unit.key) this.keys += 1;
    if (this.#lose > 0) {
      this.#lose -= 1;
      this.#seq += 1;
      return;
    }
    if (this.#credits <= 0) {
      if (!this.#awaitsKey) this.#post({ type: 'gap', frames: 0, reason: 'slowConsumer' });
      this.#awaitsKey = true;
      this.starved += 1;
    }
    if (unit.key && this.#credits > 0) this.#awaitsKey = false;
    if (this.#awaitsKey) {
      this.#seq += 1;
      return;
    }
    if (unit.key && this.#startedFor !== this.#clip) this.#start(unit.data);
    let data = unit.data.slice();
    if (this.#corrupt > 0 && !unit.key) {
      this.#corrupt -= 1;
      data = damaged(data);
    }
    this.#credits -= 1;
    this.sent += 1;
    this.#lastAt = now;
    this.#post({
      type: 'frame',
      seq: this.#seq,
      key: unit.key,
      cached,
      ptsMs: Math.round(this.#pts),
      receivedAt: cached ? Date.now() - 2000 : performance.timeOrigin + performance.now(),
      data,
    });
    this.#seq += 1;
  }

  #start(data: Uint8Array): void {
    this.#startedFor = this.#clip;
    const parameterSets = splitNals(data)
      .filter(nal => (nal[0]! & 0x1f) === 7 || (nal[0]! & 0x1f) === 8)
      .map(nal => nal.slice());
    const { width, height } = this.#clip;
    this.#post({ type: 'start', codec: this.#options.codec ?? 'h264', parameterSets, width, height });
  }

  #status(): void {
    const status: StreamStatus = {
      phase: this.#lastAt === 0 && this.sent === 0 ? 'opening' : 'live',
      since: Date.now(),
      steps: [{ step: 'commandSent', at: Date.now() }],
      attempts: 0,
      lastFrameAt: Date.now(),
      fps: this.#clip.fps,
      bitsPerSecond: 0,
      lossRatio: 0,
    };
    if (this.#options.codec) status.codec = this.#options.codec;
    this.#post({ type: 'status', status });
  }

  #up(message: MediaUp): void {
    if (message.type === 'credit') this.#credits += message.frames;
    else {
      this.closed = true;
      this.#port.close();
    }
  }

  #post(message: MediaDown): void {
    this.#port.postMessage(message);
  }
}

/** Forty bytes at random places behind the slice header. */
function damaged(data: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  for (let i = 0; i < 40; i += 1) data[12 + Math.floor(Math.random() * (data.length - 12))] = 1 + Math.random() * 254;
  return data;
}
