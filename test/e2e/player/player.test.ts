import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineChoice } from '../../../renderer/player/capabilities.ts';
import type { PlayerSnapshot } from '../../../renderer/player/player.ts';
import { encodeClip, withoutIdr, withoutVui } from './clip.ts';
import { browserPath, type LabBrowser, openLab } from './lab-browser.ts';
import type { FeedOptions } from './page/feeder-messages.ts';

const title = browserPath ? 'players in Chromium' : 'players in Chromium (no Chromium, Chrome or Edge is installed)';

describe.skipIf(!browserPath)(title, () => {
  let lab: LabBrowser;

  beforeAll(async () => {
    const cif = await encodeClip('cif');
    lab = await openLab([
      cif,
      withoutVui(cif),
      await encodeClip('d1', { width: 704, height: 576, bitrate: '800k' }),
      await encodeClip('high', { profile: 'high', fps: 25, gop: 50 }),
      await encodeClip('b', { profile: 'high', bFrames: 2, fps: 25 }),
      withoutIdr(await encodeClip('open', { bFrames: 1, openGop: true, seconds: 8 })),
    ]);
  });
  afterAll(() => lab?.close());

  type Opening = FeedOptions & { engine: EngineChoice; without?: 'track' | 'mse' | 'transfer' };
  const open = (options: Opening) => lab.page.evaluate(given => window.lab.open(given), options);
  const snapshot = (id: number) => lab.page.evaluate(given => window.lab.snapshot(given), id);
  const close = (id: number) => lab.page.evaluate(given => window.lab.close(given), id);
  const act = (message: Parameters<Window['lab']['act']>[0]) =>
    lab.page.evaluate(given => window.lab.act(given as never), message as never);
  const still = (id: number) => lab.page.evaluate(given => window.lab.still(given), id);
  const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

  /** `expect.poll` knows one running test at a time; these run side by side. */
  async function until(id: number, what: (snapshot: PlayerSnapshot) => boolean): Promise<PlayerSnapshot> {
    let found = await snapshot(id);
    return waited(
      async () => {
        found = await snapshot(id);
        return what(found) && found;
      },
      () => JSON.stringify(found),
    );
  }
  async function waited<T>(look: () => Promise<T | false>, last: () => string): Promise<T> {
    for (let tries = 0; tries < 200; tries++) {
      const found = await look();
      if (found !== false) return found;
      await sleep(100);
    }
    throw new Error(`waited in vain: ${last()}`);
  }
  const live = (id: number) => until(id, one => one.state.kind === 'live');
  const fed = async (id: number) =>
    (await lab.page.evaluate(() => window.lab.counts())).find(count => count.id === id)!;

  /** Plays on: at least `count` more pictures from now, and live. */
  async function playsOn(id: number, count = 20) {
    const { framesPresented } = await snapshot(id);
    return until(id, one => one.framesPresented >= framesPresented + count && one.state.kind === 'live');
  }

  const engines = ['jmuxer', 'webcodecs'] as const;

  // Side by side, as on a wall: most of the time is waited.
  describe('side by side', { concurrent: true }, () => {
    describe.each(engines)('%s', engine => {
      it('shows a picture and says what it shows', async () => {
        const id = await open({ engine, clip: 'cif' });
        const first = await live(id);
        expect(first).toMatchObject({ engine, width: 352, height: 288, rebuilds: 0 });
        await playsOn(id, 45);
        // A picture that came early has no latency.
        const later = await until(id, one => one.presentedFps > 8 && (one.latencyMs ?? 0) > 0);
        expect(later.presentedFps).toBeLessThan(25);
        expect(later.framesReceived).toBeGreaterThan(45);
        expect(await still(id)).toMatchObject({ width: 352, height: 288, type: 'image/png' });
        expect((await still(id)).colours).toBeGreaterThan(20);
        await close(id);
      });

      it('survives frames that come before anything is ready, all at once', async () => {
        const ids: number[] = [];
        for (let i = 0; i < 6; i += 1) ids.push(await open({ engine, clip: 'cif', burst: 20 }));
        for (const id of ids) await live(id);
        for (const id of ids) await playsOn(id);
        for (const id of ids) await close(id);
      });

      it('catches up over a cached group of pictures and ends close to the live edge', async () => {
        const id = await open({ engine, clip: 'high', cached: 45 });
        await live(id);
        await until(id, one => one.framesPresented > 60 && (one.latencyMs ?? Number.POSITIVE_INFINITY) < 1000);
        await close(id);
      });

      it('follows a camera from CIF to D1 and back without a black moment', async () => {
        const id = await open({ engine, clip: 'cif' });
        await live(id);
        await act({ type: 'change', id, clip: 'd1' });
        expect(await until(id, one => one.width === 704)).toMatchObject({ height: 576 });
        await act({ type: 'change', id, clip: 'cif' });
        await until(id, one => one.width === 352);
        const later = await playsOn(id);
        expect(later.rebuilds).toBe(0);
        await close(id);
      });

      it('plays the SPS that recorders write, without VUI', async () => {
        const id = await open({ engine, clip: 'cif-plain' });
        await live(id);
        expect(await playsOn(id, 30)).toMatchObject({ width: 352, height: 288, rebuilds: 0 });
        expect((await still(id)).colours).toBeGreaterThan(20);
        await close(id);
      });

      it('waits for a key frame after a loss, told or not', async () => {
        const id = await open({ engine, clip: 'cif' });
        await live(id);
        await act({ type: 'lose', id, frames: 10, honest: true });
        await playsOn(id);
        const before = await snapshot(id);
        await act({ type: 'lose', id, frames: 5, honest: false });
        const after = await until(id, one => one.framesDropped > before.framesDropped);
        expect(after.rebuilds).toBe(0);
        await playsOn(id);
        await close(id);
      });

      it('comes back from random corruption', async () => {
        const id = await open({ engine, clip: 'cif' });
        await live(id);
        for (let i = 0; i < 3; i += 1) {
          const { framesReceived } = await snapshot(id);
          await act({ type: 'corrupt', id, frames: 5 });
          await until(id, one => one.framesReceived > framesReceived + 22);
        }
        await playsOn(id, 30);
        await close(id);
      });

      it('says stalled with its age when nothing comes, and is live again after', async () => {
        const id = await open({ engine, clip: 'cif' });
        await live(id);
        await act({ type: 'pause', id, ms: 6000 });
        const { state } = await until(id, one => one.state.kind === 'stalled');
        const age = state.kind === 'stalled' ? state.ageMs : 0;
        await until(id, one => one.state.kind === 'stalled' && one.state.ageMs > age + 1000);
        await live(id);
        const after = await playsOn(id);
        expect(after.rebuilds).toBe(0);
        const history = await lab.page.evaluate(given => window.lab.history(given), id);
        expect(history.slice(-3)).toEqual(['live', 'stalled', 'live']);
        await close(id);
      });

      it('stays near the edge with a fast camera, jitter and stalls', async () => {
        const id = await open({ engine, clip: 'cif', rate: 1.01, jitterMs: 40, stall: { everyMs: 3500, forMs: 600 } });
        await live(id);
        // Two stalls and what they left behind.
        await sleep(7000);
        const latencies = await lab.page.evaluate(async given => {
          const found: number[] = [];
          while (found.length < 50) {
            await new Promise(done => setTimeout(done, 100));
            const { latencyMs } = window.lab.snapshot(given);
            if (latencyMs !== undefined) found.push(latencyMs);
          }
          return found.sort((a, b) => a - b);
        }, id);
        expect(latencies[Math.floor(latencies.length / 2)]).toBeLessThan(800);
        expect(await snapshot(id)).toMatchObject({ rebuilds: 0 });
        await close(id);
      });

      it('decodes nothing while hidden and is back at once', async () => {
        const id = await open({ engine, clip: 'high' });
        await live(id);
        await lab.page.evaluate(given => window.lab.hide(given, true), id);
        const hidden = await snapshot(id);
        const later = await until(id, one => one.framesReceived > hidden.framesReceived + 50);
        expect(later.framesPresented - hidden.framesPresented).toBeLessThan(5);
        expect(later.state.kind).toBe('live');
        await lab.page.evaluate(given => window.lab.hide(given, false), id);
        await playsOn(id);
        await until(id, one => (one.latencyMs ?? Number.POSITIVE_INFINITY) < 1500);
        await close(id);
      });

      it('moves to another place without a rebuild', async () => {
        const id = await open({ engine, clip: 'cif' });
        await live(id);
        await lab.page.evaluate(given => window.lab.move(given), id);
        expect(await playsOn(id)).toMatchObject({ rebuilds: 0, engine });
        await close(id);
      });

      it('says how it ended', async () => {
        const id = await open({ engine, clip: 'cif' });
        await live(id);
        await act({ type: 'end', id });
        const ended = await until(id, one => one.state.kind === 'ended');
        expect(ended.state).toMatchObject({ code: 'terminalGone' });
        await close(id);
      });
    });

    describe('either', () => {
      it('plays B pictures, which jmuxer cannot, with WebCodecs', async () => {
        const id = await open({ engine: 'auto', clip: 'b' });
        const later = await until(id, one => one.engine === 'webcodecs' && one.state.kind === 'live');
        expect(later.width).toBe(352);
        await playsOn(id, 50);
        await close(id);
      });

      it('begins at I pictures that are no IDR with WebCodecs', async () => {
        const id = await open({ engine: 'auto', clip: 'open-no-idr' });
        await live(id);
        expect(await playsOn(id, 30)).toMatchObject({ engine: 'webcodecs' });
        await close(id);
      });

      it('takes WebCodecs where MSE cannot, and jmuxer gives the port away', async () => {
        const id = await open({ engine: 'auto', clip: 'cif', without: 'mse' });
        await live(id);
        expect(await playsOn(id)).toMatchObject({ engine: 'webcodecs' });
        await close(id);
      });

      it('draws on a canvas where tracks are missing', async () => {
        const id = await open({ engine: 'webcodecs', clip: 'cif', without: 'track' });
        await live(id);
        expect(await playsOn(id, 30)).toMatchObject({ width: 352, height: 288 });
        await until(id, one => (one.latencyMs ?? 0) > 0);
        expect((await still(id)).colours).toBeGreaterThan(20);
        await close(id);
      });

      it('hands a stream to the worker that does not come over a real port', async () => {
        const id = await open({ engine: 'webcodecs', clip: 'cif', without: 'transfer' });
        await live(id);
        // More frames than there are credits to begin with: they find their way back.
        await playsOn(id, 80);
        await close(id);
        await waited(
          async () => (await fed(id)).closed,
          () => 'its port to be closed',
        );
      });

      it('names a codec that nobody decodes, and keeps taking frames', async () => {
        const id = await open({ engine: 'auto', clip: 'cif', codec: 'avs' });
        const there = await until(id, one => one.state.kind === 'undecodable' && one.framesReceived > 80);
        expect(there.state).toMatchObject({ codec: 'avs', reason: 'codec' });
        expect(there.framesPresented).toBe(0);
        await close(id);
      });

      it('says that this PC cannot decode H.265 where that is so', async context => {
        const { webcodecs, mse } = await lab.page.evaluate(() => window.lab.capabilities());
        context.skip(webcodecs.h265 || mse.h265, 'this browser decodes H.265');
        const id = await open({ engine: 'auto', clip: 'cif', codec: 'h265' });
        const there = await until(id, one => one.state.kind === 'undecodable');
        expect(there.state).toMatchObject({ codec: 'h265', reason: 'h265' });
        await close(id);
      });
    });
  });

  it.each(engines)('leaves nothing of %s behind, a hundred players later', async engine => {
    const session = await lab.page.context().newCDPSession(lab.page);
    const counted = async () => {
      await session.send('HeapProfiler.collectGarbage');
      await sleep(500);
      await session.send('HeapProfiler.collectGarbage');
      return session.send('Memory.getDOMCounters');
    };
    const before = await counted();
    for (let round = 0; round < 10; round += 1) {
      const ids: number[] = [];
      for (let i = 0; i < 10; i += 1) ids.push(await open({ engine, clip: 'cif', burst: 3 }));
      if (round % 3 === 0) await live(ids[0]!);
      for (const id of ids) await close(id);
    }
    expect(await lab.page.evaluate(() => window.lab.videos())).toBe(0);
    const after = await counted();
    expect(after.nodes).toBeLessThanOrEqual(before.nodes);
    // The decode worker's own.
    expect(after.jsEventListeners - before.jsEventListeners).toBeLessThan(5);
    await expect
      .poll(async () => (await lab.page.evaluate(() => window.lab.counts())).slice(-100).every(count => count.closed))
      .toBe(true);
    const id = await open({ engine, clip: 'cif' });
    await live(id);
    await close(id);
  });

  it('keeps the picture of WebCodecs moving while the page is busy', async () => {
    const id = await open({ engine: 'webcodecs', clip: 'cif' });
    await live(id);
    await lab.page.evaluate(() => window.lab.busy(1000, 500));
    const read = async () => ({ ...(await fed(id)), presented: (await snapshot(id)).framesPresented });
    const before = await read();
    await sleep(4000);
    const after = await read();
    // Half of the time the page runs nothing: a decoder in it would show half of the pictures.
    expect((after.presented - before.presented) / (after.sent - before.sent)).toBeGreaterThan(0.8);
    await close(id);
  });

  it('breaks no rule of the page’s content policy and throws nothing', () => {
    expect(lab.errors).toEqual([]);
  });
});
