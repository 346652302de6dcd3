import { describe, expect, it } from 'vitest';
import { type EdgeVideo, LiveEdge, liveEdge } from '../../renderer/player/live-edge.ts';

/** A <video> whose playhead runs while there is something ahead of it. */
class FakeVideo implements EdgeVideo {
  playbackRate = 1;
  paused = false;
  seeking = false;
  end = 0;
  jumps = 0;
  plays = 0;
  #time = 0;

  get currentTime(): number {
    return this.#time;
  }

  set currentTime(seconds: number) {
    this.#time = seconds;
    this.jumps += 1;
  }

  play(): Promise<void> {
    this.plays += 1;
    this.paused = false;
    return Promise.resolve();
  }

  run(ms: number): void {
    this.#time = Math.min(this.#time + (ms / 1000) * this.playbackRate, this.end);
  }
}

const interval = 40;
const target = interval / 2 + liveEdge.target;

/** Feeds frames of 25 fps to a playhead that starts `behind` ms back; returns the lead and the rate after each. */
function play(options: {
  behind: number;
  frames: number;
  presented?: boolean;
  late?: (i: number) => number;
  speed?: number;
}) {
  const video = new FakeVideo();
  const edge = new LiveEdge(video);
  const log: { lead: number; rate: number }[] = [];
  let now = 0;
  let begin = options.behind;
  for (let i = 0; i < options.frames; i += 1) {
    const lateness = options.late?.(i) ?? 0;
    const passed = i * interval + lateness - now;
    now += passed;
    video.run(passed);
    video.end = (begin + interval) / 1000;
    edge.appended(begin, interval, now, options.presented ?? true);
    log.push({ lead: begin - video.currentTime * 1000, rate: video.playbackRate });
    begin += interval * (options.speed ?? 1);
  }
  return { video, edge, log };
}

describe('LiveEdge', () => {
  it('leaves a playhead alone that is where it should be', () => {
    const { video, log } = play({ behind: target, frames: 500 });
    expect(new Set(log.map(row => row.rate))).toEqual(new Set([1]));
    expect(video.jumps).toBe(0);
  });

  it('plays faster until the target, in steps, and then at the true rate', () => {
    const { video, log } = play({ behind: 600, frames: 500 });
    expect(log[0]!.rate).toBe(1.3);
    for (const { rate } of liveEdge.faster) expect(log.some(row => row.rate === rate)).toBe(true);
    expect(log.at(-1)!.rate).toBe(1);
    expect(log.at(-1)!.lead).toBeGreaterThan(target - 25);
    expect(log.at(-1)!.lead).toBeLessThan(target + 25);
    expect(video.jumps).toBe(0);
  });

  it('does not change its mind between two thresholds', () => {
    const { log } = play({ behind: 900, frames: 800 });
    const changes = log.filter((row, i) => i > 0 && row.rate !== log[i - 1]!.rate).length;
    expect(changes).toBeLessThanOrEqual(4);
  });

  it('keeps what jitter needs: the smallest lead counts', () => {
    const { log } = play({ behind: 200, frames: 1000, late: i => (i % 20 === 0 ? 100 : 0) });
    expect(Math.min(...log.slice(500).map(row => row.lead))).toBeGreaterThan(target - 50);
    expect(Math.max(...log.slice(500).map(row => row.lead))).toBeLessThan(target + 200);
  });

  it('holds against a camera whose clock runs 1 % fast for an hour', () => {
    const { log } = play({ behind: target, frames: 90_000, speed: 1.01 });
    expect(Math.max(...log.map(row => row.lead))).toBeLessThan(target + 100);
  });

  it('holds against one that runs 1 % slow, by playing slower', () => {
    const { log } = play({ behind: target, frames: 20_000, speed: 0.99 });
    expect(log.some(row => row.rate === liveEdge.slower.rate)).toBe(true);
    expect(Math.min(...log.map(row => row.lead))).toBeGreaterThan(target - 60);
  });

  it('jumps when it is far behind, once', () => {
    const { video, edge, log } = play({ behind: 10_000, frames: 200 });
    expect(video.jumps).toBe(1);
    expect(edge.seeks).toBe(1);
    expect(log.at(-1)!.lead).toBeLessThan(target + 50);
  });

  it('never jumps, and plays at the true rate, before the first picture', () => {
    const { video, log } = play({ behind: 10_000, frames: 200, presented: false });
    expect(video.jumps).toBe(0);
    expect(new Set(log.map(row => row.rate))).toEqual(new Set([1]));
  });

  it('does not judge while the element seeks', () => {
    const video = new FakeVideo();
    video.seeking = true;
    const edge = new LiveEdge(video);
    edge.appended(20_000, interval, 0, true);
    expect(video.jumps).toBe(0);
  });

  it('gathers frames after the clock stopped, and aims higher for a while', () => {
    const video = new FakeVideo();
    const edge = new LiveEdge(video);
    edge.appended(0, 66, 1000, true);
    const before = edge.target;
    expect(edge.rebuffered(1000)).toBe(2);
    expect(edge.target).toBe(before + liveEdge.learn);
    expect(edge.rebuffered(1050)).toBe(0);
    for (let i = 1; i <= 300; i += 1) edge.appended(i * 66, 66, 1000 + i * 66, true);
    expect(edge.target).toBe(before);
  });

  it('does not aim higher without end', () => {
    const edge = new LiveEdge(new FakeVideo());
    edge.appended(0, 40, 0, true);
    for (let i = 0; i < 100; i += 1) edge.rebuffered(i * 300);
    expect(edge.target).toBe(target + liveEdge.learnt);
  });

  it('gathers nothing from a camera of two frames a second', () => {
    const edge = new LiveEdge(new FakeVideo());
    edge.appended(0, 500, 0, true);
    expect(edge.rebuffered(1000)).toBe(0);
  });

  it('notices a clock that stops behind every picture', () => {
    const video = new FakeVideo();
    const edge = new LiveEdge(video);
    edge.appended(66, 66, 0, true);
    expect(edge.shown(66, 300)).toBe(0);
    expect(edge.shown(400, 300)).toBeGreaterThan(0);
  });

  it('plays on when something paused it', () => {
    const video = new FakeVideo();
    video.paused = true;
    const edge = new LiveEdge(video);
    edge.keepPlaying();
    edge.keepPlaying();
    expect(video.plays).toBe(1);
  });
});
