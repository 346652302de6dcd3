import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentPolicy } from '../../electron/app-files.ts';
import { electronHere } from '../../electron/electron-finder.ts';
import { ForeignTerminal } from '../live/foreign-terminal.ts';
import {
  electronKind,
  logLines,
  type OpenConsole,
  removeFolder,
  root,
  rootOnly,
  temporaryFolder,
  titleOf,
  until,
} from './consoles.ts';

describe.skipIf(electronKind.missing)(`shell of ${titleOf(electronKind)}`, () => {
  let desk: OpenConsole;
  beforeAll(async () => {
    desk = await electronKind.open();
    await desk.page.getByTestId('wall').waitFor();
  });
  afterAll(() => desk?.close());

  it('shows the console from its own secure scheme', async () => {
    expect(desk.page.url()).toBe('app://convoy/');
    expect(await desk.page.evaluate(() => [isSecureContext, location.origin])).toEqual([true, 'app://convoy']);
  });

  it('is isolated, sandboxed and without Node, and is never throttled', async () => {
    const preferences = await desk.app?.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>;
        backgroundThrottling: boolean;
      };
      return { ...contents.getLastWebPreferences(), backgroundThrottling: contents.backgroundThrottling };
    });
    expect(preferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      backgroundThrottling: false,
    });
    expect(
      await desk.page.evaluate(() => ['require', 'process', 'module', 'Buffer'].filter(name => name in globalThis)),
    ).toEqual([]);
    expect(await desk.page.evaluate(() => Object.keys((globalThis as { convoy?: object }).convoy ?? {}))).toEqual([
      'connect',
      'showSaved',
      'language',
    ]);
  });

  it('sends its policy with every file, and the page keeps it', async () => {
    const seen = await desk.page.evaluate(async () => {
      const answer = await fetch(location.href);
      const violations: string[] = [];
      document.addEventListener('securitypolicyviolation', event => violations.push(event.effectiveDirective));
      const script = document.createElement('script');
      script.textContent = 'globalThis.injected = true';
      document.head.append(script);
      let evaluated = true;
      try {
        new Function('return 1')();
      } catch {
        evaluated = false;
      }
      const reached = await fetch('http://127.0.0.1:9/').then(
        () => true,
        () => false,
      );
      const image = new Image();
      image.src = 'http://127.0.0.1:9/x.png';
      await new Promise(done => setTimeout(done, 200));
      return {
        policy: answer.headers.get('content-security-policy'),
        injected: 'injected' in globalThis,
        evaluated,
        reached,
        violations: [...new Set(violations)].sort(),
      };
    });
    expect(seen).toEqual({
      policy: contentPolicy,
      injected: false,
      evaluated: false,
      reached: false,
      violations: ['connect-src', 'img-src', 'script-src', 'script-src-elem'],
    });
  });

  it('serves nothing but the page’s files', async () => {
    const statuses = await desk.page.evaluate(async () => {
      const paths = [
        '/',
        '/../package.json',
        '/%2e%2e/package.json',
        '/..%2fmain.js',
        '/%2e%2e%2fpreload.cjs',
        '/none.js',
      ];
      return Promise.all(paths.map(async path => (await fetch(path)).status));
    });
    expect(statuses).toEqual([200, 404, 404, 404, 404, 404]);
    expect(await desk.page.evaluate(async () => (await fetch('/', { method: 'POST' })).status)).toBe(404);
  });

  it('gives the page nothing that it has no use for', async () => {
    const answers = await desk.page.evaluate(async () => {
      const state = async (name: string) => (await navigator.permissions.query({ name: name as PermissionName })).state;
      const camera = await navigator.mediaDevices.getUserMedia({ video: true }).then(
        () => 'given',
        error => (error as Error).name,
      );
      return { geolocation: await state('geolocation'), notifications: await state('notifications'), camera };
    });
    expect(answers.geolocation).toBe('denied');
    expect(answers.notifications).toBe('denied');
    expect(['NotAllowedError', 'NotFoundError']).toContain(answers.camera);
  });

  it('gives a control port to its own window only', async () => {
    const asked = await desk.app?.evaluate(
      async ({ BrowserWindow }, preload) => {
        const open = new Promise<boolean>(resolve => {
          const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
          stranger.webContents.once('did-finish-load', async () => {
            const got = await stranger.webContents.executeJavaScript(
              `new Promise(done => { addEventListener('message', () => done(true)); convoy.connect(); setTimeout(() => done(false), 700); })`,
            );
            stranger.destroy();
            resolve(got);
          });
          void stranger.loadURL('app://convoy/none.txt');
        });
        return open;
      },
      join(root, 'dist', 'preload.cjs'),
    );
    expect(asked).toBe(false);
    expect(logLines(desk.dataDir).some(line => line.msg === 'a stranger asked for a control port')).toBe(true);
  });

  it('has a menu whose entries reach the page', async () => {
    const press = (id: string) =>
      desk.app?.evaluate(({ Menu }, name) => Menu.getApplicationMenu()?.getMenuItemById(name)?.click(), id);
    await press('layout16');
    await until(
      'sixteen cells',
      async () => (await desk.page.getByTestId('wall').getAttribute('data-layout')) === '16',
    );
    await press('layout9');
    await until('nine cells', async () => (await desk.page.getByTestId('wall').getAttribute('data-layout')) === '9');
    await press('about');
    await desk.page.getByTestId('dialog-about').waitFor();
    await desk.page.keyboard.press('Escape');
  });

  it('speaks the operator’s language in the menu too', async () => {
    const label = () => desk.app?.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('settings')?.label);
    expect(await label()).toBe('Settings…');
    await desk.page.getByTestId('language').click();
    await until('the Chinese menu', async () => (await label()) === '设置…');
    await desk.page.getByTestId('language').click();
    await until('the English menu', async () => (await label()) === 'Settings…');
  });

  it('shows that a token is set, and never offers its mask to be edited', async () => {
    await desk.app?.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('settings')?.click());
    const row = desk.page.getByTestId('setting-webToken');
    const field = row.locator('input');
    await field.fill('first-token');
    await row.getByRole('button', { name: 'Apply' }).click();
    await until('the mask', async () => (await field.getAttribute('placeholder')) === '••••••••');
    expect(await field.inputValue()).toBe('');
    expect(await row.getByRole('button', { name: 'Apply' }).count()).toBe(0);
    const kept = () => JSON.parse(readFileSync(join(desk.dataDir, 'settings.json'), 'utf8'));
    expect(kept()).toMatchObject({ webToken: 'first-token' });
    await field.fill('second-token');
    await field.press('Enter');
    await until('the second to be kept', () => kept().webToken === 'second-token');
    await until('an empty field', async () => (await field.inputValue()) === '');
    await desk.page.keyboard.press('Escape');
  });

  it('is brought forward by a second start, which ends', async () => {
    const found = electronHere();
    if ('missing' in found) throw new Error(found.missing);
    const child = spawn(found.path, [...rootOnly, root, `--data-dir=${desk.dataDir}`], { stdio: 'ignore' });
    const code = await new Promise(done => child.on('close', done));
    expect(code).toBe(0);
    expect(await desk.app?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  it('comes back when its page dies, with its wall', async () => {
    await desk.page.getByTestId('layout-16').click();
    const layout = () =>
      desk.app?.evaluate(async ({ BrowserWindow }) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        if (!contents || contents.isCrashed() || contents.isLoading()) return undefined;
        const script = `document.querySelector('[data-testid=wall]')?.dataset.layout`;
        return contents.executeJavaScript(script).catch(() => undefined) as Promise<string | undefined>;
      });
    await desk.app?.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
    );
    await until('the page to die', () => logLines(desk.dataDir).some(line => line.msg === 'the page died'));
    await until('the page to come back', async () => (await layout()) === '16');
  });
});

