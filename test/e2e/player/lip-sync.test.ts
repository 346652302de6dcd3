import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasDisplay } from '../../../electron/browser-finder.ts';
import { electronHere } from '../../../electron/electron-finder.ts';
import { encodeClip } from './clip.ts';
import { browserPath, type LabBrowser, type LabHost, openLab } from './lab-browser.ts';
import type { SoundFeedOptions } from './page/feeder-messages.ts';

const electron = electronHere();
const noDisplay = hasDisplay(process.platform, process.env) ? '' : 'no display, and no Xvfb';
const hosts: { host: LabHost; missing: string }[] = [
  { host: 'chromium', missing: browserPath ? '' : 'no Chromium, Chrome or Edge is installed' },
  { host: 'electron', missing: 'missing' in electron ? electron.missing : noDisplay },
];

/** Each measurement takes its time: what is about sound alone is measured in the first host that there is. */
const first = hosts.find(({ missing }) => !missing)?.host;

/** A click heard this long before or after its flash is seen counts as in step, ms. */
const inStep = 80;
/** In the first seconds play-out and picture find to each other: so many flashes, one a second. */
const settling = 4;
const listenedMs = 10_000;

describe.each(hosts)('sound and picture in $host', ({ host, missing }) => {
  // Side by side, each on a loudspeaker of its own: most of the time is waited.
  describe.skipIf(missing)(missing || 'measured', { concurrent: true }, () => {
    let lab: LabBrowser;

    beforeAll(async () => {
      lab = await openLab([await encodeClip('flash', { flash: true, gop: 15, seconds: 1 })], host);
    });
    afterAll(() => lab?.close());

    async function measure(engine: 'jmuxer' | 'webcodecs', options: SoundFeedOptions) {
      const id = await lab.page.evaluate(given => window.lab.open({ clip: 'flash', engine: given }), engine);
      await expect
        .poll(() => lab.page.evaluate(given => window.lab.snapshot(given).state.kind, id), { timeout: 20_000 })
        .toBe('live');
      const report = await lab.page.evaluate(([given, how]) => window.lab.lipSync(given, how.ms, how.options), [
        id,
        { ms: listenedMs, options },
      ] as const);
      const { latencyMs } = await lab.page.evaluate(given => window.lab.snapshot(given), id);
      await lab.page.evaluate(given => window.lab.close(given), id);
      const figures = report.differences.map(Math.round).join(' ');
      console.info(
        `${engine} ${JSON.stringify(options)}: picture ${latencyMs?.toFixed(0)} ms, sound after it ${figures}`,
      );
      const settled = report.differences.slice(settling).sort((a, b) => a - b);
      return { ...report, settled, middle: settled[settled.length >> 1] ?? Number.NaN };
    }

    for (const engine of ['jmuxer', 'webcodecs'] as const) {
      it(`keep step, the picture through ${engine}`, async () => {
        const { middle, settled, state } = await measure(engine, {});
        expect(settled.length).toBeGreaterThan(3);
        expect(Math.abs(middle)).toBeLessThanOrEqual(inStep);
        expect(state).toBe('heard, then suspended, 0 nodes');
      });

      if (host !== first) continue;
      it(`keep step, the sound sent late and unevenly, through ${engine}`, async () => {
        const { middle } = await measure(engine, { delayMs: 20, jitterMs: 20, shared: 3 });
        expect(Math.abs(middle)).toBeLessThanOrEqual(inStep);
      });
    }

    if (host === first)
      it('keep step as the stamps say, where sound is sent before its picture', async () => {
        const { middle } = await measure('webcodecs', { stampedLate: -200 });
        expect(Math.abs(middle - 200)).toBeLessThanOrEqual(inStep);
      });

    it('break no rule of the page and throw nothing', { concurrent: false }, () => {
      expect(lab.errors).toEqual([]);
    });
  });
});
