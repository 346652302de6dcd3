import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type BrowserContext, chromium, type ElectronApplication, type Page } from 'playwright-core';
import { findBrowser, hasDisplay } from '../../electron/browser-finder.ts';
import { electronHere } from '../../electron/electron-finder.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const output = join(root, 'test/e2e/output');
mkdirSync(output, { recursive: true });

/** Electron and Chromium refuse to run as root inside their sandbox. Of tests only. */
export const rootOnly = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** See its head. A path that Electron takes before that of the program. */
export const sqliteStandIn = ['-r', join(root, 'test/e2e/sqlite-stand-in.cjs')];

export interface OpenOptions {
  /** Kept by the caller, to open it again. Else a new one, removed at the end. */
  dataDir?: string;
  /** Electron takes them as words of its command line; the server of a browser as variables, or kept in its data folder. */
  settings?: Record<string, string | number>;
  demo?: boolean;
  /** An Electron that has no SQLite is left without. */
  withoutStandIn?: boolean;
  size?: { width: number; height: number };
  /** Chromium's own command line. */
  switches?: readonly string[];
}

/** A microphone that beeps once a second, which nobody is asked about. */
export const fakeMicrophone = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

/** A console that runs, whichever way, and the server behind it. */
export interface OpenConsole {
  readonly page: Page;
  readonly ports: { signal: number; media: number };
  readonly dataDir: string;
  /** What the page wrote on its console as errors, and what it threw. */
  readonly complaints: string[];
  /** Only in Electron. */
  readonly app?: ElectronApplication;
  /** Everything that the programs wrote. */
  output(): string;
  close(): Promise<void>;
}

export interface ConsoleKind {
  readonly name: string;
  /** Why there is none on this machine; empty when there is. */
  readonly missing: string;
  open(options?: OpenOptions): Promise<OpenConsole>;
}

const display = hasDisplay(process.platform, process.env) ? '' : 'no display, and no Xvfb';
const electron = electronHere();
const browser = findBrowser();

export const electronKind: ConsoleKind = {
  name: 'Electron',
  missing: 'missing' in electron ? electron.missing : display,
  open: openElectron,
};

export const chromiumKind: ConsoleKind = {
  name: 'Chromium',
  missing: browser ? '' : 'no Chromium, Chrome or Edge is installed',
  open: openChromium,
};

export const consoleKinds = [electronKind, chromiumKind];

/** Where everything is tried; the other one is asked for what may differ in it. */
export const mainKind = consoleKinds.find(kind => !kind.missing);

/** What a block of tests is called: with the reason when it cannot run. */
export const titleOf = (kind: ConsoleKind) => (kind.missing ? `${kind.name} (${kind.missing})` : kind.name);

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'convoy-e2e-'));
}

export const removeFolder = (folder: string) => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });

/** Electron's own log of missing desktop services and of a GPU that is not there says nothing about the program. */
function keepOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-100_000);
    });
  return () => text;
}

function watchPage(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(String(error)));
  return complaints;
}

export async function until<T>(
  what: string,
  read: () => T | undefined | false | Promise<T | undefined | false>,
  ms = 30_000,
): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const value = await read();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
    await new Promise(done => setTimeout(done, 50));
  }
}

const kebab = (key: string) => key.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);

async function openElectron(options: OpenOptions = {}): Promise<OpenConsole> {
  if ('missing' in electron) throw new Error(electron.missing);
  const dataDir = options.dataDir ?? temporaryFolder();
  const settings = { host: '127.0.0.1', signalPort: 0, mediaPort: 0, ...options.settings };
  const app = await _electron.launch({
    executablePath: electron.path,
    args: [
      ...rootOnly,
      ...(options.switches ?? []),
      ...(options.withoutStandIn ? [] : sqliteStandIn),
      root,
      `--data-dir=${dataDir}`,
      ...Object.entries(settings).map(([key, value]) => `--${kebab(key)}=${value}`),
      ...(options.demo ? ['--demo'] : []),
    ],
    env: { ...process.env, LANG: 'en_US.UTF-8', LANGUAGE: 'en' } as Record<string, string>,
  });
  const text = keepOutput(app.process());
  const page = await app.firstWindow();
  const complaints = watchPage(page);
  if (options.size) {
    const { width, height } = options.size;
    await app.evaluate(
      ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
      { width, height },
    );
  }
  // Playwright reads what the program prints before it hands the program out; the log has the same line.
  const ports = await until('the line that names the ports', () => {
    const started = logLines(dataDir).findLast(line => line.msg === 'started');
    const listening = started?.listening as { protocol: string; port: number }[] | undefined;
    const [signal, media] = (listening ?? []).filter(entry => entry.protocol === 'tcp');
    return signal && media ? { signal: signal.port, media: media.port } : undefined;
  });
  return {
    page,
    ports,
    dataDir,
    complaints,
    app,
    output: text,
    async close() {
      await app.close();
      if (!options.dataDir) removeFolder(dataDir);
    },
  };
}

