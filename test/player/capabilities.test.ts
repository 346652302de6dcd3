import { describe, expect, it } from 'vitest';
import { type Capabilities, engineFor, probeCapabilities } from '../../renderer/player/capabilities.ts';
import { DisplayLog, displayLatency } from '../../renderer/player/display-log.ts';
import { RateMeter } from '../../renderer/player/rate-meter.ts';
import { FakeClock } from './fake-clock.ts';

const none = { h264: false, h265: false };
const h264 = { h264: true, h265: false };
const both = { h264: true, h265: true };
const page = (mse: Capabilities['mse'], webcodecs: Capabilities['webcodecs']): Capabilities => ({
  mse,
  webcodecs,
  trackGenerator: true,
});

describe('engineFor', () => {
  it('takes jmuxer unless WebCodecs was chosen', () => {
    expect(engineFor('h264', 'auto', page(h264, h264))).toEqual({ engine: 'jmuxer' });
    expect(engineFor('h264', 'jmuxer', page(h264, h264))).toEqual({ engine: 'jmuxer' });
    expect(engineFor('h264', 'webcodecs', page(h264, h264))).toEqual({ engine: 'webcodecs' });
  });

  it('takes the other one when the chosen one cannot', () => {
    expect(engineFor('h264', 'webcodecs', page(h264, none))).toEqual({ engine: 'jmuxer' });
    expect(engineFor('h264', 'jmuxer', page(none, h264))).toEqual({ engine: 'webcodecs' });
    expect(engineFor('h265', 'jmuxer', page(both, both))).toEqual({ engine: 'webcodecs' });
  });

  it('says what this PC cannot decode', () => {
    expect(engineFor('h265', 'auto', page(h264, h264))).toEqual({ undecodable: 'h265' });
    expect(engineFor('h264', 'auto', page(none, none))).toEqual({ undecodable: 'h264' });
    for (const codec of ['avs', 'svac', 'unknown'] as const)
      expect(engineFor(codec, 'auto', page(both, both))).toEqual({ undecodable: 'codec' });
  });

  it('finds nothing where there is no browser', async () => {
    expect(await probeCapabilities()).toEqual({ mse: none, webcodecs: none, trackGenerator: false });
  });
});

describe('displayLatency', () => {
  it('runs from arrival to display, on two clocks of one machine', () => {
    const clock = new FakeClock();
    clock.advance(5000);
    expect(displayLatency(clock.now() - 100, clock.monotonic() + 16, clock)).toBe(116);
  });

  it('is unknown when the clocks cannot be one machine’s', () => {
    const clock = new FakeClock();
    expect(displayLatency(clock.now() + 500, clock.monotonic(), clock)).toBeUndefined();
    expect(displayLatency(clock.now() - 3_600_000, clock.monotonic(), clock)).toBeUndefined();
  });

  it('finds the arrival of a picture by its place on the timeline, for a while', () => {
    const log = new DisplayLog();
    for (let i = 0; i < 300; i += 1) log.fed(i * 40, { receivedAt: 7_000_000 + i, ptsMs: 500 + i });
    expect(log.origin(299 * 40)).toEqual({ receivedAt: 7_000_299, ptsMs: 799 });
    expect(log.origin(100 * 40)).toEqual({ receivedAt: 7_000_100, ptsMs: 600 });
    expect(log.origin(10 * 40)).toBeUndefined();
    expect(log.origin(41)).toBeUndefined();
  });
});

describe('RateMeter', () => {
  it('tells the rate over its window, and nothing of what is older', () => {
    const meter = new RateMeter(2000);
    for (let at = 0; at <= 10_000; at += 250) meter.count(at / 40, at);
    expect(meter.perSecond(10_000)).toBeCloseTo(25, 0);
    for (let at = 10_250; at <= 14_000; at += 250) meter.count(250, at);
    expect(meter.perSecond(14_000)).toBe(0);
  });
});
