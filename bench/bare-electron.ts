import { spawn } from 'node:child_process';
import { chromium, type Page } from 'playwright-core';
import { electronHere } from '../electron/electron-finder.ts';
import { logLines, removeFolder, root, rootOnly, sqliteStandIn, temporaryFolder, until } from '../test/e2e/consoles.ts';

/**
 * The built application with nothing attached to its main process: an inspector there, as a driver of tests has one, makes
 * that process slower. The page is reached over the browser's own debugging port.
 */
export class BareElectron {
  readonly page: Page;
  readonly ports: { signal: number; media: number };
  readonly #close: () => Promise<void>;

  private constructor(page: Page, ports: { signal: number; media: number }, close: () => Promise<void>) {
    this.page = page;
    this.ports = ports;
    this.#close = close;
  }

  /** `before`: words that Electron takes before the program's path; `env`: of the program beside this one's. */
  static async open(
    words: readonly string[],
    { before = [], env = {} }: { before?: readonly string[]; env?: Record<string, string> } = {},
  ): Promise<BareElectron> {
    const electron = electronHere();
    if ('missing' in electron) throw new Error(electron.missing);
    const dataDir = temporaryFolder();
    const own = ['--remote-debugging-port=0', root, `--data-dir=${dataDir}`];
    const ports = ['--host=127.0.0.1', '--signal-port=0', '--media-port=0'];
    const child = spawn(electron.path, [...rootOnly, ...sqliteStandIn, ...before, ...own, ...ports, ...words], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const gone = new Promise<void>(done => child.once('close', () => done()));
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const endpoint = await until('the debugging port', () => /DevTools listening on (\S+)/.exec(said)?.[1]);
    const browser = await chromium.connectOverCDP(endpoint);
    const page = await until('the window', () =>
      browser
        .contexts()[0]
        ?.pages()
        .find(one => one.url() !== 'about:blank'),
    );
    const started = await until('the ports', () => logLines(dataDir).findLast(line => line.msg === 'started'));
    const tcp = (started.listening as { protocol: string; port: number }[]).filter(one => one.protocol === 'tcp');
    const [signal, media] = tcp.map(one => one.port);
    return new BareElectron(page, { signal: signal ?? 0, media: media ?? 0 }, async () => {
      child.kill();
      await gone;
      await browser.close();
      removeFolder(dataDir);
    });
  }

  close(): Promise<void> {
    return this.#close();
  }
}
