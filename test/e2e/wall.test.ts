import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleKinds, mainKind, type OpenConsole, removeFolder, temporaryFolder, titleOf, until } from './consoles.ts';
import {
  addVehicle,
  cameraOf,
  hasContent,
  kindOf,
  picture,
  pictureOf,
  tile,
  untilMoving,
  untilOnline,
} from './tiles.ts';

describe.each(consoleKinds)('wall in $name', kind => {
  const dataDir = temporaryFolder();
  let desk: OpenConsole;
  let vehicles: string[];
  const layoutOf = () => desk.page.getByTestId('wall').getAttribute('data-layout');
  const maximised = () => desk.page.getByTestId('wall').getAttribute('data-maximised');

  describe.skipIf(kind.missing)(`that is ${titleOf(kind)}`, () => {
    beforeAll(async () => {
      desk = await kind.open({ dataDir, demo: true, size: { width: 1600, height: 900 } });
    });
    afterAll(async () => {
      await desk?.close();
      removeFolder(dataDir);
    });

    it('sees the simulated fleet come online', async () => {
      vehicles = await untilOnline(desk.page, 6);
      expect(vehicles).toHaveLength(6);
    });

    it('puts its cameras on a wall that nobody has arranged yet', async () => {
      await untilMoving(desk.page, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
      await picture(desk, `wall-first-${kind.name}`);
    });

    it('shows moving pictures of every camera of two vehicles', async () => {
      await desk.page.getByTestId('layout-9').click();
      await desk.page.keyboard.press('Shift+Delete');
      await until('an empty wall', async () => (await desk.page.locator('[data-camera]').count()) === 0);
      await tile(desk.page, 0).click();
      for (const id of vehicles.slice(0, 2)) await addVehicle(desk.page, id);
      await untilMoving(desk.page, [0, 1, 2, 3, 4, 5, 6, 7]);
      await picture(desk, `wall-9-${kind.name}`);
    });

    it.each([1, 4, 16, 9])('lays out %i', async count => {
      await desk.page.getByTestId(`layout-${count}`).click();
      await until(`layout ${count}`, async () => (await layoutOf()) === String(count));
      const shown = desk.page.locator('[data-cell]:visible');
      await until('its cells', async () => (await shown.count()) === count);
      await untilMoving(desk.page, [0]);
    });

    it('maximises with a double-click, opens the main stream, and restores', async () => {
      const before = await cameraOf(desk.page, 2);
      await tile(desk.page, 2).dblclick();
      await until('the tile to fill the wall', async () => (await maximised()) === '2');
      await until('the main stream', async () => (await tile(desk.page, 2).getAttribute('data-stream')) === 'main');
      await untilMoving(desk.page, [2]);
      expect(await desk.page.locator('[data-cell]:visible').count()).toBe(1);
      await picture(desk, `wall-maximised-${kind.name}`);
      await tile(desk.page, 2).dblclick();
      await until('the wall to be back', async () => (await maximised()) === null);
      expect(await cameraOf(desk.page, 2)).toBe(before);
      await untilMoving(desk.page, [0, 1, 2, 3]);
    });

    it('swaps two tiles that are dragged, without losing their pictures', async () => {
      const [first, second] = [await cameraOf(desk.page, 0), await cameraOf(desk.page, 4)];
      await desk.page.evaluate(() => {
        const video = document.querySelector('[data-testid="tile-0"] video, [data-testid="tile-0"] canvas');
        (video as HTMLElement).dataset.mark = 'moved';
      });
      const from = await tile(desk.page, 0).boundingBox();
      const to = await tile(desk.page, 4).boundingBox();
      if (!from || !to) throw new Error('no tiles');
      await desk.page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
      await desk.page.mouse.down();
      await desk.page.mouse.move(from.x + from.width / 2 + 20, from.y + from.height / 2 + 20, { steps: 4 });
      await desk.page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 8 });
      await desk.page.mouse.up();
      await until('the swap', async () => (await cameraOf(desk.page, 4)) === first);
      expect(await cameraOf(desk.page, 0)).toBe(second);
      expect(await desk.page.locator('[data-testid="tile-4"] [data-mark="moved"]').count()).toBe(1);
      await until('its picture', async () => hasContent(await pictureOf(desk.page, 4)));
    });

    if (kind === mainKind) {
      it('can be worked by keyboard alone', async () => {
        const { keyboard } = desk.page;
        await keyboard.press('Escape');
        await keyboard.press('4');
        await until('sixteen', async () => (await layoutOf()) === '16');
        await keyboard.press('/');
        await keyboard.press('ArrowDown');
        await keyboard.press('Escape');
        await tile(desk.page, 0).click();
        await keyboard.press('ArrowRight');
        const at = () => desk.page.locator('[data-focused]').first().getAttribute('data-cell');
        await until('the next cell', async () => (await at()) === '1');
        const here = await cameraOf(desk.page, 1);
        await keyboard.press('Shift+ArrowDown');
        await until('the tile to move', async () => (await cameraOf(desk.page, 5)) === here);
        await keyboard.press('Shift+ArrowUp');
        await keyboard.press('Enter');
        await until('it to fill the wall', async () => (await maximised()) !== null);
        await keyboard.press('Escape');
        await until('it to be back', async () => (await maximised()) === null);
        await keyboard.press('?');
        await desk.page.getByTestId('dialog-keys').waitFor();
        await picture(desk, `keys-${kind.name}`);
        await keyboard.press('Escape');
        await desk.page.getByTestId('dialog-keys').waitFor({ state: 'detached' });
        await keyboard.press('3');
        await until('nine', async () => (await layoutOf()) === '9');
      });

      it('speaks Chinese when asked, and English again', async () => {
        await desk.page.getByTestId('language').click();
        await until('Chinese', async () =>
          /[\u4e00-\u9fff]{2}/.test(await desk.page.getByTestId('status-bar').innerText()),
        );
        expect(await desk.page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
        await picture(desk, `wall-chinese-${kind.name}`);
        await desk.page.getByTestId('language').click();
        await until('English', async () => (await desk.page.evaluate(() => document.documentElement.lang)) === 'en');
      });

      it('shows figures on the tiles when asked', async () => {
        await tile(desk.page, 1).click();
        await desk.page.keyboard.press('i');
        const stats = tile(desk.page, 1).getByTestId('stats');
        await stats.waitFor();
        await until('a rate', async () => /\d/.test(await stats.innerText()));
        await picture(desk, `wall-figures-${kind.name}`);
        await desk.page.keyboard.press('i');
        await stats.waitFor({ state: 'detached' });
      });

      it.each(['settings', 'diagnostics', 'about'])('opens %s', async name => {
        await desk.page.getByTestId('menu').click();
        await desk.page.getByTestId(`menu-${name}`).click();
        await desk.page.getByTestId(`dialog-${name}`).waitFor();
        await picture(desk, `dialog-${name}-${kind.name}`);
        await desk.page.keyboard.press('Escape');
        await desk.page.getByTestId(`dialog-${name}`).waitFor({ state: 'detached' });
      });

      const awake = () =>
        desk.app?.evaluate(({ powerSaveBlocker }) =>
          Array.from({ length: 20 }, (_, id) => id).some(id => powerSaveBlocker.isStarted(id)),
        );

      it('goes quiet when the simulator stops, and never calls an old picture live', async () => {
        if (desk.app) expect(await awake()).toBe(true);
        await desk.page.keyboard.press('Shift+m');
        for (const cell of [0, 1, 5])
          await until(`tile ${cell} to be offline`, async () => (await kindOf(desk.page, cell)) === 'offline');
        await picture(desk, `wall-offline-${kind.name}`);
        if (desk.app) await until('the screen to be let sleep', async () => (await awake()) === false);
        await desk.page.keyboard.press('Shift+m');
        await untilMoving(desk.page, [0, 1, 5]);
      });
    }

    it('has not complained', () => {
      expect(desk.complaints).toEqual([]);
    });

    it('is as it was after a restart', async () => {
      const cameras = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(cell => cameraOf(desk.page, cell)));
      // What a browser keeps, it keeps by address: the web door comes back on its port, as it does outside tests.
      const webPort = Number(new URL(desk.page.url()).port);
      await desk.close();
      desk = await kind.open({ dataDir, demo: true, size: { width: 1600, height: 900 }, settings: { webPort } });
      await until('the layout', async () => (await layoutOf()) === '9');
      await until('its cameras', async () => {
        const now = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(cell => cameraOf(desk.page, cell)));
        return now.join() === cameras.join();
      });
      await untilMoving(desk.page, [0, 3, 7]);
    });
  });
});
