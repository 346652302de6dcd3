import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appInfo } from './app-info.ts';
import { browserArguments, findBrowser, hasDisplay } from './browser-finder.ts';
import { collectBuffersWithHeap } from './buffer-collection.ts';
import { systemClock } from './clock.ts';
import { type CommandLine, readCommandLine } from './command-line.ts';
import { defaultDataDir } from './data-dir.ts';
import { findElectron } from './electron-finder.ts';
import { environmentSettings } from './environment.ts';
import { openLog } from './log.ts';
import { LogFile } from './log-file.ts';
import { ConvoyServer } from './server.ts';
import { SettingsStore } from './settings-store.ts';

/** A child that has not gone by then, asked to, is killed. */
const partWithinMs = 5000;

const root = fileURLToPath(new URL('..', import.meta.url));
const say = (line: string) => process.stdout.write(`${line}\n`);
const isRoot = process.getuid?.() === 0;
const rootReason = 'it does not run as root unless told --no-sandbox';

/** `npm start`: the console in Electron, else in an installed browser, else an address to open. */
async function start(): Promise<void> {
  const words = process.argv.slice(2);
  const line = readCommandLine(words);
  if (!hasDisplay(process.platform, process.env)) {
    say('There is no display for a window: the console is served to browsers instead.');
    return serveBrowsers(line, undefined);
  }
  const electron = rootRefused(words) ? { missing: rootReason } : await findElectron(say);
  if ('path' in electron) return runElectron(electron.path, words);
  const browser = findBrowser();
  say(
    `Electron is not to be had (${electron.missing}): ${browser ? `opening the console in ${browser}.` : 'and there is no Chromium, Chrome or Edge.'}`,
  );
  return serveBrowsers(line, browser);
}

/** Electron ends at once as root on Linux; whoever wants it all the same says so in Electron's own word. */
function rootRefused(words: string[]): boolean {
  return isRoot && process.platform === 'linux' && !words.includes('--no-sandbox');
}

function runElectron(path: string, words: string[]): void {
  const child = spawn(path, [root, ...words], { stdio: 'inherit' });
  partWith(child);
  child.on('error', error => {
    console.error(`Electron cannot start: ${error.message}`);
    process.exit(1);
  });
  child.on('close', (code, signal) => {
    if (signal) console.error(`Electron ended with ${signal}`);
    process.exit(code ?? 1);
  });
}

/** The same server in this process with the web door open, and a browser's window on it where there is one. */
async function serveBrowsers(line: CommandLine, browser: string | undefined): Promise<void> {
  collectBuffersWithHeap();
  const dataDir = resolve(line.dataDir || defaultDataDir(process.env, process.platform));
  const overrides = { ...environmentSettings(process.env), ...line.settings };
  const settings = await SettingsStore.open(dataDir, overrides, systemClock.now());
  const logFile = new LogFile(join(dataDir, 'logs'));
  const server = new ConvoyServer({
    settings,
    dataDir,
    info: await appInfo('web', dataDir),
    staticDir: join(root, 'dist', 'renderer'),
    simulatorDir: join(root, 'electron', 'simulator', 'media'),
    web: true,
    log: openLog(settings.values.logLevel, logFile),
  });
  let child: ChildProcess | undefined;
  let stopping = false;
  const stop = async (code: number) => {
    if (stopping) return;
    stopping = true;
    child?.kill();
    await server.stop();
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
  await server.start();
  for (const { protocol, address, port, error } of server.listening)
    if (error) say(`Cannot listen on ${protocol} ${address}:${port}: ${error}`);
  if (line.demo) {
    const started = await server.startSimulator();
    if (!started.ok) say(`The simulator cannot start: ${started.message}`);
  }
  const address = server.webAddress;
  if (!address) return stop(1);
  if (!browser) {
    const asks = settings.values.webToken ? ' It asks for the token.' : '';
    return void say(`Open ${address} in a browser.${asks} Ctrl-C ends the program.`);
  }
  say(`The console is at ${address}. Closing its window, or Ctrl-C, ends the program.`);
  const profile = join(dataDir, 'browser');
  child = spawn(
    browser,
    browserArguments({ address: server.webEntry, profile, platform: process.platform, root: isRoot }),
    {
      stdio: 'ignore',
    },
  );
  child.on('error', error => {
    say(`${browser} cannot start (${error.message}): open ${address} in a browser.`);
  });
  child.on('close', () => void stop(0));
}

/** Ctrl-C reaches the child through the terminal's process group; a signal to this process alone is passed on. */
function partWith(child: ChildProcess): void {
  const part = () => {
    child.kill();
    setTimeout(() => child.kill('SIGKILL'), partWithinMs).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, part);
}

start().catch((error: unknown) => {
  console.error(`Convoy cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
