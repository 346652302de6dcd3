import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasFfmpeg } from '../record/probe.ts';
import { electronKind, type OpenConsole, removeFolder, temporaryFolder, titleOf, until } from './consoles.ts';
import { picture, tile, untilMoving } from './tiles.ts';

describe.skipIf(electronKind.missing || !hasFfmpeg)(`looking back in ${titleOf(electronKind)} (needs ffprobe)`, () => {
  let desk: OpenConsole;
  const pictures = temporaryFolder();
  const exports = temporaryFolder();
  beforeAll(async () => {
    desk = await electronKind.open({
      demo: true,
      size: { width: 1440, height: 900 },
      settings: { exportFolder: exports },
    });
    await desk.app!.evaluate(({ app, shell }, folder) => {
      app.setPath('pictures', folder);
      shell.showItemInFolder = path => {
        (globalThis as { shownInFolder?: string }).shownInFolder = path;
      };
    }, pictures);
    await untilMoving(desk.page, [0, 1]);
  });
  afterAll(async () => {
    await desk?.close();
    for (const folder of [pictures, exports]) removeFolder(folder);
  });

  const shownInFolder = () => desk.app!.evaluate(() => (globalThis as { shownInFolder?: string }).shownInFolder ?? '');
  const remark = () => desk.page.getByTestId('remark');

  it('saves what a tile shows, and all tiles, and leads to the file', async () => {
    await tile(desk.page, 0).click();
    await desk.page.keyboard.press('s');
    const words = await remark().textContent();
    const name = /\S+\.png/.exec(words ?? '')![0];
    // Plate, channel and time.
    expect(name).toMatch(/^\p{L}{2}[·._-]?\w+_.*\d{8}-\d{6}\.png$/u);
    await picture(desk, 'snapshot-saved');
    await until('the file', () => existsSync(join(pictures, 'Convoy', name)));
    // The remark may be gone on a busy machine; the key stays.
    if (await desk.page.getByTestId('show-saved').isVisible()) await desk.page.getByTestId('show-saved').click();
    else await desk.page.keyboard.press('Shift+f');
    await until('the folder', async () => (await shownInFolder()) === join(pictures, 'Convoy', name));
    await desk.page.keyboard.press('Shift+s');
    await until('all tiles', async () => /^9\D/.test((await remark().textContent()) ?? ''));
  });

  it('finds a recorded camera by typing, plays it, steps, and exports it', async () => {
    const { page } = desk;
    for (const cell of [0, 2]) {
      await tile(page, cell).click();
      await page.keyboard.press('r');
    }
    await page.waitForTimeout(12_000);
    await page.getByTestId('page-archive').click();
    await page.getByTestId('footage-search').waitFor();
    await until('a picture', async () => (await page.getByTestId('pane-0').getAttribute('data-kind')) === 'picture');
    const plates = await page.locator('.footage-vehicle').allTextContents();
    expect(plates).toHaveLength(2);
    await page.keyboard.press('/');
    await page.keyboard.type(plates[1]!.replace(/[^A-Z0-9]/g, '').toLowerCase());
    expect(await page.locator('.footage-vehicle').allTextContents()).toEqual([plates[1]]);
    await picture(desk, 'archive-search');
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('footage-row');
    const panes = () => page.locator('.archive-tile').count();
    expect(await panes()).toBe(2);
    await page.keyboard.press('Enter');
    await until('one pane less', async () => (await panes()) === 1);
    await page.keyboard.press('Enter');
    await until('both panes', async () => (await panes()) === 2);
    await page.getByTestId('pane-0').click();
    const clock = () => page.getByTestId('archive-clock').textContent();
    const before = await clock();
    await page.keyboard.press('ArrowRight');
    await until('the next frame', async () => (await clock()) !== before);
    await page.keyboard.press('x');
    await picture(desk, 'archive-export');
    await page.getByTestId('export-start').click();
    const file = await until('the exported file', () => {
      const found = execFileSync('find', [exports, '-name', '*.mp4'], { encoding: 'utf8' }).trim().split('\n');
      const done = found.filter(path => path && !path.includes('_unfinished'));
      // One more of each camera where its sound began.
      const isWhole = execFileSync('find', [exports, '-name', 'SHA256SUMS'], { encoding: 'utf8' }) !== '';
      return isWhole && done.length >= 2 ? done.sort().at(-1) : undefined;
    });
    const words = ['-v', 'error', '-count_frames', '-select_streams', 'v:0', '-show_entries', 'stream=nb_read_frames'];
    const frames = Number(execFileSync('ffprobe', [...words, '-of', 'csv=p=0', file], { encoding: 'utf8' }));
    expect(frames).toBeGreaterThan(30);
    await picture(desk, 'archive-exported');
    expect(desk.complaints).toEqual([]);
  });
});
