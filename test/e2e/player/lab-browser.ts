import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { _electron, chromium, type Page } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import { findBrowser } from '../../../electron/browser-finder.ts';
import { electronHere } from '../../../electron/electron-finder.ts';
import { type Clip, packClip } from './clip.ts';

export const browserPath = findBrowser();

/** The policy that the product's own page has, and fetching of the clips. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; media-src blob:; connect-src 'self'; worker-src 'self' blob:";

const types: Record<string, string> = { html: 'text/html', js: 'text/javascript', css: 'text/css' };

/** Builds the page once; served from memory. */
export async function buildLabPage(): Promise<Map<string, Uint8Array | string>> {
  const output = (await build({
    root: fileURLToPath(new URL('page/', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    base: './',
    worker: { format: 'es' },
    build: {
      write: false,
      target: 'chrome130',
      modulePreload: false,
      chunkSizeWarningLimit: 2000,
      assetsInlineLimit: 0,
    },
  })) as Rolldown.RolldownOutput;
  return new Map(output.output.map(file => [file.fileName, file.type === 'chunk' ? file.code : file.source]));
}

/** Serves the page and the clips on loopback. */
export async function serveLab(clips: readonly Clip[]): Promise<{ url: string; close(): Promise<void> }> {
  const files = await buildLabPage();
  const packed = new Map(clips.map(clip => [clip.name, packClip(clip)]));
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://lab').pathname.slice(1) || 'index.html';
    const body = path.startsWith('clip/') ? packed.get(path.slice(5)) : files.get(path);
    response.setHeader('Content-Security-Policy', policy);
    response.setHeader('Content-Type', types[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream');
    response.statusCode = body === undefined ? 404 : 200;
    response.end(body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface LabBrowser {
  page: Page;
  /** What the page complained of. */
  errors: string[];
  close(): Promise<void>;
}

export type LabHost = 'chromium' | 'electron';

const quiet = ['--disable-gpu', '--disable-background-networking', '--autoplay-policy=no-user-gesture-required'];
/** Neither starts as root inside its sandbox. */
const rootOnly = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** A browser, or Electron's window, on the lab page with the clips loaded. */
export async function openLab(clips: readonly Clip[], host: LabHost = 'chromium'): Promise<LabBrowser> {
  const server = await serveLab(clips);
  const { page, close } = host === 'electron' ? await electronPage(server.url) : await chromiumPage();
  const errors: string[] = [];
  page.on('pageerror', error => errors.push(error.message));
  page.on('console', message => {
    if (message.type() === 'error') errors.push(message.text());
  });
  if (page.url() !== server.url) await page.goto(server.url);
  await page.waitForFunction(() => window.lab !== undefined);
  for (const { name, fps, width, height } of clips)
    await page.evaluate(([n, f, w, h]) => window.lab.load(n, f, w, h), [name, fps, width, height] as const);
  return {
    page,
    errors,
    async close() {
      await close();
      await server.close();
    },
  };
}

interface Opened {
  page: Page;
  close(): Promise<void>;
}

async function chromiumPage(): Promise<Opened> {
  if (!browserPath) throw new Error('no Chromium, Chrome or Edge is installed');
  const browser = await chromium.launch({
    executablePath: browserPath,
    args: [...rootOnly, ...quiet, '--disable-quic', '--no-first-run', '--disable-component-update', '--disable-sync'],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 1060 } });
  return { page, close: () => browser.close() };
}

async function electronPage(url: string): Promise<Opened> {
  const electron = electronHere();
  if ('missing' in electron) throw new Error(electron.missing);
  const program = fileURLToPath(new URL('page/lab-window.mjs', import.meta.url));
  const app = await _electron.launch({ executablePath: electron.path, args: [...rootOnly, ...quiet, program, url] });
  return { page: await app.firstWindow(), close: () => app.close() };
}
