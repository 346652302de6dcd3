import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captures, hasCapture, readCapture } from '../codec/captured-stream.ts';
import { ForeignTerminal, mediaOverTcp, mediaOverUdp } from '../live/foreign-terminal.ts';
import { electronKind, type OpenConsole, titleOf, until } from './consoles.ts';
import { picture, tile, untilOnline } from './tiles.ts';

const capture = captures[2];
const adpcm = 26;
const amr = 28;

/** Packets of the capture again and again, numbered and timed as one stream, their sound of another payload type. */
function* endless(soundType: number): Generator<{ bytes: Buffer; ms: number }> {
  const whole = Buffer.from(readCapture(capture).packets);
  const began = whole.readBigUInt64BE(16);
  for (let round = 0, sequence = 0; ; round++)
    for (let at = 0; at < whole.length; sequence++) {
      const isSound = whole[at + 15]! >> 4 === 3;
      const payload = at + (isSound ? 26 : 30);
      const end = payload + whole.readUInt16BE(payload - 2);
      const bytes = Buffer.from(whole.subarray(at, end));
      const ms = Math.max(0, Number(bytes.readBigUInt64BE(16) - began)) + round * 1120;
      bytes.writeUInt16BE(sequence & 0xffff, 6);
      bytes.writeBigUInt64BE(BigInt(1_000_000 + ms), 16);
      if (isSound) bytes[5] = soundType;
      yield { bytes, ms };
      at = end;
    }
}

const title = hasCapture(capture)
  ? titleOf(electronKind)
  : `${titleOf(electronKind)} (no captures beside the checkout)`;

describe.skipIf(electronKind.missing || !hasCapture(capture))(`a recorder's own sound in ${title}`, () => {
  let desk: OpenConsole;
  let real: ForeignTerminal;
  beforeAll(async () => {
    desk = await electronKind.open({ size: { width: 1600, height: 900 } });
    real = new ForeignTerminal({ port: desk.ports.signal, dialect: '2013', phone: '013800138999' });
    await real.enrol();
    await untilOnline(desk.page, 1);
  }, 60_000);
  afterAll(async () => {
    await real?.end();
    await desk?.close();
  });

  it('is recorded, or said not to be, while its pictures are', async () => {
    const { page } = desk;
    await page.getByTestId('layout-1').click();
    await page.getByTestId('fleet-expand-13800138999').click();
    await page.getByTestId('fleet-channel-13800138999-2').dblclick();
    const order = await real.nextLiveOrder(2);
    const path = order.udpPort > 0 ? await mediaOverUdp(order.udpPort) : await mediaOverTcp(order.tcpPort);
    let soundType = amr;
    let stop = false;
    const sending = (async () => {
      const [sounds, others] = [endless(adpcm), endless(amr)];
      const began = performance.now();
      while (!stop) {
        const own = sounds.next().value!;
        const other = others.next().value!;
        await sleep(Math.max(0, own.ms - (performance.now() - began)));
        await path.send(soundType === amr ? other.bytes : own.bytes);
      }
    })();
    try {
      await until('a picture', async () => (await tile(page, 0).getAttribute('data-kind')) === 'live');
      await page.keyboard.press('r');
      const chip = page.getByTestId('record-chip');
      await until('the word', async () => (await chip.textContent())?.includes('no sound'));
      expect(await chip.getAttribute('title')).toContain('AMR');
      expect(await chip.getAttribute('data-phase')).toBe('recording');
      await until('the notice', async () => (await page.getByText(/CH 2 \(AMR\) is not recorded/).count()) > 0);
      await picture(desk, 'recorded-without-sound');
      soundType = adpcm;
      await until('sound that is kept', async () => !(await chip.textContent())?.includes('no sound'));
      await picture(desk, 'recorded-with-adpcm');
    } finally {
      stop = true;
      await sending.catch(() => undefined);
      path.cut();
    }
  }, 90_000);
});
