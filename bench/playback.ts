import { chromium, type Page } from 'playwright-core';
import { findBrowser } from '../electron/browser-finder.ts';
import type { CameraKey } from '../electron/contract.ts';
import { makeMonth } from './month-of-footage.ts';
import { type BenchResult, median, percentile, round } from './result.ts';
import { ServedConvoy } from './websocket-tcp.ts';

const mostMs = 500;
const points = 40;
const warmUps = 4;
const quiet = ['--disable-gpu', '--disable-background-networking', '--autoplay-policy=no-user-gesture-required'];
const rootOnly = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];

const cameras: CameraKey[] = Array.from({ length: 16 }, (_, at) => ({
  vehicleId: `1390000${String(at >> 2).padStart(4, '0')}`,
  channel: (at % 4) + 1,
  stream: 'main',
}));

/** In the page: from the press of the mouse to the first picture of one pane, and of all of them. */
function armed(page: Page): Promise<{ first: number; all: number }> {
  return page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        setTimeout(
          () =>
            reject(
              new Error(
                `no picture within ten seconds: ${[...document.querySelectorAll<HTMLElement>('.archive-tile')].map(tile => tile.dataset.kind).join()}`,
              ),
            ),
          10_000,
        );
        window.addEventListener(
          'pointerdown',
          press => {
            const videos = [...document.querySelectorAll<HTMLVideoElement>('.archive-video')];
            const shown: number[] = [];
            for (const video of videos)
              video.requestVideoFrameCallback(now => {
                shown.push(now - press.timeStamp);
                if (shown.length === videos.length) resolve({ first: Math.min(...shown), all: Math.max(...shown) });
              });
          },
          { capture: true, once: true },
        );
      }),
  );
}

async function clicked(page: Page, click: () => Promise<void>): Promise<{ first: number; all: number }> {
  const seen = armed(page);
  // The listener is in place once the page has answered something else after it.
  await page.evaluate(() => undefined);
  await click();
  return seen;
}

/** A click on a day of the calendar and one on its timeline, for points all over the month. */
async function measure(page: Page, days: number) {
  const day: number[] = [];
  const first: number[] = [];
  const all: number[] = [];
  const timeline = page.getByTestId('timeline');
  for (let at = -warmUps; at < points; at++) {
    const date = ((at + warmUps) * 7919) % days;
    const other = page.locator(`.calendar-day[data-day="${date + 1}"]`);
    const arrived = await clicked(page, () => other.click());
    const box = await timeline.boundingBox();
    if (!box) throw new Error('no timeline');
    await page.waitForTimeout(150);
    const x = 220 + ((((at + warmUps) * 613) % 97) / 97) * (box.width - 240);
    const seen = await clicked(page, () => timeline.click({ position: { x, y: 44 } }));
    if (at < 0) continue;
    day.push(arrived.all);
    first.push(seen.first);
    all.push(seen.all);
  }
  return { day, first, all };
}

export async function run(): Promise<BenchResult> {
  const month = await makeMonth(cameras);
  const server = await ServedConvoy.start(month.dataDir);
  const browser = await chromium.launch({ executablePath: findBrowser() ?? '', args: [...quiet, ...rootOnly] });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
    await page.goto(server.web);
    await page.getByTestId('wall').waitFor();
    await page.getByTestId('page-archive').click();
    await page.locator('.calendar-head button').first().click();
    await page
      .locator('.calendar-day[data-footage]')
      .nth(month.days - 1)
      .waitFor();
    // The first four cameras come into the panes.
    await page.locator('.calendar-day[data-day="15"]').click();
    await page.locator('.archive-tile[data-kind="picture"]').nth(3).waitFor();
    const { day, first, all } = await measure(page, month.days);
    const slow = percentile(all, 95);
    return {
      name: `Start of playback in a month of ${cameras.length} cameras`,
      rows: [
        { label: 'files in the catalogue', value: month.segments, unit: '' },
        { label: 'click on the timeline → first pane, median', value: round(median(first)), unit: 'ms' },
        { label: 'click on the timeline → all four panes, median', value: round(median(all)), unit: 'ms' },
        { label: 'all four panes, 95th of 100', value: round(slow), unit: 'ms' },
        { label: 'slowest', value: round(Math.max(...all)), unit: 'ms' },
        { label: 'click on another day → all four panes, median', value: round(median(day)), unit: 'ms' },
        { label: 'the same, 95th of 100', value: round(percentile(day, 95)), unit: 'ms' },
      ],
      ratio: round(slow / mostMs, 2),
      target: `a picture in all panes within ${mostMs} ms of the click, 95 of 100 at points all over the month`,
      ok: slow <= mostMs && percentile(day, 95) <= mostMs,
    };
  } finally {
    await browser.close();
    await server.stop();
    await month.remove();
  }
}
