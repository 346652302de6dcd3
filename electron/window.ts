import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { app, BrowserWindow, type IpcMainEvent, protocol, type Session, screen } from 'electron';
import { appFile, appHeaders, appHost, appOrigin, appScheme, readAddress } from './app-files.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Result } from './contract.ts';
import { type ExportAddress, exportAt, exportResponse, type ReadableExport } from './export-response.ts';
import { JsonFile } from './json-file.ts';
import type { Log } from './log.ts';
import { mapPath, mapResponse } from './map-response.ts';
import { isOwnPage, mayHave, maySave } from './page-rights.ts';
import { pictureAt, pictureResponse, type ReadablePicture } from './picture-response.ts';
import { ReloadPause } from './reload-pause.ts';
import { nameOfSaved, SavedFiles } from './saved-files.ts';
import { type ReadableSegment, segmentAt, segmentResponse } from './segment-response.ts';
import { type ReadableTrace, type TraceAddress, traceAt, traceResponse } from './trace-response.ts';
import { type ReadableUpload, type UploadAddress, uploadAt, uploadResponse } from './upload-response.ts';
import { leastSize, placeWindow, readWindowState, type WindowState } from './window-state.ts';

/** The page's own colour behind the page: the window never flashes white. */
const background = '#0a0f15';
/** A page that does not paint at all is shown after this long, so that there is a window to see. */
const showAfterMs = 4000;
/** Moves and resizes are gathered for this long before they are written. */
const keepAfterMs = 500;
/** A page that has not answered for this long is ended, and loaded again like one that died. */
const hopelessAfterMs = 20_000;

/** Must run before the application is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
}

/** Serves the page's own files and recordings to it and answers everything it asks leave for. */
export function guardSession(
  session: Session,
  pageDir: string,
  findSegment: (id: number) => Promise<Result<ReadableSegment>>,
  findTrace: (asked: TraceAddress) => Promise<Result<ReadableTrace>>,
  findPicture: (id: number) => Promise<Result<ReadablePicture>>,
  findUpload: (asked: UploadAddress) => Promise<Result<ReadableUpload>>,
  findExport: (asked: ExportAddress) => Promise<Result<ReadableExport>>,
  mapFile: () => string,
): SavedFiles {
  const saved = new SavedFiles();
  session.protocol.handle(appScheme, async request => {
    const address = readAddress(request.url);
    const segment = address?.host === appHost ? segmentAt(address.pathname) : undefined;
    if (segment !== undefined) return segmentResponse(request, segment, findSegment);
    const picture = address?.host === appHost ? pictureAt(address.pathname) : undefined;
    if (picture !== undefined) return pictureResponse(request, picture, findPicture);
    if (address?.host === appHost && address.pathname === mapPath) return mapResponse(mapFile(), request);
    const trace = address?.host === appHost ? traceAt(address.pathname) : undefined;
    if (trace) return traceResponse(request, await findTrace(trace));
    const upload = address?.host === appHost ? uploadAt(address.pathname) : undefined;
    if (upload) return uploadResponse(request, await findUpload(upload));
    const exported = address?.host === appHost ? exportAt(address.pathname) : undefined;
    if (exported) return exportResponse(request, await findExport(exported));
    const file = request.method === 'GET' || request.method === 'HEAD' ? appFile(pageDir, request.url) : undefined;
    const body = file && (await readFile(file).catch(() => undefined));
    if (!body) return new Response('not found', { status: 404, headers: appHeaders('not-found.txt') });
    return new Response(new Uint8Array(body), { headers: appHeaders(file) });
  });
  session.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(mayHave({ permission, page: details.requestingUrl, topFrame: details.isMainFrame, ...asked(details) })),
  );
  session.setPermissionCheckHandler((_contents, permission, origin, details) =>
    mayHave({
      permission,
      page: details.requestingUrl ?? origin,
      topFrame: details.isMainFrame,
      ...(details.mediaType && { media: [details.mediaType] }),
    }),
  );
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event, item) => {
    if (!maySave(item.getURL())) return event.preventDefault();
    const name = nameOfSaved(item.getURL(), item.getFilename());
    const isPicture = item.getURL().startsWith('blob:') && !/\.(pcapng|txt)$/.test(name);
    const folder = join(app.getPath(!isPicture ? 'downloads' : 'pictures'), 'Convoy');
    mkdirSync(folder, { recursive: true });
    const path = join(folder, name);
    item.setSavePath(path);
    item.once('done', (_done, state) => {
      if (state === 'completed') saved.add(name, path);
    });
  });
  return saved;
}

/** What a request for the permission `media` is about. */
function asked(details: object): { media?: readonly string[] } {
  return 'mediaTypes' in details && Array.isArray(details.mediaTypes) ? { media: details.mediaTypes } : {};
}