describe.skipIf(electronKind.missing)(`navigation of ${titleOf(electronKind)}`, () => {
  // A window of its own: after a refused navigation Playwright waits for ever for the next thing it is asked to find.
  it('stays on the page and opens no other', async () => {
    const desk = await electronKind.open();
    try {
      await desk.page.getByTestId('wall').waitFor();
      expect(await desk.page.evaluate(() => window.open('https://example.com/') === null)).toBe(true);
      await desk.page.evaluate(() => {
        location.href = 'https://example.com/';
      });
      await desk.page.evaluate(() => {
        location.href = 'file:///etc/passwd';
      });
      await new Promise(done => setTimeout(done, 300));
      expect(desk.page.url()).toBe('app://convoy/');
      expect(await desk.app?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    } finally {
      await desk.close();
    }
  });
});

describe.skipIf(electronKind.missing)(`data folder of ${titleOf(electronKind)}`, () => {
  const dataDir = temporaryFolder();
  afterAll(() => removeFolder(dataDir));

  it('keeps the window’s place', async () => {
    const first = await electronKind.open({ dataDir });
    await first.app?.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setBounds({ x: 60, y: 40, width: 1111, height: 777 }),
    );
    await until('the place to be written', () => {
      const file = join(dataDir, 'window.json');
      return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).width === 1111;
    });
    await first.close();
    const second = await electronKind.open({ dataDir });
    const bounds = await second.app?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
    await second.close();
    expect(bounds).toEqual({ x: 60, y: 40, width: 1111, height: 777 });
  });

  it('tells vehicles to stop sending when it ends', async () => {
    const desk = await electronKind.open({ dataDir });
    const vehicle = new ForeignTerminal({ port: desk.ports.signal, dialect: '2013', phone: '013912345678' });
    await vehicle.enrol();
    await desk.page.getByTestId('fleet-row-13912345678').waitFor();
    await desk.page.getByTestId('fleet-expand-13912345678').click();
    await desk.page.getByTestId('fleet-channel-13912345678-2').dblclick();
    await vehicle.nextLiveOrder(2);
    await desk.close();
    const { body } = await vehicle.next(0x9102);
    expect([...body.subarray(0, 3)]).toEqual([2, 0, 0]);
    await vehicle.end();
  });

  it('ends within seconds and says so in the log', async () => {
    const desk = await electronKind.open({ dataDir });
    const started = performance.now();
    await desk.close();
    expect(logLines(dataDir).at(-1)).toMatchObject({ msg: 'stopped' });
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe.skipIf(electronKind.missing)(`ports of ${titleOf(electronKind)}`, () => {
  let other: Server;
  let port = 0;
  beforeAll(async () => {
    other = createServer();
    await new Promise<void>(done => other.listen(0, '127.0.0.1', done));
    port = (other.address() as { port: number }).port;
  });

  it('that another program has are named on the console, and taken when they are free', async () => {
    const dataDir = temporaryFolder();
    const desk = await electronKind.open({ dataDir, settings: { signalPort: port } });
    try {
      await desk.page.getByTestId('health').click();
      const failed = desk.page.locator('.health [data-error]');
      await until('the port to be named', async () => (await failed.allInnerTexts()).join().includes(`TCP ${port}`));
      await new Promise(done => other.close(done));
      await until('the port to be taken', async () => (await failed.count()) === 0);
    } finally {
      await desk.close();
      removeFolder(dataDir);
    }
  });

  it('opens although its web door may not, and says so', async () => {
    const dataDir = temporaryFolder();
    writeFileSync(
      join(dataDir, 'settings.json'),
      JSON.stringify({ webEnabled: true, webHost: '0.0.0.0', webPort: 3999 }),
    );
    const desk = await electronKind.open({ dataDir });
    try {
      await desk.page.getByTestId('health').click();
      const failed = desk.page.locator('.health [data-error]');
      await until('the door to be named', async () => (await failed.allInnerTexts()).join().includes('HTTP 3999'));
    } finally {
      await desk.close();
      removeFolder(dataDir);
    }
  });
});