/** The log of a data folder, line by line. */
export function logLines(dataDir: string): Record<string, unknown>[] {
  const file = join(dataDir, 'logs', 'convoy.log');
  if (!existsSync(file)) return [];
  const whole = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return whole.map(line => JSON.parse(line) as Record<string, unknown>);
}

export interface Served {
  readonly address: string;
  readonly ports: { signal: number; media: number };
  output(): string;
  close(): Promise<void>;
}

/** `npm run serve`, without npm. */
export async function serve(dataDir: string, environment: Record<string, string> = {}): Promise<Served> {
  const child = spawn(process.execPath, [join(root, 'electron/serve.ts')], {
    cwd: root,
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      TCP_PORT: '0',
      UDP_PORT: '0',
      API_PORT: '0',
      DATA_DIR: dataDir,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = new Promise<void>(done => child.on('close', () => done()));
  const text = keepOutput(child);
  const line = await until('the server’s line', () => {
    if (child.exitCode !== null) throw new Error(`the server ended: ${text()}`);
    return /TCP (\d+), TCP and UDP (\d+), console at (\S+)/.exec(text()) ?? undefined;
  });
  return {
    address: line[3] ?? '',
    ports: { signal: Number(line[1]), media: Number(line[2]) },
    output: text,
    async close() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

const environmentOf: Record<string, string> = { signalPort: 'TCP_PORT', mediaPort: 'UDP_PORT', webPort: 'API_PORT' };

async function openChromium(options: OpenOptions = {}): Promise<OpenConsole> {
  const dataDir = options.dataDir ?? temporaryFolder();
  const environment: Record<string, string> = {};
  const kept: Record<string, string | number> = {};
  for (const [key, value] of Object.entries(options.settings ?? {})) {
    const variable = environmentOf[key];
    if (variable) environment[variable] = String(value);
    else kept[key] = value;
  }
  if (Object.keys(kept).length > 0) writeFileSync(join(dataDir, 'settings.json'), JSON.stringify(kept));
  const served = await serve(dataDir, environment);
  const context = await chromium.launchPersistentContext(join(dataDir, 'browser'), {
    executablePath: browser as string,
    headless: false,
    viewport: options.size ?? { width: 1440, height: 900 },
    locale: 'en-US',
    args: [
      ...rootOnly,
      ...(options.switches ?? []),
      ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'],
    ],
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const complaints = watchPage(page);
  await page.goto(served.address);
  if (options.demo) await startSimulator(page, served.address);
  return {
    page,
    ports: served.ports,
    dataDir,
    complaints,
    output: served.output,
    async close() {
      await closeContext(context);
      await served.close();
      if (!options.dataDir) removeFolder(dataDir);
    },
  };
}

async function closeContext(context: BrowserContext): Promise<void> {
  await context.close();
}

/** Asks the server over the web door's contract, as a second console would. */
async function startSimulator(page: Page, address: string): Promise<void> {
  await page.evaluate(
    url =>
      new Promise<void>((resolve, reject) => {
        const socket = new WebSocket(url);
        socket.onopen = () => socket.send(JSON.stringify({ type: 'call', id: 1, method: 'simulator.start', args: {} }));
        socket.onmessage = event => {
          if (typeof event.data !== 'string') return;
          const message = JSON.parse(event.data) as { type: string; id: number; result?: { ok: boolean } };
          if (message.type !== 'reply' || message.id !== 1) return;
          socket.close();
          if (message.result?.ok) resolve();
          else reject(new Error(event.data));
        };
        socket.onerror = () => reject(new Error('no web door'));
      }),
    `${address.replace(/^http/, 'ws')}ws/console`,
  );
}
