import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { electronKind, type OpenConsole, output, titleOf, until } from './consoles.ts';
import { chooseFromMenu } from './tiles.ts';

const fileMs = 5 * 60_000;
/** The day that is looked at: today, unless it has hardly begun. */
const midnight = new Date().setHours(0, 0, 0, 0);
const isEarly = Date.now() - midnight < 2 * 3_600_000;
const day = isEarly ? new Date(midnight - 1).setHours(0, 0, 0, 0) : midnight;
/** Where screenshots are kept when somebody wants to look at them. */
const shots = process.env.CONVOY_SHOTS ?? output;
/** Where Electron saves what is no picture: `Convoy` in the downloads, or in the home when there are none. */
const folders = [join(homedir(), 'Downloads', 'Convoy'), join(homedir(), 'Convoy')];
mkdirSync(shots, { recursive: true });

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;

/** An MP4 as other recorders keep them, beside what the simulator brings. @param folder of the vehicle's uploads */
function addClip(folder: string): void {
  const [upload = ''] = readdirSync(folder);
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=352x288:rate=15:duration=60'];
  const made = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-g', '30', '-movflags', '+faststart'];
  const run = spawnSync('ffmpeg', ['-v', 'error', ...source, ...made, join(folder, upload, 'zz-other-recorder.mp4')]);
  expect(run.stderr.toString()).toBe('');
}

describe.skipIf(electronKind.missing)(`uploads, in ${titleOf(electronKind)}`, () => {
  let desk: OpenConsole;
  beforeAll(async () => {
    desk = await electronKind.open({ demo: true, settings: { ftpPort: 0 }, size: { width: 1600, height: 960 } });
  }, 60_000);
  afterAll(() => desk?.close());

  const byId = (id: string) => desk.page.getByTestId(id);
  const shoot = (name: string) => desk.page.screenshot({ path: join(shots, `${name}.png`) });
  const phase = () => byId('transfer-item').first().getAttribute('data-phase');

  it('begin from a marked range, are paused, go on, come, are saved, and are removed', async () => {
    await byId('wall').waitFor();
    const online = desk.page.locator('[data-testid^="fleet-row-"][data-state="online"]');
    await until('every vehicle is online', async () => (await online.count()) === 6);
    await chooseFromMenu(desk.page, '13900000001', 'vehicle-storage-open');
    await byId('vehicle-lanes').waitFor();
    if (isEarly) await desk.page.keyboard.press('PageUp');
    await until('a list', async () => /\d+ files/.test((await byId('storage-note').textContent()) ?? ''));

    const file = storedFiles().at(-2)!;
    const timeline = (await byId('timeline').boundingBox())!;
    const x = (at: number) => timeline.x + 150 + ((at - day) / (24 * 3_600_000)) * (timeline.width - 164);
    await desk.page.keyboard.down('Shift');
    await desk.page.mouse.move(x(file.from - 4 * fileMs), timeline.y + 40);
    await desk.page.mouse.down();
    await desk.page.mouse.move(x(file.from), timeline.y + 40, { steps: 5 });
    await desk.page.mouse.up();
    await desk.page.keyboard.up('Shift');
    await shoot('uploads-marked');
    await byId('storage-upload').click();
    await byId('dialog-upload').waitFor();
    await until('Enter would ask', () => byId('upload-ask').evaluate(element => element === document.activeElement));
    await byId('upload-mobile').check();
    await shoot('uploads-form');
    await byId('upload-ask').click();
    await byId('dialog-transfers').waitFor();
    await until('bytes come', async () => (await phase()) === 'transferring');
    await until('a rate', async () => /b\/s/.test((await byId('transfer-state').textContent()) ?? ''));
    await shoot('uploads-transferring');
    await until('it is paused', async () => {
      const button = byId('transfer-pause');
      if ((await phase()) !== 'paused' && (await button.count()) === 1) await button.click();
      await new Promise(done => setTimeout(done, 500));
      return (await phase()) === 'paused';
    });
    await shoot('uploads-paused');
    if (hasFfmpeg) addClip(join(desk.dataDir, 'uploads', '13900000001'));
    await desk.page.keyboard.press('Escape');
    await byId('status-transfers').click();
    await byId('transfer-resume').click();
    await until('it is done', async () => (await phase()) === 'done', 60_000);
    await byId('transfer-open').first().click();
    await byId('transfer-unplayable').waitFor();
    await shoot('uploads-done');
    await byId('transfer-open').first().click();
    if (hasFfmpeg) {
      await byId('transfer-open').last().click();
      const video = byId('transfer-video');
      const at = () => video.evaluate(element => (element as HTMLVideoElement).currentTime);
      await until('it plays', async () => (await at()) > 0.5);
      // Beyond what was loaded at first: a part of the file is asked for.
      await video.evaluate(element => {
        (element as HTMLVideoElement).currentTime = 50;
      });
      await until('it plays from there', async () => (await at()) > 50.2);
      await shoot('uploads-played');
      await byId('transfer-open').last().click();
    }

    // Saved by its link, byte for byte.
    const kept = readdirSync(join(desk.dataDir, 'uploads', '13900000001'), { recursive: true, encoding: 'utf8' });
    const name = kept.find(each => each.endsWith('.h264'))!;
    const link = byId('transfer-files').locator('a').first();
    const answer = await desk.page.evaluate(
      async url => {
        const bytes = await (await fetch(url)).arrayBuffer();
        const digest = await crypto.subtle.digest('SHA-256', bytes);
        return Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, '0')).join('');
      },
      (await link.getAttribute('href'))!,
    );
    const stored = readFileSync(join(desk.dataDir, 'uploads', '13900000001', name));
    expect(answer).toBe(createHash('sha256').update(stored).digest('hex'));
    await link.click();
    const saved = () => folders.map(folder => join(folder, name.split('/').at(-1)!)).find(path => existsSync(path));
    const path = await until('the saved file', () => {
      const found = saved();
      return found !== undefined && statSync(found).size === stored.length ? found : undefined;
    });
    expect(readFileSync(path).equals(stored)).toBe(true);
    rmSync(path);
    await byId('transfer-end').click();
    await byId('transfer-end-yes').click();
    await until('it is gone', async () => (await byId('transfer-item').count()) === 0);
    await until('its file is gone', () => !existsSync(join(desk.dataDir, 'uploads', '13900000001', name)));
    expect(desk.complaints.filter(text => !text.startsWith('Failed to load resource'))).toEqual([]);
  }, 120_000);

  /** As the first simulated vehicle holds them. */
  function storedFiles(): { from: number; to: number }[] {
    const now = Math.min(Date.now(), day + 24 * 3_600_000);
    const found: { from: number; to: number }[] = [];
    for (let at = Math.ceil(day / fileMs) * fileMs; at + fileMs <= now; at += fileMs)
      if ((at / fileMs + 1) % 48 >= 6) found.push({ from: at, to: at + fileMs });
    return found;
  }
});
