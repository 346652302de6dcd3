import { describe, expect, it } from 'vitest';
import { aLaw, cabinMurmur } from '../../electron/simulator/murmur.ts';

/** ITU-T G.711 table 1a, read back: sign, segment and step of a code with its even bits inverted. */
function expand(code: number): number {
  const bits = code ^ 0x55;
  const segment = (bits >> 4) & 7;
  const step = bits & 15;
  const magnitude = segment === 0 ? step * 2 + 1 : (step * 2 + 33) << (segment - 1);
  return ((bits & 0x80) !== 0 ? magnitude : -magnitude) / 4096;
}

describe('A-law', () => {
  it.each([
    [0, 0xd5],
    [1, 0xaa],
    [-1, 0x2a],
    [-1 / 32767, 0x55],
  ])('writes %f as code %i', (level, code) => {
    expect(aLaw(level)).toBe(code);
  });

  it('comes back within half a step of its segment', () => {
    for (let level = -0.999; level < 1; level += 0.0007) {
      const error = Math.abs(expand(aLaw(level)) - level);
      expect(error).toBeLessThanOrEqual(Math.max(1 / 2048, Math.abs(level) / 31));
    }
  });
});

describe('the murmur of a cabin', () => {
  it('is a loop of whole packets, heard but never clipped, without a click at its seam', () => {
    const sound = cabinMurmur(1);
    expect(sound.length % 160).toBe(0);
    const levels = [...sound].map(expand);
    const peak = Math.max(...levels.map(Math.abs));
    expect(peak).toBeGreaterThan(0.1);
    expect(peak).toBeLessThan(0.9);
    const steps = levels.map((level, at) => Math.abs(level - (levels[(at + 1) % levels.length] ?? 0)));
    expect(steps.at(-1)).toBeLessThan(Math.max(...steps.slice(0, -1)));
  });
});
