import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dword, type ForeignMessage } from '../live/foreign-frame.ts';
import { ForeignTalk } from '../live/foreign-talk.ts';
import { ForeignTerminal } from '../live/foreign-terminal.ts';
import { electronKind, type OpenConsole, output, titleOf, until } from './consoles.ts';
import { addVehicle, tile, untilMoving, untilOnline } from './tiles.ts';

const turns = (commands: readonly ForeignMessage[]) =>
  commands.filter(({ id }) => id === 0x9301).map(({ body }) => [...body]);

describe.skipIf(electronKind.missing)(`orders from ${titleOf(electronKind)}`, () => {
  let desk: OpenConsole;
  const shot = (name: string) => desk.page.screenshot({ path: join(output, `orders-${name}.png`) });

  beforeAll(async () => {
    desk = await electronKind.open({ demo: true, size: { width: 1600, height: 900 } });
    const [id] = await untilOnline(desk.page, 6);
    await desk.page.keyboard.press('Shift+Delete');
    await desk.page.getByTestId('layout-4').click();
    await addVehicle(desk.page, id as string);
    await untilMoving(desk.page, [0, 1, 2, 3]);
  }, 120_000);
  afterAll(() => desk?.close());

  it('offers to steer only where the camera turns, and turns it while the key is held', async () => {
    const { page } = desk;
    await tile(page, 0).click();
    expect(await tile(page, 0).getByTestId('tool-steer').count()).toBe(0);
    await page.keyboard.press('g');
    expect(await page.getByTestId('steer').count()).toBe(0);
    await until('a word on it', () => page.getByText('does not turn').isVisible());

    await tile(page, 3).click();
    await tile(page, 3).hover();
    await page.getByTestId('tool-steer').click();
    await page.getByTestId('steer').waitFor();
    await page.keyboard.down('ArrowRight');
    await page.waitForTimeout(400);
    await page.keyboard.up('ArrowRight');
    for (const key of ['+', '+', ']', '.', 'w', 'l']) await page.keyboard.press(key, { delay: 60 });
    await page.waitForTimeout(500);
    await shot('steered');
    await page.keyboard.press('Escape');
    expect(await page.getByTestId('steer').count()).toBe(0);
  });

  it('sends the stop when the key, the mouse or the window lets go', async () => {
    const { page } = desk;
    const terminal = new ForeignTerminal({ port: desk.ports.signal, dialect: '2019', phone: '00000000013912349999' });
    const seen: ForeignMessage[] = [];
    terminal.answers = command => {
      seen.push(command);
      if (command.id === 0x8106) {
        // One camera that turns, one channel of sound alone.
        const table = [1, 1, 0, /**/ 1, 1, 0, 1, /**/ 2, 9, 1, 0];
        const parameter = Buffer.concat([dword(0x76), Buffer.from([table.length, ...table])]);
        const serial = Buffer.of(command.serial >> 8, command.serial & 255);
        terminal.send(0x0104, Buffer.concat([serial, Buffer.of(1), parameter]));
        return undefined;
      }
      return 0;
    };
    await terminal.enrol();
    await until('the table', () => seen.some(({ id }) => id === 0x8106));
    await page.getByTestId('fleet-row-13912349999').getByText('2 ch').waitFor();
    await page.getByTestId('layout-9').click();
    await addVehicle(page, '13912349999');
    await until('its camera', async () => (await page.locator('[data-camera^="13912349999"]').count()) === 1);
    const camera = page.locator('[data-camera^="13912349999"]');
    await camera.click();
    await camera.hover();
    await page.getByTestId('tool-steer').click();
    const left = await page.getByTestId('steer-left').boundingBox();
    await page.mouse.move((left?.x ?? 0) + 10, (left?.y ?? 0) + 10);
    await page.mouse.down();
    await until('a turn', () => turns(seen).length === 1);
    await page.mouse.up();
    await until('a stop', () => turns(seen).length === 2);
    await page.keyboard.down('ArrowUp');
    await until('another turn', () => turns(seen).length === 3);
    await page.evaluate(() => window.dispatchEvent(new Event('blur')));
    await until('its stop', () => turns(seen).length === 4);
    await page.keyboard.up('ArrowUp');
    expect(turns(seen)).toEqual([
      [1, 3, 128],
      [1, 0, 0],
      [1, 1, 128],
      [1, 0, 0],
    ]);
    await page.keyboard.press('Escape');

    // The other channel is opened to be heard, and says that it has no picture.
    await page.getByTestId('fleet-expand-13912349999').click();
    await page.getByTestId('sound-13912349999-9').waitFor();
    await page.getByTestId('fleet-channel-13912349999-9').dblclick();
    const order = await terminal.nextLiveOrder(9);
    expect(order.dataType).toBe(3);
    const line = await ForeignTalk.overTcp(order.tcpPort, '00000000013912349999', 9);
    const loud = Buffer.alloc(160, 0xaa).fill(0x2a, 80);
    const saying = setInterval(() => line.say(6, loud), 20);
    const panel = page.locator('[data-camera="13912349999/9"]').getByTestId('sound-panel');
    await until('its sound', async () => (await panel.getAttribute('data-kind')) === 'heard');
    const meter = panel.getByTestId('ear-meter');
    await until('its level', async () => Number(await meter.getAttribute('data-level')) > 0.5);
    await shot('sound-only');
    await page.keyboard.press('h');
    await until('it is not listened to', async () => (await panel.getAttribute('data-kind')) === 'none');
    await panel.getByTestId('sound-clear').click();
    await until('it is gone', async () => (await panel.count()) === 0);
    clearInterval(saying);
    line.cut();
    await terminal.end();
  });

  it('reads picture parameters, refuses what is out of range, writes and reads again', async () => {
    const { page } = desk;
    await tile(page, 1).click();
    await page.keyboard.press('o');
    const sheet = page.getByTestId('dialog-parameters');
    const rate = sheet.getByTestId('parameter-group-75').getByTestId('parameter-live-frameRate').locator('input');
    await rate.waitFor();
    expect(await rate.inputValue()).toBe('15');
    await shot('parameters');
    await rate.fill('121');
    expect(await sheet.getByTestId('parameters-write').isDisabled()).toBe(true);
    await rate.fill('20');
    const sounds = sheet.getByTestId('rows-rowsAudio');
    await sounds.getByTestId('row-add').click();
    const added = sounds.getByTestId('parameter-audio-0-logical').locator('input');
    expect(await added.inputValue()).toBe('5');
    await added.press('Insert');
    expect(await sounds.getByTestId('row-remove').count()).toBe(2);
    await shot('parameter-rows');
    await added.press('Control+Delete');
    await sounds.getByTestId('row-remove').click();
    expect(await sounds.getByTestId('row-remove').count()).toBe(0);
    await sheet.getByTestId('parameters-write').click();
    await until('kept', () => page.getByText('keeps its new parameters').isVisible());
    await until('what it reads again', async () => (await rate.inputValue()) === '20');
    await page.keyboard.press('Escape');
  });

  it('controls a recorder only with a reason and its plate', async () => {
    const { page } = desk;
    await tile(page, 1).click();
    await page.keyboard.press('Shift+o');
    const sheet = page.getByTestId('dialog-control');
    const send = sheet.getByTestId('control-send');
    await sheet.getByTestId('control-reason').fill('no picture since noon');
    expect(await send.isDisabled()).toBe(true);
    const plate = (await sheet.locator('h2').innerText()).replace('Control the recorder of ', '');
    await sheet.getByTestId('control-plate').fill(plate);
    await shot('control');
    await send.click();
    await until('taken', () => sheet.getByText('took the order').isVisible());
    await page.keyboard.press('Escape');
  });
});
