import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../electron/clock.ts';
import { silentLog } from '../../electron/log.ts';
import { Fleet } from '../../electron/simulator/fleet.ts';
import { ForeignTalk, fromALaw } from '../live/foreign-talk.ts';
import { ForeignTerminal } from '../live/foreign-terminal.ts';
import { consoleKinds, fakeMicrophone, mainKind, type OpenConsole, output, titleOf, until } from './consoles.ts';
import { addVehicle, untilMoving, untilOnline } from './tiles.ts';

/** 0x1003 of an ES500: G.711A, 80 bytes, 10 ms. */
const es500 = '06010001005001620104';
const cab = Buffer.alloc(80, 0xd5);
mkdirSync(output, { recursive: true });

/** Root mean square. */
const loudness = (samples: ArrayLike<number>) =>
  Math.sqrt(Array.from(samples).reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length));

describe.each(consoleKinds)('talking from $name', kind => {
  let desk: OpenConsole;
  let fleet: Fleet;

  describe.skipIf(kind.missing)(`that is ${titleOf(kind)}`, () => {
    const shot = (name: string) => desk.page.screenshot({ path: join(output, `talk-${kind.name}-${name}.png`) });
    const bar = () => desk.page.getByTestId('talk-bar');
    const phase = (wanted: string) =>
      until(`the talk is ${wanted}`, async () => {
        return (await bar().count()) === 1 && (await bar().getAttribute('data-phase')) === wanted;
      });

    beforeAll(async () => {
      desk = await kind.open({
        size: { width: 1600, height: 900 },
        switches: fakeMicrophone,
        settings: { talkOpenMs: 3000 },
      });
      const { signal } = desk.ports;
      fleet = new Fleet({ vehicles: 2, host: '127.0.0.1', signalPort: signal, clock: systemClock, log: silentLog });
      await fleet.start();
      const ids = await untilOnline(desk.page, 2);
      await desk.page.getByTestId('layout-9').click();
      for (const id of ids) await addVehicle(desk.page, id);
      await untilMoving(desk.page, [0, 1, 2, 3]);
    }, 120_000);
    afterAll(async () => {
      await fleet?.stop();
      await desk?.close();
    });

    it('a key that is held carries the operator’s voice into the cab, and the cab is heard when it is let go', async () => {
      const { page } = desk;
      await page.getByTestId('tile-0').click();
      await page.keyboard.down('t');
      await phase('talking');
      const heard = () => fleet.vehicles.flatMap(terminal => terminal.heard)[0]?.heard;
      await until('two seconds of sound reach the cab', () => (heard()?.packets ?? 0) >= 100);
      expect(heard()).toMatchObject({ payloadType: 6, payloadBytes: 160, lost: 0, junkBytes: 0 });
      await until('the cab hears a beep', () => loudness(heard()?.samples ?? []) > 300);
      await shot('talking');
      await page.keyboard.up('t');
      await phase('ready');
      await until(
        'the cab is heard',
        async () => Number(await page.getByTestId('talk-meter').getAttribute('data-level')) > 0.1,
      );
      await shot('ready');
      await until('nothing more is said to the cab', async () => {
        const before = heard()?.packets;
        await sleep(500);
        return heard()?.packets === before;
      });
      await page.getByTestId('talk-end').click();
      await until('the line is down', () => fleet.vehicles.every(terminal => terminal.heard.length === 0));
      await until('its bar to be gone', async () => (await bar().count()) === 0);
      expect(desk.complaints).toEqual([]);
    });

    it('Shift latches it, and whoever turns to another window is not heard', async () => {
      const { page } = desk;
      await page.getByTestId('tile-0').click();
      await page.getByTestId('tool-talk').click({ modifiers: ['Shift'] });
      await phase('talking');
      await page.evaluate(() => window.dispatchEvent(new Event('blur')));
      await phase('ready');
      await page.getByTestId('talk-end').click();
    });

    if (kind !== mainKind) return;
    it('a cab is monitored, a refusal and a vehicle that never connects are said', async () => {
      const { page } = desk;
      await page.getByTestId('tile-0').click();
      await page.keyboard.press('u');
      await phase('ready');
      await until(
        'the cab is heard',
        async () => Number(await page.getByTestId('talk-meter').getAttribute('data-level')) > 0.1,
      );
      expect(fleet.vehicles.flatMap(terminal => terminal.heard)).toMatchObject([{ dataType: 3 }]);
      await shot('monitor');
      await page.keyboard.press('u');
      await until('it is over', async () => (await bar().count()) === 0);
      fleet.setFaults({ refusesTalk: true });
      await page.keyboard.press('t');
      await phase('refused');
      await shot('refused');
      await page.getByTestId('talk-end').click();
      fleet.setFaults({ refusesTalk: false, neverConnectsTalk: true });
      await page.keyboard.press('t');
      await phase('opening');
      await shot('opening');
      await phase('closed');
      expect(await page.getByTestId('talk-words').textContent()).toContain('no connection');
      await shot('never');
      await page.getByTestId('talk-end').click();
      fleet.setFaults({ neverConnectsTalk: false });
    });

    it('a broadcast reaches a foreign terminal in its own coding and frame length, and says what became of each', async () => {
      const { page } = desk;
      const { signal, media } = desk.ports;
      const one = new ForeignTerminal({ port: signal, dialect: '2013', phone: '013900000301', mediaProperties: es500 });
      const two = new ForeignTerminal({ port: signal, dialect: '2019', phone: '00000000013900000302' });
      two.answers = ({ id }) => (id === 0x9101 || id === 0x8300 ? 1 : 0);
      await one.enrol();
      await two.enrol();
      await untilOnline(page, 4);
      await page.keyboard.press('Shift+T');
      await page.getByTestId('picker-group-').check();
      await shot('broadcast-choose');
      await page.getByTestId('broadcast-start').click();
      const order = await one.nextLiveOrder(1);
      expect(order.dataType).toBe(4);
      const line = await ForeignTalk.overTcp(media, '013900000301', 1);
      line.say(6, cab);
      await until('all who can are on the line', async () =>
        (await page.getByTestId('broadcast-words').textContent())?.startsWith('3 of 4'),
      );
      await page.keyboard.down('t');
      await until('three seconds of speech', () => line.packets.length >= 300);
      await shot('broadcast');
      await page.keyboard.up('t');
      expect(line.fault).toBeUndefined();
      expect(new Set(line.packets.map(({ payloadType, payload }) => `${payloadType} ${payload.length}`))).toEqual(
        new Set(['6 80']),
      );
      expect(loudness(line.packets.flatMap(({ payload }) => fromALaw(payload)))).toBeGreaterThan(100);
      await page.getByTestId('dialog-close').click();
      expect([...(await one.next(0x9102)).body].slice(0, 2)).toEqual([1, 0]);

      await page.keyboard.press('x');
      await page.getByTestId('text-input').fill('前方事故，请减速');
      await page.getByTestId('picker-group-').check();
      await page.getByTestId('text-urgent').check();
      await page.getByTestId('text-send').click();
      await until('each has answered', async () =>
        (await page.getByTestId('text-result').textContent())?.includes('3 of 4'),
      );
      await shot('text');
      // Urgent, on the display, read aloud.
      expect((await one.next(0x8300)).body[0]).toBe(0x01 | 0x04 | 0x08);
      await page.getByTestId('dialog-close').click();
      line.cut();
      for (const terminal of [one, two]) await terminal.end();
      expect(desk.complaints).toEqual([]);
    });
  });
});
