import { describe, expect, it } from 'vitest';
import { Downsampler } from '../../../renderer/talk/downsampler.ts';

function tone(hz: number, rate: number, seconds: number): Float32Array {
  return Float32Array.from({ length: rate * seconds }, (_, at) => 0.5 * Math.sin((2 * Math.PI * hz * at) / rate));
}

const loudness = (samples: Int16Array) =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

function inBlocks(samples: Float32Array, rate: number): Int16Array {
  const downsampler = new Downsampler(rate);
  const out: number[] = [];
  for (let at = 0; at < samples.length; at += 128) out.push(...downsampler.take(samples.subarray(at, at + 128)));
  return Int16Array.from(out);
}

describe.each([8000, 16000, 44100, 48000, 96000])('a microphone of %i Hz', rate => {
  it('gives 8000 samples a second', () => {
    const { length } = inBlocks(tone(440, rate, 1), rate);
    expect(length).toBeGreaterThan(7950);
    expect(length).toBeLessThanOrEqual(8001);
  });

  it('keeps a voice as loud as it was', () => {
    const heard = inBlocks(tone(1000, rate, 1), rate).subarray(200);
    expect(loudness(heard) / ((0.5 * 32767) / Math.SQRT2)).toBeCloseTo(1, 1);
  });

  it('keeps what is too high out instead of folding it down', () => {
    if (rate <= 16000) return;
    for (const hz of [5000, 7000, 12000])
      expect(loudness(inBlocks(tone(hz, rate, 1), rate).subarray(200)), `${hz} Hz`).toBeLessThan(150);
  });

  it('gives the same in blocks of 128 as at once', () => {
    const samples = tone(700, rate, 0.2);
    const whole = new Downsampler(rate).take(samples);
    const blocks = inBlocks(samples, rate);
    expect(Math.abs(whole.length - blocks.length)).toBeLessThanOrEqual(1);
    for (let at = 0; at < blocks.length; at++) expect(Math.abs(blocks[at]! - whole[at]!)).toBeLessThanOrEqual(1);
  });
});

it('does not wrap around where it is too loud', () => {
  const square = Float32Array.from({ length: 48000 }, (_, at) => (at % 200 < 100 ? 1.5 : -1.5));
  const heard = inBlocks(square, 48000);
  expect(Math.max(...heard)).toBe(32767);
  expect(Math.min(...heard)).toBe(-32768);
});
