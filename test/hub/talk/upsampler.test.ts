import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Upsampler } from '../../../electron/hub/talk/upsampler.ts';

it('leaves what has the right rate alone', () => {
  const samples = Int16Array.of(1, -2, 3);
  expect(new Upsampler(8000, 1).take(samples)).toBe(samples);
});

it('draws straight lines between samples, and gives each channel the same', () => {
  const upsampler = new Upsampler(16000, 2);
  expect([...upsampler.take(Int16Array.of(100, 200))]).toEqual([0, 0, 50, 50, 100, 100, 150, 150]);
  expect([...upsampler.take(Int16Array.of(0))]).toEqual([200, 200, 100, 100]);
});

it('gives the same whatever pieces the sound comes in', () => {
  const rates = fc.constantFrom(16000, 22050, 44100, 48000);
  const pieces = fc.array(fc.int16Array({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(rates, pieces, (rate, parts) => {
      const whole = Int16Array.from(parts.flatMap(part => [...part]));
      const upsampler = new Upsampler(rate, 1);
      const inPieces = parts.flatMap(part => [...upsampler.take(part)]);
      const atOnce = new Upsampler(rate, 1).take(whole);
      expect(Math.abs(inPieces.length - atOnce.length)).toBeLessThanOrEqual(1);
      for (const [at, sample] of inPieces.slice(0, atOnce.length).entries())
        expect(Math.abs(sample - atOnce[at]!)).toBeLessThanOrEqual(1);
      expect(Math.abs(atOnce.length - (whole.length * rate) / 8000)).toBeLessThanOrEqual(2);
    }),
  );
});
