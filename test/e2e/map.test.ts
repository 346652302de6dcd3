import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ConsoleKind,
  consoleKinds,
  electronKind,
  type OpenConsole,
  output,
  removeFolder,
  temporaryFolder,
  titleOf,
  until,
} from './consoles.ts';
import { streetArchive } from './street-archive.ts';
import { untilMoving, untilOnline, untilRecorded } from './tiles.ts';

/** Pixels of a screenshot's map that are nearly of a colour. */
async function pixels(page: Page, [red, green, blue]: [number, number, number]): Promise<number> {
  const shot = (await page.getByTestId('map').screenshot()).toString('base64');
  return page.evaluate(
    async ([data, r, g, b]) => {
      const bytes = Uint8Array.from(atob(data), char => char.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      const { data: rgba } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      let count = 0;
      for (let i = 0; i < rgba.length; i += 4)
        if (Math.abs(rgba[i]! - r) < 6 && Math.abs(rgba[i + 1]! - g) < 6 && Math.abs(rgba[i + 2]! - b) < 6) count++;
      return count;
    },
    [shot, red, green, blue] as const,
  );
}

const moving: [number, number, number] = [0x3f, 0xb9, 0x50];
const water: [number, number, number] = [0x0b, 0x22, 0x33];
const ground: [number, number, number] = [0x0d, 0x14, 0x1b];
const withStreets = (kind: ConsoleKind) => kind === electronKind;

describe.each(consoleKinds)('the map in $name', kind => {
  describe.skipIf(kind.missing)(titleOf(kind), () => {
    let desk: OpenConsole;
    const folder = temporaryFolder();
    const shot = (name: string) => desk.page.screenshot({ path: join(output, `map-${kind.name}-${name}.png`) });

    beforeAll(async () => {
      const mapFile = join(folder, 'streets.pmtiles');
      writeFileSync(mapFile, streetArchive());
      const settings = withStreets(kind) ? { mapFile } : {};
      desk = await kind.open({ demo: true, size: { width: 1600, height: 900 }, settings });
      await untilOnline(desk.page, 6);
    }, 120_000);
    afterAll(async () => {
      await desk?.close();
      removeFolder(folder);
    });

    it('shows every vehicle that said where it is, and takes the wall to it', async () => {
      const { page } = desk;
      await page.keyboard.press('Shift+P');
      await until('the map', async () => (await page.getByTestId('map').getAttribute('data-state')) === 'shown');
      await until('six places', async () => /6 of 6/.test(await page.getByTestId('map-count').innerText()));
      await until('marks of moving vehicles', async () => (await pixels(page, moving)) > 100);
      await shot('all');
      const [id] = await untilOnline(page, 6);
      await page.getByTestId(`fleet-row-${id}`).click();
      await page.getByTestId('map-page').getByTestId('vehicle-card').waitFor();
      await shot('chosen');
      expect(desk.complaints).toEqual([]);
    });

    // The web door takes its settings from the environment, which has no word for this one.
    it(withStreets(kind) ? 'draws the streets of the file' : 'draws a grid where there is no file', async () => {
      const { page } = desk;
      const colour = withStreets(kind) ? water : ground;
      await until('the ground', async () => (await pixels(page, colour)) > 100_000);
      expect(desk.complaints).toEqual([]);
    });

    it('follows the clock of the archive', async () => {
      const { page } = desk;
      await page.getByTestId('page-live').click();
      await untilMoving(page, [0]);
      await page.getByTestId('tile-0').click();
      await page.keyboard.press('r');
      await untilRecorded(page, 0, 5);
      await page.keyboard.press('r');
      await page.getByTestId('page-archive').click();
      await until('a place', async () => /km\/h/.test(await page.getByTestId('archive-place').innerText()));
      await until('its mark', async () => (await pixels(page, moving)) > 30);
      await shot('archive');
    });
  });
});
