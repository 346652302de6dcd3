import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import type { FakeServer } from './fake-server.ts';
import { serveHarness } from './serve.ts';

/** `node test/renderer/harness/shots.ts`: pictures of the console in every state, to be looked at. Test only. */
const folder = fileURLToPath(new URL('../../e2e/output/console/', import.meta.url));
const vehicles = (numbers: number[][]) =>
  numbers.map(([vehicle, channel]) => ({ vehicleId: `139123400${String(vehicle).padStart(2, '0')}`, channel }));
const cells = vehicles([
  [1, 1],
  [1, 2],
  [1, 3],
  [5, 1],
  [5, 4],
  [11, 1],
  [12, 1],
  [9, 2],
  [6, 1],
  [6, 2],
  [10, 1],
  [10, 2],
]);
const manners = {
  '13912340005/1': 'waiting',
  '13912340005/4': 'stalled',
  '13912340011/1': 'opening',
  '13912340006/1': 'lost',
  '13912340006/2': 'refused',
  '13912340010/1': 'h265',
  '13912340010/2': 'svac',
} as const;

await build({ configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)), logLevel: 'error' });
mkdirSync(folder, { recursive: true });
const { address, server } = await serveHarness();
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args });

async function open(locale: string, width: number, height: number, layout: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height }, locale });
  const page = await context.newPage();
  page.on('console', message => message.type() === 'error' && console.log(`${locale}: ${message.text()}`));
  page.on('pageerror', error => console.log(`${locale}: ${error.message}`));
  const kept = JSON.stringify({ version: 1, value: { layout, focus: 1, maximised: null, cells } });
  await page.addInitScript(text => localStorage.setItem('convoy.wall', text), kept);
  await page.goto(address);
  await page.waitForFunction('window.fakeServer');
  await page.evaluate(wanted => {
    const fake: FakeServer = window.fakeServer;
    Object.assign(fake.manners, wanted);
    const tell = (id: string, text: string, ago: number) => fake.notice('info', text, { vehicleId: id }, ago);
    tell('13912340011', 'vehicleOnline', 12);
    tell('13912340009', 'vehicleOffline', 6);
  }, manners);
  return page;
}

for (const [locale, width, height] of [
  ['en-GB', 1920, 1080],
  ['zh-CN', 1366, 768],
] as const) {
  const shot = (page: Page, name: string) => page.screenshot({ path: join(folder, `${locale}-${name}.png`) });
  for (const layout of [9, 16]) {
    const page = await open(locale, width, height, layout);
    await page.waitForTimeout(6000);
    await shot(page, `wall-${layout}`);
    await page.keyboard.press('i');
    await page.waitForTimeout(700);
    await shot(page, `figures-${layout}`);
    for (const [key, dialog] of [
      ['?', 'keys'],
      [',', 'settings'],
      ['d', 'diagnostics'],
      ['a', 'about'],
    ] as const) {
      if (layout === 16) break;
      await page.keyboard.press(key);
      await page.waitForTimeout(500);
      await shot(page, dialog);
      await page.keyboard.press('Escape');
    }
    await page.evaluate(() => window.fakeServer.stop());
    await page.waitForTimeout(10_000);
    await shot(page, `lost-${layout}`);
    await page.context().close();
  }
}
await browser.close();
server.close();