/** Whatever web contents ever come to be: they stay on our page, open nothing and attach nothing. */
export function guardContents(): void {
  app.on('web-contents-created', (_created, contents) => {
    contents.on('will-navigate', event => {
      if (!isOwnPage(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', event => {
      if (!isOwnPage(event.url)) event.preventDefault();
    });
    contents.on('will-attach-webview', event => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

export interface ConsoleWindowOptions {
  dataDir: string;
  preload: string;
  icon: string;
  log: Log;
  /** Called when the window is minimised or hidden, and when it is to be seen again. */
  seen(visible: boolean): void;
  clock?: Clock;
}

/** The console's window: opened where it was, dark from the first moment, brought back when its page dies. */
export class ConsoleWindow {
  readonly #window: BrowserWindow;
  readonly #file: JsonFile;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #pause = new ReloadPause();
  readonly #seen: (visible: boolean) => void;
  #cancelKeep: () => void = () => undefined;
  #cancelHopeless: () => void = () => undefined;

  private constructor(window: BrowserWindow, file: JsonFile, options: ConsoleWindowOptions) {
    this.#window = window;
    this.#file = file;
    this.#log = options.log;
    this.#clock = options.clock ?? systemClock;
    this.#seen = options.seen;
  }

  static async open(options: ConsoleWindowOptions): Promise<ConsoleWindow> {
    const file = new JsonFile(join(options.dataDir, 'window.json'));
    const loaded = await file.load((options.clock ?? systemClock).now());
    const primary = screen.getPrimaryDisplay();
    const displays = [primary, ...screen.getAllDisplays().filter(display => display.id !== primary.id)];
    const state = placeWindow(
      loaded.state === 'read' ? readWindowState(loaded.value) : undefined,
      displays.map(display => display.workArea),
    );
    const { x, y, width, height } = state;
    const window = new BrowserWindow({
      ...{ x, y, width, height },
      minWidth: leastSize.width,
      minHeight: leastSize.height,
      show: false,
      title: 'Convoy',
      icon: options.icon,
      backgroundColor: background,
      autoHideMenuBar: true,
      webPreferences: {
        preload: options.preload,
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webSecurity: true,
        spellcheck: false,
        // Set here and never changed: switched on a minimised window it leaves its videos blank (Electron 41).
        backgroundThrottling: false,
      },
    });
    const opened = new ConsoleWindow(window, file, options);
    opened.#watch(state);
    return opened;
  }

  /** Shows the console. A failure is logged and tried again, like a crash. */
  async load(): Promise<void> {
    if (!this.#window.isDestroyed()) await this.#window.loadURL(`${appOrigin}/`).catch(() => undefined);
  }

  #watch(state: WindowState): void {
    const window = this.#window;
    // Once: whoever hides the window in its first seconds means it.
    let isShown = false;
    const show = () => {
      if (isShown || window.isDestroyed()) return;
      isShown = true;
      if (window.isVisible()) return;
      if (state.maximized) window.maximize();
      if (state.fullScreen) window.setFullScreen(true);
      window.show();
    };
    window.once('ready-to-show', show);
    this.#clock.after(showAfterMs, show);
    const keep = () => {
      this.#cancelKeep();
      this.#cancelKeep = this.#clock.after(keepAfterMs, () => void this.#keep());
    };
    window.on('resize', keep);
    window.on('move', keep);
    window.on('maximize', keep);
    window.on('unmaximize', keep);
    window.on('enter-full-screen', keep);
    window.on('leave-full-screen', keep);
    window.on('minimize', () => this.#seen(false));
    window.on('hide', () => this.#seen(false));
    window.on('restore', () => this.#seen(true));
    window.on('show', () => this.#seen(true));
    window.on('close', () => {
      this.#cancelKeep();
      this.#cancelHopeless();
      void this.#keep();
    });
    window.on('unresponsive', () => {
      this.#log.warn({}, 'the page does not answer');
      this.#cancelHopeless();
      this.#cancelHopeless = this.#clock.after(hopelessAfterMs, () => {
        if (!window.isDestroyed()) window.webContents.forcefullyCrashRenderer();
      });
    });
    window.on('responsive', () => {
      this.#cancelHopeless();
      this.#log.info({}, 'the page answers again');
    });
    window.webContents.on('render-process-gone', (_event, details) => {
      this.#cancelHopeless();
      if (details.reason === 'clean-exit') return;
      this.#log.error({ reason: details.reason, exitCode: details.exitCode }, 'the page died');
      this.#reload();
    });
    window.webContents.on('did-fail-load', (_event, code, description, url, mainFrame) => {
      if (!mainFrame || code === -3) return;
      this.#log.error({ code, description, url }, 'the page could not be loaded');
      this.#reload();
    });
  }

  /** What the page showed is its own to bring back: it keeps the wall and asks for its streams again. */
  #reload(): void {
    const pause = this.#pause.next(this.#clock.monotonic());
    this.#clock.after(pause, () => void this.load());
  }

  async #keep(): Promise<void> {
    if (this.#window.isDestroyed()) return;
    const state: WindowState = {
      ...this.#window.getNormalBounds(),
      maximized: this.#window.isMaximized(),
      fullScreen: this.#window.isFullScreen(),
    };
    await this.#file.save(state).catch((error: unknown) => {
      this.#log.warn({ error: String(error) }, 'the window’s place could not be kept');
    });
  }

  /** True when the event comes from the top frame of this window, on our own page. */
  sent(event: IpcMainEvent): boolean {
    const frame = event.senderFrame;
    return (
      !this.#window.isDestroyed() &&
      event.sender === this.#window.webContents &&
      frame !== null &&
      frame.parent === null &&
      isOwnPage(frame.url)
    );
  }

  get minimized(): boolean {
    return !this.#window.isDestroyed() && this.#window.isMinimized();
  }

  focus(): void {
    if (this.#window.isDestroyed()) return;
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }
}
