import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  chromiumKind,
  electronKind,
  logLines,
  removeFolder,
  root,
  rootOnly,
  temporaryFolder,
  titleOf,
  until,
} from './consoles.ts';

/** `npm run demo`, without the build before it. */
class Started {
  readonly #child: ChildProcess;
  readonly ended: Promise<number | null>;
  #text = '';

  constructor(dataDir: string, words: string[], environment: Record<string, string | undefined>) {
    const settings = ['--host=127.0.0.1', '--signal-port=0', '--media-port=0', '--web-port=0'];
    this.#child = spawn(
      process.execPath,
      [join(root, 'electron/start.ts'), '--demo', `--data-dir=${dataDir}`, ...settings, ...words],
      { cwd: root, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.#text += chunk.toString();
      });
    this.ended = new Promise(done => this.#child.on('close', done));
  }

  get text(): string {
    return this.#text;
  }

  async address(): Promise<string> {
    return until('an address', () => /http:\/\/127\.0\.0\.1:\d+\//.exec(this.#text)?.[0]);
  }

  /** As Ctrl-C does. */
  async interrupt(): Promise<number | null> {
    this.#child.kill('SIGINT');
    return this.ended;
  }
}

async function vehiclesAt(address: string): Promise<number> {
  const answer = await fetch(`${address}api/vehicles`);
  const vehicles = (await answer.json()) as { state: string }[];
  return vehicles.filter(vehicle => vehicle.state === 'online').length;
}

const nowhere = { ELECTRON_OVERRIDE_DIST_PATH: join(root, 'no-electron-here') };

describe('npm run demo', () => {
  let dataDir: string;
  let started: Started | undefined;
  beforeEach(() => {
    dataDir = temporaryFolder();
  });
  afterEach(async () => {
    await started?.interrupt();
    started = undefined;
    removeFolder(dataDir);
  });

  it.skipIf(electronKind.missing)(`opens ${titleOf(electronKind)} and ends with it`, async () => {
    started = new Started(dataDir, rootOnly, {});
    await until('the server', () => logLines(dataDir).some(line => line.msg === 'started'));
    expect(started.text).not.toContain('not to be had');
    const code = await started.interrupt();
    expect([0, 130]).toContain(code ?? 130);
    expect(logLines(dataDir).at(-1)).toMatchObject({ msg: 'stopped' });
  });

  it.skipIf(chromiumKind.missing)(
    `without Electron opens ${titleOf(chromiumKind)}, says so in one line, and ends it`,
    async () => {
      started = new Started(dataDir, [], nowhere);
      const address = await started.address();
      expect(started.text.split('\n')[0]).toMatch(/^Electron is not to be had \(.+\): opening the console in .+\.$/);
      await until('six vehicles', async () => (await vehiclesAt(address)) === 6);
      await until('the browser’s own profile', () => existsSync(join(dataDir, 'browser', 'Default')));
      const { health } = (await (await fetch(`${address}api/diagnostics`)).json()) as {
        health: { simulator: { running: boolean } };
      };
      expect(health.simulator.running).toBe(true);
      expect(await started.interrupt()).toBe(0);
      await expect(fetch(address)).rejects.toThrow();
    },
  );

  it.skipIf(chromiumKind.missing)(`with a token lets ${titleOf(chromiumKind)} in`, async () => {
    started = new Started(dataDir, ['--web-token=a+b&c'], nowhere);
    const address = await started.address();
    expect((await fetch(address)).status).toBe(401);
    expect(started.text).not.toContain('a+b&c');
    const headers = { authorization: 'Bearer a+b&c' };
    await until('its wall to play', async () => {
      const answer = await fetch(`${address}api/stream/stats`, { headers });
      const rows = Object.values((await answer.json()) as Record<string, { subscribers: number }>);
      return rows.some(row => row.subscribers > 0);
    });
    expect(await started.interrupt()).toBe(0);
  });

  if (rootOnly.length > 0)
    it.skipIf(chromiumKind.missing)(`as root without --no-sandbox takes ${titleOf(chromiumKind)}`, async () => {
      started = new Started(dataDir, [], {});
      await started.address();
      expect(started.text).toContain('does not run as root');
      expect(await started.interrupt()).toBe(0);
    });

  it.skipIf(process.platform !== 'linux')('without a display prints the address to open', async () => {
    started = new Started(dataDir, [], {
      ...nowhere,
      CONVOY_BROWSER: '',
      DISPLAY: undefined,
      WAYLAND_DISPLAY: undefined,
    });
    const address = await started.address();
    expect(started.text).toContain('no display');
    expect((await fetch(address)).headers.get('content-type')).toContain('text/html');
    await until('six vehicles', async () => (await vehiclesAt(address)) === 6);
    expect(await started.interrupt()).toBe(0);
  });
});
