import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { slotsPerDay } from '../../renderer/recording/week.ts';
import { hasFfmpeg } from '../record/probe.ts';
import { electronKind, logLines, type OpenConsole, removeFolder, temporaryFolder, titleOf, until } from './consoles.ts';
import { picture, tile, untilMoving, untilRecorded } from './tiles.ts';

describe.skipIf(electronKind.missing || !hasFfmpeg)(`looking back in ${titleOf(electronKind)} (needs ffprobe)`, () => {
  let desk: OpenConsole;
  const pictures = temporaryFolder();
  const exports = temporaryFolder();
  beforeAll(async () => {
    desk = await electronKind.open({
      demo: true,
      size: { width: 1440, height: 900 },
      settings: { exportFolder: exports },
    });
    await desk.app!.evaluate(({ app, shell }, folder) => {
      app.setPath('pictures', folder);
      shell.showItemInFolder = path => {
        (globalThis as { shownInFolder?: string }).shownInFolder = path;
      };
    }, pictures);
    await untilMoving(desk.page, [0, 1]);
  });
  afterAll(async () => {
    await desk?.close();
    for (const folder of [pictures, exports]) removeFolder(folder);
  });

  const shownInFolder = () => desk.app!.evaluate(() => (globalThis as { shownInFolder?: string }).shownInFolder ?? '');
  const remark = () => desk.page.getByTestId('remark');

  it('saves what a tile shows, and all tiles, and leads to the file', async () => {
    await tile(desk.page, 0).click();
    await desk.page.keyboard.press('s');
    const name = await until('the name', async () => /\S+\.png/.exec((await remark().allTextContents()).join())?.[0]);
    // Plate, channel and time.
    expect(name).toMatch(/^\p{L}{2}[·._-]?\w+_.*\d{8}-\d{6}\.png$/u);
    await picture(desk, 'snapshot-saved');
    await until('the file', () => existsSync(join(pictures, 'Convoy', name)));
    // The remark may be gone on a busy machine; the key stays.
    if (await desk.page.getByTestId('show-saved').isVisible()) await desk.page.getByTestId('show-saved').click();
    else await desk.page.keyboard.press('Shift+f');
    await until('the folder', async () => (await shownInFolder()) === join(pictures, 'Convoy', name));
    await desk.page.keyboard.press('Shift+s');
    await until('all tiles', async () => /^9\D/.test((await remark().textContent()) ?? ''));
  });

  it('finds a recorded camera by typing, plays it, steps, and exports it', async () => {
    const { page } = desk;
    for (const cell of [0, 2]) {
      await tile(page, cell).click();
      await page.keyboard.press('r');
    }
    for (const cell of [0, 2]) await untilRecorded(page, cell, 6);
    // A gap in the first of the two.
    await tile(page, 0).click();
    await page.keyboard.press('r');
    await page.waitForTimeout(4000);
    await page.keyboard.press('r');
    await untilRecorded(page, 0, 3);
    await page.keyboard.press('Shift+B');
    await page.getByTestId('footage-search').waitFor();
    await until('a picture', async () => (await page.getByTestId('pane-0').getAttribute('data-kind')) === 'picture');
    const listed = () => page.locator('.footage-vehicle').allTextContents();
    const plates = await until('both vehicles', async () => {
      const found = await listed();
      return found.length === 2 && found;
    });
    await page.keyboard.press('/');
    await page.keyboard.type(plates[1]!.replace(/[^A-Z0-9]/g, '').toLowerCase());
    await until('the one that is typed', async () => (await listed()).join() === plates[1]);
    await picture(desk, 'archive-search');
    await page.keyboard.press('ArrowDown');
    await until('the cursor in the list', () =>
      page.evaluate(() => document.activeElement?.className === 'footage-row'),
    );
    const panes = () => page.locator('.archive-tile').count();
    expect(await panes()).toBe(2);
    await page.keyboard.press('Enter');
    await until('one pane less', async () => (await panes()) === 1);
    await page.keyboard.press('Enter');
    await until('both panes', async () => (await panes()) === 2);
    await page.getByTestId('pane-0').click();
    const clock = () => page.getByTestId('archive-clock').textContent();
    const before = await clock();
    await page.keyboard.press('ArrowRight');
    await until('the next frame', async () => (await clock()) !== before);
    await page.keyboard.press('x');
    await picture(desk, 'archive-export');
    await page.getByTestId('export-start').click();
    const file = await until('the exported file', () => {
      const found = execFileSync('find', [exports, '-name', '*.mp4'], { encoding: 'utf8' }).trim().split('\n');
      const done = found.filter(path => path && !path.includes('_unfinished'));
      // One more of each camera where its sound began.
      const isWhole = execFileSync('find', [exports, '-name', 'SHA256SUMS'], { encoding: 'utf8' }) !== '';
      return isWhole && done.length >= 2 ? done.sort().at(-1) : undefined;
    });
    const words = ['-v', 'error', '-count_frames', '-select_streams', 'v:0', '-show_entries', 'stream=nb_read_frames'];
    const frames = Number(execFileSync('ffprobe', [...words, '-of', 'csv=p=0', file], { encoding: 'utf8' }));
    expect(frames).toBeGreaterThan(30);
    await picture(desk, 'archive-exported');
    expect(desk.complaints).toEqual([]);
  });

  const clockText = () => desk.page.getByTestId('archive-clock').textContent();
  /** Of the day, ms. */
  const clockAt = async () => {
    const [, hours, minutes, seconds] = /(\d+):(\d+):([\d.]+)$/.exec((await clockText()) ?? '')!.map(Number);
    return ((hours! * 60 + minutes!) * 60 + seconds!) * 1000;
  };
  const pressed = async (key: string) => {
    const before = await clockText();
    await desk.page.keyboard.press(key);
    await until(`${key} to move the clock`, async () => (await clockText()) !== before);
    return clockAt();
  };

  it('jumps from gap to gap and from event to event', async () => {
    const { page } = desk;
    await page.keyboard.press('Escape');
    const first = page.locator('.archive-tile[data-focused]');
    const kind = () => first.getAttribute('data-kind');
    // Each is a press; beyond the last one it says so.
    const toTheLast = async (key: string, words: string) => {
      for (let before = ''; before !== (await clockText()); ) {
        before = (await clockText()) ?? '';
        await page.keyboard.press(key);
        await page.waitForTimeout(200);
      }
      await until(words, async () => (await remark().allTextContents()).join().includes(words));
      return clockAt();
    };
    await page.locator('.archive-tile[data-camera]').first().click();
    const began = await toTheLast('Shift+G', 'No edge');
    await until('the first picture', async () => (await kind()) === 'picture');
    const stopped = await pressed('g');
    await until('the gap', async () => (await kind()) === 'nothing');
    expect(await first.textContent()).toContain('No footage here');
    const again = await pressed('g');
    await until('the picture behind the gap', async () => (await kind()) === 'picture');
    expect(stopped - began).toBeGreaterThan(4000);
    expect(again - stopped).toBeGreaterThan(2000);
    expect(await pressed('Shift+G')).toBe(stopped);

    // The oldest, from wherever it is asked; by the button too.
    const event = await toTheLast('Shift+E', 'No event');
    expect(event).toBeLessThan(stopped);
    await page.getByTestId('transport-gapOn').click();
    await until('another place', async () => (await clockAt()) > event);
    await page.getByTestId('transport-eventBack').click();
    expect(await toTheLast('Shift+E', 'No event')).toBe(event);
    expect(await toTheLast('e', 'No event')).toBeGreaterThanOrEqual(event);
    expect(desk.complaints).toEqual([]);
  });

  it('enlarges a part of a picture with keys and buttons', async () => {
    const { page } = desk;
    await page.getByTestId('transport-gapOn').click();
    const pane = page.locator('.archive-tile[data-focused]');
    await until('a picture', async () => (await pane.getAttribute('data-kind')) === 'picture');
    const scale = () => pane.getByTestId('picture-scale').textContent();
    const placed = () => pane.locator('.archive-video').evaluate(video => (video as HTMLElement).style.transform);
    await page.keyboard.press('Control+ArrowLeft');
    expect(await remark().textContent()).toContain('Press Z');
    await page.keyboard.press('z');
    await pane.getByTestId('transport-pictureIn').click();
    await until('both', async () => (await scale()) === '1.6×');
    const middle = await placed();
    expect(middle).toBe('translate(-28.125%, -28.125%) scale(1.5625)');
    await page.keyboard.press('Control+ArrowLeft');
    await page.keyboard.press('Control+ArrowUp');
    expect(await placed()).toBe('translate(-15.625%, -15.625%) scale(1.5625)');
    await picture(desk, 'archive-zoomed');
    await page.keyboard.press('Shift+Z');
    await until('less', async () => (await scale()) === '1.3×');
    await page.keyboard.press('0');
    await until('the whole', async () => (await scale()) === '1.0×' && (await placed()) === '');
    await page.keyboard.press('z');
    await page.keyboard.press('Escape');
    await until('the whole again', async () => (await scale()) === '1.0×');
  });

  it('keeps a stretch with a note, protects it, lets it go', async () => {
    const { page } = desk;
    await page.keyboard.press('b');
    await page.keyboard.type('near miss');
    await picture(desk, 'archive-keep');
    await page.keyboard.press('Enter');
    const kept = page.locator('.kept');
    await until('the bookmark', async () => (await kept.count()) === 1);
    expect(await kept.textContent()).toContain('near miss');
    await kept.hover();
    await page.locator('[data-testid^="kept-amend-"]').click();
    await page.getByTestId('kept-note').fill('near miss, 2nd lane');
    await page.getByTestId('kept-protected').click();
    await picture(desk, 'archive-kept-form');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await until('what was changed', async () => (await kept.textContent())?.includes('not protected'));
    expect(await kept.textContent()).toContain('near miss, 2nd lane');
    await picture(desk, 'archive-kept');
    await kept.hover();
    await page.locator('[data-testid^="kept-forget-"]').click();
    await until('none', async () => (await kept.count()) === 0);
    expect(desk.complaints).toEqual([]);
  });

  it('has all its controls on one line from 1280 pixels on, in both languages', async () => {
    const { page } = desk;
    await page.keyboard.press('i');
    for (const _ of ['en', 'zh']) {
      for (const [width, height] of [
        [1280, 800],
        [1440, 900],
        [1920, 1080],
      ]) {
        await page.setViewportSize({ width: width!, height: height! });
        const bar = await page.getByTestId('transport').evaluate(element => ({
          beyond: element.scrollWidth - element.clientWidth,
          lines: new Set(
            [...element.children]
              .filter(each => each.clientHeight > 0)
              .map(each => Math.round((each.getBoundingClientRect().top + each.getBoundingClientRect().bottom) / 20)),
          ).size,
        }));
        expect([width, bar]).toEqual([width, { beyond: 0, lines: 1 }]);
      }
      await page.keyboard.press('l');
    }
    await page.keyboard.press('Escape');
  });

  it('paints a weekly plan with the mouse and with keys, and finds it again', async () => {
    const { page } = desk;
    const plans = () => JSON.parse(readFileSync(join(desk.dataDir, 'plans.json'), 'utf8')) as { week: string }[];
    const slot = (day: number, time: number) => page.locator(`[data-slot="${day * slotsPerDay + time}"]`);
    // Days on which this does not run: nothing is recorded by it.
    const day = [1, 2, 3].includes(new Date().getDay()) ? 4 : 0;
    await page.keyboard.press('Shift+R');
    await page.getByTestId('plan-target').selectOption({ index: 1 });
    await page.getByTestId('plan-mode-schedule').click();
    const middleOf = async (time: number, row: number) => {
      const box = (await slot(row, time).boundingBox())!;
      return [box.x + box.width / 2, box.y + box.height / 2] as const;
    };
    await page.mouse.move(...(await middleOf(16, day)));
    await page.mouse.down();
    await page.mouse.move(...(await middleOf(35, day + 1)), { steps: 5 });
    await page.mouse.up();
    // Wiped from where it begins on what is painted.
    await page.mouse.move(...(await middleOf(24, day)));
    await page.mouse.down();
    await page.mouse.move(...(await middleOf(25, day)), { steps: 3 });
    await page.mouse.up();
    expect(await page.locator('.week-slot[data-on]').count()).toBe(38);
    await page.getByTestId('week-grid').focus();
    // The cursor is where the mouse was last: to the day's first half-hour, and two hours on.
    for (let i = 0; i < 24; i++) await page.keyboard.press('ArrowLeft');
    await page.keyboard.press(' ');
    for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowRight');
    await picture(desk, 'plans-painted');
    expect(await page.locator('.plan-week').textContent()).toContain('21 hours a week');
    await page.getByTestId('plan-save').click();
    const wanted = [0, 1].map(row =>
      [...'0'.repeat(slotsPerDay)]
        .map((_, i) => {
          const isMorning = row === 0 && i < 4;
          const isNoon = row === 0 && (i === 24 || i === 25);
          return isMorning || (i >= 16 && i <= 35 && !isNoon) ? '1' : '0';
        })
        .join(''),
    );
    const week = '0'.repeat(day * slotsPerDay) + wanted.join('') + '0'.repeat((5 - day) * slotsPerDay);
    await until('the file', () => existsSync(join(desk.dataDir, 'plans.json')) && plans().length === 1);
    expect(plans()[0]!.week).toBe(week);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+R');
    await page.locator('.plan-row').click();
    expect(await page.locator('.week-slot[data-on]').count()).toBe(42);
    await page.getByTestId('plan-remove').click();
    await until('no plan', async () => (await page.locator('.plan-row').count()) === 0);
    await page.keyboard.press('Escape');
    expect(desk.complaints).toEqual([]);
  });

  it('shouts when the recordings folder goes, and goes on by itself when it is back', async () => {
    const { page } = desk;
    await page.keyboard.press('Shift+C');
    await page.evaluate(() => {
      const own = AudioScheduledSourceNode.prototype.start;
      Object.assign(window, { tones: [] as number[] });
      AudioScheduledSourceNode.prototype.start = function start(this: AudioScheduledSourceNode, when) {
        if (this instanceof OscillatorNode) (window as unknown as { tones: number[] }).tones.push(this.frequency.value);
        return own.call(this, when);
      };
    });
    const tones = () => page.evaluate(() => (window as unknown as { tones: number[] }).tones);
    const chip = tile(page, 0).locator('.record-chip');
    if ((await chip.getAttribute('data-phase').catch(() => null)) !== 'recording') {
      await tile(page, 0).click();
      await page.keyboard.press('r');
    }
    await until('a recording', async () => (await chip.getAttribute('data-phase')) === 'recording');
    const folder = join(desk.dataDir, 'recordings');
    renameSync(folder, `${folder}-away`);
    writeFileSync(folder, 'in its place');
    rmSync(`${folder}-away`, { recursive: true });
    const banner = page.getByTestId('recorder-banner');
    await banner.waitFor({ timeout: 10_000 });
    expect(await banner.textContent()).toMatch(/Recording fails for .*folder.*Pictures of this time are being lost/);
    expect(await banner.textContent()).toContain(folder);
    await until('its sound', async () => (await tones()).length >= 3);
    expect(await tones()).toEqual([660, 880, 1100]);
    await picture(desk, 'recorder-failing');
    await until('the log', () => logLines(desk.dataDir).some(line => JSON.stringify(line).includes('folderGone')));
    await until('its tile to say so', async () => (await chip.getAttribute('data-phase')) === 'failing');
    rmSync(folder);
    await banner.waitFor({ state: 'detached' });
    await until('it to be recorded again', async () => (await chip.getAttribute('data-phase')) === 'recording');
    await page.keyboard.press('r');
    expect(desk.complaints).toEqual([]);
  });
});
