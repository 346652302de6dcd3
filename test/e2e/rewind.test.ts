import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { electronKind, type OpenConsole, titleOf, until } from './consoles.ts';
import { hasContent, picture, pictureOf, tile, untilMoving } from './tiles.ts';

declare global {
  interface Window {
    /** Frames of the page between a key and the picture that stands. */
    framesUntilPaused?: Promise<number>;
  }
}

/** `− 00:42` in seconds. */
const secondsOf = (text: string | null) => {
  const found = /(\d+):(\d\d)/.exec(text ?? '');
  return found ? Number(found[1]) * 60 + Number(found[2]) : Number.NaN;
};

describe.skipIf(electronKind.missing)(`a live picture in ${titleOf(electronKind)}`, () => {
  let desk: OpenConsole;
  beforeAll(async () => {
    desk = await electronKind.open({ demo: true, size: { width: 1440, height: 900 } });
    await untilMoving(desk.page, [0, 1]);
  });
  afterAll(() => desk?.close());

  const review = (cell = 0) => tile(desk.page, cell).getByTestId('review');
  const behind = async () => secondsOf(await tile(desk.page, 0).getByTestId('review-behind').textContent());
  const shown = () => until('the picture', async () => (await review().getAttribute('data-kind')) === 'picture');
  const isAlike = (one: number[] | undefined, other: number[] | undefined) =>
    JSON.stringify(one) === JSON.stringify(other);
  /** Not that of `before`, which stays on the screen until its successor is there. */
  const settled = (before?: number[]) =>
    until('a picture that stands', async () => {
      const first = await reviewed();
      if (isAlike(first, before)) return undefined;
      await new Promise(done => setTimeout(done, 250));
      return hasContent(first) && isAlike(first, await reviewed()) ? first : undefined;
    });
  /** The review's own picture, not the live one beneath. */
  const reviewed = () =>
    review().evaluate(element => {
      const video = element.querySelector('video');
      if (!video || video.readyState < 2 || video.seeking) return undefined;
      const canvas = new OffscreenCanvas(16, 9);
      const context = canvas.getContext('2d')!;
      context.drawImage(video, 0, 0, 16, 9);
      const { data } = context.getImageData(0, 0, 16, 9);
      return Array.from({ length: 144 }, (_, i) => data[i * 4]!);
    });
  const pressed = async (key: string) => {
    await tile(desk.page, 0).click();
    await desk.page.keyboard.press(key);
  };

  const isLive = async () => (await review().count()) === 0;
  beforeEach(async () => {
    if (!(await isLive())) await pressed('End');
    await until('the live picture', isLive);
  });

  it('stands at once when it is paused, without any recording, and goes back and on', async () => {
    // Something to rewind into: more than the stride of an arrow.
    await new Promise(done => setTimeout(done, 7000));
    const before = await pictureOf(desk.page, 0);
    await tile(desk.page, 0).click();
    await desk.page.evaluate(() => {
      const cell = document.querySelector<HTMLElement>('[data-testid="tile-0"]')!;
      window.framesUntilPaused = new Promise<number>(done => {
        const look = (frames: number) => {
          const still = cell.querySelector('[data-testid="review"]')?.querySelector('canvas, video');
          if (still && still.clientWidth > 0) done(frames);
          else requestAnimationFrame(() => look(frames + 1));
        };
        window.addEventListener('keydown', () => look(0), { capture: true, once: true });
      });
    });
    const pausedAt = performance.now();
    await desk.page.keyboard.press(' ');
    // Of the page, not of the camera: nothing is waited for, neither an answer nor a decoder.
    expect(await desk.page.evaluate(() => window.framesUntilPaused)).toBeLessThanOrEqual(3);
    await shown();
    const paused = await settled();
    expect(hasContent(before)).toBe(true);
    await picture(desk, 'rewind-paused');
    const seen = await behind();
    expect(seen - (performance.now() - pausedAt) / 1000).toBeLessThan(4);

    await pressed('ArrowLeft');
    const back = await settled(paused);
    expect(await behind()).toBeGreaterThanOrEqual(5);
    await picture(desk, 'rewind-back');

    await pressed('Shift+ArrowRight');
    await settled(back);

    await pressed(' ');
    const first = await settledOnce();
    await until('it to play', async () => {
      const now = await reviewed();
      return hasContent(now) && !isAlike(now, first);
    });
    await pressed('End');
    await until('the live picture', isLive);
    await untilMoving(desk.page, [0]);
    expect(desk.complaints).toEqual([]);
  });
  const recordedBytes = () => {
    const folder = join(desk.dataDir, 'recordings');
    const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
    return names
      .filter(name => name.endsWith('.mp4'))
      .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  };
  const settledOnce = () => until('a picture', async () => (await reviewed()) ?? undefined);

  it('is rewound beyond its memory where it is recorded, and recorded all the while', async () => {
    await pressed('r');
    await until('a recording', async () => {
      const chip = tile(desk.page, 0).locator('.record-chip');
      return (await chip.count()) > 0 && (await chip.getAttribute('data-phase')) === 'recording';
    });
    await until('something of it on disk', () => recordedBytes() > 50_000);
    await pressed(' ');
    await shown();
    const paused = await settled();
    await pressed('ArrowLeft');
    await settled(paused);
    expect(await tile(desk.page, 0).locator('.record-chip').getAttribute('data-phase')).toBe('recording');
    await picture(desk, 'rewind-recorded');
    await pressed('End');
    await until('the live picture', isLive);
    await pressed('r');
    expect(desk.complaints).toEqual([]);
  });
});
