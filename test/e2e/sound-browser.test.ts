import { type Browser, type CDPSession, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser } from '../../electron/browser-finder.ts';
import {
  chromiumKind as kind,
  removeFolder,
  rootOnly,
  type Served,
  serve,
  temporaryFolder,
  titleOf,
  until,
} from './consoles.ts';

/** A browser as people have it: it lets no page be heard before they have touched it. */
describe.skipIf(kind.missing)(`sound in an untouched page of ${titleOf(kind)}`, () => {
  const dataDir = temporaryFolder();
  let served: Served;
  let browser: Browser;
  let session: CDPSession;

  /** Playwright's own evaluation counts as a touch. */
  async function read(expression: string): Promise<unknown> {
    const { result } = await session.send('Runtime.evaluate', { expression, userGesture: false, returnByValue: true });
    return result.value;
  }
  const words = () => read(`document.querySelector('[data-testid="ear-words"]')?.textContent ?? ''`);
  const level = () => read(`Number(document.querySelector('.ear-meter')?.dataset.level ?? 0)`);
  const tileKind = () => read(`document.querySelector('[data-testid="tile-0"]')?.dataset.kind ?? ''`);
  const press = (key: string) => read(`void window.dispatchEvent(new KeyboardEvent('keydown', { key: '${key}' }))`);
  /** Most subscribers that any stream has. */
  async function subscribers(): Promise<number> {
    const answer = await fetch(`${served.address}api/stream/stats`);
    const streams = (await answer.json()) as Record<string, { subscribers: number }>;
    return Math.max(...Object.values(streams).map(stream => stream.subscribers));
  }

  beforeAll(async () => {
    served = await serve(dataDir);
    browser = await chromium.launch({
      executablePath: findBrowser() as string,
      args: [...rootOnly, '--disable-gpu', '--disable-quic', '--autoplay-policy=document-user-activation-required'],
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
    session = await page.context().newCDPSession(page);
    await session.send('Page.navigate', { url: served.address });
    await until('the console', async () => (await read(`!!document.querySelector('[data-testid="wall"]')`)) === true);
    // Shift+M starts the simulator.
    await read(`void window.dispatchEvent(new KeyboardEvent('keydown', { key: 'M', shiftKey: true }))`);
    await until('a picture', async () => (await tileKind()) === 'live', 60_000);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    removeFolder(dataDir);
  });

  it('asks for a click, and is heard after it', async () => {
    await press('h');
    await until('words', async () => (await words()) === 'Click anywhere to hear');
    expect(await level()).toBe(0);
    await session.send('Input.dispatchMouseEvent', {
      type: 'mousePressed',
      x: 600,
      y: 300,
      button: 'left',
      clickCount: 1,
    });
    await session.send('Input.dispatchMouseEvent', {
      type: 'mouseReleased',
      x: 600,
      y: 300,
      button: 'left',
      clickCount: 1,
    });
    await until('a level', async () => Number(await level()) > 0.1);
    await until('no words', async () => (await words()) === '');
  });

  it('takes one subscription for what it hears, and gives it back', async () => {
    await until('the sound’s own', async () => (await subscribers()) === 2);
    await read(`document.querySelector('[data-testid="ear-stop"]').click()`);
    await until('pictures only', async () => (await subscribers()) === 1);
    expect(await read(`document.querySelectorAll('[data-testid="ear-mark"]').length`)).toBe(0);
  });
});
