import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JitterBuffer } from '../../../renderer/sound/jitter-buffer.ts';
import { play } from './played.ts';

/** Loudest of a stretch, and how regular its tone is: crossings of zero a second. */
function heard(output: Float32Array, rate: number, fromMs: number, toMs: number): { peak: number; hertz: number } {
  const part = output.subarray((fromMs * rate) / 1000, (toMs * rate) / 1000);
  let crossings = 0;
  for (let i = 1; i < part.length; i++) if (part[i - 1]! < 0 !== part[i]! < 0) crossings++;
  return {
    peak: part.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0),
    hertz: (crossings * 500) / (toMs - fromMs),
  };
}

describe('play-out', () => {
  it('plays what came, at its pitch and as loud as it was', () => {
    const { output, report } = play({ seconds: 10 });
    expect(report).toMatchObject({ late: 0, gaps: 0, jumps: 0, packets: 498 });
    const { peak, hertz } = heard(output, 16_000, 4000, 8000);
    expect(peak).toBeGreaterThan(0.48);
    expect(peak).toBeLessThan(0.53);
    expect(hertz).toBeGreaterThan(438);
    expect(hertz).toBeLessThan(442);
  });

  it('waits no longer than the packets need', () => {
    // 20 ms of packet, 15 ms of way, 10 of jitter, 10 of margin.
    const { behind } = play({ seconds: 60 });
    expect(behind.least).toBeGreaterThan(40);
    expect(behind.most).toBeLessThan(62);
  });

  it('is as late as its picture when that is later', () => {
    const { behind, report } = play({ seconds: 40, pictureMs: 140 });
    expect(behind.least).toBeGreaterThan(135);
    expect(behind.most).toBeLessThan(145);
    expect(report.overMs).toBeLessThan(-70);
  });

  it('asks for a later picture when that is too early, and does not wait much beyond it for stragglers', () => {
    const held = (packet: number) => (packet % 12 === 0 ? 150 : 0);
    const { report, behind } = play({ seconds: 40, pictureMs: 30, held });
    expect(report.overMs).toBeGreaterThan(60);
    expect(behind.most).toBeLessThan(30 + 75);
    expect(report.late).toBeGreaterThan(10);
  });

  describe.each([0.01, -0.01])('of a device whose clock is off by %d', clock => {
    it.each([
      { stamps: 'clock', seconds: 3600 },
      { stamps: 'count', seconds: 1200 },
    ] as const)(
      'keeps its delay for $seconds seconds, with stamps by $stamps',
      ({ stamps, seconds }) => {
        const { behind, report } = play({ seconds, clock, stamps, outputRate: 8000 });
        expect(behind.most - behind.least).toBeLessThan(25);
        // Counted stamps of a fast clock make early packets look late for as long as they are remembered.
        expect(behind.most).toBeLessThan(stamps === 'clock' ? 90 : 120);
        expect(report).toMatchObject({ late: 0, gaps: 0, jumps: 0 });
        expect(report.rate).toBeGreaterThan(1 + clock - 0.002);
        expect(report.rate).toBeLessThan(1 + clock + 0.002);
        // Of what was played so much, at most, had to be made up.
        expect(report.concealedMs / seconds / 1000).toBeLessThan(stamps === 'clock' ? 0.001 : 0.004);
        // An hour of play-out takes a computer seconds, and one with other work to do many more.
      },
      90_000,
    );
  });

  it('conceals one lost packet, and is silent where a second is missing', () => {
    const lost = (packet: number) => packet === 250 || (packet >= 300 && packet < 350);
    const { output, report } = play({ seconds: 10, lost });
    expect(heard(output, 16_000, 4900, 5200).peak).toBeGreaterThan(0.4);
    expect(heard(output, 16_000, 6250, 6900).peak).toBeLessThan(0.001);
    expect(heard(output, 16_000, 7200, 7500).peak).toBeGreaterThan(0.4);
    expect(report.gaps).toBe(1);
    expect(report.late).toBe(0);
  });

  it('drops and counts what comes after its time, and does not stay late for it', () => {
    const held = (packet: number) => (packet >= 250 && packet < 280 ? 900 - (packet - 250) * 20 : 0);
    const { report, behind } = play({ seconds: 60, held });
    expect(report.late).toBeGreaterThan(20);
    expect(report.late).toBeLessThan(50);
    expect(behind.most).toBeLessThan(75);
  });

  it('waits longer when everything comes later from some time on', () => {
    const { report, output } = play({ seconds: 16, held: packet => (packet > 250 ? 300 : 0) });
    expect(report.lagMs).toBeGreaterThan(330);
    expect(heard(output, 16_000, 9000, 15_000).peak).toBeGreaterThan(0.4);
  });

  it('begins anew when the device’s time leaps', () => {
    const buffer = new JitterBuffer(8000);
    const out = new Float32Array(128);
    const samples = new Float32Array(160).fill(0.5);
    let peak = 0;
    for (let i = 0; i < 500; i++) {
      const ptsMs = i * 20 + (i < 250 ? 0 : 1_000_000_000);
      buffer.put({ ptsMs, sampleRate: 8000, samples: samples.slice() }, i * 20 + 20);
      peak = 0;
      for (let turn = 0; turn < 1.25; turn++) {
        buffer.read(out, i * 20 + 20 + turn * 16);
        peak = Math.max(peak, ...out);
      }
    }
    expect(peak).toBeGreaterThan(0.4);
    expect(buffer.report().lagMs).toBeLessThan(-999_000_000);
  });

  it('follows another sampling rate', () => {
    const buffer = new JitterBuffer(16_000);
    const out = new Float32Array(160);
    for (let i = 0; i < 200; i++) {
      const sampleRate = i < 100 ? 8000 : 48_000;
      const samples = Float32Array.from(
        { length: sampleRate / 100 },
        (_, at) => 0.5 * Math.sin(2 * Math.PI * 400 * (i * 0.01 + at / sampleRate)),
      );
      buffer.put({ ptsMs: i * 10, sampleRate, samples }, i * 10 + 10);
      buffer.read(out, i * 10 + 10);
    }
    const peak = out.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(peak).toBeGreaterThan(0.45);
    expect(peak).toBeLessThan(0.55);
  });

  it('is silent before the first packet', () => {
    const out = new Float32Array(128).fill(1);
    new JitterBuffer(48_000).read(out, 5);
    expect(out.every(sample => sample === 0)).toBe(true);
  });

  it('never gives anything but finite sound within bounds, whatever comes', () => {
    const block = fc.record({
      ptsMs: fc.oneof(fc.integer({ min: -1e12, max: 2e12 }), fc.integer({ min: 0, max: 5000 })),
      sampleRate: fc.constantFrom(8000, 11_025, 16_000, 44_100, 48_000),
      length: fc.integer({ min: 0, max: 3000 }),
      wait: fc.integer({ min: 0, max: 3000 }),
      steer: fc.option(fc.integer({ min: -1e6, max: 1e6 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(block, { maxLength: 40 }), blocks => {
        const buffer = new JitterBuffer(48_000);
        const out = new Float32Array(128);
        let now = 0;
        for (const { length, wait, steer, ...rest } of blocks) {
          buffer.put({ ...rest, samples: new Float32Array(length).fill(0.9) }, now);
          buffer.steer(steer);
          for (const end = now + Math.min(wait, 60); now < end; now += 128 / 48) {
            buffer.read(out, now);
            for (const sample of out) if (!(Math.abs(sample) < 1.5)) throw new Error(`sample ${sample}`);
          }
          now += Math.max(0, wait - 60);
        }
        for (const value of Object.values(buffer.report())) if (!Number.isFinite(value)) throw new Error(`${value}`);
      }),
      { numRuns: 150 },
    );
  });
});
