import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  app,
  dialog,
  type IpcMainEvent,
  ipcMain,
  Menu,
  MessageChannelMain,
  powerMonitor,
  powerSaveBlocker,
  session,
  shell,
} from 'electron';
import { appInfo } from './app-info.ts';
import { collectBuffersWithHeap } from './buffer-collection.ts';
import { systemClock } from './clock.ts';
import { type CommandLine, readCommandLine } from './command-line.ts';
import { portMessage, type StreamRow } from './contract.ts';
import { defaultDataDir } from './data-dir.ts';
import { DisplayWake } from './display-wake.ts';
import { environmentSettings } from './environment.ts';
import { exportAt } from './export-response.ts';
import { type Log, openLog } from './log.ts';
import { LogFile } from './log-file.ts';
import { MainPort, mainChannel } from './main-port.ts';
import { type MenuActions, type MenuState, menuTemplate } from './menu.ts';
import { mayOpenOutside } from './page-rights.ts';
import type { SavedFiles } from './saved-files.ts';
import { ConvoyServer } from './server.ts';
import { SettingsStore } from './settings-store.ts';
import { connectChannel, languageChannel, showSavedChannel } from './shell-channels.ts';
import { ConsoleWindow, guardContents, guardSession, registerAppScheme } from './window.ts';

/** A server that has not stopped by then is left behind: quitting is bounded. */
const quitWithinMs = 4000;

/** The folder of the built program: `dist`, on disk or in the archive. */
const built = dirname(fileURLToPath(import.meta.url));

/** The desktop application: one server, one window, and the menu between them. */
class Shell {
  readonly #dataDir: string;
  readonly #demo: boolean;
  readonly #server: ConvoyServer;
  readonly #log: Log;
  readonly #logFile: LogFile;
  readonly #wake = new DisplayWake(powerSaveBlocker);
  readonly #live = new Set<string>();
  #window: ConsoleWindow | undefined;
  #console: ReturnType<ConvoyServer['connectConsole']> | undefined;
  #menu: MenuState;
  #quitting: 'no' | 'stopping' | 'stopped' = 'no';

