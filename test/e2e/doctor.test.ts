import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../electron/clock.ts';
import type { DoctorCauseName, DoctorStepName } from '../../electron/contract.ts';
import { silentLog } from '../../electron/log.ts';
import type { Faults } from '../../electron/simulator/faults.ts';
import { Fleet } from '../../electron/simulator/fleet.ts';
import { handMadeClip } from '../live/clip.ts';
import { ForeignCamera, type Unit } from '../live/foreign-packet.ts';
import { ForeignTerminal, type MediaPath, mediaOverTcp, mediaOverUdp } from '../live/foreign-terminal.ts';
import { electronKind, type OpenConsole, removeFolder, temporaryFolder, titleOf, until } from './consoles.ts';
import { kindOf, picture } from './tiles.ts';

const units = handMadeClip({ frames: 60, seed: 7, gop: 10 });
/** An address of this machine that is not of the inner network, where it has one. */
const outer = Object.values(networkInterfaces())
  .flat()
  .find(
    each => each && each.family === 'IPv4' && !/^(127|10|192\.168|172\.|169\.254|100\.)/.test(each.address),
  )?.address;

let desk: OpenConsole;
let dataDir: string;
const terminals: ForeignTerminal[] = [];
const paths: MediaPath[] = [];
const timers: ReturnType<typeof setInterval>[] = [];
let fleet: Fleet | undefined;
let phones = 0;

function newTerminal(): ForeignTerminal {
  const phone = `0139${String(++phones).padStart(8, '0')}`;
  const plate = Buffer.from(`TEST${String(phones).padStart(2, '0')}`);
  const terminal = new ForeignTerminal({ port: desk.ports.signal, dialect: '2013', phone, plate });
  terminals.push(terminal);
  return terminal;
}

const idOf = ({ phone }: ForeignTerminal) => phone.replace(/^0+/, '');

async function send(path: Promise<MediaPath>, camera: ForeignCamera, clip: readonly Unit[] = units): Promise<void> {
  const to = await path;
  paths.push(to);
  let at = 0;
  timers.push(
    setInterval(() => {
      for (const packet of camera.picture(clip[at++ % clip.length]!)) void to.send(packet);
    }, 40),
  );
}

/** Its first camera onto the wall, as an operator does it, and the question why it is black. */
async function ask(page: Page, id: string): Promise<void> {
  await onWall(page, id);
  await page
    .getByTestId('wall')
    .focus()
    .catch(() => undefined);
  await page.keyboard.press('w');
  await page.getByTestId('dialog-doctor').waitFor();
}

/** The question about a camera that has been on the wall for a while. */
async function askTile(page: Page, id: string): Promise<void> {
  await page.locator(`[data-camera="${id}/1"]`).click({ position: { x: 20, y: 60 } });
  await page.keyboard.press('w');
  await page.getByTestId('dialog-doctor').waitFor();
}

async function onWall(page: Page, id: string): Promise<void> {
  await until(`${id} in the list`, async () => (await page.getByTestId(`fleet-row-${id}`).count()) > 0);
  await page.getByTestId(`fleet-expand-${id}`).click();
  await page.getByTestId(`fleet-channel-${id}-1`).dblclick();
  await until('its tile', async () => (await page.locator(`[data-camera="${id}/1"]`).count()) > 0);
  await page.getByTestId(`fleet-expand-${id}`).click();
  await page.locator(`[data-camera="${id}/1"]`).click({ position: { x: 20, y: 60 } });
}

async function askVehicle(page: Page, id: string): Promise<void> {
  await until(`${id} in the list`, async () => (await page.getByTestId(`fleet-row-${id}`).count()) > 0);
  await page.getByTestId(`fleet-row-${id}`).click();
  const more = page.getByTestId(`fleet-more-${id}`);
  if ((await more.count()) > 0) {
    await more.click();
    await page.getByTestId('vehicle-doctor').click();
  } else {
    await page.locator('#fleet-search').focus();
    await page.getByRole('tree').focus();
    await page.keyboard.press('w');
  }
  await page.getByTestId('dialog-doctor').waitFor();
}

