import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../electron/clock.ts';
import { silentLog } from '../../electron/log.ts';
import { Fleet } from '../../electron/simulator/fleet.ts';
import { ForeignTerminal, mediaOverTcp, mediaOverUdp } from '../live/foreign-terminal.ts';
import { consoleKinds, mainKind, type OpenConsole, titleOf, until } from './consoles.ts';
import { addVehicle, hasContent, kindOf, picture, pictureOf, tile, untilMoving, untilOnline } from './tiles.ts';

const captures = fileURLToPath(new URL('../../../shared/vectors/', import.meta.url));

/** Packets of a concatenated capture with a 6-byte SIM: 30 bytes of header (video), 26 (audio) before the payload. */
function packetsOf(file: string): { bytes: Buffer; ms: number }[] {
  const whole = readFileSync(captures + file);
  const packets: { bytes: Buffer; ms: number }[] = [];
  for (let at = 0; at < whole.length; ) {
    const type = whole[at + 15]! >> 4;
    const header = type === 4 ? 18 : type === 3 ? 26 : 30;
    const end = at + header + whole.readUInt16BE(at + header - 2);
    packets.push({ bytes: whole.subarray(at, end), ms: type === 4 ? 0 : Number(whole.readBigUInt64BE(at + 16)) });
    at = end;
  }
  return packets;
}

describe.each(consoleKinds)('vehicles before $name', kind => {
  let desk: OpenConsole;
  let fleet: Fleet;

  describe.skipIf(kind.missing)(`that is ${titleOf(kind)}`, () => {
    beforeAll(async () => {
      desk = await kind.open({ size: { width: 1600, height: 900 } });
      const { signal } = desk.ports;
      fleet = new Fleet({ vehicles: 2, host: '127.0.0.1', signalPort: signal, clock: systemClock, log: silentLog });
      await fleet.start();
      const ids = await untilOnline(desk.page, 2);
      await desk.page.getByTestId('layout-9').click();
      for (const id of ids) await addVehicle(desk.page, id);
      await untilMoving(desk.page, [0, 1, 2, 3, 4, 5, 6, 7]);
    });
    afterEach(() => fleet.setFaults({ lossPercent: 0, reorderPercent: 0, jitterMs: 0, mediaGarbagePercent: 0 }));
    afterAll(async () => {
      await fleet?.stop();
      await desk?.close();
    });

    const cellsOf = async (id: string) =>
      desk.page
        .locator(`[data-camera^="${id}/"]`)
        .evaluateAll(all => all.map(each => Number((each as HTMLElement).dataset.cell)));
    const idOf = (index: number) => fleet.terminal(index).identity.phone.replace(/^0+/, '');

    it('one that is cut off says so, and comes back by itself', async () => {
      const cells = await cellsOf(idOf(0));
      const others = await cellsOf(idOf(1));
      expect(cells).toHaveLength(4);
      fleet.terminal(0).drop();
      const state = () => desk.page.getByTestId(`fleet-row-${idOf(0)}`).getAttribute('data-state');
      await until('the list to say it', async () => (await state()) === 'offline');
      await until('it to be back', async () => (await state()) === 'online');
      await untilMoving(desk.page, cells);
      await untilMoving(desk.page, others);
    });

    if (kind === mainKind) {
      it('loss, reordering and jitter of 5 % leave whole pictures', async () => {
        fleet.setFaults({ lossPercent: 5, reorderPercent: 5, jitterMs: 60 });
        await sleep(3000);
        await picture(desk, `vehicle-loss-${kind.name}`);
        fleet.setFaults({ lossPercent: 0, reorderPercent: 0, jitterMs: 0 });
        await untilMoving(desk.page, [0, 1, 2, 3, 4, 5, 6, 7]);
      });

      it('one that goes offline says since when, and plays again when it is back', async () => {
        const cells = await cellsOf(idOf(0));
        await fleet.terminal(0).stop();
        for (const cell of cells)
          await until(`tile ${cell} to be offline`, async () => (await kindOf(desk.page, cell)) === 'offline');
        expect(await tile(desk.page, cells[0] ?? 0).innerText()).toMatch(/last seen \d\d:\d\d/);
        await picture(desk, `vehicle-offline-${kind.name}`);
        fleet.terminal(0).start();
        await untilMoving(desk.page, cells);
      });

      it('one whose pictures stop is called stalled, with the age of the last one, until they go on', async () => {
        const [cell = 0] = await cellsOf(idOf(1));
        fleet.terminal(1).stall(6);
        await until('the tile to be stalled', async () => (await kindOf(desk.page, cell)) === 'stalled');
        const age = async () => Number(/(\d+)/.exec(await tile(desk.page, cell).getByTestId('chip').innerText())?.[1]);
        const first = await age();
        await until('the age to grow', async () => (await age()) > first);
        await picture(desk, `vehicle-stalled-${kind.name}`);
        await untilMoving(desk.page, [cell]);
      });

      it('garbage on every port disturbs nobody', async () => {
        const { signal, media } = desk.ports;
        const sockets = [signal, media, signal, media].map(port => {
          const socket = connect({ port, host: '127.0.0.1' });
          socket.on('error', () => undefined);
          socket.on('close', () => clearInterval(timer));
          const timer = setInterval(() => socket.write(randomBytes(8192)), 20);
          return { socket, timer };
        });
        const udp = createSocket('udp4');
        for (let i = 0; i < 400; i++) {
          udp.send(randomBytes(1 + (i % 1400)), media, '127.0.0.1');
          if (i % 20 === 0) await sleep(5);
        }
        await sleep(1500);
        await untilMoving(desk.page, [0, 1, 2, 3, 4, 5, 6, 7]);
        for (const { socket, timer } of sockets) {
          clearInterval(timer);
          socket.destroy();
        }
        udp.close();
      });

      it.skipIf(!existsSync(captures))(
        `a capture of a real one plays (${existsSync(captures) ? 'replayed' : 'no captures beside the checkout'})`,
        async () => {
          const packets = packetsOf('smallchi-jt1078_2.bin');
          expect(packets).toHaveLength(314);
          const real = new ForeignTerminal({ port: desk.ports.signal, dialect: '2013', phone: '012345678999' });
          let stop = false;
          try {
            await real.enrol();
            await untilOnline(desk.page, 3);
            await desk.page.getByTestId('layout-16').click();
            await desk.page.getByTestId('tile-8').click();
            await desk.page.getByTestId('fleet-expand-12345678999').click();
            await desk.page.getByTestId('fleet-channel-12345678999-1').dblclick();
            const order = await real.nextLiveOrder(1);
            const path = order.udpPort > 0 ? await mediaOverUdp(order.udpPort) : await mediaOverTcp(order.tcpPort);
            const sending = (async () => {
              let before = packets[0]?.ms ?? 0;
              for (const { bytes, ms } of packets) {
                if (stop) return;
                await sleep(Math.max(0, ms - before) / 2);
                before = ms;
                await path.send(bytes);
              }
            })();
            const [cell = 0] = await until('its tile', async () => {
              const cells = await cellsOf('12345678999');
              return cells.length > 0 && cells;
            });
            await untilMoving(desk.page, [cell]);
            expect(hasContent(await pictureOf(desk.page, cell))).toBe(true);
            await picture(desk, `vehicle-capture-${kind.name}`);
            stop = true;
            await sending;
            path.cut();
          } finally {
            stop = true;
            await real.end();
            await desk.page.getByTestId('layout-9').click();
          }
        },
      );
    }

    it('has made nobody complain', () => {
      expect(desk.complaints).toEqual([]);
    });
  });
});