  constructor(dataDir: string, demo: boolean, server: ConvoyServer, log: Log, logFile: LogFile) {
    this.#dataDir = dataDir;
    this.#demo = demo;
    this.#server = server;
    this.#log = log;
    this.#logFile = logFile;
    this.#menu = {
      language: app.getLocale().startsWith('zh') ? 'zh' : 'en',
      platform: process.platform,
      simulatorRunning: false,
      webAddress: '',
    };
  }

  static async open(line: CommandLine, dataDir: string): Promise<Shell> {
    const overrides = { ...environmentSettings(process.env), ...line.settings };
    const settings = await SettingsStore.open(dataDir, overrides, systemClock.now());
    const logFile = new LogFile(join(dataDir, 'logs'));
    const log = openLog(settings.values.logLevel, logFile);
    const server = new ConvoyServer({
      settings,
      dataDir,
      info: await appInfo('electron', dataDir),
      staticDir: join(built, 'renderer'),
      simulatorDir: join(built, 'simulator-media'),
      log,
    });
    return new Shell(dataDir, line.demo, server, log, logFile);
  }

  async run(): Promise<void> {
    app.on('second-instance', () => this.#window?.focus());
    app.on('activate', () => this.#window?.focus());
    app.on('window-all-closed', () => app.quit());
    app.on('before-quit', event => this.#beforeQuit(event));
    app.on('child-process-gone', (_event, details) => this.#log.error({ ...details }, 'a helper process died'));
    ipcMain.on(connectChannel, event => this.#connect(event));
    ipcMain.on(languageChannel, (event, code) => {
      if (this.#window?.sent(event)) this.#changeMenu({ language: code === 'zh' ? 'zh' : 'en' });
    });
    powerMonitor.on('lock-screen', () => this.#wake.lock(true));
    powerMonitor.on('unlock-screen', () => this.#wake.lock(false));
    guardContents();
    const { desk } = this.#server;
    const saved = guardSession(
      session.defaultSession,
      join(built, 'renderer'),
      id => desk.segmentFile(id),
      ({ id, format, blank }) => desk.traceFile(id, format, blank),
      id => desk.pictureFile(id),
      ({ id, name }) => desk.uploadFile(id, name),
      ({ id, name }) => desk.exportFile(id, name),
      () => this.#server.mapFile,
    );
    ipcMain.on(showSavedChannel, (event, name) => {
      if (this.#window?.sent(event)) void this.#showInFolder(saved, name);
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(this.#menu, this.#actions)));
    await this.#server.start();
    this.#announce();
    this.#server.desk.watch({
      vehicle: () => undefined,
      vehicleRemoved: () => undefined,
      notice: () => undefined,
      recording: () => undefined,
      recorder: () => undefined,
      exportJob: () => undefined,
      service: () => undefined,
      stream: row => this.#streamChanged(row),
      health: health => {
        const { running } = health.simulator;
        this.#changeMenu({ simulatorRunning: running, webAddress: this.#server.webAddress });
        this.#keepAwake();
      },
    });
    if (this.#demo) await this.#toggleSimulator(true);
    this.#window = await ConsoleWindow.open({
      dataDir: this.#dataDir,
      preload: join(built, 'preload.cjs'),
      icon: join(built, 'icon.png'),
      log: this.#log,
      seen: visible => this.#console?.command(visible ? 'windowShown' : 'windowHidden'),
    });
    await this.#window.load();
  }

  /** A file that the page saved, or one of an export that is done; nothing else that it may say. */
  async #showInFolder(saved: SavedFiles, name: unknown): Promise<void> {
    const asked = typeof name === 'string' ? exportAt(`/${name}`) : undefined;
    const exported = asked && (await this.#server.desk.exportFile(asked.id, asked.name));
    const path = exported?.ok ? exported.value.path : saved.path(name);
    if (path) shell.showItemInFolder(path);
  }

  /** One line for whoever started the program from a terminal; the console's health shows the same. */
  #announce(): void {
    const sockets = this.#server.listening.map(
      ({ protocol, address, port, error }) => `${protocol} ${address}:${port}${error ? ` (${error})` : ''}`,
    );
    process.stdout.write(`Convoy listens: ${sockets.join(', ')}\n`);
    this.#log.info({ listening: this.#server.listening, dataDir: this.#dataDir }, 'started');
  }

  #connect(event: IpcMainEvent): void {
    if (!this.#window?.sent(event)) {
      this.#log.warn({ page: event.senderFrame?.url ?? '' }, 'a stranger asked for a control port');
      return;
    }
    const { port1, port2 } = new MessageChannelMain();
    this.#console = this.#server.connectConsole(new MainPort(port1), () => mainChannel(new MessageChannelMain()));
    event.sender.postMessage(portMessage, null, [port2]);
    // A page that is loaded again while the window is minimised does not know it.
    if (this.#window.minimized) this.#console.command('windowHidden');
  }

  #streamChanged(row: StreamRow): void {
    const name = `${row.vehicleId}_${row.channel}_${row.stream}`;
    if (row.subscribers > 0 && row.status.phase === 'live') this.#live.add(name);
    else this.#live.delete(name);
    this.#keepAwake();
  }

  /** While this window shows what moves; browsers of the web door have screens of their own. */
  #keepAwake(): void {
    this.#wake.hold(this.#live.size > 0 && (this.#console?.streams() ?? 0) > 0);
  }

  #changeMenu(change: Partial<MenuState>): void {
    const next = { ...this.#menu, ...change };
    if (JSON.stringify(next) === JSON.stringify(this.#menu)) return;
    this.#menu = next;
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(next, this.#actions)));
  }

  readonly #actions: MenuActions = {
    command: command => this.#console?.command(command),
    toggleSimulator: () => void this.#toggleSimulator(!this.#menu.simulatorRunning),
    openWebDoor: () => {
      const { webAddress, webEntry } = this.#server;
      if (mayOpenOutside(webEntry, webAddress)) void shell.openExternal(webEntry);
    },
    openDataFolder: () => void shell.openPath(this.#dataDir),
    openLogFolder: () => void shell.openPath(this.#logFile.folder),
  };

  async #toggleSimulator(wanted: boolean): Promise<void> {
    const result = wanted ? await this.#server.startSimulator() : await this.#server.stopSimulator();
    if (result.ok) this.#changeMenu({ simulatorRunning: result.value.running });
    else this.#log.error({ code: result.code, reason: result.message }, 'the simulator did not obey');
  }

  /** Vehicles are told to stop sending and the roster is written before the program goes, within a few seconds. */
  #beforeQuit(event: { preventDefault(): void }): void {
    if (this.#quitting === 'stopped') return;
    event.preventDefault();
    if (this.#quitting === 'stopping') return;
    this.#quitting = 'stopping';
    this.#wake.hold(false);
    const late = new Promise<void>(done => setTimeout(done, quitWithinMs));
    const stopped = this.#server.stop().catch((error: unknown) => {
      this.#log.error({ error: String(error) }, 'the server did not stop cleanly');
    });
    void Promise.race([stopped, late]).then(() => {
      this.#quitting = 'stopped';
      this.#log.info({}, 'stopped');
      this.#logFile.close();
      app.quit();
    });
  }
}

async function main(): Promise<void> {
  collectBuffersWithHeap();
  const line = readCommandLine(process.argv.slice(1));
  const dataDir = resolve(line.dataDir || defaultDataDir(process.env, process.platform));
  // Before anything asks for it: Chromium's own files, and the lock that keeps a second instance out, go here.
  app.setPath('userData', join(dataDir, 'electron'));
  // As root on Linux, Chromium runs only when it is told --no-sandbox; both together end its helper processes.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  registerAppScheme();
  if (!app.requestSingleInstanceLock()) {
    process.stdout.write('Convoy is running already\n');
    app.exit(0);
    return;
  }
  const shell = await Shell.open(line, dataDir);
  await app.whenReady();
  await shell.run();
}

main().catch((error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`Convoy cannot start: ${reason}\n`);
  if (app.isPackaged) dialog.showErrorBox('Convoy', reason);
  app.exit(1);
});
