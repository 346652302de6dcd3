import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import { contentPolicy } from '../../../electron/app-files.ts';
import { findBrowser } from '../../../electron/browser-finder.ts';
import type { FootageFile } from '../../renderer/harness/footage.ts';

export const browserPath = findBrowser();

export interface ArchiveBrowser {
  page: Page;
  errors: string[];
  close(): Promise<void>;
}

const quiet = ['--disable-gpu', '--disable-background-networking', '--autoplay-policy=no-user-gesture-required'];
/** It does not start as root inside its sandbox. */
const rootOnly = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** A real browser on the archive's lab page, under the policy that the console is shipped with. */
export async function openArchiveLab(footage: readonly FootageFile[]): Promise<ArchiveBrowser> {
  const output = (await build({
    root: fileURLToPath(new URL('page/', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    base: './',
    build: { write: false, target: 'chrome130', modulePreload: false },
  })) as Rolldown.RolldownOutput;
  const files = new Map(output.output.map(file => [file.fileName, file.type === 'chunk' ? file.code : file.source]));
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://lab').pathname.slice(1) || 'index.html';
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const wanted = footage[Number(/^recordings\/segments\/(\d+)$/.exec(path)?.[1] ?? -1)];
    if (wanted && range) {
      response.writeHead(206, { 'content-type': 'video/mp4' });
      createReadStream(wanted.file, { start: Number(range[1]), end: Number(range[2]) }).pipe(response);
      return;
    }
    const body = path === 'footage.json' ? JSON.stringify(footage) : files.get(path);
    const type = path.endsWith('.html') ? 'text/html' : path.endsWith('.js') ? 'text/javascript' : 'application/json';
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': type,
      'content-security-policy': contentPolicy,
    });
    response.end(body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({ executablePath: browserPath ?? '', args: [...quiet, ...rootOnly] });
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', error => errors.push(error.message));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction('window.archiveLab');
  return {
    page,
    errors,
    async close() {
      await browser.close();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
