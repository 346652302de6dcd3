import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { electronKind, type OpenConsole, titleOf, until } from './consoles.ts';
import { hasContent, picture, pictureOf, tile, untilMoving } from './tiles.ts';

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
  const settled = () =>
    until('a picture that stands', async () => {
      const first = await reviewed();
      await new Promise(done => setTimeout(done, 250));
      const second = await reviewed();
      return hasContent(first) && JSON.stringify(first) === JSON.stringify(second) ? first : undefined;
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

  it('stands at once when it is paused, without any recording, and goes back and on', async () => {
    // Something to rewind into.
    await new Promise(done => setTimeout(done, 9000));
    const before = await pictureOf(desk.page, 0);
    await tile(desk.page, 0).click();
    const took = desk.page.evaluate(
      () =>
        new Promise<number>(done => {
          const cell = document.querySelector<HTMLElement>('[data-testid="tile-0"]')!;
          let from = Number.NaN;
          window.addEventListener('keydown', () => (from = performance.now()), { capture: true, once: true });
          const look = () => {
            const still = cell.querySelector('[data-testid="review"]')?.querySelector('canvas, video');
            if (still && still.clientWidth > 0) done(performance.now() - from);
            else requestAnimationFrame(look);
          };
          look();
        }),
    );
    await desk.page.keyboard.press(' ');
    // Pictures come every 40 ms or more; the rest is what a loaded machine takes to draw.
    expect(await took).toBeLessThan(500);
    await shown();
    const paused = await settled();
    expect(hasContent(before)).toBe(true);
    await picture(desk, 'rewind-paused');
    expect(await behind()).toBeLessThan(4);

    await pressed('ArrowLeft');
    const back = await settled();
    expect(back).not.toEqual(paused);
    expect(await behind()).toBeGreaterThanOrEqual(5);
    await picture(desk, 'rewind-back');

    await pressed('Shift+ArrowRight');
    await until('the next frame', async () => JSON.stringify(await settled()) !== JSON.stringify(back));

    await pressed(' ');
    const first = await settledOnce();
    await until('it to play', async () => {
      const now = await reviewed();
      return hasContent(now) && JSON.stringify(now) !== JSON.stringify(first);
    });
    await pressed('End');
    await until('the live picture', async () => (await review().count()) === 0);
    await untilMoving(desk.page, [0]);
    expect(desk.complaints).toEqual([]);
  });
  const settledOnce = () => until('a picture', async () => (await reviewed()) ?? undefined);

  it('is rewound beyond its memory where it is recorded, and recorded all the while', async () => {
    await pressed('r');
    await until('a recording', async () => {
      const chip = tile(desk.page, 0).locator('.record-chip');
      return (await chip.count()) > 0 && (await chip.getAttribute('data-phase')) === 'recording';
    });
    await new Promise(done => setTimeout(done, 6000));
    await pressed(' ');
    await shown();
    await pressed('ArrowLeft');
    await settled();
    expect(await tile(desk.page, 0).locator('.record-chip').getAttribute('data-phase')).toBe('recording');
    await picture(desk, 'rewind-recorded');
    await pressed('End');
    await until('the live picture', async () => (await review().count()) === 0);
    await pressed('r');
    expect(desk.complaints).toEqual([]);
  });
});
