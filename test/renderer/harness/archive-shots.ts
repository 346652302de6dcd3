import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { makeFootage } from './footage.ts';
import { serveHarness } from './serve.ts';

/** `node test/renderer/harness/archive-shots.ts`: pictures of recording and the archive, to be looked at. Test only. */
const folder = fileURLToPath(new URL('../../e2e/output/archive/', import.meta.url));
await build({ configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)), logLevel: 'error' });
mkdirSync(folder, { recursive: true });
const media = mkdtempSync(join(tmpdir(), 'footage-'));
const footage = ['a', 'b', 'c'].map(name => makeFootage(media, name, { seconds: 40 }));
const { address, server } = await serveHarness(footage);
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args });
for (const [locale, width, height] of [
  ['en-GB', 1920, 1080],
  ['zh-CN', 1366, 768],
] as const) {
  const context = await browser.newContext({ viewport: { width, height }, locale });
  const page = await context.newPage();
  page.on('console', message => message.type() === 'error' && console.log(`${locale}: ${message.text()}`));
  page.on('pageerror', error => console.log(`${locale}: ${error.message}`));
  const cells = [1, 2, 3, 4].map(channel => ({ vehicleId: '13912340001', channel }));
  const kept = JSON.stringify({ version: 1, value: { layout: 4, focus: 0, maximised: null, cells } });
  await page.addInitScript(text => localStorage.setItem('convoy.wall', text), kept);
  await page.goto(address);
  const shot = (name: string) => page.screenshot({ path: join(folder, `${locale}-${name}.png`) });
  await page.waitForTimeout(3000);
  await page.keyboard.press('r');
  await page.waitForTimeout(2500);
  await shot('recording');
  await page.keyboard.press(' ');
  await page.waitForTimeout(2000);
  await shot('review');
  await page.keyboard.press('End');
  await page.evaluate(() => window.fakeServer.archive.fail('diskFull'));
  await page.waitForTimeout(700);
  await shot('failing');
  await page.evaluate(() => window.fakeServer.archive.fail(undefined));
  await page.keyboard.press('Shift+R');
  await page.waitForTimeout(600);
  const slot = (n: number) => page.locator(`[data-slot="${n}"]`);
  await slot(16).hover();
  await page.mouse.down();
  await slot(48 * 4 + 35).hover();
  await page.mouse.up();
  await shot('plans');
  await page.keyboard.press('Escape');
  await page.keyboard.press('v');
  await page.waitForTimeout(2500);
  await shot('archive');
  await page.keyboard.press(' ');
  await page.waitForTimeout(2500);
  await page.keyboard.press('Shift+E');
  await page.waitForTimeout(1500);
  await page.keyboard.press('i');
  await page.waitForTimeout(200);
  await shot('archive-gap');
  await page.keyboard.press('x');
  await page.waitForTimeout(400);
  await page.getByTestId('export-start').click();
  await page.waitForTimeout(400);
  await shot('export');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.waitForTimeout(400);
  await shot('keys');
  await context.close();
}
await browser.close();
server.close();
rmSync(media, { recursive: true });
