import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ForeignCamera } from '../live/foreign-packet.ts';
import { ForeignTerminal, type MediaPath, mediaOverTcp } from '../live/foreign-terminal.ts';
import { electronKind as kind, type OpenConsole, titleOf, until } from './consoles.ts';
import { addVehicle, picture, tile, untilOnline } from './tiles.ts';

const run = promisify(execFile);
const aac = 19;
const g729 = 5;
/** A cab that says nothing but what its test wants to hear. 0x1003: AAC, one channel, 8 kHz, 16 bits. */
const mediaProperties = '13010001040001620410';

/** A tone of 440 Hz in AAC-LC at 8 kHz, a frame each. */
async function aacFrames(format: 'adts' | 'bare'): Promise<Buffer[]> {
  const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=8000:duration=4,volume=6'];
  const { stdout } = await run('ffmpeg', ['-v', 'error', ...tone, '-c:a', 'aac', '-ac', '1', '-f', 'adts', 'pipe:1'], {
    encoding: 'buffer',
  });
  const frames: Buffer[] = [];
  for (let at = 0; at + 7 <= stdout.length; ) {
    const length = ((stdout[at + 3]! & 3) << 11) | (stdout[at + 4]! << 3) | (stdout[at + 5]! >> 5);
    frames.push(stdout.subarray(at + (format === 'bare' ? 7 : 0), at + length));
    at += length;
  }
  return frames;
}

describe.skipIf(kind.missing)(`sound of foreign terminals in ${titleOf(kind)}`, () => {
  let desk: OpenConsole;
  let terminal: ForeignTerminal;
  let media: MediaPath;
  let sending = true;
  const phone = '013912340077';
  /** Its stamps stand still, as those of some devices do: arrival is all that there is. */
  const camera = new ForeignCamera({ sim: phone, channel: 1 });

  beforeAll(async () => {
    desk = await kind.open({ size: { width: 1280, height: 800 } });
    terminal = new ForeignTerminal({ port: desk.ports.signal, dialect: '2013', phone, mediaProperties });
    await terminal.enrol();
    await untilOnline(desk.page, 1);
    await addVehicle(desk.page, phone.replace(/^0+/, ''));
    await terminal.nextLiveOrder(1);
    media = await mediaOverTcp(desk.ports.media);
    await tile(desk.page, 0).click();
  });
  afterAll(async () => {
    sending = false;
    media?.cut();
    await terminal?.end();
    await desk?.close();
  });

  /** Sends one packet after another until `done` says so. */
  async function sound(
    payloadType: number,
    packets: readonly Buffer[],
    packetMs: number,
    done: () => Promise<boolean>,
  ) {
    const begun = performance.now();
    for (let i = 0; sending && !(await done()); i++) {
      await media.send(camera.sound(packets[i % packets.length]!, payloadType));
      await sleep(Math.max(0, begun + (i + 1) * packetMs - performance.now()));
    }
  }

  const ear = () => tile(desk.page, 0).getByTestId('ear-mark').getAttribute('data-kind');
  /** Read at once: playwright would wait for a meter that is not there. */
  const level = () =>
    tile(desk.page, 0).evaluate(element =>
      Number(element.querySelector<HTMLElement>('.ear-meter')?.dataset.level ?? 0),
    );
  const words = () => tile(desk.page, 0).getByTestId('ear-words').textContent();

  it('says that a camera sends no sound', async () => {
    await desk.page.keyboard.press('h');
    await until('an ear', async () => (await tile(desk.page, 0).getByTestId('ear-mark').count()) === 1);
    await until('words', async () => (await tile(desk.page, 0).getByTestId('ear-words').count()) === 1);
    expect(await ear()).toMatch(/opening|silent|away/);
  });

  it('names a codec that cannot be played', async () => {
    await sound(g729, [Buffer.alloc(20, 0x5a)], 20, async () => (await ear()) === 'unsupported');
    expect(await words()).toBe('G.729 sound cannot be played here.');
    await picture(desk, 'sound-unsupported');
  });

  it.each(['adts', 'bare'] as const)('plays AAC, %s', async format => {
    const frames = await aacFrames(format);
    await until('silence', async () => (await level()) < 0.05);
    let best = 0;
    await sound(aac, frames, 128, async () => {
      best = Math.max(best, (await ear()) === 'heard' ? await level() : 0);
      return best > 0.7;
    });
    expect(best).toBeGreaterThan(0.7);
    expect(await tile(desk.page, 0).getByTestId('ear-meter').getAttribute('title')).toMatch(/^AAC.* 8000 Hz · \d+ ms$/);
  });

  it('broke no rule of the page and threw nothing', () => {
    expect(desk.complaints).toEqual([]);
  });
});
