import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { electronKind, type OpenConsole, output, titleOf, until } from './consoles.ts';
import { tile } from './tiles.ts';

const loud = 0.02;

describe.skipIf(electronKind.missing)(`sound of the archive in ${titleOf(electronKind)}`, () => {
  let desk: OpenConsole;
  beforeAll(async () => {
    desk = await electronKind.open({ demo: true, size: { width: 1600, height: 900 } });
  });
  afterAll(() => desk?.close());

  const byId = (id: string) => desk.page.getByTestId(id);
  const shots = process.env.SHOTS ?? output;
  const shoot = (name: string) => desk.page.screenshot({ path: join(shots, `${name}.png`) });
  const ear = (pane: number) => byId(`pane-${pane}`).getByTestId('pane-ear');
  const kindOf = (pane: number) => ear(pane).getAttribute('data-kind');

  /** Elements of sound are not in the document; each that begins to play is measured as it plays. */
  const watchSound = () =>
    desk.page.evaluate(() => {
      const meters = new Map<HTMLMediaElement, AnalyserNode>();
      const context = new AudioContext();
      const own = HTMLMediaElement.prototype.play;
      HTMLMediaElement.prototype.play = function play(this: HTMLMediaElement) {
        if (this instanceof HTMLAudioElement && !meters.has(this)) {
          const analyser = context.createAnalyser();
          analyser.fftSize = 4096;
          meters.set(this, analyser);
          const stream = (this as HTMLMediaElement & { captureStream(): MediaStream }).captureStream();
          const connect = (): void => {
            if (stream.getAudioTracks().length > 0) context.createMediaStreamSource(stream).connect(analyser);
          };
          stream.addEventListener('addtrack', connect);
          connect();
        }
        return own.call(this);
      };
      Object.assign(window, {
        heardNow: () => {
          let level = 0;
          let playing = 0;
          let muted = 0;
          for (const [element, analyser] of meters) {
            if (element.paused) continue;
            playing++;
            if (element.muted) muted++;
            const samples = new Float32Array(analyser.fftSize);
            analyser.getFloatTimeDomainData(samples);
            level = Math.max(level, ...samples.map(Math.abs));
          }
          return { level, playing, muted };
        },
      });
    });
  const heardNow = () =>
    desk.page.evaluate(() =>
      (window as unknown as { heardNow(): { level: number; playing: number; muted: number } }).heardNow(),
    );

  /** `plate_channel` of a file's name. */
  const cameraOf = (name: string) => basename(name).split('_').slice(0, 2).join('_');
  /** Recorded files whose header has a track of AAC. */
  const filesWithSound = () => {
    const folder = join(desk.dataDir, 'recordings');
    const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
    return names.filter(name => name.endsWith('.mp4') && readFileSync(join(folder, name)).includes('mp4a'));
  };

  it('is recorded of two cameras, and heard of the pane that has the focus', async () => {
    const { page } = desk;
    await until(
      'a live wall',
      async () => (await page.locator('[data-testid^="tile-"][data-kind="live"]').count()) > 1,
    );
    for (const cell of [0, 1]) {
      await tile(page, cell).click();
      await page.keyboard.press('r');
      await tile(page, cell).getByTestId('record-chip').waitFor();
    }
    // It begins with the second file at the latest, a few seconds after the first picture.
    await until('sound of both', () => new Set(filesWithSound().map(cameraOf)).size === 2);
    const begun = performance.now();
    await until('some seconds of it', () => performance.now() - begun > 6000);
    await watchSound();
    await page.getByTestId('page-archive').click();
    await byId('archive').waitFor();
    await until(
      'two panes',
      async () => (await page.locator('[data-testid^="pane-"][data-kind="picture"]').count()) >= 2,
    );
    await page.keyboard.press(' ');
    await until('sound', async () => (await kindOf(0)) === 'heard' && (await heardNow()).level > loud);
    expect(await kindOf(1)).toBe('elsewhere');
    await until('one of them', async () => (await heardNow()).playing === 1);
    await shoot('archive-sound-heard');
  }, 90_000);

  it('moves with the focus, stays where it was told to, and is muted with everything', async () => {
    const { page } = desk;
    await page.keyboard.press('ArrowDown');
    await until('the other pane', async () => (await kindOf(1)) === 'heard' && (await heardNow()).level > loud);
    expect(await kindOf(0)).toBe('elsewhere');
    await until('one of them', async () => (await heardNow()).playing === 1);

    await page.keyboard.press('h');
    expect(await ear(1).getAttribute('data-chosen')).toBe('true');
    await page.keyboard.press('ArrowUp');
    await shoot('archive-sound-chosen');
    expect(await kindOf(1)).toBe('heard');
    await page.keyboard.press('m');
    await until('silence', async () => {
      const { playing, muted } = await heardNow();
      return playing === muted;
    });
    await shoot('archive-sound-muted');
    await page.keyboard.press('m');
    await ear(1).click();
    await until('the focus again', async () => (await kindOf(0)) === 'heard');
  }, 60_000);

  it('is not heard beyond twice the speed, nor while the clock stands', async () => {
    const { page } = desk;
    await page.keyboard.press('Shift+ArrowLeft');
    for (const key of [']', ']']) await page.keyboard.press(key);
    await until('muted by speed', async () => (await kindOf(0)) === 'tooFast');
    await until('nothing to play', async () => (await heardNow()).playing === 0);
    await shoot('archive-sound-fast');
    for (const key of ['[', '[']) await page.keyboard.press(key);
    await page.keyboard.press('Shift+ArrowLeft');
    await until('sound again', async () => (await kindOf(0)) === 'heard');
    await page.keyboard.press(' ');
    await until('stillness', async () => (await heardNow()).playing === 0);
    expect(desk.complaints).toEqual([]);
  }, 60_000);

  it('is heard of a live tile that is rewound into its recording, and said where there is none', async () => {
    const { page } = desk;
    await page.getByTestId('page-live').click();
    await tile(page, 0).click();
    await page.keyboard.press('h');
    const mark = tile(page, 0).getByTestId('ear-mark');
    const review = tile(page, 0).getByTestId('review');
    await until('live sound', async () => (await mark.getAttribute('data-kind')) === 'heard');
    await page.keyboard.press(' ');
    await until('its picture', async () => (await review.getAttribute('data-kind')) === 'picture');
    for (const key of ['ArrowLeft', 'ArrowLeft', ' ']) await page.keyboard.press(key);
    await until('recorded sound', async () => {
      return (await mark.getAttribute('data-recorded')) === 'heard' && (await heardNow()).level > loud;
    });
    expect(await tile(page, 0).getByTestId('ear-words').count()).toBe(0);
    await shoot('rewound-sound');
    await page.keyboard.press('End');
    await until('live sound again', async () => (await mark.getAttribute('data-kind')) === 'heard');
    expect((await heardNow()).playing).toBe(0);

    // Nothing of the third tile is on disk.
    await tile(page, 2).click();
    await page.keyboard.press('h');
    await page.keyboard.press(' ');
    const words = tile(page, 2).getByTestId('ear-words');
    await until('the words', async () => (await words.allTextContents()).join().includes('memory keeps pictures only'));
    await shoot('rewound-silent');
    await page.keyboard.press('End');
    expect(desk.complaints).toEqual([]);
  }, 60_000);
});
