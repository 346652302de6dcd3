import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../electron/clock.ts';
import { silentLog } from '../../electron/log.ts';
import { Fleet } from '../../electron/simulator/fleet.ts';
import { HandTerminal } from '../device/hand-terminal.ts';
import { word } from '../device/wire.ts';
import { consoleKinds, mainKind, type OpenConsole, output, titleOf, until } from './consoles.ts';
import { hasContent, pictureWithin, untilMoving, untilOnline, untilRecorded } from './tiles.ts';

describe.each(consoleKinds)('alarms before $name', kind => {
  let desk: OpenConsole;
  let fleet: Fleet;
  const name = kind.name.toLowerCase();

  describe.skipIf(kind.missing)(`that is ${titleOf(kind)}`, () => {
    beforeAll(async () => {
      desk = await kind.open({ size: { width: 1600, height: 900 } });
      const { signal } = desk.ports;
      fleet = new Fleet({ vehicles: 3, host: '127.0.0.1', signalPort: signal, clock: systemClock, log: silentLog });
      await fleet.start();
      await untilOnline(desk.page, 3);
    });
    afterAll(async () => {
      await fleet?.stop();
      await desk?.close();
    });

    const idOf = (index: number) => fleet.terminal(index).identity.phone.replace(/^0+/, '');
    const rows = () => desk.page.locator('.alarm-line');
    const shot = (what: string) => desk.page.screenshot({ path: join(output, `alarms-${what}-${name}.png`) });

    it('an emergency is counted on the tab, stands on top, and ends on the vehicle when it is confirmed', async () => {
      const { page } = desk;
      fleet.terminal(1).raise('occlusion', 600, 2);
      fleet.terminal(2).raise('fatigue', 600);
      await until('the fatigue to arrive', () => page.getByTestId('alarm-badge').isVisible());
      fleet.terminal(0).raise('sos', 600);
      await until(
        'the emergency to be counted',
        async () => Number(await page.getByTestId('alarm-badge').textContent()) >= 2,
      );
      await page.keyboard.press('Shift+A');
      await page.getByTestId('alarms').waitFor();
      await until('every alarm', async () => (await rows().count()) >= 4);
      expect(await rows().first().textContent()).toContain('emergency button');
      expect(await page.getByTestId('alarm-list').textContent()).toContain('video covered');
      expect(await page.getByTestId('alarm-list').textContent()).toContain('level 72');
      await shot('list');

      await page.getByTestId('alarm-operator').fill('Li Wei');
      await page.getByTestId('alarm-list').click({ position: { x: 5, y: 400 } });
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('c');
      await until('the vehicle to have ended it', async () =>
        (await rows().allTextContents()).some(
          text =>
            text.includes('emergency') &&
            text.includes('Li Wei') &&
            text.includes('vehicle told') &&
            text.includes('lasted'),
        ),
      );
      await shot('confirmed');
    });

    it('the list is narrowed by vehicle, level and kind', async () => {
      const { page } = desk;
      await page.getByTestId('alarm-vehicle').selectOption(idOf(1));
      await until('the vehicle’s own', async () => (await rows().count()) === 1);
      await page.getByTestId('alarm-level-error').click();
      await until('nothing', () => page.getByTestId('alarms-empty').isVisible());
      await shot('nothing');
      await page.keyboard.press('Escape');
      await until('everything', async () => (await rows().count()) >= 4);
      await page.getByTestId('alarm-kind').selectOption('video');
      await until('cameras', async () => (await rows().count()) === 1);
      await page.getByTestId('alarm-kind').selectOption('');
    });

    it('an alarm leads to its camera live', async () => {
      const { page } = desk;
      const covered = rows().filter({ hasText: 'video covered' });
      await covered.getByRole('button', { name: 'Live' }).click();
      const tile = page.locator(`[data-camera="${idOf(1)}/2"]`);
      await tile.waitFor();
      await untilMoving(page, [Number(await tile.getAttribute('data-cell'))]);
    });

    if (kind === mainKind)
      it('and to the archive, where its camera shows that moment', async () => {
        const { page } = desk;
        const cell = Number(await page.locator(`[data-camera="${idOf(1)}/2"]`).getAttribute('data-cell'));
        await page.keyboard.press('r');
        await untilRecorded(page, cell, 4);
        fleet.terminal(1).raise('signalLoss', 600, 2);
        await untilRecorded(page, cell, 8);
        await page.keyboard.press('Shift+A');
        const lost = rows().filter({ hasText: 'video signal lost' });
        const begun = Date.parse((await lost.locator('time').getAttribute('datetime')) ?? '');
        await lost.getByRole('button', { name: 'Archive' }).click();
        const pane = page.locator('.archive-tile[data-kind="picture"]').first();
        await pane.waitFor();
        const two = (value: number) => String(value).padStart(2, '0');
        const at = new Date(begun);
        const clock = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
        await until('the clock at that moment', async () =>
          (await page.getByTestId('archive').textContent())?.includes(clock),
        );
        // Painted, not only found: the pane is not one colour.
        await until('the picture of that moment', async () => hasContent(await pictureWithin(pane)));
        await shot('archive');
      });

    it('a picture is taken, arrives in parts and is shown', async () => {
      const { page } = desk;
      await page.keyboard.press('Shift+A');
      await page.getByTestId('alarm-vehicle').selectOption(idOf(0));
      await page.getByTestId('alarm-view-pictures').click();
      await page.getByTestId('picture-take').click();
      const picture = page.locator('.picture img').first();
      await picture.waitFor();
      await until('the picture to be drawn', () =>
        picture.evaluate(img => (img as HTMLImageElement).naturalWidth === 704),
      );
      await shot('pictures');
      await page.locator('.picture').first().click();
      await page.getByTestId('picture-large').waitFor();
      await shot('picture');
      await page.keyboard.press('Escape');
      const files = readdirSync(join(desk.dataDir, 'pictures'), { recursive: true, withFileTypes: true });
      expect(files.filter(file => file.name.endsWith('.jpg'))).toHaveLength(1);
    });

    it('passengers are counted and summed', async () => {
      const { page } = desk;
      const bus = await HandTerminal.dial(desk.ports.signal, '013912345678');
      await bus.enter();
      for (const [minute, on, off] of [
        [0, 12, 0],
        [7, 5, 8],
      ] as const) {
        const times = Buffer.from(`261123130${minute}00261123130${minute}40`, 'hex');
        expect(await bus.ask(0x1005, Buffer.concat([times, word(on), word(off)]))).toBe(0);
      }
      await page.getByTestId('alarm-vehicle').selectOption('');
      await page.getByTestId('alarm-view-passengers').click();
      await until('both counts and their sum', async () =>
        (await page.locator('.passengers tfoot').textContent())?.endsWith('178'),
      );
      await shot('passengers');
      bus.socket.destroy();
    });

    it('everything is said in Chinese, too', async () => {
      const { page } = desk;
      await page.getByTestId('alarm-view-alarms').click();
      await page.keyboard.press('l');
      await until('Chinese', async () => (await page.getByTestId('alarms').textContent())?.includes('视频'));
      await shot('chinese');
      await page.keyboard.press('l');
    });

    it('nothing was complained about', () => expect(desk.complaints).toEqual([]));
  });
});
