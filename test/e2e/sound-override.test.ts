import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { electronKind, type OpenConsole, output, titleOf, until } from './consoles.ts';

describe.skipIf(electronKind.missing)(`how a vehicle is heard, in ${titleOf(electronKind)}`, () => {
  let desk: OpenConsole;
  beforeAll(async () => {
    desk = await electronKind.open({ demo: true, size: { width: 1600, height: 900 } });
  }, 60_000);
  afterAll(() => desk?.close());

  it('is what an operator says in its properties, until everything is found out again', async () => {
    const { page } = desk;
    const shots = process.env.SHOTS ?? output;
    const law = page.getByTestId('sound-law');
    const openDialog = async (): Promise<void> => {
      await page.locator('[data-testid^="fleet-row-"]').first().click();
      await page.keyboard.press('p');
      await page.getByTestId('dialog-vehicle').waitFor();
    };
    const save = async (): Promise<void> => {
      await page.getByTestId('vehicle-save').click();
      await until('the dialog is gone', async () => (await page.getByTestId('dialog-vehicle').count()) === 0);
    };
    /** The dialog shows what was known when it was opened, and changes are told a little later. */
    const openWith = (value: string) =>
      until(`the law ${value}`, async () => {
        await openDialog();
        if ((await law.inputValue()) === value) return true;
        await page.keyboard.press('Escape');
        return false;
      });
    await until('a live wall', async () => (await page.locator('[data-kind="live"]').count()) > 0);
    await openDialog();
    expect(await law.inputValue()).toBe('auto');
    await law.selectOption('mu');
    await page.getByTestId('sound-rate').selectOption('24');
    await page.screenshot({ path: join(shots, 'sound-override.png') });
    await save();

    await openWith('mu');
    expect(await page.getByTestId('sound-rate').inputValue()).toBe('24');
    expect(await page.getByTestId('sound-order').inputValue()).toBe('auto');
    await law.selectOption('auto');
    await page.getByTestId('sound-rate').selectOption('auto');
    await save();
    await openWith('auto');
    expect(desk.complaints).toEqual([]);
  }, 90_000);
});
