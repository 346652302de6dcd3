import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { type OpenConsole, output, until } from './consoles.ts';

export const tile = (page: Page, cell: number): Locator => page.getByTestId(`tile-${cell}`);
export const kindOf = (page: Page, cell: number) => tile(page, cell).getAttribute('data-kind');
export const cameraOf = (page: Page, cell: number) => tile(page, cell).getAttribute('data-camera');

/** What a tile shows now, on a grid of 16 × 9 grey values from 0 to 255; undefined without a picture. */
export function pictureOf(page: Page, cell: number): Promise<number[] | undefined> {
  return pictureWithin(tile(page, cell));
}

/** The same of whatever shows a picture. */
export function pictureWithin(shown: Locator): Promise<number[] | undefined> {
  return shown.evaluate(element => {
    const surfaces = [...element.querySelectorAll<HTMLVideoElement | HTMLCanvasElement>('video, canvas')];
    const source = surfaces.find(
      each => each.offsetWidth > 0 && (each instanceof HTMLCanvasElement ? each.width > 1 : each.videoWidth > 0),
    );
    if (!source) return undefined;
    const canvas = new OffscreenCanvas(16, 9);
    const context = canvas.getContext('2d');
    if (!context) return undefined;
    context.drawImage(source, 0, 0, 16, 9);
    const { data } = context.getImageData(0, 0, 16, 9);
    return Array.from({ length: 144 }, (_, i) => Math.round((data[i * 4]! + data[i * 4 + 1]! + data[i * 4 + 2]!) / 3));
  });
}

/** A picture is more than one colour. */
export function hasContent(picture: number[] | undefined): picture is number[] {
  return picture !== undefined && Math.max(...picture) - Math.min(...picture) > 40;
}

const differs = (a: number[], b: number[]) => a.some((value, i) => Math.abs(value - (b[i] ?? 0)) >= 2);

/** Waits until every one of the cells shows a picture that moves and says that it is live. */
export async function untilMoving(page: Page, cells: readonly number[], ms = 45_000): Promise<void> {
  for (const cell of cells) {
    await until(`tile ${cell} to be live`, async () => (await kindOf(page, cell)) === 'live', ms);
    const first = await until(`a picture in tile ${cell}`, async () => {
      const picture = await pictureOf(page, cell);
      return hasContent(picture) ? picture : undefined;
    });
    await until(`the picture of tile ${cell} to move`, async () => {
      const picture = await pictureOf(page, cell);
      return hasContent(picture) && differs(first, picture);
    });
  }
}

/** Vehicles in the list that are online. */
export async function onlineVehicles(page: Page): Promise<string[]> {
  return page
    .locator('[data-testid^="fleet-row-"][data-state="online"]')
    .evaluateAll(rows => rows.map(row => row.getAttribute('data-testid')?.slice('fleet-row-'.length) ?? ''));
}

export async function untilOnline(page: Page, count: number): Promise<string[]> {
  return until(`${count} vehicles online`, async () => {
    const found = await onlineVehicles(page);
    return found.length >= count ? found : undefined;
  });
}

/** All cameras of a vehicle onto the wall, as an operator does it. */
export async function addVehicle(page: Page, id: string): Promise<void> {
  await page.getByTestId(`fleet-row-${id}`).dblclick();
}

/** Waits until the recording of a cell is so long, as its chip says. */
export async function untilRecorded(page: Page, cell: number, seconds: number): Promise<void> {
  const chip = tile(page, cell).getByTestId('record-chip');
  await until(`${seconds} s of recording in tile ${cell}`, async () => {
    const [, minutes = '', rest = ''] = /(\d+):(\d\d)/.exec((await chip.allTextContents()).join()) ?? [];
    return Number(minutes) * 60 + Number(rest) >= seconds;
  });
}

/** An entry of a vehicle's menu. A list that just changed takes the focus back, and an open menu with it. */
export async function chooseFromMenu(page: Page, id: string, entry: string): Promise<void> {
  const wanted = page.getByTestId(entry);
  await until(`${entry} to be chosen`, async () => {
    if ((await wanted.count()) === 0) {
      await page.getByTestId(`fleet-row-${id}`).hover();
      await page.getByTestId(`fleet-more-${id}`).click();
    }
    return wanted.click({ timeout: 1000 }).then(
      () => true,
      () => false,
    );
  });
}

export function picture(console: OpenConsole, name: string): Promise<Buffer> {
  return console.page.screenshot({ path: join(output, `${name}.png`) });
}
