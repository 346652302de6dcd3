import { describe, expect, it } from 'vitest';
import { ArrivalLags } from '../../../renderer/sound/arrival-lags.ts';
import { Concealment } from '../../../renderer/sound/concealment.ts';
import { meterPart } from '../../../renderer/sound/meter.ts';
import { oneChannel } from '../../../renderer/sound/packet-decoder.ts';
import { SincKernel } from '../../../renderer/sound/sinc-kernel.ts';
import { StampLine } from '../../../renderer/sound/stamp-line.ts';

describe('ArrivalLags', () => {
  it('finds what 97 of 100 packets need, and forgets in time', () => {
    const lags = new ArrivalLags();
    for (let i = 0; i < 256; i++) lags.add(i % 100 === 50 ? 500 : 20 + (i % 10));
    expect(lags.median).toBeGreaterThan(20);
    expect(lags.most).toBe(29);
    for (let i = 0; i < 256; i++) lags.add(5);
    expect([lags.median, lags.most]).toEqual([5, 5]);
  });

  it('believes the first packets, there being no others', () => {
    const lags = new ArrivalLags();
    lags.add(40);
    lags.add(90);
    expect(lags.most).toBe(90);
  });

  it('sees soon that all come later', () => {
    const lags = new ArrivalLags();
    for (let i = 0; i < 256; i++) lags.add(20);
    for (let i = 0; i < 4; i++) lags.add(200);
    expect(lags.most).toBe(40);
  });
});

describe('StampLine', () => {
  const line = () => {
    const made = new StampLine();
    made.begin(1000, 8000);
    return made;
  };

  it('counts samples, and follows stamps that are true', () => {
    const made = line();
    expect(made.place(1020, 160)).toEqual({ kind: 'next' });
    expect(made.timeOf(320)).toBeCloseTo(1040);
    expect(made.indexAt(1040)).toBeCloseTo(320);
  });

  it('takes several packets with one stamp, and stamps that waver, for what they are', () => {
    const made = line();
    // As a recorder sends: 25 ms each, stamps 133, 0, 0, 126, 0 apart.
    const stamps = [1000, 1000, 1000, 1075, 1075, 1075, 1150, 1150, 1150, 1225];
    const places = stamps.map((stamp, i) => made.place(stamp, i * 200).kind);
    expect(new Set(places)).toEqual(new Set(['next']));
  });

  it('tells a gap, a leap ahead and a leap back', () => {
    expect(line().place(1200, 160)).toEqual({ kind: 'gap', ms: 180 });
    expect(line().place(9000, 160)).toEqual({ kind: 'new' });
    expect(line().place(-500, 160)).toEqual({ kind: 'new' });
    expect(line().place(700, 160)).toEqual({ kind: 'next' });
  });
});

describe('Concealment', () => {
  const ring = Float32Array.from({ length: 4096 }, (_, i) => (i < 2000 ? Math.sin((2 * Math.PI * i) / 50) : 0));

  it('goes on with the last period, then fades into silence', () => {
    new Concealment(ring, 8000).fill(2000, 2600, 2000, 0);
    for (let i = 2000; i < 2080; i++) expect(ring[i]).toBeCloseTo(Math.sin((2 * Math.PI * i) / 50), 1);
    const loudest = (from: number, to: number) => Math.max(...ring.subarray(from, to).map(Math.abs));
    expect(loudest(2250, 2300)).toBeGreaterThan(0.4);
    expect(loudest(2250, 2300)).toBeLessThan(0.8);
    expect(loudest(2480, 2600)).toBe(0);
  });

  it('is silent after next to nothing', () => {
    const short = new Float32Array(1024).fill(0.5, 0, 100);
    new Concealment(short, 8000).fill(100, 300, 100, 0);
    expect(Math.max(...short.subarray(100, 300))).toBe(0);
  });
});

describe('SincKernel', () => {
  it.each([300, 1000, 3000])('gives a tone of %d Hz between its samples', hertz => {
    const ring = Float32Array.from({ length: 256 }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / 8000));
    const kernel = new SincKernel(8000, 48_000);
    for (let place = 50; place < 90; place += 0.37) {
      const index = Math.floor(place);
      const wanted = Math.sin((2 * Math.PI * hertz * place) / 8000);
      expect(Math.abs(kernel.at(ring, index, place - index) - wanted)).toBeLessThan(0.03);
    }
  });

  it('leaves out what the output cannot carry', () => {
    const ring = Float32Array.from({ length: 256 }, (_, i) => Math.sin((2 * Math.PI * 20_000 * i) / 48_000));
    const kernel = new SincKernel(48_000, 16_000);
    for (let index = 60; index < 100; index++) expect(Math.abs(kernel.at(ring, index, 0.5))).toBeLessThan(0.1);
  });
});

it('mixes channels into one', () => {
  expect([...oneChannel(Int16Array.of(16384, 0, -32768, -32768, 7), 2)]).toEqual([0.25, -1]);
});

it('fills a meter by decibels', () => {
  expect(meterPart(0)).toBe(0);
  expect(meterPart(0.0001)).toBe(0);
  expect(meterPart(0.02)).toBeGreaterThan(0.3);
  expect(meterPart(Math.SQRT1_2)).toBeCloseTo(1);
  expect(meterPart(1)).toBe(1);
});