/** The sheet names the cause at the step; a picture is taken, with the bytes of that step in view. */
async function expectCause(name: string, step: DoctorStepName, cause: DoctorCauseName): Promise<void> {
  const { page } = desk;
  const row = page.getByTestId(`doctor-${step}`);
  await until(`${cause} at ${step}`, async () => (await row.locator(`[data-cause="${cause}"]`).count()) > 0);
  const words = await row.locator(`[data-cause="${cause}"]`).innerText();
  expect(words).not.toMatch(/\{\{|doctor\.|undefined/);
  await row.scrollIntoViewIfNeeded();
  await picture(desk, `doctor-${name}`);
}

async function expectDone(step: DoctorStepName): Promise<void> {
  await until(`${step} to be done`, async () => {
    return (await desk.page.getByTestId(`doctor-${step}`).getAttribute('data-state')) === 'done';
  });
}

async function openDesk(settings: Record<string, string | number> = {}, keep = ''): Promise<void> {
  dataDir = keep || temporaryFolder();
  writeFileSync(join(dataDir, 'settings.json'), JSON.stringify({ commandTimeoutMs: 1000, graceMs: 100, ...settings }));
  const { host = '127.0.0.1', signalPort = 0 } = settings;
  desk = await electronKind.open({ dataDir, size: { width: 1600, height: 1000 }, settings: { host, signalPort } });
}

async function tidy(): Promise<void> {
  for (const timer of timers.splice(0)) clearInterval(timer);
  for (const path of paths.splice(0)) path.cut();
  for (const terminal of terminals.splice(0)) await terminal.end();
  await fleet?.stop();
  fleet = undefined;
  const { page } = desk;
  await closeSheets();
  await page.keyboard.press('Shift+Delete');
}

const closeSheets = () =>
  until('no sheet', async () => {
    if ((await desk.page.locator('.sheet').count()) === 0) return true;
    await desk.page.keyboard.press('Escape');
    return false;
  });

async function simulate(faults: Partial<Faults>): Promise<string> {
  await simulateEach([faults]);
  return simulatedId(0);
}

/** A vehicle for each. */
async function simulateEach(faults: Partial<Faults>[]): Promise<void> {
  const { signal } = desk.ports;
  const options = {
    vehicles: faults.length,
    host: '127.0.0.1',
    signalPort: signal,
    clock: systemClock,
    log: silentLog,
  };
  fleet = new Fleet({ ...options, seed: 100 + ++phones });
  for (const [i, each] of faults.entries()) Object.assign(fleet.terminal(i).faults, each);
  await fleet.start();
}

const simulatedId = (index: number) => fleet!.terminal(index).identity.phone.replace(/^0+/, '');

describe.skipIf(electronKind.missing)(`the connection doctor in ${titleOf(electronKind)}`, () => {
  describe('of cameras', () => {
    beforeAll(() => openDesk());
    afterEach(tidy);
    afterAll(async () => {
      expect(desk?.complaints).toEqual([]);
      await desk?.close();
      removeFolder(dataDir);
    });

    it('shows every step done of one that plays, the picture of this console too', async () => {
      const id = await simulate({});
      await ask(desk.page, id);
      await expectDone('firstPicture');
      await expectDone('capabilities');
      await until('the verdict', async () => {
        return (await desk.page.getByTestId('doctor-verdict').getAttribute('data-state')) === 'done';
      });
      await desk.page.getByTestId('doctor-firstPacket').locator('summary').click();
      await picture(desk, 'doctor-well');
      await desk.page.getByTestId('doctor-copy').click();
    });

    it.each([
      ['refused', 1, 'commandRefused'],
      ['bad-message', 2, 'commandBadMessage'],
      ['unsupported', 3, 'commandUnsupported'],
    ] as const)('says why 0x9101 is %s', async (name, result, cause) => {
      const terminal = newTerminal();
      terminal.answers = ({ id }) => (id === 0x9101 ? result : 0);
      await terminal.enrol();
      await ask(desk.page, idOf(terminal));
      await expectCause(name, 'acknowledged', cause);
    });

    it('shows a SIM that differs', async () => {
      const id = await simulate({ wrongSim: true });
      await ask(desk.page, id);
      await expectCause('sim-differs', 'simMatches', 'simDiffers');
    });

    it('shows a channel that differs', async () => {
      const id = await simulate({ channelShift: 2 });
      await ask(desk.page, id);
      await expectCause('channel-differs', 'simMatches', 'channelDiffers');
    });

    it('names a coding that nobody decodes, and one that this computer does not', async () => {
      const id = await simulate({ videoPayloadType: 100 });
      await ask(desk.page, id);
      await expectCause('avs', 'payloadTypes', 'codecUnsupported');
      await tidy();
      const other = await simulate({ videoPayloadType: 101 });
      await ask(desk.page, other);
      await expectCause('svac', 'firstPicture', 'consoleCannotDecode');
    });

    it('says that somebody else sends the same camera', async () => {
      const terminal = newTerminal();
      await terminal.enrol();
      await ask(desk.page, idOf(terminal));
      const { tcpPort } = await terminal.nextLiveOrder(1);
      for (let i = 0; i < 2; i++)
        await send(mediaOverTcp(tcpPort), new ForeignCamera({ sim: terminal.phone, channel: 1 }));
      await expectCause('two-sources', 'mediaConnected', 'pinnedElsewhere');
    });

    it('says that what comes is not 1078, and that a connection carries nothing', async () => {
      const terminal = newTerminal();
      await terminal.enrol();
      await ask(desk.page, idOf(terminal));
      const { tcpPort } = await terminal.nextLiveOrder(1);
      const rtsp = await mediaOverTcp(tcpPort);
      await rtsp.send(Buffer.from('DESCRIBE rtsp://10.0.0.1/1 RTSP/1.0\r\n\r\n'));
      paths.push(rtsp, await mediaOverTcp(tcpPort));
      await expectCause('not-1078', 'mediaConnected', 'mediaUnrecognised');
      await expectCause('media-silent', 'mediaConnected', 'mediaSilent');
    });

    it('says that media has ended', async () => {
      const terminal = newTerminal();
      await terminal.enrol();
      await ask(desk.page, idOf(terminal));
      const { tcpPort } = await terminal.nextLiveOrder(1);
      await send(mediaOverTcp(tcpPort), new ForeignCamera({ sim: terminal.phone, channel: 1 }));
      await expectDone('firstKeyFrame');
      terminal.answers = () => undefined;
      for (const path of paths) path.cut();
      await expectCause('media-ended', 'mediaConnected', 'mediaEnded');
    });

    it('says of a vehicle whose connection ended what is known, and of its camera that it is away', async () => {
      const terminal = newTerminal();
      await terminal.enrol();
      await ask(desk.page, idOf(terminal));
      await terminal.end();
      await expectCause('connection-ended', 'connected', 'connectionEnded');
      await expectCause('vehicle-away', 'commandSent', 'vehicleAway');
    });

    it('says of a camera that nobody watches that nothing is asked, and puts it on the wall', async () => {
      const terminal = newTerminal();
      await terminal.enrol();
      const id = idOf(terminal);
      await askVehicle(desk.page, id);
      await expectDone('capabilities');
      await picture(desk, 'doctor-vehicle');
      await desk.page.getByTestId('doctor-camera-2').click();
      await expectCause('nobody-watches', 'commandSent', 'nobodyWatches');
      await desk.page.getByTestId('doctor-commandSent').getByRole('button').click();
      await until('its tile', async () => (await desk.page.locator(`[data-camera="${id}/2"]`).count()) > 0);
    });

    it.skipIf(!outer)(
      `says that an inner address was named to an outer vehicle (${outer ?? 'this machine has no outer address'})`,
      async () => {
        await desk.close();
        removeFolder(dataDir);
        await openDesk({ host: '0.0.0.0', mediaAddress: '10.0.0.4' });
        const terminal = newTerminal();
        await terminal.connect(outer);
        await terminal.authenticate(await terminal.register());
        await ask(desk.page, idOf(terminal));
        await expectCause('address-private', 'mediaConnected', 'addressPrivate');
      },
    );
  });

  describe('of cameras that have been watched for a while', () => {
    const ids: Record<string, string> = {};

    /** Enrolled and on the wall, its camera asked for. */
    const watched = async (name: string, answers?: ForeignTerminal['answers']): Promise<ForeignTerminal> => {
      const terminal = newTerminal();
      if (answers) terminal.answers = answers;
      await terminal.enrol();
      ids[name] = idOf(terminal);
      await onWall(desk.page, ids[name]);
      return terminal;
    };
    const simulated = {
      'no-key-frame': { withoutKeyFrames: true, beginsWithP: true },
      loss: { lossPercent: 40 },
      'wrong-port': { mediaPort: 9 },
    };

    // What takes the doctor seconds to be sure of, all at once.
    beforeAll(async () => {
      await openDesk();
      await desk.page.keyboard.press('3');
      await simulateEach(Object.values(simulated));
      for (const [i, name] of Object.keys(simulated).entries()) {
        ids[name] = simulatedId(i);
        await onWall(desk.page, ids[name]);
      }
      await watched('not-acknowledged', ({ id }) => (id === 0x9101 ? undefined : 0));
      await watched('nothing-arrives');
      await soundOnly(await watched('sound-only'));
      await bareKeyFrames(await watched('no-parameter-sets'));
    });
    afterEach(closeSheets);
    afterAll(async () => {
      await tidy();
      expect(desk?.complaints).toEqual([]);
      await desk?.close();
      removeFolder(dataDir);
    });

    async function soundOnly(terminal: ForeignTerminal): Promise<void> {
      const { tcpPort } = await terminal.nextLiveOrder(1);
      const path = await mediaOverTcp(tcpPort);
      paths.push(path);
      const microphone = new ForeignCamera({ sim: terminal.phone, channel: 1 });
      timers.push(setInterval(() => void path.send(microphone.sound(Buffer.alloc(160, 0xd5))), 20));
    }

    async function bareKeyFrames(terminal: ForeignTerminal): Promise<void> {
      const { udpPort } = await terminal.nextLiveOrder(1);
      const bare = units.map(({ key, data }) => ({
        key,
        data: key
          ? Buffer.from(`0000000165${'88'.repeat(300)}`, 'hex')
          : data.subarray(data.lastIndexOf('00000001', 'hex')),
      }));
      await send(mediaOverUdp(udpPort), new ForeignCamera({ sim: terminal.phone, channel: 1 }), bare);
    }

    it('says that nothing arrives, from the tile that is black', async () => {
      await picture(desk, 'doctor-why-button');
      await desk.page.locator(`[data-camera="${ids['nothing-arrives']}/1"]`).getByTestId('tile-why').click();
      await expectCause('nothing-arrives', 'mediaConnected', 'mediaBlocked');
    });

    it('says so in Chinese too', async () => {
      await desk.page.keyboard.press('l');
      await askTile(desk.page, ids['nothing-arrives']!);
      await expectCause('chinese', 'mediaConnected', 'mediaBlocked');
      await desk.page.keyboard.press('Escape');
      await desk.page.keyboard.press('l');
    });

    it('opens the setting that a cause names, and comes back', async () => {
      await askTile(desk.page, ids['nothing-arrives']!);
      await expectCause('before-setting', 'mediaConnected', 'mediaBlocked');
      await desk.page.getByTestId('doctor-setting-mediaAddress').first().click();
      await desk.page.getByTestId('setting-mediaAddress').waitFor();
      await picture(desk, 'doctor-setting');
      await desk.page.keyboard.press('Escape');
      await desk.page.getByTestId('dialog-doctor').waitFor();
    });

    it.each([
      ['that 0x9101 is never answered', 'not-acknowledged', 'acknowledged', 'notAcknowledged'],
      ['that media goes to a port where nobody listens', 'wrong-port', 'mediaConnected', 'udpBlocked'],
      ['that only sound comes', 'sound-only', 'payloadTypes', 'soundOnly'],
      ['that key frames have no parameters', 'no-parameter-sets', 'resolution', 'noParameterSets'],
      ['that no key frame comes', 'no-key-frame', 'firstKeyFrame', 'noKeyFrame'],
      ['that too much is lost', 'loss', 'firstKeyFrame', 'packetLoss'],
    ] as const)('says %s', async (_, name, step, cause) => {
      await askTile(desk.page, ids[name]!);
      await expectCause(name, step, cause);
    });
  });

  describe('of vehicles', () => {
    beforeAll(() => openDesk({ registration: 'list', mediaPortPublic: 16611, mediaAddress: '203.0.113.7' }));
    afterEach(tidy);
    afterAll(async () => {
      await desk?.close();
      removeFolder(dataDir);
    });

    const admitted = async (terminal: ForeignTerminal): Promise<void> => {
      await terminal.connect();
      await terminal.register().catch(() => undefined);
      const id = idOf(terminal);
      await askVehicle(desk.page, id);
      await desk.page.getByTestId('doctor-registered').getByRole('button').first().click();
      await until('it to be admitted', async () => {
        return (await desk.page.getByTestId(`fleet-row-${id}`).getAttribute('data-state')) !== 'pending';
      });
    };

    it('says that one waits to be admitted, and admits it', async () => {
      const terminal = newTerminal();
      await terminal.connect();
      await terminal.register().catch(() => undefined);
      await askVehicle(desk.page, idOf(terminal));
      await expectCause('pending', 'registered', 'pending');
    });

    it('says that a code is refused, and that one does not come back with its own', async () => {
      const terminal = newTerminal();
      await admitted(terminal);
      const code = await terminal.register();
      await expectCause('not-authenticated', 'authenticated', 'notAuthenticated');
      expect(await terminal.tryCode('of another platform')).toBe(1);
      await expectCause('code-refused', 'authenticated', 'codeRefused');
      await terminal.authenticate(code);
      await expectDone('authenticated');
    });

    it('names a forwarded port and an address that was set', async () => {
      const terminal = newTerminal();
      await admitted(terminal);
      await terminal.authenticate(await terminal.register());
      await desk.page.keyboard.press('Escape');
      await ask(desk.page, idOf(terminal));
      await expectCause('port-forwarded', 'mediaConnected', 'portForwarded');
      await expectCause('address-other', 'mediaConnected', 'addressOther');
    });

    it('lists who knocked and was not let in', async () => {
      const { page, ports } = desk;
      const stranger = newTerminal();
      await stranger.connect();
      await stranger.register().catch(() => undefined);
      const [tls, http] = await Promise.all([mediaOverTcp(ports.signal), mediaOverTcp(ports.signal)]);
      await tls!.send(Buffer.from('16030102000100', 'hex'));
      await http!.send(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
      const silent = await mediaOverTcp(ports.media);
      paths.push(tls!, http!, silent);
      const camera = new ForeignCamera({ sim: '013999999999', channel: 1 });
      await send(mediaOverUdp(ports.media), camera);
      await page.keyboard.press('d');
      await page.getByTestId('diagnostics-peers').click();
      for (const kind of ['unrecognised', 'stranger', 'unwanted', 'silent'])
        await until(
          `a peer that is ${kind}`,
          async () => (await page.locator(`[data-testid="doctor-peer"][data-kind="${kind}"]`).count()) > 0,
        );
      await page.locator('[data-testid="doctor-peer"] summary').first().click();
      await picture(desk, 'doctor-peers');
      await page.keyboard.press('Escape');
      await page.getByTestId('dialog-diagnostics').waitFor();
      await page.getByTestId('diagnostics-peers').click();
      await page.getByTestId(`doctor-stranger-${idOf(stranger)}`).click();
      await expectCause('stranger', 'registered', 'pending');
      await page.keyboard.press('Escape');
      await page.getByTestId('dialog-peers').waitFor();
    });
  });

  it('says of a vehicle that never came since the start, and that a port is taken', async () => {
    await openDesk();
    const terminal = newTerminal();
    await terminal.enrol();
    await until('it to be kept', async () => (await desk.page.getByTestId(`fleet-row-${idOf(terminal)}`).count()) > 0);
    await terminal.end();
    await desk.close();
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as { port: number };
    await openDesk({ signalPort: port }, dataDir);
    await askVehicle(desk.page, idOf(terminal));
    await expectCause('port-taken', 'listening', 'portClosed');
    await expectCause('never-connected', 'connected', 'neverConnected');
    await desk.close();
    squatter.close();
    removeFolder(dataDir);
  });

  it('lets vehicles go when its window is hidden', async () => {
    await openDesk();
    const id = await simulate({});
    await onWall(desk.page, id);
    await until('it to play', async () => (await kindOf(desk.page, 0)) === 'live');
    expect(fleet!.terminal(0).streams).toHaveLength(1);
    await desk.page.clock.install();
    await desk.app!.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    await sleep(1500);
    expect(fleet!.terminal(0).streams).toHaveLength(1);
    // The page's minute, in a moment.
    await desk.page.clock.fastForward(60_000);
    await until('the stream to be closed on the vehicle', () => fleet!.terminal(0).streams.length === 0);
    await desk.app!.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
    await until('it to play again', () => fleet!.terminal(0).streams.length === 1);
    await tidy();
    await desk.close();
    removeFolder(dataDir);
  });

  it('shows what data was used, by vehicle and by day', async () => {
    await openDesk({ dataAllowanceMb: 2 });
    const id = await simulate({});
    await onWall(desk.page, id);
    await until('it to play', async () => (await kindOf(desk.page, 0)) === 'live');
    await desk.page.keyboard.press('Shift+D');
    await desk.page.getByTestId(`usage-vehicle-${id}`).click();
    await until('half a megabyte to be used', async () => {
      const text = await desk.page.getByTestId('usage-table').innerText();
      return /[3-9] %|\d\d %/.test(text);
    });
    await picture(desk, 'usage');
    await desk.page.getByTestId(`usage-allowance-${id}`).fill('50');
    await desk.page.keyboard.press('Enter');
    await until('its own allowance', async () => {
      return /4\d\.\d MB/.test(await desk.page.getByTestId('usage-table').innerText());
    });
    await tidy();
    await desk.close();
    removeFolder(dataDir);
  });
});
