import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { electronKind, type OpenConsole, output, titleOf, until } from './consoles.ts';

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

  it('is recorded of two cameras, and heard of the pane that has the focus', async () => {
    const { page } = desk;
    await until(
      'a live wall',
      async () => (await page.locator('[data-testid^="tile-"][data-kind="live"]').count()) > 1,
    );
    for (const key of ['r', 'ArrowRight', 'r']) {
      await page.keyboard.press(key);
      await new Promise(done => setTimeout(done, 300));
    }
    await until('two recordings', async () => (await byId('record-chip').count()) === 2);
    // Sound begins with the second file at the latest, a few seconds after the first picture.
    await new Promise(done => setTimeout(done, 16_000));
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
    expect((await heardNow()).playing).toBe(1);
    await shoot('archive-sound-heard');
  }, 90_000);

  it('moves with the focus, stays where it was told to, and is muted with everything', async () => {
    const { page } = desk;
    await page.keyboard.press('ArrowDown');
    await until('the other pane', async () => (await kindOf(1)) === 'heard' && (await heardNow()).level > loud);
    expect(await kindOf(0)).toBe('elsewhere');
    expect((await heardNow()).playing).toBe(1);

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
    expect((await heardNow()).playing).toBe(0);
    await shoot('archive-sound-fast');
    for (const key of ['[', '[']) await page.keyboard.press(key);
    await page.keyboard.press('Shift+ArrowLeft');
    await until('sound again', async () => (await kindOf(0)) === 'heard');
    await page.keyboard.press(' ');
    await until('stillness', async () => (await heardNow()).playing === 0);
    expect(desk.complaints).toEqual([]);
  }, 60_000);
});
