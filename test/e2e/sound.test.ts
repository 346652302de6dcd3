import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleKinds, type OpenConsole, titleOf, until } from './consoles.ts';
import { picture, tile, untilMoving } from './tiles.ts';

declare global {
  interface Window {
    /** What goes to the loudspeaker, tapped. */
    tap?: { context: BaseAudioContext; analyser: AnalyserNode };
  }
}

/** From now on everything that is connected to a loudspeaker goes through an analyser as well. */
function tapLoudspeaker(): void {
  const connect = AudioNode.prototype.connect as (this: AudioNode, target: AudioNode, ...rest: number[]) => AudioNode;
  AudioNode.prototype.connect = function (this: AudioNode, target: AudioNode, ...rest: number[]) {
    if (target instanceof AudioDestinationNode) {
      const analyser = new AnalyserNode(this.context, { fftSize: 4096 });
      connect.call(this, analyser);
      window.tap = { context: this.context, analyser };
    }
    return connect.call(this, target, ...rest);
  } as AudioNode['connect'];
}

describe.each(consoleKinds)('sound in $name', kind => {
  let desk: OpenConsole;
  const earsOf = (kindOfEar: string) => desk.page.locator(`[data-testid="ear-mark"][data-kind="${kindOfEar}"]`).count();
  const markIn = (cell: number) => tile(desk.page, cell).getByTestId('ear-mark');

  /** Loudest sample of the last 85 ms at the loudspeaker. */
  const peak = () =>
    desk.page.evaluate(() => {
      if (!window.tap) return 0;
      const samples = new Float32Array(window.tap.analyser.fftSize);
      window.tap.analyser.getFloatTimeDomainData(samples);
      return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    });
  const loud = () => until('sound at the loudspeaker', async () => (await peak()) > 0.01);
  const quiet = () => until('silence at the loudspeaker', async () => (await peak()) < 0.0005);

  /** Shares of 50 ms looks, over `ms`, at which something was to be heard. */
  const shareHeard = (ms: number) =>
    desk.page.evaluate(async forMs => {
      const samples = new Float32Array(2048);
      let heard = 0;
      let looks = 0;
      for (const end = performance.now() + forMs; performance.now() < end; looks++) {
        await new Promise(done => setTimeout(done, 50));
        window.tap?.analyser.getFloatTimeDomainData(samples);
        if (samples.some(sample => Math.abs(sample) > 0.005)) heard++;
      }
      return heard / looks;
    }, ms);

  describe.skipIf(kind.missing)(`that is ${titleOf(kind)}`, () => {
    beforeAll(async () => {
      desk = await kind.open({ demo: true, size: { width: 1600, height: 900 } });
      await untilMoving(desk.page, [0, 1, 2]);
      await desk.page.evaluate(tapLoudspeaker);
    });
    afterAll(() => desk?.close());

    it('is silent, and costs nothing, until somebody listens', async () => {
      expect(await desk.page.evaluate(() => window.tap === undefined)).toBe(true);
      expect(await desk.page.getByTestId('ear-mark').count()).toBe(0);
    });

    it('listens to the selected tile at a key', async () => {
      await tile(desk.page, 0).click();
      await desk.page.keyboard.press('h');
      await until('an ear', async () => (await earsOf('heard')) === 1);
      await loud();
      const meter = tile(desk.page, 0).getByTestId('ear-meter');
      await until('a level', async () => Number(await meter.getAttribute('data-level')) > 0.1);
      expect(await meter.getAttribute('title')).toMatch(/^G\.?711A? .*\d+ ms$/);
      expect(await shareHeard(1500)).toBeGreaterThan(0.6);
    });

    it('moves the ear to another tile', async () => {
      await tile(desk.page, 1).click();
      await desk.page.keyboard.press('h');
      await until('the ear there', async () => (await markIn(1).count()) === 1 && (await earsOf('heard')) === 1);
      expect(await markIn(0).count()).toBe(0);
      await loud();
    });

    it('hears several that are pinned', async () => {
      await desk.page.keyboard.press('Shift+h');
      await tile(desk.page, 2).click();
      await desk.page.keyboard.press('Shift+h');
      await tile(desk.page, 0).click();
      await desk.page.keyboard.press('h');
      await until('three ears', async () => (await earsOf('heard')) === 3);
      await until('their number', async () => (await desk.page.getByTestId('mute').textContent()) === '3');
      await picture(desk, `sound-${kind.name}`);
    });

    it('mutes all and brings all back', async () => {
      await desk.page.keyboard.press('m');
      await quiet();
      await picture(desk, `sound-muted-${kind.name}`);
      await desk.page.getByTestId('mute').click();
      await loud();
    });

    it('rests while its tile shows a recording', async () => {
      await tile(desk.page, 0).click();
      await desk.page.keyboard.press(' ');
      await until('three ears, one at rest', async () => (await earsOf('resting')) === 1);
      expect(await tile(desk.page, 0).getByTestId('ear-words').count()).toBe(1);
      await desk.page.keyboard.press('End');
      await until('three ears again', async () => (await earsOf('heard')) === 3);
    });

    it('goes on through a layout and into the main stream without a hole', async () => {
      await tile(desk.page, 1).click();
      await desk.page.keyboard.press('h');
      await tile(desk.page, 2).click();
      await desk.page.keyboard.press('h');
      await until('one ear', async () => (await desk.page.getByTestId('ear-mark').count()) === 1);
      await loud();
      await tile(desk.page, 0).dblclick();
      const share = await shareHeard(4000);
      await until('the main stream', async () => (await tile(desk.page, 0).getAttribute('data-stream')) === 'main');
      // A browser on a machine that is busy with other things skips a little; without its sound the share is none.
      expect(share).toBeGreaterThan(0.6);
      await loud();
      await desk.page.keyboard.press('Escape');
      expect(await shareHeard(1500)).toBeGreaterThan(0.6);
    });

    it('lets the loudspeaker go when nobody listens any more', async () => {
      await tile(desk.page, 0).click();
      await desk.page.keyboard.press('Delete');
      await until('no ear', async () => (await desk.page.getByTestId('ear-mark').count()) === 0);
      await until('a loudspeaker at rest', () => desk.page.evaluate(() => window.tap?.context.state === 'suspended'));
    });

    it('broke no rule of the page and threw nothing', () => {
      expect(desk.complaints).toEqual([]);
    });
  });
});
