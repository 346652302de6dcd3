import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../electron/clock.ts';
import { silentLog } from '../../electron/log.ts';
import { Fleet } from '../../electron/simulator/fleet.ts';
import { parsePcapng } from '../codec/trace/pcapng-parser.ts';
import { consoleKinds, electronKind, mainKind, type OpenConsole, titleOf, until } from './consoles.ts';
import { addVehicle, chooseFromMenu, picture, untilMoving, untilOnline } from './tiles.ts';

/** Where Electron saves what its page made: `Convoy` in the downloads, or in the home when there are none. */
const folders = [join(homedir(), 'Downloads', 'Convoy'), join(homedir(), 'Convoy')];

describe.each(consoleKinds)('traces before $name', kind => {
  let desk: OpenConsole;
  let fleet: Fleet;

  describe.skipIf(kind.missing)(`that is ${titleOf(kind)}`, () => {
    let id = '';
    beforeAll(async () => {
      desk = await kind.open({ size: { width: 1600, height: 900 } });
      const { signal } = desk.ports;
      fleet = new Fleet({ vehicles: 1, host: '127.0.0.1', signalPort: signal, clock: systemClock, log: silentLog });
      await fleet.start();
      [id = ''] = await untilOnline(desk.page, 1);
    });
    afterAll(async () => {
      await fleet?.stop();
      await desk?.close();
    });

    const openSheet = async () => {
      await chooseFromMenu(desk.page, id, 'vehicle-trace');
      await desk.page.getByTestId('dialog-trace').waitFor();
    };

    it('are taken from the menu of a vehicle, while pictures run', async () => {
      await openSheet();
      await picture(desk, `trace-empty-${kind.name}`);
      await desk.page.getByTestId('trace-start').click();
      await desk.page.getByTestId('trace-running').waitFor();
      await desk.page.getByTestId('dialog-close').click();
      await addVehicle(desk.page, id);
      await untilMoving(desk.page, [0, 1]);
      await openSheet();
      const content = desk.page.getByTestId('trace-content');
      await until('packets to be counted', async () => /[1-9]\d* packets/.test(await content.innerText()));
      expect(await content.innerText()).toMatch(/\d+ messages from the vehicle, \d+ to it/);
      await picture(desk, `trace-running-${kind.name}`);
    });

    it('are ended, saved without the vehicle’s name, and removed', async () => {
      await desk.page.getByTestId('trace-stop').click();
      const list = desk.page.getByTestId('trace-list');
      await list.waitFor();
      expect(await list.innerText()).toContain('Stopped by hand.');
      expect(await desk.page.getByTestId('trace-blank').isChecked()).toBe(true);
      if (kind === electronKind) {
        await list.getByTestId('trace-save-pcapng').click();
        const name = await until('it to be saved', () =>
          folders
            .filter(folder => existsSync(folder))
            .flatMap(folder => readdirSync(folder).map(file => join(folder, file)))
            .find(file => /trace-.*-blanked\.pcapng$/.test(file) && readFileSync(file).length > 0),
        );
        const file = readFileSync(name);
        rmSync(name);
        expect(parsePcapng(file).segments.length).toBeGreaterThan(50);
        expect(file.includes(Buffer.from(id, 'latin1'))).toBe(false);
        expect(file.includes(Buffer.from(id.padStart(12, '0'), 'hex'))).toBe(false);
      } else {
        const saved = desk.page.waitForEvent('download');
        await list.getByTestId('trace-save-text').click();
        const path = await (await saved).path();
        const text = readFileSync(path, 'utf8');
        expect(text).toMatch(/^# convoy trace 1\n/);
        expect(text).toContain('0x9101');
        expect(text).not.toContain(id);
      }
      await desk.page.getByTestId('trace-blank').click();
      await picture(desk, `trace-kept-${kind.name}`);
      await desk.page.getByTestId('trace-remove').click();
      await desk.page.getByTestId('trace-remove-yes').click();
      await list.waitFor({ state: 'detached' });
      await desk.page.getByTestId('dialog-close').click();
      expect(desk.complaints).toEqual([]);
    });

    if (kind === mainKind)
      it('are a key away, and are spoken of in Chinese too', async () => {
        await desk.page.keyboard.press('l');
        await desk.page.keyboard.press('k');
        const sheet = desk.page.getByTestId('dialog-trace');
        await sheet.waitFor();
        expect(await sheet.innerText()).toContain('报文记录');
        await sheet.getByTestId('trace-start').click();
        await sheet.getByTestId('trace-running').waitFor();
        await until('packets to be counted', async () => /音视频包 [1-9]/.test(await sheet.innerText()));
        await picture(desk, `trace-chinese-${kind.name}`);
        expect(desk.complaints).toEqual([]);
      });
  });
});
