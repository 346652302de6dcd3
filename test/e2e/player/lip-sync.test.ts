import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeClip } from './clip.ts';
import { browserPath, type LabBrowser, openLab } from './lab-browser.ts';
import type { SoundFeedOptions } from './page/feeder-messages.ts';

const title = browserPath ? 'sound and picture' : 'sound and picture (no Chromium, Chrome or Edge is installed)';

/** A click heard this long before or after its flash is seen counts as in step, ms. */
const inStep = 80;

describe.skipIf(!browserPath)(title, () => {
  let lab: LabBrowser;

  beforeAll(async () => {
    lab = await openLab([await encodeClip('flash', { flash: true, gop: 15, seconds: 1 })]);
  });
  afterAll(() => lab?.close());

  async function measure(engine: 'jmuxer' | 'webcodecs', options: SoundFeedOptions) {
    const id = await lab.page.evaluate(given => window.lab.open({ clip: 'flash', engine: given }), engine);
    await expect
      .poll(() => lab.page.evaluate(given => window.lab.snapshot(given).state.kind, id), { timeout: 20_000 })
      .toBe('live');
    const report = await lab.page.evaluate(([given, how]) => window.lab.lipSync(given, 22_000, how), [
      id,
      options,
    ] as const);
    const { latencyMs } = await lab.page.evaluate(given => window.lab.snapshot(given), id);
    await lab.page.evaluate(given => window.lab.close(given), id);
    // In the first seconds play-out and picture find to each other.
    const differences = report.differences.slice(8).sort((a, b) => a - b);
    const middle = differences[differences.length >> 1] ?? Number.NaN;
    const figures = report.differences.map(Math.round).join(' ');
    console.info(
      `${engine} ${JSON.stringify(options)}: picture after ${latencyMs?.toFixed(0)} ms, sound behind it by ${figures}`,
    );
    return { ...report, middle, differences };
  }

  for (const engine of ['jmuxer', 'webcodecs'] as const) {
    it(`keep step, the picture through ${engine}`, async () => {
      const { middle, differences, state } = await measure(engine, {});
      expect(differences.length).toBeGreaterThan(6);
      expect(Math.abs(middle)).toBeLessThanOrEqual(inStep);
      expect(state).toBe('heard, then suspended, 0 nodes');
    });

    it(`keep step, the sound sent late and unevenly, through ${engine}`, async () => {
      const { middle } = await measure(engine, { delayMs: 20, jitterMs: 20, shared: 3 });
      expect(Math.abs(middle)).toBeLessThanOrEqual(inStep);
    });
  }

  it('keep step as the stamps say, where sound comes before its picture', async () => {
    const { middle } = await measure('webcodecs', { stampedLate: -200 });
    expect(Math.abs(middle - 200)).toBeLessThanOrEqual(inStep);
  });

  it('break no rule of the page and throw nothing', () => {
    expect(lab.errors).toEqual([]);
  });
});
