import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ForeignTerminal } from '../live/foreign-terminal.ts';
import { electronKind, type OpenConsole, output, titleOf, until } from './consoles.ts';
import { chooseFromMenu } from './tiles.ts';

const fileMs = 5 * 60_000;
const hasFfprobe = spawnSync('ffprobe', ['-version']).status === 0;
/** The day that is looked at: today, unless it has hardly begun. */
const midnight = new Date().setHours(0, 0, 0, 0);
const isEarly = Date.now() - midnight < 2 * 3_600_000;
const day = isEarly ? new Date(midnight - 1).setHours(0, 0, 0, 0) : midnight;
/** Where screenshots are kept when somebody wants to look at them. */
const shots = process.env.CONVOY_SHOTS ?? output;
mkdirSync(shots, { recursive: true });

const clock = (text: string) => {
  const [hours, minutes, seconds] = text.split(':').map(Number) as [number, number, number];
  return (hours * 60 + minutes) * 60 + seconds;
};

describe.skipIf(electronKind.missing)(`what vehicles hold, in ${titleOf(electronKind)}`, () => {
  let desk: OpenConsole;
  beforeAll(async () => {
    desk = await electronKind.open({
      demo: true,
      settings: { storageTimeoutMs: 1000 },
      size: { width: 1600, height: 960 },
    });
  }, 60_000);
  afterAll(() => desk?.close());

  const byId = (id: string) => desk.page.getByTestId(id);
  const shoot = (name: string) => desk.page.screenshot({ path: join(shots, `${name}.png`) });
  const words = (id: string) => byId(id).first().textContent();
  const shownSecond = async () => {
    const text = (await words('vehicle-time')) ?? '';
    return /^\d\d:\d\d:\d\d$/.test(text) ? clock(text) : undefined;
  };

  /** A click on the lane of the first camera at a moment. */
  async function clickLane(at: number): Promise<void> {
    const box = (await byId('vehicle-lanes').boundingBox())!;
    const view = { from: day, to: day + 24 * 3_600_000 };
    // The scale of the timeline: 150 pixels of words at the left, 14 free at the right.
    const x = 150 + ((at - view.from) / (view.to - view.from)) * (box.width - 164);
    await byId('vehicle-lanes').click({ position: { x, y: 17 } });
  }

  it('is listed when the operator opens it', async () => {
    await byId('wall').waitFor();
    // Rows move until the last one has come.
    const online = desk.page.locator('[data-testid^="fleet-row-"][data-state="online"]');
    await until('every vehicle is online', async () => (await online.count()) === 6);
    await chooseFromMenu(desk.page, '13900000001', 'vehicle-storage-open');
    await byId('vehicle-lanes').waitFor();
    if (isEarly) await desk.page.keyboard.press('PageUp');
    const note = await until('a list', async () => {
      const text = await words('storage-note');
      return text && /\d+ files/.test(text) ? text : undefined;
    });
    expect(Number(/(\d+) files/.exec(note)?.[1])).toBeGreaterThan(5);
    await shoot('storage-lanes');
  });

  it('plays in the pane, faster, from elsewhere, and ends', async () => {
    // A file of the last hours that is there whatever the rests of the simulator are.
    const files = await storedFiles();
    const file = files.at(-2)!;
    await clickLane((file.from + file.to) / 2);
    await byId('vehicle-layer').waitFor();
    await until('pictures', async () => (await byId('vehicle-layer').getAttribute('data-phase')) === 'playing');
    const first = await until('a time', shownSecond);
    await until('it goes on', async () => ((await shownSecond()) ?? 0) >= first + 3);
    await until('no words over the picture', async () => (await byId('vehicle-words').count()) === 0);
    const ear = () => byId('vehicle-ear').getAttribute('data-kind');
    const level = async () => Number(await byId('vehicle-ear').getByTestId('ear-meter').getAttribute('data-level'));
    await until('its sound', async () => (await ear()) === 'heard' && (await level()) > 0.2);
    await desk.page.keyboard.press('m');
    await until('it is muted', async () => (await byId('vehicle-ear').getAttribute('data-muted')) === 'true');
    await desk.page.keyboard.press('m');
    await shoot('storage-playing');

    await desk.page.keyboard.press(' ');
    await until('paused', async () => (await byId('vehicle-layer').getAttribute('data-phase')) === 'paused');
    const stood = await shownSecond();
    await new Promise(done => setTimeout(done, 1500));
    expect(await shownSecond()).toBe(stood);
    expect(await ear()).toBe('resting');
    await shoot('storage-paused');
    await desk.page.keyboard.press(' ');
    await until('it goes on after the pause', async () => ((await shownSecond()) ?? 0) > stood!);

    await byId('vehicle-speed-16').click();
    const fastFrom = (await shownSecond())!;
    await until('sixteen times', async () => ((await shownSecond()) ?? 0) >= fastFrom + 40, 8000);
    expect(await ear()).toBe('resting');
    await shoot('storage-fast');
    await byId('vehicle-rewind').click();
    const backFrom = (await shownSecond())!;
    await until('backwards', async () => ((await shownSecond()) ?? backFrom) < backFrom - 4);
    await byId('vehicle-speed-1').click();

    const other = files.at(-3)!;
    await clickLane((other.from + other.to) / 2);
    const wanted = clock(new Date((other.from + other.to) / 2).toTimeString().slice(0, 8));
    await until('dragged there', async () => Math.abs(((await shownSecond()) ?? 0) - wanted) < 60);
    await until('sound from there', async () => (await ear()) === 'heard' && (await level()) > 0.2);
    await shoot('storage-dragged');
    await desk.page.keyboard.press('Escape');
    await until('the archive is back', async () => (await byId('vehicle-layer').count()) === 0);
  });

  it('is fetched into our own recordings', async () => {
    const file = (await storedFiles()).at(-2)!;
    const from = file.from + 60_000;
    // Marked by hand: zoomed in until eight seconds can be dragged over.
    const timeline = (await byId('timeline').boundingBox())!;
    const x = (at: number, view: { from: number; to: number }) =>
      timeline.x + 150 + ((at - view.from) / (view.to - view.from)) * (timeline.width - 164);
    let view = { from: day, to: day + 24 * 3_600_000 };
    const middle = from + 4000;
    while (view.to - view.from > 120_000) {
      await desk.page.mouse.move(x(middle, view), timeline.y + 40);
      await desk.page.mouse.wheel(0, -100);
      const length = (view.to - view.from) / 1.25;
      const share = (middle - view.from) / (view.to - view.from);
      view = { from: middle - share * length, to: middle - share * length + length };
    }
    await desk.page.keyboard.down('Shift');
    await desk.page.mouse.move(x(from, view), timeline.y + 40);
    await desk.page.mouse.down();
    await desk.page.mouse.move(x(from + 8000, view), timeline.y + 40, { steps: 5 });
    await desk.page.mouse.up();
    await desk.page.keyboard.up('Shift');
    expect(await words('storage-fetch')).toMatch(/Fetch \d\d:\d\d:\d\d to \d\d:\d\d:\d\d/);
    await desk.page.keyboard.press('u');
    await byId('fetch-item').waitFor();
    await until('it runs', async () => (await byId('fetch-item').getAttribute('data-state')) === 'running');
    await shoot('storage-fetching');
    await until('it is done', async () => (await byId('fetch-item').getAttribute('data-state')) === 'done', 60_000);
    // It is where every other recording is: the clock goes there and the pane has a picture.
    await desk.page.mouse.click(x(middle, view), timeline.y + 12);
    await until('our own picture', async () => (await byId('pane-0').getAttribute('data-kind')) === 'picture');
    const colours = await desk.page.evaluate(async () => {
      const video = document.querySelector<HTMLVideoElement>('[data-testid="pane-0"] video');
      if (!video) return 0;
      const canvas = new OffscreenCanvas(64, 64);
      const context = canvas.getContext('2d')!;
      context.drawImage(video, 0, 0, 64, 64);
      return new Set(new Uint32Array(context.getImageData(0, 0, 64, 64).data.buffer)).size;
    });
    expect(colours).toBeGreaterThan(100);
    await shoot('storage-fetched');
    const files = readdirSync(join(desk.dataDir, 'recordings'), { recursive: true, encoding: 'utf8' });
    const kept = files.filter(name => name.endsWith('.mp4'));
    expect(kept.length).toBeGreaterThan(0);
    if (!hasFfprobe) return;
    let frames = 0;
    for (const name of kept) {
      const words = ['-v', 'error', '-count_frames', '-select_streams', 'v:0', '-of', 'json', '-show_streams'];
      const probed = spawnSync('ffprobe', [...words, join(desk.dataDir, 'recordings', name)], { encoding: 'utf8' });
      expect(probed.stderr).toBe('');
      frames += Number(JSON.parse(probed.stdout).streams[0].nb_read_frames);
    }
    // 8 s at 15 frames a second, from the key frame before.
    expect(frames).toBeGreaterThan(104);
    expect(desk.complaints).toEqual([]);
  }, 120_000);

  it('is told of in words when the vehicle does not answer, and when it does not play', async () => {
    const terminal = new ForeignTerminal({ port: desk.ports.signal, dialect: '2019', phone: '013955550001' });
    terminal.answers = ({ id }) => (id === 0x9205 || id === 0x8104 ? undefined : id === 0x9201 ? 1 : 0);
    await terminal.enrol();
    await desk.page.keyboard.press('v');
    while (!(await byId('wall').isVisible())) await desk.page.keyboard.press('v');
    await until('it is in the list', async () => (await byId('fleet-row-13955550001').count()) > 0);
    await chooseFromMenu(desk.page, '13955550001', 'vehicle-storage-open');
    await until('it is asked', async () => /asking|reading/.test((await words('storage-note')) ?? ''));
    await shoot('storage-asking');
    await until('no answer', async () => /does not answer/.test((await words('storage-note')) ?? ''));
    expect(await byId('storage-note').getAttribute('data-trouble')).toBe('true');
    await byId('storage-play').click();
    await until('a refusal', async () => ((await words('vehicle-words')) ?? '').length > 10);
    expect(await byId('vehicle-layer').getAttribute('data-phase')).toBe('ended');
    await shoot('storage-refused');
    await byId('vehicle-end').click();
    expect(await byId('vehicle-layer').count()).toBe(0);
    await terminal.end();
  }, 60_000);

  /** What the first vehicle says it has of its first camera, as the console shows it: by the clock of the simulator. */
  async function storedFiles(): Promise<{ from: number; to: number }[]> {
    const now = Math.min(Date.now(), day + 24 * 3_600_000);
    const seed = 1;
    const found: { from: number; to: number }[] = [];
    for (let at = Math.ceil(day / fileMs) * fileMs; at + fileMs <= now; at += fileMs)
      if ((at / fileMs + seed) % 48 >= 6) found.push({ from: at, to: at + fileMs });
    return found;
  }
});
